import Execution

/// A named family of function sets with whole-number parameters.
///
/// Sizes, optima and where they come from: the theory of the interrogator game (Bondy 1972 and the
/// propositions of the paper).
public struct Family: Sendable {
  /// The name by which it is asked for.
  public let name: String
  /// Its parameters, such as `n` or `k, d`; optional ones in brackets.
  public let parameters: String
  /// What it is, in one line.
  public let summary: String
  let arity: ClosedRange<Int>
  let build: @Sendable ([Int]) throws -> FunctionSet

  /// All families, in the order of the table that the manual shows.
  public static let all: [Family] = [
    Family(
      name: "indicator", parameters: "n",
      summary: "f_i(x) = 1 if x = i, else 0: n - 1 queries needed",
      arity: 1...1, build: { try indicator($0[0]) }),
    Family(
      name: "indicator0", parameters: "n", summary: "the zero function and n - 1 indicators",
      arity: 1...1, build: { try indicatorWithZero($0[0]) }),
    Family(
      name: "cube", parameters: "d[, k]", summary: "all k^d words of length d, one query a digit",
      arity: 1...2, build: { try cube($0[0], $0.count > 1 ? $0[1] : 2) }),
    Family(
      name: "linear", parameters: "d", summary: "linear forms over GF(2)^d",
      arity: 1...1, build: { try linear($0[0]) }),
    Family(
      name: "thresholds", parameters: "n",
      summary: "f_t(x) = 1 if x < t: log2 n interactive, n - 1 non-interactive",
      arity: 1...1, build: { try thresholds($0[0]) }),
    Family(
      name: "address", parameters: "j", summary: "j address bits and 2^j cells, one of them filled",
      arity: 1...1, build: { try address($0[0]) }),
    Family(
      name: "pointer", parameters: "p", summary: "query 0 says which other query to ask",
      arity: 1...1, build: { try pointer($0[0]) }),
    Family(
      name: "searchtree", parameters: "k, d", summary: "leaves of a k-ary tree of depth d",
      arity: 2...2, build: { try searchTree($0[0], $0[1]) }),
    Family(
      name: "edgetree", parameters: "p1, p2, ...",
      summary: "vertices of a tree; vertex i hangs on p_i; queries are edges",
      arity: 1...4096, build: { try edgeTree($0) }),
    Family(
      name: "sorting", parameters: "s", summary: "orders of s things, one query a pair",
      arity: 1...1, build: { try sorting($0[0]) }),
    Family(
      name: "mastermind", parameters: "pegs, colours",
      summary: "codes answered by black and white pegs",
      arity: 2...2, build: { try mastermind($0[0], $0[1]) }),
  ]

  /// A member of the family.
  ///
  /// - Throws: `Failure` for a wrong number of parameters, or one out of range.
  public func make(_ values: [Int]) throws -> FunctionSet {
    guard arity.contains(values.count) else {
      throw Failure(
        "the family \(name) takes the parameters (\(parameters)), found \(values.count)")
    }
    return try build(values)
  }

  /// A member of the family of this name.
  ///
  /// - Throws: `Failure` for an unknown name, with the nearest names, or for wrong parameters.
  public static func make(_ name: String, _ values: [Int]) throws -> FunctionSet {
    guard let family = all.first(where: { $0.name == name }) else {
      let near = Text.nearest(name, in: all.map(\.name))
      throw Failure(
        "there is no family \"\(name)\"",
        hint: near.isEmpty
          ? "families are " + all.map(\.name).joined(separator: ", ")
          : "did you mean " + near.map { "\"\($0)\"" }.joined(separator: " or ") + "?")
    }
    return try family.make(values)
  }

  /// Checks one parameter.
  static func check(
    _ value: Int, _ range: ClosedRange<Int>, _ what: String, of family: String
  ) throws {
    guard range.contains(value) else {
      throw Failure(
        "\(family): \(what) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
    }
  }
}

extension FunctionSet {
  /// A set from a rule for the answer of function f to query q.
  init(
    functions: [String], queries: [String], texts: [Int32: String] = [:],
    answer: (_ function: Int, _ query: Int) -> Int32
  ) throws {
    try FunctionSet.checkSize(functions: functions.count, queries: queries.count)
    let columns = try queries.indices.map { query in
      try Cancellation.current.check()
      return Column(count: functions.count) { answer($0, query) }
    }
    try self.init(
      columns: columns, count: functions.count, functionNames: functions, queryNames: queries,
      answerTexts: texts)
  }
}
