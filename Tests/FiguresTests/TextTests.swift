import Execution
import Figures
import Tensors
import Testing

@Suite struct TextTests {
  @Test func everyKindMatchesItsSnapshot() throws {
    for (name, figure) in try Samples.all() {
      for columns in [40, 80] {
        try Snapshot.check(figure.text(columns: columns, colours: false), "\(name)-\(columns).txt")
      }
      try Snapshot.check(figure.text(columns: 80, colours: true), "\(name)-colours.txt")
    }
  }
}
