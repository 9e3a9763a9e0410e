import Execution

/// Thrown for functions that no query tells apart: no interrogation can identify them.
public struct Indistinguishable: Error, Equatable, Sendable, CustomStringConvertible {
  /// Pairs of functions with equal rows, each later one with the first of its kind.
  public struct Pair: Equatable, Sendable {
    /// The earlier function.
    public var first: Int
    /// The later function.
    public var second: Int
  }

  /// Pairs of functions with equal rows, by number.
  public let pairs: [Pair]
  /// The same as an error for the user.
  public let failure: Failure

  init(pairs: [Pair], functionNames: [String]) {
    self.pairs = pairs
    let shown = pairs.prefix(5).map {
      "(\(functionNames[$0.first]), \(functionNames[$0.second]))"
    }
    let more = pairs.count > 5 ? " and \(pairs.count - 5) more" : ""
    failure = Failure(
      "indistinguishable functions: every query gets equal answers from "
        + shown.joined(separator: ", ") + more,
      hint: "collapse the duplicates to one function per row")
  }

  public var description: String { failure.description }
}

extension FunctionSet {
  /// Builds a set from a table that may have equal rows; each class of equal rows becomes one function,
  /// named after its first.
  ///
  /// - Returns: the set, and for each row of the table the function that stands for it.
  public static func collapsed(
    _ table: [[Int32]], functionNames: [String]? = nil, queryNames: [String]? = nil
  ) throws -> (set: FunctionSet, place: [Int]) {
    _ = try width(of: table)
    let (kept, place) = firstRows(table)
    let names = functionNames ?? table.indices.map { "f\($0)" }
    guard names.count == table.count else {
      throw Failure("found \(names.count) names for \(table.count) functions")
    }
    let set = try FunctionSet(
      kept.map { table[$0] }, functionNames: kept.map { names[$0] }, queryNames: queryNames)
    return (set, place)
  }

  /// The same for a table of texts.
  public static func collapsed(
    _ table: [[String]], functionNames: [String]? = nil, queryNames: [String]? = nil
  ) throws -> (set: FunctionSet, place: [Int]) {
    _ = try width(of: table)
    let (kept, place) = firstRows(table)
    let names = functionNames ?? table.indices.map { "f\($0)" }
    guard names.count == table.count else {
      throw Failure("found \(names.count) names for \(table.count) functions")
    }
    let set = try FunctionSet(
      kept.map { table[$0] }, functionNames: kept.map { names[$0] }, queryNames: queryNames)
    return (set, place)
  }

  /// The set itself: its rows are distinct already. Here so that collapsing is always possible.
  public func collapsed() -> FunctionSet { self }

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

  /// Per function the sum over queries of a hash of query and label; a column's share can be taken out.
  static func rowHashes(_ columns: [Column], count: Int) -> [UInt64] {
    var hashes = [UInt64](repeating: 0, count: count)
    for (query, column) in columns.enumerated() {
      let shares = hashShares(query: query, classes: column.classCount)
      switch column.labels {
      case .bytes(let bytes):
        for function in 0..<count { hashes[function] &+= shares[Int(bytes[function])] }
      case .wide(let wide):
        for function in 0..<count { hashes[function] &+= shares[Int(wide[function])] }
      }
    }
    return hashes
  }

  static func hashShares(query: Int, classes: Int) -> [UInt64] {
    (0..<classes).map { Hash.mix(UInt64(query) << 20 | UInt64($0)) }
  }

  static func equalRows(_ columns: [Column], hashes: [UInt64]) -> [Indistinguishable.Pair] {
    var firsts: [UInt64: [Int]] = [:]
    var pairs: [Indistinguishable.Pair] = []
    for function in hashes.indices {
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
