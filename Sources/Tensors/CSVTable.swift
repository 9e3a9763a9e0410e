import Execution

/// Columns of numbers or of texts: what a `.csv` file holds.
public struct CSVTable: Sendable, Equatable {
  /// One column.
  public enum Column: Sendable, Equatable {
    case numbers([Float])
    case texts([String])

    /// How many rows it has.
    public var count: Int {
      switch self {
      case .numbers(let numbers): numbers.count
      case .texts(let texts): texts.count
      }
    }
  }

  /// The names of the columns, each once, or none if the table has no header.
  public var names: [String]
  /// The columns, all of one length.
  public var columns: [Column]
  /// What a reader should be told of numbers that are others than the text says.
  public internal(set) var remarks: [Remark] = []

  /// That numbers of a column are others than the text says.
  public struct Remark: Sendable, Equatable {
    /// Such as `1 whole number above 2^24 rounded in x`.
    public let text: String
    /// Why.
    public let hint: String
  }

  /// A table.
  public init(names: [String] = [], columns: [Column]) {
    self.names = names
    self.columns = columns
  }

  /// Whether every column holds numbers.
  public var isNumeric: Bool {
    columns.allSatisfy { if case .numbers = $0 { true } else { false } }
  }

  /// The table that a text in CSV form holds.
  ///
  /// Fields lie between separators, or in quotes, within which a separator, a line break and (twice)
  /// a quote may stand. A column is numeric if each of its fields is a number or is missing (NaN): is
  /// empty, or one of `CSVTable.missing`. Digits behind a zero, `007`, are a text.
  ///
  /// - Parameters:
  ///   - hasHeader: whether the first line names the columns; if nil, it does if a field of it is
  ///     no number.
  /// - Throws: `Failure` with line and column; `Interrupted`.
  public init(
    parsing bytes: [UInt8], name: String, separator: UInt8 = UInt8(ascii: ","),
    hasHeader: Bool? = nil, cancellation: Cancellation = .current
  ) throws {
    self = try bytes.withUnsafeBufferPointer { bytes in
      let scanner = CSVScanner(
        bytes: bytes, name: name, separator: separator, cancellation: cancellation)
      return try CSVTable(scanner, hasHeader: hasHeader)
    }
  }

  private init(_ scanner: CSVScanner, hasHeader: Bool?) throws {
    var place = scanner.start
    try Encoding.check(scanner.bytes, name: scanner.name)
    let first = try scanner.row(at: &place)
    let isHeader = hasHeader ?? first.contains { !$0.isEmpty && scanner.number($0) == nil }
    if !isHeader { place = scanner.start }
    let body = place
    var readings = [Reading](repeating: Reading(), count: first.count)
    try scanner.rows(from: body, width: first.count) { column, field in
      readings[column].add(field, scanner)
    }
    // Without a number the words mean themselves.
    let isText = readings.map { $0.isText || !$0.hasNumber && $0.missing > 0 }
    let numbers = readings.map(\.numbers)
    var texts = [[String]](repeating: [], count: first.count)
    if isText.contains(true) {
      try scanner.rows(from: body, width: first.count) { column, field in
        if isText[column] { texts[column].append(scanner.text(field)) }
      }
    }
    self.init(
      names: isHeader ? CSVTable.distinct(first.map(scanner.text)) : [],
      columns: first.indices.map { isText[$0] ? .texts(texts[$0]) : .numbers(numbers[$0]) })
    for (place, reading) in readings.enumerated() where !isText[place] {
      remarks += reading.remarks.map {
        Remark(text: "\($0.text) in \(label(place))", hint: $0.hint)
      }
    }
  }

  /// What stands for a missing number, beside an empty field and `NA`.
  static let missing: Set<String> = ["N/A", "n/a", "#N/A", "<NA>", "null", "NULL", "Null", "None"]

  /// Whether a number is the shortest text of a 32-bit float, and was one when it was written.
  private static func isWritten(_ number: Double, as float: Float) -> Bool {
    abs(number) > 0x1p24 && Double("\(float)") == number
  }

  /// The numbers of a column, as far as it has any.
  private struct Reading {
    var numbers: [Float] = []
    var isText = false
    var hasNumber = false
    /// Fields that say by a word that nothing is known.
    var missing = 0
    var loss = NumberLoss()

    var remarks: [Remark] {
      var remarks: [Remark] = []
      if missing > 0 {
        let words = Text.count(missing, "missing number")
        remarks.append(Remark(text: "\(words) made NaN", hint: "an empty field says so in silence"))
      }
      if !loss.isNone {
        remarks.append(Remark(text: loss.description, hint: "the numbers of a tensor have 32 bits"))
      }
      return remarks
    }

    @inline(__always)
    mutating func add(_ field: CSVScanner.Field, _ scanner: CSVScanner) {
      if isText { return }
      if let number = scanner.number(field) {
        let float = Float(number)
        if Double(float) != number, !CSVTable.isWritten(number, as: float) {
          loss.count(number, float)
        }
        numbers.append(float)
        hasNumber = hasNumber || !field.isEmpty
      } else if CSVTable.missing.contains(scanner.text(field)) {
        missing += 1
        numbers.append(.nan)
      } else {
        isText = true
        numbers = []
      }
    }
  }

  /// Names that are all different: an empty one is `column_` and its number, a second `x` is `x_2`.
  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    // Where many columns have one name, the search goes on behind the last number it found.
    var tried: [String: Int] = [:]
    return names.enumerated().map { place, given in
      let name = given.isEmpty ? "column_\(place + 1)" : given
      var free = name
      var number = tried[name] ?? 2
      while !seen.insert(free).inserted {
        free = "\(name)_\(number)"
        number += 1
      }
      tried[name] = number
      return free
    }
  }
}
