import Execution

extension CSVTable {
  /// The table in CSV form, with a header if the columns have names.
  ///
  /// A number has as few digits as tell it from its neighbours; NaN is an empty field.
  ///
  /// - Throws: `Failure` if the columns have different lengths; `Interrupted`.
  public func text(
    separator: UInt8 = UInt8(ascii: ","), cancellation: Cancellation = .current
  ) throws -> String {
    let rows = columns.first?.count ?? 0
    if let other = columns.firstIndex(where: { $0.count != rows }) {
      throw Failure(
        "the columns of a table have one length, but \(label(0)) has \(rows) and "
          + "\(label(other)) has \(columns[other].count)")
    }
    var text: [UInt8] = []
    if !names.isEmpty { CSVTable.append(names, separator, &text) }
    for row in 0..<rows {
      if row & 0xfff == 0 { try cancellation.check() }
      for (place, column) in columns.enumerated() {
        if place > 0 { text.append(separator) }
        append(column, row, separator, &text)
      }
      text.append(10)
    }
    return String(decoding: text, as: UTF8.self)
  }

  func label(_ column: Int) -> String {
    column < names.count ? "`\(names[column])`" : "column \(column)"
  }

  private func append(_ column: Column, _ row: Int, _ separator: UInt8, _ text: inout [UInt8]) {
    switch column {
    case .numbers(let numbers):
      // A row of one empty field would be an empty line.
      if !numbers[row].isNaN || columns.count == 1 {
        text += Tensor.text(of: numbers[row]).utf8
      }
    case .texts(let texts):
      CSVTable.append(texts[row], separator, isAlone: columns.count == 1, &text)
    }
  }

  private static func append(_ fields: [String], _ separator: UInt8, _ text: inout [UInt8]) {
    for (place, field) in fields.enumerated() {
      if place > 0 { text.append(separator) }
      append(field, separator, isAlone: fields.count == 1, &text)
    }
    text.append(10)
  }

  private static func append(
    _ field: String, _ separator: UInt8, isAlone: Bool, _ text: inout [UInt8]
  ) {
    let quote = UInt8(ascii: "\"")
    let bytes = field.utf8
    let needsQuotes =
      bytes.contains { $0 == separator || $0 == quote || $0 == 10 || $0 == 13 }
      || bytes.first == 32 || bytes.last == 32 || bytes.first == 9 || bytes.last == 9
      || isAlone && bytes.isEmpty
    guard needsQuotes else { return text += bytes }
    text.append(quote)
    for byte in bytes {
      text.append(byte)
      if byte == quote { text.append(quote) }
    }
    text.append(quote)
  }
}
