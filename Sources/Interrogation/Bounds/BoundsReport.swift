import Execution
import Synchronization

/// All that is known of a function set as an interrogation, in one table.
public struct BoundsReport: Sendable {
  /// The number n of functions.
  public let functionCount: Int
  /// The number m of queries.
  public let queryCount: Int
  /// The largest number k of answers to one query.
  public let answerCount: Int
  /// The information bound.
  public let information: Int
  /// The interactive optimum I(D).
  public let interactive: Bound<Int>
  /// The mean optimum E(D, p).
  public let mean: Bound<Fraction>
  /// What the mean is taken over: `uniform prior` or `given prior`.
  public let priorText: String
  /// The non-interactive optimum N(D).
  public let noninteractive: Bound<Int>
  /// The teaching dimension TD(D).
  public let teaching: Bound<Int>
  /// The decision tree of depth `interactive.upper`.
  public let interactiveTree: Strategy
  /// The decision tree of mean depth `mean.upper`.
  public let meanTree: Strategy
  /// The list of `noninteractive.upper` queries.
  public let list: [Int]
  /// A function that takes most queries to teach, if one is known.
  public let hardest: Int?

  /// The bound of Propositions 3.1 and 3.2.
  public var naive: Int { functionCount - 1 }

  /// The largest N that k answers allow for this I: (k^I - 1)/(k - 1).
  public var largestGap: Int {
    guard answerCount > 1 else { return 0 }
    let power = Counting.power(answerCount, interactive.upper, limit: 1 << 40)
    return min(naive, (power - 1) / (answerCount - 1))
  }

  /// Which proposition is tight for this set.
  public var tight: String {
    if functionCount == 1 { return "nothing to tell apart" }
    let binary = Counting.ceilingLog(functionCount, base: 2)
    if interactive.lower == naive { return "3.1 and 3.2: I = N = |D|-1" }
    guard noninteractive.isProved else { return "not decided" }
    if noninteractive.lower == naive {
      return interactive.isProved && interactive.upper == binary
        ? "3.3: I = log2|D| (rounded up) while N = |D|-1" : "3.2: N = |D|-1"
    }
    return interactive.upper < naive ? "none: I and N are below |D|-1" : "not decided"
  }
}

extension BoundsReport: CustomStringConvertible {
  /// An aligned table of at most 12 lines.
  public var description: String {
    let (i, n) = (interactive, noninteractive)
    let gap = Bound(
      lower: max(0, n.lower - i.upper), upper: n.upper - i.lower, reason: .trivial)
    let size =
      "\(Text.count(functionCount, "function")), "
      + "\(queryCount) \(queryCount == 1 ? "query" : "queries")"
    let rows: [(name: String, value: String, remark: String)] = [
      ("naive bound |D|-1", "\(naive)", "Propositions 3.1, 3.2"),
      ("information bound", "\(information)", "up to \(Text.count(answerCount, "answer")) a query"),
      ("interactive optimum I", i.description, BoundsReport.remark(i)),
      ("mean, \(priorText) E", mean.shortText, BoundsReport.remark(mean, about: mean.upper)),
      ("non-interactive optimum N", n.description, BoundsReport.remark(n)),
      ("teaching dimension TD", teaching.description, BoundsReport.remark(teaching)),
      ("gap N - I", gap.description, "N is at most \(largestGap) for this I"),
    ]
    let width = max(5, rows.map(\.value.count).max() ?? 0)
    let lines = rows.map { row in
      Layout.left(row.name, 27) + Layout.right(row.value, width) + "   " + row.remark
    }
    return ([size] + lines + [Layout.left("tight", 27) + tight]).joined(separator: "\n")
  }

  private static func remark<Value>(_ bound: Bound<Value>, about value: Fraction? = nil) -> String {
    var text = bound.isProved ? "proved: \(bound.reason)" : "not closed: \(bound.reason)"
    if let value, value.denominator > 1, bound.isProved {
      text = "about \(Text.significant(value.value)), " + text
    }
    return text
  }
}

