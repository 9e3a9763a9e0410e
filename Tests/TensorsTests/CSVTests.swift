import Execution
import Testing

@testable import Tensors

/// Tables as CSV: what is read, what is written, and how quickly.
@Suite struct CSVTests {
  private func table(_ text: String, hasHeader: Bool? = nil) throws -> CSVTable {
    try CSVTable(parsing: Array(text.utf8), name: "f", hasHeader: hasHeader)
  }

  @Test func reads() throws {
    let table = try table("\u{feff}a, \"b, \"\"c\"\"\"\r\n1,2.5\n\n-3e-2,\n")
    #expect(table.names == ["a", "b, \"c\""])
    #expect(table.columns[0] == .numbers([1, -0.03]))
    guard case .numbers(let second) = table.columns[1] else { throw Failure("no numbers") }
    #expect(second[0] == 2.5)
    #expect(second[1].isNaN)
    #expect(try self.table("1,2\n3,4").names == [])
    #expect(try self.table("").columns == [])
    #expect(try self.table("\n\n").columns == [])
  }

  @Test func numbersAreRoundedOnce() throws {
    let texts = [
      "0.1", "-0", "+7", "16777217", "123456789012345", "1234567890123456789", "1e-45", "1e39",
      "3.4028235e38", "0.000000000000000000000012345", ".5", "5.", "inf", "-inf", "NaN",
    ]
    for text in texts {
      let column = try table("x\n\(text)", hasHeader: true).columns[0]
      guard case .numbers(let numbers) = column, let expected = Double(text).map({ Float($0) })
      else { throw Failure("\(text) is no number") }
      #expect(numbers[0].bitPattern == expected.bitPattern || expected.isNaN, "\(text)")
    }
    for text in ["1.2.3", "--1", "1e", "0x10", "1 2", ".", "-", "e5"] {
      #expect(try table("x\n\(text)", hasHeader: true).columns[0] == .texts([text]))
    }
  }

  @Test func mistakesAreLocated() {
    func message(_ text: String) -> String? {
      do { _ = try table(text) } catch { return (error as? Failure)?.message }
      return nil
    }
    #expect(message("1,2\n3") == "line 2 of f has 1 field, expected 2")
    #expect(message("a\n\"b") == "line 2, column 1 of f: a quote is not closed")
    #expect(message("\"a\n\nb\",c\n1") == "line 4 of f has 1 field, expected 2")
  }

  @Test func writesWhatItReads() throws {
    var stream = RandomStream(seed: 4, purpose: "csv")
    let letters = Array("a,\"\n\r ;ä")
    for _ in 0..<200 {
      let rows = 1 + stream.integer(below: 4)
      let texts = (0..<rows).map { _ in
        String((0..<stream.integer(below: 5)).map { _ in letters[stream.integer(below: 8)] })
      }
      let numbers = (0..<rows).map { _ in Float(bitPattern: stream.next32()) }
        .map { $0.isNaN ? 0 : $0 }
      let table = CSVTable(
        names: ["t", "n"], columns: [.texts(texts + ["x"]), .numbers(numbers + [1])])
      #expect(try self.table(try table.text()) == table)
    }
  }

  @Test func canBeStopped() throws {
    let token = Cancellation()
    token.request()
    let text = Array(repeatElement("1,2\n", count: 10_000).joined().utf8)
    #expect(throws: Interrupted.self) {
      _ = try CSVTable(parsing: text, name: "f", cancellation: token)
    }
  }
}
