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
  /// a quote may stand. A column is numeric if each of its fields is a number or is empty (NaN).
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
    let first = try scanner.row(at: &place)
    let isHeader = hasHeader ?? first.contains { !$0.isEmpty && scanner.number($0) == nil }
    if !isHeader { place = scanner.start }
    let body = place
    var numbers = [[Float]](repeating: [], count: first.count)
    var isText = [Bool](repeating: false, count: first.count)
    try scanner.rows(from: body, width: first.count) { column, field in
      if isText[column] { return }
      if let number = scanner.number(field) {
        numbers[column].append(number)
      } else {
        isText[column] = true
        numbers[column] = []
      }
    }
    var texts = [[String]](repeating: [], count: first.count)
    if isText.contains(true) {
      try scanner.rows(from: body, width: first.count) { column, field in
        if isText[column] { texts[column].append(scanner.text(field)) }
      }
    }
    self.init(
      names: isHeader ? CSVTable.distinct(first.map(scanner.text)) : [],
      columns: first.indices.map { isText[$0] ? .texts(texts[$0]) : .numbers(numbers[$0]) })
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
