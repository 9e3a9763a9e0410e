import Execution
import Language
import Tensors

/// JSON and CSV as texts.
extension NativeTable {
  static let tables: [NativeFunction] = [
    NativeFunction("parse_json") { call in
      var rounded = 0
      let json = try JSON(
        parsing: Array(try call.string(0).utf8)[...], name: "the text", rounded: &rounded)
      try tell(rounded: rounded, "the text", call)
      return try jsonValue(json)
    },
    NativeFunction("to_json") { call in
      let indent = call.isNone(1) ? nil : try call.integer(1, 0...16)
      var tree = try json(call[0])
      defer { release(&tree) }
      return .text(try tree.checkedText(indent: indent))
    },
    NativeFunction("parse_csv") { call in
      let header = call.isNone(2) ? nil : try call.boolean(2)
      return try csvValue(
        Array(try call.string(0).utf8), "the text", separator: try separator(call, 1),
        hasHeader: header, call)
    },
    NativeFunction("to_csv") { call in .text(try csvText(call, separator: try separator(call, 1)))
    },
  ]

  private static func separator(_ call: Arguments, _ place: Int) throws -> UInt8 {
    let bytes = Array(try call.string(place).utf8)
    guard bytes.count == 1, bytes[0] < 128, !"\"\n\r ".utf8.contains(bytes[0]) else {
      throw call.wrongValue(place, expected: "one character such as \",\" or \";\"")
    }
    return bytes[0]
  }

  // MARK: - Reading

  /// A table with a header is a record of its columns; one without is a tensor, or a tuple of
  /// columns if not all are numeric.
  static func csvValue(
    _ bytes: [UInt8], _ name: String, separator: UInt8 = UInt8(ascii: ","),
    hasHeader: Bool? = nil, _ call: Arguments
  ) throws -> Value {
    let table = try CSVTable(
      parsing: bytes, name: name, separator: separator, hasHeader: hasHeader,
      cancellation: call.session.cancellation)
    for remark in table.remarks {
      try call.warn("\(name): \(remark.text)", hint: remark.hint)
    }
    try tellOfSemicolons(table, name, separator, call)
    if table.names.isEmpty, table.isNumeric { return .tensor(matrix(table)) }
    let columns = try table.columns.map { column -> Value in
      switch column {
      case .numbers(let numbers): .tensor(Tensor(numbers))
      case .texts(let texts) where try isTruth(texts):
        .mask(Tensor(try texts.mappedInStretches { $0 == "true" ? 1 : 0 }))
      case .texts(let texts): .items(try ListItems(polling: texts.lazy.map { .text($0) }))
      }
    }
    return table.names.isEmpty ? .tuple(columns) : .fields(Array(zip(table.names, columns)))
  }

  /// Whether a column holds `true` and `false` alone, as masks and truth values are written.
  private static func isTruth(_ texts: [String]) throws -> Bool {
    try !texts.isEmpty && !texts.containsInStretches { $0 != "true" && $0 != "false" }
  }

  /// What parts the fields of a `.csv` file: semicolons where its first line has no comma, as
  /// programs write in countries whose decimal sign the comma is.
  static func separator(of bytes: [UInt8], _ path: String, _ call: Arguments) throws -> UInt8 {
    let (comma, semicolon) = (UInt8(ascii: ","), UInt8(ascii: ";"))
    let line = bytes.prefix { $0 != 10 }
    guard line.contains(semicolon), !line.contains(comma) else { return comma }
    try call.warn(
      "\"\(path)\" has semicolons between its fields, and is read so",
      hint: "parse_csv(read_text(path), \",\") takes them for text")
    return semicolon
  }

  /// Tells of a single column that was probably meant to be several, and of decimal commas.
  private static func tellOfSemicolons(
    _ table: CSVTable, _ name: String, _ separator: UInt8, _ call: Arguments
  ) throws {
    if separator == UInt8(ascii: ","), table.columns.count == 1,
      table.names.first?.contains(";") == true
    {
      try call.warn(
        "\(name) has one column, in which there are semicolons",
        hint: "separator=\";\" parts the fields there")
    }
    guard separator == UInt8(ascii: ";") else { return }
    for (place, column) in table.columns.enumerated() {
      guard case .texts(let texts) = column, let text = texts.first(where: hasDecimalComma) else {
        continue
      }
      let label = place < table.names.count ? "`\(table.names[place])`" : "column \(place)"
      try call.warn(
        "\(name): \(label) holds texts such as \"\(text)\", no numbers",
        hint: "replace(text, \",\", \".\") makes decimal points of decimal commas")
    }
  }

  private static func hasDecimalComma(_ text: String) -> Bool {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    return parts.count == 2 && Double(parts.joined(separator: ".")) != nil
  }

  /// Tells of numbers in JSON that 64 bits do not hold.
  static func tell(rounded: Int, _ name: String, _ call: Arguments) throws {
    guard rounded > 0 else { return }
    try call.warn(
      "\(name): \(Text.count(rounded, "number")) rounded or made infinite",
      hint: "whole numbers are exact up to 2^53; longer ones are kept as texts, in quotes")
  }

