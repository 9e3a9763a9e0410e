import Execution
import Testing

@testable import Language

/// Numbers and strings in layouts, beside what CPython's `format` writes (`layouts/generate.py`).
@Suite struct LayoutTests {
  struct Row {
    var layout: String
    var value: Value
    var text: String

    init?(_ line: Substring) {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      layout = String(parts[0])
      text = String(parts[2])
      if parts[1].first == "'" {
        value = .text(String(parts[1].dropFirst()))
      } else if let number = Double(parts[1]) {
        value = .number(number)
      } else {
        return nil
      }
    }
  }

  @Test func random() throws {
    let path = String(#filePath.dropLast("Values/LayoutTests.swift".count)) + "layouts/layouts.tsv"
    let lines = try File.readText(path).split(separator: "\n")
    let rows = lines.compactMap(Row.init)
    #expect(rows.count == lines.count && rows.count == 3000)
    for row in rows {
      #expect(
        try Layout(row.layout).text(row.value) == row.text,
        "\(row.layout) of \(row.value.described)")
    }
  }

  @Test(arguments: [
    (".", "`.` is not a format"), ("1001", "the format `1001` asks for more than 1000 places"),
    (".101f", "the format `.101f` asks for more than 100 places"), ("5x", "`5x` is not a format"),
  ])
  func refused(layout: String, message: String) {
    #expect { try Layout(layout) } throws: { ($0 as? Failure)?.message == message }
  }
}
