import Execution

/// The non-interactive optimum with a list that reaches the upper end.
public struct NoninteractiveSolution: Sendable {
  /// The least number of queries in a fixed list that separates all functions.
  public let bound: Bound<Int>
  /// A verified list of `bound.upper` queries, ascending.
  public let queries: [Int]
}

extension FunctionSet {
  /// The non-interactive optimum N(D): the smallest list of queries that separates all pairs.
  public func noninteractive(within seconds: Double = 10) throws -> NoninteractiveSolution {
    try noninteractive(Reduction(self), Deadline(within: seconds))
  }

  /// - Parameter known: what `greedyLists` gives, where that was asked before.
  func noninteractive(
    _ reduction: Reduction, known: GreedyLists? = nil, _ deadline: Deadline
  ) throws -> NoninteractiveSolution {
    let solution = solveNoninteractive(reduction, known, deadline)
    try verify(list: solution.queries)
    return solution
  }

  private func solution(
    _ lower: Int, _ list: [Int], _ reason: Reason, _ reduction: Reduction
  ) -> NoninteractiveSolution {
    NoninteractiveSolution(
      bound: Bound(lower: lower, upper: list.count, reason: reason),
      queries: list.map { reduction.queries[$0] }.sorted())
  }

  private func solveNoninteractive(
    _ reduction: Reduction, _ known: GreedyLists?, _ deadline: Deadline
  ) -> NoninteractiveSolution {
    if functionCount == 1 { return solution(0, [], .trivial, reduction) }
    if reduction.hasCompatibleSplits {
      return solution(naiveBound, reduction.splittingList(), .compatible, reduction)
    }
    let known = known ?? greedyLists(reduction, Deadline(within: deadline.remaining))
    let (forced, partition, best) = (known.forced, known.partition, known.best)
    if partition.isDiscrete { return solution(forced.count, forced, .forced, reduction) }
    let adversary = adversaryBound(reduction)
    var lower = adversary.depth
    var reason = adversary.reason
    let needed =
      forced.count
      + Counting.ceilingLog(partition.largestClass, base: reduction.answerCount)
    if needed > lower { (lower, reason) = (needed, .forced) }
    guard lower < best.count, let table = searchTable(reduction) else {
      return solution(min(lower, best.count), best, reason, reduction)
    }
    return search(
      SeparatingSearch(table, deadline: deadline), partition.classes, forced, best,
      (lower, reason), reduction, deadline)
  }

  /// What is known of lists without search, over the columns of a reduction.
  struct GreedyLists {
    /// Queries that every list has.
    var forced: [Int]
    /// What they leave together.
    var partition: Partition
    /// The shortest list found.
    var best: [Int]
  }

  /// The forced queries, and the shortest of the greedy lists: of all queries, of the reduced ones,
  /// and of what is left behind the forced ones; each without what is superfluous in the end.
  func greedyLists(_ reduction: Reduction, _ deadline: Deadline) -> GreedyLists {
    var deadline = deadline
    if functionCount == 1 || reduction.hasCompatibleSplits {
      return GreedyLists(forced: [], partition: Partition(functionCount), best: [])
    }
    let forced = reduction.forcedQueries(&deadline)
    var partition = Partition(functionCount)
    for query in forced { partition.refine(reduction.columns[query]) }
    if partition.isDiscrete {
      return GreedyLists(forced: forced, partition: partition, best: forced)
    }
    let whole = Partition(functionCount)
    let places = Dictionary(uniqueKeysWithValues: reduction.queries.enumerated().map { ($1, $0) })
    var lists = [
      forced + GreedyList.list(reduction.columns, from: partition, deadline: deadline)
    ]
    if !deadline.check() {
      lists.append(GreedyList.list(reduction.columns, from: whole, deadline: deadline))
    }
    // A query that was dropped is refined by one that is left, so that no length is lost.
    var all: [Int] = []
    let ofAll = deadline.check() ? [] : GreedyList.list(columns, from: whole, deadline: deadline)
    for query in ofAll {
      let place = places[query] ?? reduction.refining(query, self)
      if place >= 0, !all.contains(place) { all.append(place) }
    }
    if !all.isEmpty, Partition(functionCount, all.map { reduction.columns[$0] }).isDiscrete {
      lists.append(all)
    }
    let best = lists.map { GreedyList.shortened($0, reduction.columns, deadline) }
      .min { $0.count < $1.count }
    return GreedyLists(forced: forced, partition: partition, best: best ?? lists[0])
  }

  /// The shortest list that tells labels apart, from what is known of it.
  func noninteractive(
    labels: [Int], from known: ListSolution, atLeast lower: Int, _ reason: Reason,
    within seconds: Double
  ) -> ListSolution {
    let reduction = Reduction(self)
    guard let table = searchTable(reduction) else { return known }
    let deadline = Deadline(within: seconds)
    let everyone = [(0..<Int32(functionCount)).map { $0 }]
    // The list known may use queries that others refine; only its length matters.
    let list = [Int](repeating: 0, count: known.queries.count)
    let found = search(
      SeparatingSearch(table, labels: labels, deadline: deadline), everyone, [], list,
      (lower, reason), reduction, deadline)
    let queries = found.bound.upper < list.count ? found.queries : known.queries
    return ListSolution(bound: found.bound.map { Fraction($0) }, queries: queries)
  }

  /// Shortens the list for a third of the time, then raises the lower bound until both meet.
  private func search(
    _ start: SeparatingSearch, _ classes: [[Int32]], _ forced: [Int], _ list: [Int],
    _ bound: (lower: Int, reason: Reason), _ reduction: Reduction, _ deadline: Deadline
  ) -> NoninteractiveSolution {
    var search = start
    var best = list
    var (lower, reason) = bound
    search.restart(Deadline(within: deadline.remaining / 3))
    while lower < best.count, !search.isStopped {
      if search.canSeparate(classes, with: best.count - 1 - forced.count) {
        best = forced + search.list
      } else if !search.isStopped {
        (lower, reason) = (best.count, .search(nodes: search.nodes))
      }
    }
    search.restart(deadline)
    while lower < best.count {
      if search.canSeparate(classes, with: lower - forced.count) {
        best = forced + search.list
        lower = max(lower, best.count)
      } else {
        if search.isStopped { break }
        lower += 1
        reason = .search(nodes: search.nodes)
      }
    }
    return solution(min(lower, best.count), best, reason, reduction)
  }
}
