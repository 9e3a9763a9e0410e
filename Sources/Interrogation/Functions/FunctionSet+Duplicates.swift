import Execution

/// Functions that no query tells apart: no interrogation can identify them.
public struct Indistinguishable: Equatable, Sendable {
  /// Two functions with equal rows.
  public struct Pair: Equatable, Sendable {
    /// The earlier function.
    public var first: Int
    /// The later function.
    public var second: Int
  }

  /// Pairs of functions with equal rows, each later one with the first of its kind.
  public let pairs: [Pair]
  /// The names of all functions.
  public let functionNames: [String]

  /// The same as an error for the user.
  public var failure: Failure {
    let shown = pairs.prefix(5).map {
      "(\(functionNames[$0.first]), \(functionNames[$0.second]))"
    }
    let more = pairs.count > 5 ? " and \(pairs.count - 5) more" : ""
    return Failure(
      "indistinguishable functions: every query gets equal answers from "
        + shown.joined(separator: ", ") + more,
      hint: "collapse the duplicates to one function per row")
  }
}

extension FunctionSet {
  /// Builds a set from a table that may have equal rows.
  ///
  /// Each class of equal rows becomes one function, named after its first.
  ///
  /// - Returns: the set, and for each row of the table the function that stands for it.
  public static func collapsed(
    _ table: [[Int32]], answers book: AnswerBook = AnswerBook(), functionNames: [String]? = nil,
    queryNames: [String]? = nil
  ) throws -> (set: FunctionSet, place: [Int]) {
    _ = try width(of: table)
    let (kept, place) = firstRows(table)
    let names = functionNames ?? table.indices.map { "f\($0)" }
    guard names.count == table.count else {
      throw Failure(
        "found \(Text.count(names.count, "name")) for \(Text.count(table.count, "function"))")
    }
    let set = try FunctionSet(
      kept.map { table[$0] }, answers: book, functionNames: kept.map { names[$0] },
      queryNames: queryNames)
    return (set, place)
  }

  /// The same for a table of texts.
  public static func collapsed(
    _ table: [[String]], functionNames: [String]? = nil, queryNames: [String]? = nil
  ) throws -> (set: FunctionSet, place: [Int]) {
    let (codes, book) = coded(table)
    return try collapsed(
      codes, answers: book, functionNames: functionNames, queryNames: queryNames)
  }

  /// The set itself, whose rows are distinct already: so that collapsing is always possible.
  public func collapsed() -> FunctionSet { self }

  /// The equal rows of a table, or nil if all differ.
  public static func duplicates(
    in table: [[Int32]], functionNames: [String]? = nil
  ) throws -> Indistinguishable? {
    _ = try width(of: table)
    return duplicates(firstRows(table), functionNames ?? table.indices.map { "f\($0)" })
  }

  /// The equal rows of a table of texts, or nil if all differ.
  public static func duplicates(
    in table: [[String]], functionNames: [String]? = nil
  ) throws -> Indistinguishable? {
    try duplicates(in: coded(table).codes, functionNames: functionNames)
  }

  private static func duplicates(
    _ rows: (kept: [Int], place: [Int]), _ names: [String]
  ) -> Indistinguishable? {
    let pairs = rows.place.indices.compactMap { row -> Indistinguishable.Pair? in
      let first = rows.kept[rows.place[row]]
      return first == row ? nil : Indistinguishable.Pair(first: first, second: row)
    }
    return pairs.isEmpty ? nil : Indistinguishable(pairs: pairs, functionNames: names)
  }

  private static func firstRows<Answer: Hashable>(
    _ table: [[Answer]]
  ) -> (kept: [Int], place: [Int]) {
    var places: [[Answer]: Int] = [:]
    var kept: [Int] = []
    let place = table.indices.map { row -> Int in
      if let known = places[table[row]] { return known }
      places[table[row]] = kept.count
      kept.append(row)
      return kept.count - 1
    }
    return (kept, place)
  }

  /// Per function the sum over queries of a hash of query and label; a column's share can be taken
  /// out.
  ///
  /// - Throws: what was thrown to stop work.
  static func checkedRowHashes(_ columns: [Column], count: Int) throws -> [UInt64] {
    var hashes = [UInt64](repeating: 0, count: count)
    for (query, column) in columns.enumerated() {
      try Cancellation.current.check()
      add(column, query, to: &hashes)
    }
    return hashes
  }

  /// The same for a table of a reduction, whose search has its deadline.
  static func rowHashes(_ columns: [Column], count: Int) -> [UInt64] {
    var hashes = [UInt64](repeating: 0, count: count)
    for (query, column) in columns.enumerated() { add(column, query, to: &hashes) }
    return hashes
  }

  private static func add(_ column: Column, _ query: Int, to hashes: inout [UInt64]) {
    let shares = hashShares(query: query, classes: column.classCount)
    switch column.labels {
    case .bytes(let bytes):
      for function in hashes.indices { hashes[function] &+= shares[Int(bytes[function])] }
    case .wide(let wide):
      for function in hashes.indices { hashes[function] &+= shares[Int(wide[function])] }
    }
  }

  static func hashShares(query: Int, classes: Int) -> [UInt64] {
    (0..<classes).map { Hash.mix(UInt64(query) << 20 | UInt64($0)) }
  }

  static func equalRows(
    _ columns: [Column], hashes: [UInt64]
  ) throws -> [Indistinguishable.Pair] {
    var firsts: [UInt64: [Int]] = [:]
    var pairs: [Indistinguishable.Pair] = []
    var polling = Polling()
    for function in hashes.indices {
      try polling.check()
      let candidates = firsts[hashes[function]] ?? []
      let twin = candidates.first { other in
        columns.allSatisfy { $0[other] == $0[function] }
      }
      if let twin {
        pairs.append(Indistinguishable.Pair(first: twin, second: function))
      } else {
        firsts[hashes[function]] = candidates + [function]
      }
    }
    return pairs
  }
}
