import Execution

/// The least mean number of queries with a tree that reaches the upper end.
public struct MeanSolution: Sendable {
  /// The least mean number of adaptive queries.
  public let bound: Bound<Fraction>
  /// A verified decision tree whose mean depth is `bound.upper`.
  public let strategy: Strategy
}

extension FunctionSet {
  /// The mean optimum E(D, p): the least expected depth of a decision tree, as an exact fraction.
  ///
  /// - Parameter prior: one probability a function, uniform if nil. Functions of probability 0 are
  ///   identified too.
  /// - Throws: `Failure` if the prior has the wrong length, a negative entry, or another sum than
  ///   1.
  public func mean(
    prior: [Fraction]? = nil, within seconds: Double = 10
  ) throws -> MeanSolution {
    let weights = try prior.map(self.weights) ?? [Int](repeating: 1, count: functionCount)
    return try mean(Reduction(self), weights, Deadline(within: seconds))
  }

  func mean(
    _ reduction: Reduction, _ weights: [Int], _ deadline: Deadline
  ) throws -> MeanSolution {
    let total = weights.reduce(0, +)
    let solved = try solveMean(reduction, weights, deadline)
    try verify(solved.strategy)
    let bound = Bound(
      lower: try Fraction(solved.bound.lower, total),
      upper: try Fraction(solved.bound.upper, total),
      reason: solved.bound.reason)
    return MeanSolution(bound: bound, strategy: solved.strategy)
  }

  /// The mean depth of a decision tree.
  public func meanDepth(of strategy: Strategy, prior: [Fraction]? = nil) throws -> Fraction {
    try meanDepth(
      of: strategy, try prior.map(self.weights) ?? [Int](repeating: 1, count: functionCount))
  }

  func meanDepth(of strategy: Strategy, _ weights: [Int]) throws -> Fraction {
    try Fraction(cost(strategy, weights), weights.reduce(0, +))
  }

  private func cost(_ strategy: Strategy, _ weights: [Int]) -> Int {
    zip(strategy.depths(functionCount: functionCount), weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Whole-number weights in the proportions of a prior.
  func weights(of prior: [Fraction]) throws -> [Int] {
    guard prior.count == functionCount else {
      throw Failure(
        "the prior has \(prior.count) entries for \(Text.count(functionCount, "function"))")
    }
    guard prior.allSatisfy({ $0.numerator >= 0 }) else {
      throw Failure("the prior has a negative entry")
    }
    let sum = try prior.reduce(Fraction(0)) { try $0.adding($1) }
    guard sum == Fraction(1) else {
      throw Failure(
        "the prior adds up to \(sum), expected 1",
        hint: "write shares as fractions like \"1/3\", or as whole numbers")
    }
    // Sums of weight times depth over all functions must stay within 64 bits.
    let limit = Int128(Int.max) / Int128(functionCount + 1) / 2
    guard let common = try? Fraction.commonDenominator(of: prior, limit: limit) else {
      throw Failure(
        "the shares of the prior have no common denominator up to \(limit), so that means cannot "
          + "be reckoned with exactly", hint: "take shares with fewer digits")
    }
    return prior.map { Int($0.numerator * (common / $0.denominator)) }
  }

  private func solveMean(
    _ reduction: Reduction, _ weights: [Int], _ deadline: Deadline
  ) throws -> (bound: Bound<Int>, strategy: Strategy) {
    if functionCount == 1 {
      let leaf = Strategy(nodes: [.identified(function: 0)])
      return (Bound(lower: 0, upper: 0, reason: .trivial), leaf)
    }
    if reduction.isSingletons {
      let tree = singletonTree(reduction, weights)
      let cost = cost(tree, weights)
      return (Bound(lower: cost, upper: cost, reason: .singletons), tree)
    }
    var best = try greedyTree(reduction, .pairs, deadline)
    var upper = cost(best, weights)
    var (lower, reason) = meanBound(reduction, weights)
    if lower < upper, let other = try? greedyTree(reduction, .largestClass, deadline) {
      let reached = cost(other, weights)
      if reached < upper { (best, upper) = (other, reached) }
    }
    guard lower < upper, let table = searchTable(reduction) else {
      return (Bound(lower: lower, upper: upper, reason: reason), best)
    }
    var search = MeanSearch(table, weights: weights, deadline: deadline)
    let found = search.cost(limit: upper - 1)
    if search.isStopped {
      if search.rootBound > lower {
        (lower, reason) = (min(upper, search.rootBound), .search(nodes: search.nodes))
      }
    } else if found >= upper {
      (lower, reason) = (upper, .search(nodes: search.nodes))
    } else {
      let nodes = search.nodes
      if let tree = search.strategy(), cost(tree, weights) == found {
        (best, upper, lower, reason) = (tree, found, found, .search(nodes: nodes))
      }
    }
    return (Bound(lower: lower, upper: upper, reason: reason), best)
  }

  /// Counting bound, and the same after each possible first query.
  private func meanBound(_ reduction: Reduction, _ weights: [Int]) -> (cost: Int, reason: Reason) {
    let k = reduction.answerCount
    guard weights.allSatisfy({ $0 == 1 }) else {
      return (Counting.huffman(weights.sorted(), base: k), .information)
    }
    let simple = Counting.pathLength(functionCount, base: k)
    guard functionCount > 2 else { return (simple, .information) }
    let lengths = (0...functionCount).map { Counting.pathLength($0, base: k) }
    var ahead = Int.max
    for column in reduction.columns {
      let parts = column.classSizes.reduce(0) { $0 + lengths[$1] }
      ahead = min(ahead, functionCount + parts)
    }
    return ahead > simple ? (ahead, .adversary) : (simple, .information)
  }
}
