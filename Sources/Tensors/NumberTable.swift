import Execution

/// Numbers in named columns: what a `.csv` file holds.
public struct NumberTable: Sendable, Equatable {
  /// The names of the columns, or none.
  public var columns: [String]
  /// The numbers [rows, columns].
  public var numbers: Tensor

  /// A table.
  public init(columns: [String] = [], numbers: Tensor) {
    self.columns = columns
    self.numbers = numbers
  }

  /// Reads a `.csv` file of numbers; the first line is a header if a field of it is no number.
  ///
  /// Empty fields become NaN.
  public static func readCSV(_ path: String) throws -> NumberTable {
    try NumberTable(csv: try File.readText(path), name: "\"\(path)\"")
  }

  /// The table that a text in CSV form holds.
  public init(csv text: String, name: String) throws {
    var columns: [String] = []
    var width: Int?
    var numbers: [Float] = []
    var rows = 0
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      let fields = NumberTable.fields(line)
      if width == nil {
        width = fields.count
        if fields.contains(where: { NumberTable.number($0) == nil }) {
          columns = fields
          continue
        }
      }
      guard fields.count == width else {
        throw Failure(
          "line \(index + 1) of \(name) has \(Text.count(fields.count, "field")), expected "
            + "\(width ?? 0)")
      }
      for (column, field) in fields.enumerated() {
        guard let number = NumberTable.number(field) else {
          throw Failure(
            "line \(index + 1) of \(name) has \"\(field)\" in column \(column + 1), expected a number"
          )
        }
        numbers.append(number)
      }
      rows += 1
    }
    self.init(columns: columns, numbers: Tensor(shape: [rows, width ?? 0], numbers))
  }

  private static func number(_ field: String) -> Float? {
    field.isEmpty ? .nan : Float(field)
  }

  /// The fields of a line; a field in quotes may hold commas, and quotes twice.
  private static func fields(_ line: Substring) -> [String] {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var afterQuote = false
    for character in line {
      if character == "\"" {
        if afterQuote { field.append(character) }
        isQuoted.toggle()
        afterQuote = !isQuoted
        continue
      }
      afterQuote = false
      if character == ",", !isQuoted {
        fields.append(trimmed(field))
        field = ""
      } else {
        field.append(character)
      }
    }
    return fields + [trimmed(field)]
  }

  private static func trimmed(_ text: String) -> String {
    let head = text.drop { $0.isWhitespace }
    return String(head.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// Writes a `.csv` file: each number in as few digits as tell it from its neighbours.
  public func writeCSV(_ path: String) throws {
    try File.writeText(try csv(), to: path)
  }

  /// The table in CSV form.
  public func csv() throws -> String {
    guard numbers.rank <= 2 else {
      throw Failure(
        "a .csv file holds rows and columns, but the shape is \(Tensor.text(of: numbers.shape))")
    }
    var text = ""
    if !columns.isEmpty { text = columns.map(NumberTable.quoted).joined(separator: ",") + "\n" }
    let width = numbers.rank == 2 ? numbers.shape[1] : 1
    guard width > 0 else { return text }
    let values = numbers.elements
    for row in stride(from: 0, to: values.count, by: width) {
      let fields = values[row..<(row + width)].map { Tensor.text(of: $0) }
      text += fields.joined(separator: ",") + "\n"
    }
    return text
  }

  private static func quoted(_ name: String) -> String {
    let needsQuotes = name.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    guard needsQuotes else { return name }
    return "\""
      + name.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
