import Execution
import Glibc

/// What the next query should be good for.
public enum Goal: Sendable {
  /// The worst case: exact where the budget allows, else the smallest largest class.
  case worstCase
  /// The smallest largest class.
  case largestClass
  /// The greatest entropy of the answer, all functions equally likely.
  case entropy
}

/// Scores that are computed: sums of logarithms differ in their last bits where they should be equal,
/// and not alike on every processor.
enum Score {
  /// Whether a score is less than another by more than rounding, so that ties go to the first.
  static func isBelow(_ score: Double, _ other: Double) -> Bool {
    other == .infinity ? score < other : score < other - 1e-9 * max(1, abs(other))
  }
}

extension FunctionSet {
  /// The set of some of its functions, over the same queries.
  public func restricted(to functions: [Int]) throws -> FunctionSet {
    for function in functions { try checkFunction(function) }
    let columns = columns.map { column in
      Column(count: functions.count) { column.codes[column[functions[$0]]] }
    }
    return try FunctionSet(
      columns: columns, count: functions.count, functionNames: functions.map { functionNames[$0] },
      queryNames: queryNames, answers: book, answerTexts: answerTexts)
  }

  /// The functions consistent with the answers of a transcript, ascending.
  ///
  /// - Throws: `Failure` for a query that this set does not have.
  public func versionSpace(after transcript: Transcript) throws -> [Int] {
    try transcript.exchanges.reduce(Array(0..<functionCount)) { space, exchange in
      try checkQuery(exchange.query)
      guard case .code(let code) = exchange.answer else { return [] }
      return versionSpace(space, query: exchange.query, answer: code)
    }
  }

  /// The functions of a version space that give an answer, told by its text, to a checked query.
  public func consistent(_ space: [Int], query: Int, answer: String) -> [Int] {
    guard let code = code(of: answer, to: query) else { return [] }
    return versionSpace(space, query: query, answer: code)
  }

  /// The functions of a version space that give an answer.
  func versionSpace(_ space: [Int], query: Int, answer: Int32) -> [Int] {
    let column = columns[query]
    guard let label = column.label(of: answer) else { return [] }
    return space.filter { column[$0] == label }
  }

  /// The best query for a version space, or nil if nothing is left to ask.
  ///
  /// One pass over the table, O(|V| m); the goal `worstCase` looks further for up to `seconds`.
  public func nextQuery(
    _ versionSpace: [Int], goal: Goal = .worstCase, within seconds: Double = 0.1
  ) throws -> Int? {
    for function in versionSpace { try checkFunction(function) }
    guard versionSpace.count > 1 else { return nil }
    if goal == .worstCase, versionSpace.count * queryCount <= 100_000 {
      let solution = try restricted(to: versionSpace).interactive(within: seconds)
      if solution.bound.isProved, case .ask(let query, _) = solution.strategy.nodes[0] {
        return query
      }
    }
    return bestQuery(versionSpace.map { Int32($0) }, goal)
  }

  private func bestQuery(_ members: [Int32], _ goal: Goal) -> Int? {
    var counts = [Int32](repeating: 0, count: max(2, answerCount))
    var best: Int?
    var bestScore = Double.infinity
    for (query, column) in columns.enumerated() {
      let score: Double
      if goal == .entropy {
        score = column.sizes(of: members).reduce(0) { $0 + Double($1) * log2(Double(max($1, 1))) }
      } else {
        score = Double(column.split(members, counts: &counts).largest)
      }
      if !column.isConstant(on: members) && Score.isBelow(score, bestScore) {
        (best, bestScore) = (query, score)
      }
    }
    return best
  }
}

extension Column {
  /// Class sizes among `members`, by label.
  func sizes(of members: [Int32]) -> [Int] {
    var sizes = [Int](repeating: 0, count: classCount)
    switch labels {
    case .bytes(let bytes): for member in members { sizes[Int(bytes[Int(member)])] &+= 1 }
    case .wide(let wide): for member in members { sizes[Int(wide[Int(member)])] &+= 1 }
    }
    return sizes
  }
}
