import Execution

/// A smallest teaching set.
public struct TeachingSolution: Sendable {
  /// The least number of queries whose answers rule out all other functions.
  public let bound: Bound<Int>
  /// A verified teaching set of `bound.upper` queries, ascending.
  public let queries: [Int]
}

extension FunctionSet {
  /// The teaching number TD(f): the fewest queries whose answers leave only function f.
  public func teaching(of function: Int, within seconds: Double = 10) throws -> TeachingSolution {
    try checkFunction(function)
    let reduction = Reduction(self)
    guard functionCount > 1 else {
      return TeachingSolution(bound: Bound(lower: 0, upper: 0, reason: .trivial), queries: [])
    }
    guard let table = searchTable(reduction) else {
      throw Failure(
        "a table of \(functionCount) functions and \(reduction.columns.count) queries is too large "
          + "for teaching sets: at most \(SearchTable.cellLimit) answers are possible")
    }
    var search = TeachingSearch(table, deadline: Deadline(within: seconds))
    search.begin(function)
    var best = search.greedy()
    var lower = 1
    var reason = Reason.single
    while lower < best.count {
      if search.canTeach(with: lower) {
        best = search.list
        lower = max(lower, best.count)
      } else {
        if search.isStopped { break }
        lower += 1
        reason = .search(nodes: search.nodes)
      }
    }
    let queries = best.map { reduction.queries[$0] }.sorted()
    try verify(teaching: queries, of: function)
    return TeachingSolution(
      bound: Bound(lower: lower, upper: best.count, reason: reason), queries: queries)
  }

  /// The teaching dimension TD(D): the largest teaching number.
  public func teachingDimension(within seconds: Double = 10) throws -> Bound<Int> {
    teachingDimension(Reduction(self), Deadline(within: seconds), limit: naiveBound).bound
  }

  /// The same with an upper bound known already, such as the interactive optimum; and a function
  /// that takes so many queries, if one is known.
  func teachingDimension(
    _ reduction: Reduction, _ deadline: Deadline, limit: Int
  ) -> (bound: Bound<Int>, function: Int?) {
    var deadline = deadline
    if functionCount == 1 { return (Bound(lower: 0, upper: 0, reason: .trivial), 0) }
    let open = Bound(lower: 1, upper: max(1, limit), reason: Reason.single)
    guard let table = searchTable(reduction) else {
      return largeTeachingDimension(reduction, limit) ?? (open, nil)
    }
    var search = TeachingSearch(table, deadline: deadline)
    var guesses: [(function: Int, size: Int)] = []
    var attempts = 0
    for function in 0..<functionCount {
      search.begin(function)
      guesses.append((function, search.greedy().count))
      // No function takes more than the limit: one that takes so many settles it.
      if attempts < 4, limit > 1, guesses[function].size >= limit {
        attempts += 1
        if !search.canTeach(with: limit - 1), !search.isStopped {
          let bound = Bound(
            lower: limit, upper: limit, reason: Reason.search(nodes: search.nodes))
          return (bound, function)
        }
      }
      if deadline.check() { return (open, nil) }
    }
    guesses.sort { $0.size == $1.size ? $0.function < $1.function : $0.size > $1.size }
    var lower = 1
    var hardest = guesses[0].function
    for guess in guesses where guess.size > lower {
      search.begin(guess.function)
      // Rule out teaching sets of `lower`, then of one more, up to what greed reaches.
      while lower < guess.size && !search.canTeach(with: lower) && !search.isStopped {
        lower += 1
        hardest = guess.function
      }
      if search.isStopped {
        let upper = max(lower, min(limit, guess.size))
        return (Bound(lower: lower, upper: upper, reason: .search(nodes: search.nodes)), hardest)
      }
    }
    return (Bound(lower: lower, upper: lower, reason: .search(nodes: search.nodes)), hardest)
  }

  /// The bound by forced queries, where a table is too large for search.
  ///
  /// A query in which alone some other function differs is in every teaching set; the first
  /// functions are looked at.
  private func largeTeachingDimension(
    _ reduction: Reduction, _ limit: Int
  ) -> (bound: Bound<Int>, function: Int?)? {
    var best = (count: 0, function: 0)
    for function in 0..<min(2, functionCount) {
      var differing = [Int32](repeating: 0, count: functionCount)
      var last = [Int32](repeating: -1, count: functionCount)
      func note<Label: Equatable>(_ labels: [Label], _ query: Int32) {
        let own = labels[function]
        for other in labels.indices where labels[other] != own {
          differing[other] &+= 1
          last[other] = query
        }
      }
      for (query, column) in reduction.columns.enumerated() {
        switch column.labels {
        case .bytes(let labels): note(labels, Int32(query))
        case .wide(let labels): note(labels, Int32(query))
        }
      }
      let forced = Set(differing.indices.filter { differing[$0] == 1 }.map { last[$0] })
      if forced.count > best.count { best = (forced.count, function) }
    }
    guard best.count > 0 else { return nil }
    let upper = max(best.count, limit)
    return (Bound(lower: best.count, upper: upper, reason: .forced), best.function)
  }
}
