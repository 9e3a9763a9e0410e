import Execution
import Glibc

// What to ask next, and how much is left to ask.
extension Record {
  /// The query that looks best, or nil where the game is over.
  ///
  /// - Throws: `Failure` if no query tells the functions left apart.
  func nextQuery(_ goal: Goal, within seconds: Double = 0.1) throws -> Int? {
    if isOver { return nil }
    guard let terms else { return try set.nextQuery(versionSpace, goal: goal, within: seconds) }
    if goal == .worstCase, versionSpace.count * set.queryCount <= 100_000,
      let best = try? optimum(within: seconds), best.bound.isProved
    {
      return best.query
    }
    var best: (query: Int, score: Double)?
    for query in 0..<set.queryCount {
      guard let score = score(query, goal, terms) else { continue }
      let weighed =
        rules.terms.costs == nil ? score : Double(terms.costs[query]) / gain(score, goal)
      if Score.isBelow(weighed, best?.score ?? .infinity) { best = (query, weighed) }
    }
    return best?.query
  }

  /// What a query tells, in bits: where queries cost, the cheapest bits are best.
  private func gain(_ score: Double, _ goal: Goal) -> Double {
    max(1e-9, goal == .entropy ? log2(room) - score : log2(room + 1) - log2(score + 1))
  }

  /// What the rest costs in the worst case, and a query that keeps to it.
  func optimum(within seconds: Double) throws -> (bound: Bound<Fraction>, query: Int?) {
    let solution: TreeSolution
    if let terms, terms.isInexact {
      let lies =
        disagreements.isEmpty ? [Int](repeating: 0, count: set.functionCount) : disagreements
      var left = [Int](repeating: terms.lies + 1, count: set.functionCount)
      for function in versionSpace { left[function] = lies[function] }
      solution = try set.interactive(terms, liesSoFar: left, within: seconds)
    } else {
      let part = try set.restricted(to: versionSpace)
      var own = rules.terms
      own.prior = nil
      own.labels = rules.terms.labels.map { labels in versionSpace.map { labels[$0] } }
      solution = try part.interactive(on: own, within: seconds)
    }
    guard case .ask(let query, _)? = solution.strategy.nodes.first else {
      return (solution.bound, nil)
    }
    return (solution.bound, query)
  }

  /// How much is left open: a function with r lies left counts 8^r, a lie being worth about three
  /// questions.
  var room: Double { versionSpace.reduce(0) { $0 + room(of: $1, minus: 0) } }

  func largest(after query: Int) -> Int {
    if let intervals = terms?.intervals, rules.terms.lies == 0 {
      return intervals.windows(query, versionSpace).map(\.members.count).max() ?? 0
    }
    guard rules.terms.lies == 0 else {
      return (try? options(query))?.map(\.after.versionSpace.count).max() ?? 0
    }
    return set.columns[query].sizes(of: versionSpace.map { Int32($0) }).max() ?? 0
  }

  /// How much of the room of the functions left an answer may leave; nil if it tells nothing.
  private func score(_ query: Int, _ goal: Goal, _ terms: CheckedTerms) -> Double? {
    if let intervals = terms.intervals { return score(query, goal, intervals) }
    let column = set.columns[query]
    if let labels = rules.terms.labels, rules.terms.lies == 0 { return score(column, labels, goal) }
    let lied = versionSpace.reduce(0.0) { $0 + room(of: $1, minus: 1) }
    var rooms = [Double](repeating: 0, count: column.classCount)
    var sizes = [Int](repeating: 0, count: column.classCount)
    for function in versionSpace {
      let label = Int(column[function])
      rooms[label] += room(of: function, minus: 0) - room(of: function, minus: 1)
      sizes[label] += 1
    }
    guard sizes.max() != versionSpace.count else { return nil }
    return score(sizes.indices.filter { sizes[$0] > 0 }.map { rooms[$0] + lied }, goal)
  }

  /// The same for a table of numbers: of each function's own answer, or of the worst within the
  /// tolerance.
  private func score(_ query: Int, _ goal: Goal, _ intervals: Intervals) -> Double? {
    let windows = intervals.windows(query, versionSpace)
    guard windows.count > 1 else { return nil }
    let lied = versionSpace.reduce(0.0) { $0 + room(of: $1, minus: 1) }
    func left(_ members: [Int]) -> Double {
      members.reduce(lied) { $0 + room(of: $1, minus: 0) - room(of: $1, minus: 1) }
    }
    if goal != .entropy { return score(windows.map { left($0.members) }, goal) }
    let bits = versionSpace.reduce(0) { sum, function in
      sum + log2(left(versionSpace.filter { !intervals.separates(query, function, $0) }))
    }
    return bits / Double(versionSpace.count)
  }

  /// The largest, or the mean of the logarithm in proportion.
  private func score(_ rooms: [Double], _ goal: Goal) -> Double? {
    if goal != .entropy { return rooms.max() }
    return rooms.reduce(0) { $0 + $1 * log2($1) } / rooms.reduce(0, +)
  }

  /// The largest class of several labels; or what is still unknown of the label, in bits.
  private func score(_ column: Column, _ labels: [String], _ goal: Goal) -> Double? {
    var classes = [[String: Int]](repeating: [:], count: column.classCount)
    for function in versionSpace {
      classes[Int(column[function])][labels[function], default: 0] += 1
    }
    let parts = classes.filter { !$0.isEmpty }
    guard parts.count > 1 else { return nil }
    return parts.reduce(0) { worst, part in
      let size = part.values.reduce(0, +)
      if goal != .entropy { return max(worst, part.count > 1 ? Double(size) : 0) }
      return part.values.reduce(worst) { $0 - Double($1) * log2(Double($1) / Double(size)) }
    }
  }

  private func room(of function: Int, minus lies: Int) -> Double {
    let spent = disagreements.isEmpty ? 0 : disagreements[function]
    let left = rules.terms.lies - spent - lies
    return left < 0 ? 0 : Double(UInt64(1) << UInt64(min(60, 3 * left)))
  }
}
