import Execution

/// The interactive optimum with a tree that reaches the upper end.
public struct InteractiveSolution: Sendable {
  /// The least number of adaptive queries in the worst case.
  public let bound: Bound<Int>
  /// A verified decision tree of depth `bound.upper`.
  public let strategy: Strategy
}

extension FunctionSet {
  /// The information bound: the least d with k^d >= n.
  public var informationBound: Int { Counting.ceilingLog(functionCount, base: answerCount) }

  /// The bound of Proposition 3.1: n - 1 queries are always enough.
  public var naiveBound: Int { functionCount - 1 }

  /// The interactive optimum I(D): the depth of the best decision tree.
  ///
  /// The search is exact; when `seconds` are over or the user interrupts, the interval proved by
  /// then is returned.
  public func interactive(within seconds: Double = 10) throws -> InteractiveSolution {
    try interactive(Reduction(self), Deadline(within: seconds))
  }

  func interactive(_ reduction: Reduction, _ deadline: Deadline) throws -> InteractiveSolution {
    let solution = try solveInteractive(reduction, deadline)
    try verify(solution.strategy)
    return solution
  }

  /// Combined bound over the whole set: information bound, look-ahead and majority answers in one.
  func adversaryBound(_ reduction: Reduction) -> (depth: Int, reason: Reason) {
    let sizes = reduction.largest.sorted()
    let bound = Counting.combined(functionCount, base: reduction.answerCount, largest: sizes)
    if functionCount == 1 { return (0, .trivial) }
    return (bound.depth, bound.j == 0 ? .information : .adversary)
  }

  private func solveInteractive(
    _ reduction: Reduction, _ deadline: Deadline
  ) throws -> InteractiveSolution {
    var (lower, reason) = adversaryBound(reduction)
    if reduction.isSingletons {
      let bound = Bound(lower: naiveBound, upper: naiveBound, reason: .singletons)
      let weights = [Int](repeating: 1, count: functionCount)
      return InteractiveSolution(bound: bound, strategy: singletonTree(reduction, weights))
    }
    var best = try greedyTree(reduction, .largestClass, deadline)
    var upper = best.depth
    if lower < upper, let other = try? greedyTree(reduction, .pairs, deadline),
      other.depth < upper
    {
      (best, upper) = (other, other.depth)
    }
    guard lower < upper, let table = searchTable(reduction) else {
      return InteractiveSolution(
        bound: Bound(lower: lower, upper: upper, reason: reason), strategy: best)
    }
    var search = InteractiveSearch(table, deadline: deadline)
    while lower < upper {
      if search.canIdentifyAll(within: lower), let tree = search.strategy() {
        (best, upper) = (tree, lower)
      } else {
        if search.isStopped { break }
        lower += 1
        reason = .search(nodes: search.nodes)
      }
    }
    return InteractiveSolution(
      bound: Bound(lower: lower, upper: upper, reason: reason), strategy: best)
  }

  func greedyTree(
    _ reduction: Reduction, _ criterion: GreedyTree.Criterion, _ deadline: Deadline
  ) throws -> Strategy {
    var builder = GreedyTree(
      columns: reduction.columns, queryNumbers: reduction.queries, criterion: criterion,
      deadline: deadline)
    return try builder.build((0..<Int32(functionCount)).map { $0 })
  }

  /// The table for exact search, or nil where it would be too large.
  func searchTable(_ reduction: Reduction) -> SearchTable? {
    guard functionCount * reduction.columns.count <= SearchTable.cellLimit else { return nil }
    return SearchTable(
      columns: reduction.columns, queryNumbers: reduction.queries, functionCount: functionCount)
  }

  /// The tree where each query takes out one function, the heaviest first.
  func singletonTree(_ reduction: Reduction, _ weights: [Int]) -> Strategy {
    var takers = zip(reduction.columns, reduction.queries).map { column, query in
      let ones = column.allLabels.reduce(0) { $0 + Int($1) }
      // Function 0 has label 0, so a single label 0 is function 0 itself.
      let alone = ones == 1 ? column.allLabels.firstIndex(of: 1) ?? 0 : 0
      return (query: query, function: alone, column: column)
    }
    takers.sort {
      (-weights[$0.function], $0.query) < (-weights[$1.function], $1.query)
    }
    takers = Array(takers.prefix(functionCount - 1))
    let taken = Set(takers.map(\.function))
    let last = (0..<functionCount).first { !taken.contains($0) } ?? 0
    var nodes: [Strategy.Node] = []
    for taker in takers {
      let place = nodes.count
      let alone = taker.column[taker.function]
      nodes.append(
        .ask(
          query: taker.query,
          branches: [
            Strategy.Branch(answer: taker.column.codes[alone], node: place + 1),
            Strategy.Branch(answer: taker.column.codes[1 - alone], node: place + 2),
          ]))
      nodes.append(.identified(function: taker.function))
    }
    nodes.append(.identified(function: last))
    return Strategy(nodes: nodes)
  }
}
