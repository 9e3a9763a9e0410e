import Execution

/// A finite set of functions over a finite set of queries: the table of the interrogator game.
///
/// Answers are opaque and compared for equality, so a query is a partition of the functions. Rows
/// are distinct: functions that no query tells apart are an error, `collapsed(...)` merges them.
public struct FunctionSet: Sendable {
  /// Names of the n functions.
  public let functionNames: [String]
  /// Names of the m queries.
  public let queryNames: [String]
  /// Texts of answer codes; a code without one is shown as a number.
  public let answerTexts: [Int32: String]
  /// The answers as values, where they are more than codes.
  let book: AnswerBook
  let columns: [Column]
  /// Per function a sum over queries of a hash of query and answer.
  let rowHashes: [UInt64]

  /// More functions than this are refused: labels of a query take two bytes at most.
  public static let functionLimit = 65_536
  /// Larger tables are refused: they would not fit into memory.
  public static let cellLimit = 400_000_000

  /// The table `table[f][q]` of answers, by their numbers in a book.
  ///
  /// - Throws: `Failure` for an empty set, a ragged table, or equal rows.
  public init(
    _ table: [[Int32]], answers book: AnswerBook = AnswerBook(), functionNames: [String]? = nil,
    queryNames: [String]? = nil
  ) throws {
    let width = try FunctionSet.width(of: table)
    let columns = (0..<width).map { query in
      Column(count: table.count) { table[$0][query] }
    }
    try self.init(
      columns: columns, count: table.count, functionNames: functionNames, queryNames: queryNames,
      answers: book)
  }

  /// The table `table[f][q]` of answers given as texts.
  ///
  /// - Throws: `Failure` for an empty set, a ragged table, or equal rows.
  public init(
    _ table: [[String]], functionNames: [String]? = nil, queryNames: [String]? = nil
  ) throws {
    _ = try FunctionSet.width(of: table)
    let (codes, book) = FunctionSet.coded(table)
    try self.init(codes, answers: book, functionNames: functionNames, queryNames: queryNames)
  }

  /// A set of ready columns; `checked` says that rows are known to be distinct.
  init(
    columns: [Column], count: Int, functionNames: [String]? = nil, queryNames: [String]? = nil,
    answers book: AnswerBook = AnswerBook(), answerTexts: [Int32: String]? = nil
  ) throws {
    let functions = functionNames ?? (0..<count).map { "f\($0)" }
    let queries = queryNames ?? (0..<columns.count).map { "x\($0)" }
    try FunctionSet.checkSize(functions: count, queries: columns.count)
    try FunctionSet.checkNames(functions, count: count, of: "function")
    try FunctionSet.checkNames(queries, count: columns.count, of: "query")
    self.functionNames = functions
    self.queryNames = queries
    self.book = book
    self.answerTexts =
      answerTexts
      ?? Dictionary(uniqueKeysWithValues: book.texts.enumerated().map { (Int32($0), $1) })
    self.columns = columns
    rowHashes = try FunctionSet.checkedRowHashes(columns, count: count)
    let pairs = try FunctionSet.equalRows(columns, hashes: rowHashes)
    if !pairs.isEmpty {
      throw Indistinguishable(pairs: pairs, functionNames: functions).failure
    }
  }

  /// The number n of functions.
  public var functionCount: Int { functionNames.count }
  /// The number m of queries.
  public var queryCount: Int { queryNames.count }
  /// The number k of different answers to the query that has most of them, at least 1.
  public var answerCount: Int { columns.map(\.classCount).max() ?? 1 }

  /// The answer code of a function to a query; both numbers must have been checked.
  public func answer(of function: Int, to query: Int) -> Int32 {
    let column = columns[query]
    return column.codes[column[function]]
  }

  /// The text of an answer code.
  public func answerText(_ code: Int32) -> String { answerTexts[code] ?? String(code) }

  /// The code of an answer given as text, or nil if no function gives it to this checked query.
  public func code(of text: String, to query: Int) -> Int32? {
    code(of: AnswerValue(text), to: query)
  }

  /// The code of an answer, or nil if no function gives it to this checked query.
  public func code(of answer: AnswerValue, to query: Int) -> Int32? {
    book.code(of: answer, among: columns[query].codes, texts: answerText)
  }

  /// The number that an answer code means, where it means one.
  func number(of code: Int32) -> Double? {
    book.answer(code)?.number ?? Double(answerText(code))
  }

  /// The answers that a checked query can get, in order of first appearance.
  public func answers(to query: Int) -> [Int32] { columns[query].codes }

  /// The place of a function given by name, or by number where no name is one.
  public func function(named name: String) -> Int? {
    FunctionSet.place(of: name, in: functionNames)
  }

  /// The place of a query given by name, or by number where no name is one.
  public func query(named name: String) -> Int? { FunctionSet.place(of: name, in: queryNames) }

  private static func place(of name: String, in names: [String]) -> Int? {
    if let place = names.firstIndex(of: name) { return place }
    guard let number = Int(name), names.indices.contains(number),
      !names.contains(where: { Int($0) != nil })
    else { return nil }
    return number
  }
}

// MARK: - Checks

extension FunctionSet {
  /// Throws `Failure` if there is no function of this number.
  public func checkFunction(_ function: Int) throws {
    guard functionNames.indices.contains(function) else {
      throw Failure("there is no function \(function) among \(functionCount)")
    }
  }

  /// Throws `Failure` if there is no query of this number.
  public func checkQuery(_ query: Int) throws {
    guard queryNames.indices.contains(query) else {
      throw Failure("there is no query \(query) among \(queryCount)")
    }
  }

  static func width(of table: [[some Any]]) throws -> Int {
    guard let first = table.first else {
      throw Failure(
        "a function set needs at least one function, found none",
        hint: "give a table with one row of answers per function")
    }
    if let bad = table.firstIndex(where: { $0.count != first.count }) {
      throw Failure(
        "a ragged table: function 0 has \(Text.count(first.count, "answer")), "
          + "function \(bad) has \(table[bad].count)",
        hint: "every function answers every query")
    }
    return first.count
  }

  static func checkSize(functions: Int, queries: Int) throws {
    guard functions >= 1 else { throw Failure("a function set needs at least one function") }
    guard functions <= functionLimit else {
      throw Failure("\(functions) functions are too many, at most \(functionLimit) are possible")
    }
    guard functions.multipliedReportingOverflow(by: queries).partialValue <= cellLimit else {
      throw Failure(
        "a table of \(functions) functions and \(queries) queries is too large, "
          + "at most \(cellLimit) answers are possible")
    }
  }

  private static func checkNames(_ names: [String], count: Int, of what: String) throws {
    let plural = what == "query" ? "queries" : what + "s"
    guard names.count == count else {
      throw Failure("found \(Text.count(names.count, "name")) for \(count) \(plural)")
    }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw Failure("two \(plural) are called \"\(name)\", names must differ")
    }
  }

  /// Numbers for texts, in order of first appearance by row.
  static func coded(_ table: [[String]]) -> (codes: [[Int32]], book: AnswerBook) {
    var book = AnswerBook()
    return (table.map { row in row.map { book.code(of: AnswerValue($0)) } }, book)
  }
}