extension FunctionSet {
  /// All bounds within the budget; the mean under a prior, uniform if nil.
  ///
  /// Two searches go on at a time where there are cores for it.
  public func bounds(
    prior: [Fraction]? = nil, within seconds: Double = 10
  ) throws -> BoundsReport {
    let reduction = Reduction(self)
    let weights = try prior.map(self.weights) ?? [Int](repeating: 1, count: functionCount)
    typealias Teaching = (bound: Bound<Int>, function: Int?)
    let adaptive = Mutex<(InteractiveSolution, Teaching)?>(nil)
    let other = Mutex<(MeanSolution, NoninteractiveSolution)?>(nil)
    try BudgetShare.run(within: seconds) { share in
      let depth = try interactive(reduction, Deadline(within: 0.75 * share.rest))
      let limit = depth.bound.upper
      let teaching = teachingDimension(reduction, Deadline(within: share.rest), limit: limit)
      adaptive.withLock { $0 = (depth, teaching) }
    } and: { share in
      // First what needs no search, so that nothing else takes its time.
      let known = greedyLists(reduction, Deadline(within: 0.5 * share.rest))
      let mean = try mean(reduction, weights, Deadline(within: 0.5 * share.rest))
      let list = try noninteractive(reduction, known: known, Deadline(within: share.rest))
      other.withLock { $0 = (mean, list) }
    }
    guard let (depth, teaching) = adaptive.withLock({ $0 }),
      let (mean, list) = other.withLock({ $0 })
    else { throw Interrupted() }
    let agreed = try reconciled(depth, mean, list, teaching.bound, weights)
    return BoundsReport(
      functionCount: functionCount, queryCount: queryCount, answerCount: answerCount,
      information: informationBound, interactive: agreed.worst.bound, mean: agreed.mean.bound,
      priorText: prior == nil ? "uniform prior" : "given prior",
      noninteractive: agreed.list.bound, teaching: teaching.bound,
      interactiveTree: agreed.worst.strategy, meanTree: agreed.mean.strategy,
      list: agreed.list.queries, hardest: teaching.function)
  }
}

extension FunctionSet {
  /// What each quantity says of the others: TD <= I, E <= I <= N, by bounds and by witnesses.
  private func reconciled(
    _ depth: InteractiveSolution, _ mean: MeanSolution, _ list: NoninteractiveSolution,
    _ teaching: Bound<Int>, _ weights: [Int]
  ) throws -> (worst: InteractiveSolution, mean: MeanSolution, list: NoninteractiveSolution) {
    let (worst, average) = try withBetterTrees(depth, mean, list, weights)
    let least = average.bound.lower
    let whole = Int(least.numerator / least.denominator)
    let bound = worst.bound.raised(to: teaching.lower, .teaching)
      .raised(to: Fraction(whole) < least ? whole + 1 : whole, .mean)
    return (
      InteractiveSolution(bound: bound, strategy: worst.strategy), average,
      NoninteractiveSolution(
        bound: list.bound.raised(to: bound.lower, .interactive), queries: list.queries)
    )
  }

  /// A list is a tree, too, and one for the worst case one for the mean.
  private func withBetterTrees(
    _ depth: InteractiveSolution, _ mean: MeanSolution, _ list: NoninteractiveSolution,
    _ weights: [Int]
  ) throws -> (InteractiveSolution, MeanSolution) {
    var (worst, average) = (depth, mean)
    if list.bound.upper < depth.bound.upper {
      let tree = strategy(list: list.queries)
      try verify(tree)
      worst = InteractiveSolution(
        bound: Bound(
          lower: depth.bound.lower, upper: tree.depth, reason: depth.bound.reason), strategy: tree)
    }
    let reached = try meanDepth(of: worst.strategy, weights)
    if reached < mean.bound.upper {
      average = MeanSolution(
        bound: Bound(lower: mean.bound.lower, upper: reached, reason: mean.bound.reason),
        strategy: worst.strategy)
    }
    return (worst, average)
  }

  /// The tree that asks the queries of a separating list in order, but for those that tell nothing.
  private func strategy(list: [Int]) -> Strategy {
    var nodes: [Strategy.Node] = [.identified(function: 0)]
    var tasks = [(node: 0, members: (0..<Int32(functionCount)).map { $0 }, next: 0)]
    while let task = tasks.popLast() {
      nodes[task.node] = .identified(function: Int(task.members[0]))
      guard task.members.count > 1,
        let place = list.indices[task.next...].first(where: {
          !columns[list[$0]].isConstant(on: task.members)
        })
      else { continue }
      var branches: [Strategy.Branch] = []
      for part in columns[list[place]].classes(of: task.members) {
        branches.append(
          Strategy.Branch(answer: columns[list[place]].codes[part.label], node: nodes.count))
        tasks.append((nodes.count, part.members, place + 1))
        nodes.append(.identified(function: 0))
      }
      nodes[task.node] = .ask(query: list[place], branches: branches)
    }
    return Strategy(nodes: nodes)
  }
}

/// The time budget of searches after each other, where two such rows go on at once.
struct BudgetShare {
  private let end: Double

  /// The seconds that are left.
  var rest: Double { max(0, end - Clock.now) }

  /// Runs two rows of searches, at once where there are two cores, else one after the other.
  static func run(
    within seconds: Double, _ one: @Sendable (BudgetShare) throws -> Void,
    and other: @Sendable (BudgetShare) throws -> Void
  ) throws {
    let half = Parallel.threads > 1 ? seconds : seconds / 2
    try Parallel.forEach(2) { number in
      let share = BudgetShare(end: Clock.now + half)
      try number == 0 ? one(share) : other(share)
    }
  }
}
