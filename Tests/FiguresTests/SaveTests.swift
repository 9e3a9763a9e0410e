import Execution
import Glibc
import Tensors
import Testing

@testable import Figures

@Suite struct SaveTests {
  static let hasGnuplot = (try? Gnuplot()) != nil

  @Test func everyKindMatchesItsScript() throws {
    for (name, figure) in try Samples.all() where name != "heatmap-large" && name != "tiles" {
      try Snapshot.check(Script.text(of: figure, format: .svg), "\(name).gp")
    }
  }

  @Test(.enabled(if: hasGnuplot)) func everyKindIsSavedInEveryFormat() throws {
    let folder = getenv("KEEP_FIGURES").map { String(cString: $0) } ?? temporaryFolder()
    try File.makeFolder(folder)
    let starts = ["svg": "<?xml", "png": "\u{FFFD}PNG", "pdf": "%PDF", "gp": "set encoding"]
    for (name, figure) in try Samples.all() {
      for (ending, start) in starts {
        let path = "\(folder)/\(name).\(ending)"
        try figure.save(to: path, console: RecordingConsole())
        #expect(try File.readText(path).hasPrefix(start), "\(path)")
      }
    }
    #expect(try File.list(folder).allSatisfy { !$0.contains(".part-") })
  }

  private func temporaryFolder() -> String { "/tmp/rnr-figures-\(getpid())" }
}