  private static func matrix(_ table: CSVTable) -> Tensor {
    let (rows, width) = (table.columns.first?.count ?? 0, table.columns.count)
    return Tensor(shape: [rows, width]) { out in
      for (column, content) in table.columns.enumerated() {
        guard case .numbers(let numbers) = content else { continue }
        for row in 0..<rows { out[row * width + column] = numbers[row] }
      }
    }
  }

  // MARK: - Writing

  /// The CSV form of a tensor, a record of columns, or a list of records.
  static func csvText(
    _ call: Arguments, separator: UInt8 = UInt8(ascii: ",")
  ) throws -> String {
    do {
      return try table(call).text(separator: separator, cancellation: call.session.cancellation)
    } catch let failure as Failure where failure.labels.isEmpty {
      throw Failure(failure.message, at: .position(0), hint: failure.hint)
    }
  }

  private static let expected = "a tensor, a record of columns or a list of records"

  private static func table(_ call: Arguments) throws -> CSVTable {
    switch call[0] {
    case .record(let record) where !record.values.isEmpty:
      let columns = try zip(record.names, record.values).map { name, value in
        try column(try columnItems(value, name.name, call), name.name)
      }
      return CSVTable(names: record.isPlaces ? [] : record.names.map(\.name), columns: columns)
    case .list(let list):
      if case .record(let first)? = list.items.first { return try rows(list.items, first, call) }
    default: break
    }
    guard let tensor = try? call.tensor(0), tensor.rank <= 2 else {
      throw call.wrong(0, expected: expected)
    }
    let width = tensor.rank == 2 ? tensor.shape[1] : 1
    let numbers = tensor.elements
    try Memory.reserve(
      width, of: MemoryLayout<CSVTable.Column>.stride, for: "a table of \(width) columns")
    var polling = Polling()
    return CSVTable(
      columns: try (0..<width).map { column in
        try polling.check()
        return .numbers(
          try stride(from: column, to: numbers.count, by: width).map { place in
            try polling.check()
            return numbers[place]
          })
      })
  }

  private static func rows(
    _ items: ListItems, _ first: RecordObject, _ call: Arguments
  ) throws -> CSVTable {
    let names = first.names.map(\.name)
    let rows = try items.enumerated().map { place, item -> [Value] in
      let cells = names.map { item.held($0) }
      guard case .record(let record) = item, record.names.count == names.count,
        !cells.contains(where: { $0 == nil })
      else {
        throw Failure(
          "row \(place) has other fields than the first row: \(names.joined(separator: ", "))",
          at: .position(0))
      }
      return cells.compactMap { $0 }
    }
    let columns = try names.indices.map { place in try column(rows.map { $0[place] }, names[place])
    }
    return CSVTable(names: first.isPlaces ? [] : names, columns: columns)
  }

  private static func columnItems(
    _ value: Value, _ name: String, _ call: Arguments
  ) throws -> any Collection<Value> {
    switch value {
    case .tensor(let object) where object.isMask && object.variable.value.rank == 1:
      return try object.variable.value.buffer.read { truths in
        try truths.mappedInStretches { .boolean($0 != 0) }
      }
    case .tensor(let object) where object.variable.value.rank == 1:
      return try object.variable.value.buffer.read { numbers in
        try numbers.mappedInStretches { .number(Double($0)) }
      }
    case .list, .range: return try call.items(of: value)
    default:
      throw Failure(
        "the column `\(name)` must be a list or a tensor of rank 1, but it is \(value.described)",
        at: .position(0))
    }
  }

  /// Numbers if all items are numbers, `none` being NaN; else texts.
  private static func column(
    _ items: some Collection<Value>, _ name: String
  ) throws -> CSVTable.Column {
    var polling = Polling()
    let numbers = try items.compactMap { item -> Float? in
      try polling.check()
      return switch item {
      case .number(let number): Float(number)
      case .tensor(let object): object.variable.value.item
      case .none: .nan
      default: nil
      }
    }
    if numbers.count == items.count, items.allSatisfy(isShort) { return .numbers(numbers) }
    return .texts(
      try items.map { item in
        try polling.check()
        switch item {
        case .string(let text): return text.text
        case .boolean(let truth): return truth ? "true" : "false"
        case .number(let number):
          if number.isNaN { return "" }
          return number.isFinite ? JSON.number(number).text() : Text.significant(number)
        case .none: return ""
        case .tensor(let object):
          if let number = object.variable.value.item { return Tensor.text(of: number) }
        default: break
        }
        throw Failure("the column `\(name)` holds \(item.described)", at: .position(0))
      })
  }

  /// Whether a number loses nothing in 32 bits but digits beyond the seventh.
  private static func isShort(_ item: Value) -> Bool {
    guard case .number(let number) = item else { return true }
    return !number.isFinite || Double(Float(number)) == number || abs(number) < 1e-30
  }
}
