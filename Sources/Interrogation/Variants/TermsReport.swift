import Execution
import Synchronization

/// What is known of a function set on terms other than the plain game's, in one table.
public struct TermsReport: Sendable {
  /// The number n of functions.
  public let functionCount: Int
  /// The number m of queries.
  public let queryCount: Int
  /// The terms, in words.
  public let termsText: String
  /// The least cost in the worst case.
  public let interactive: Bound<Fraction>
  /// The tree of the upper end, where it could be built in time.
  public let interactiveTree: Strategy?
  /// The least mean cost.
  public let mean: Bound<Fraction>
  /// The tree of the upper end, where it could be built in time.
  public let meanTree: Strategy?
  /// What the mean is taken over: `uniform prior` or `given prior`.
  public let priorText: String
  /// The cheapest fixed list; nil where none decides.
  public let noninteractive: ListSolution?
  /// The largest cost of teaching; nil where some function cannot be taught.
  public let teaching: Bound<Fraction>?
}

extension TermsReport: CustomStringConvertible {
  /// An aligned table.
  public var description: String {
    var rows: [(name: String, value: String, remark: String)] = [
      TermsReport.row("interactive optimum I", interactive)
    ]
    rows.append(TermsReport.row("mean, \(priorText) E", mean))
    rows.append(TermsReport.row("non-interactive optimum N", noninteractive?.bound))
    rows.append(TermsReport.row("teaching dimension TD", teaching))
    let width = max(5, rows.map(\.value.count).max() ?? 0)
    let lines = rows.map { row in
      Layout.left(row.name, 27) + Layout.right(row.value, width) + "   " + row.remark
    }
    let size =
      "\(Text.count(functionCount, "function")), "
      + "\(queryCount) \(queryCount == 1 ? "query" : "queries"); \(termsText)"
    return ([size] + lines).joined(separator: "\n")
  }

  private static func row(
    _ name: String, _ bound: Bound<Fraction>?
  ) -> (name: String, value: String, remark: String) {
    guard let bound else { return (name, "none", "proved: no list without repeats is enough") }
    var remark = bound.isProved ? "proved: \(bound.reason)" : "not closed: \(bound.reason)"
    if bound.upper.denominator > 1, bound.isProved {
      remark = "about \(Text.significant(bound.upper.value)), " + remark
    }
    return (name, bound.shortText, remark)
  }
}

extension Terms: CustomStringConvertible {
  /// The terms in words, such as `label goal with 3 labels, up to 1 wrong answer`.
  public var description: String {
    var parts: [String] = []
    if let labels { parts.append("label goal with \(Text.count(Set(labels).count, "label"))") }
    if costs != nil { parts.append("costs per query") }
    if lies > 0 { parts.append("up to \(Text.count(lies, "wrong answer"))") }
    if tolerance > Fraction(0) { parts.append("tolerance \(tolerance)") }
    if isInexact && !repeats { parts.append("no query twice") }
    return parts.isEmpty ? "the plain game" : parts.joined(separator: ", ")
  }
}

extension FunctionSet {
  /// All bounds on some terms within the budget; two searches go on at a time.
  public func bounds(on terms: Terms, within seconds: Double = 10) throws -> TermsReport {
    let adaptive = Mutex<(TreeBound, Bound<Fraction>?)?>(nil)
    let other = Mutex<(TreeBound, ListSolution?)?>(nil)
    try BudgetShare.run(within: seconds) { share in
      let teaching = try teachingDimension(on: terms, within: 0.5 * share.rest)
      let tree = try TreeBound { try interactiveTree(on: terms, within: share.rest) }
      adaptive.withLock { $0 = (tree, teaching) }
    } and: { share in
      let list = try noninteractive(on: terms, within: 0.5 * share.rest)
      let mean = try TreeBound { try meanTree(on: terms, within: share.rest) }
      other.withLock { $0 = (mean, list) }
    }
    guard let (interactive, teaching) = adaptive.withLock({ $0 }),
      let (found, list) = other.withLock({ $0 })
    else { throw Interrupted() }
    let mean = try reconciled(found, with: interactive, on: terms)
    var worst = interactive.bound.raised(to: mean.bound.lower, .mean)
    // With wrong answers teaching asks for more than a strategy does.
    if let teaching, !terms.isInexact { worst = worst.raised(to: teaching.lower, .teaching) }
    return TermsReport(
      functionCount: functionCount, queryCount: queryCount, termsText: terms.description,
      interactive: worst,
      interactiveTree: interactive.strategy, mean: mean.bound, meanTree: mean.strategy,
      priorText: terms.prior == nil ? "uniform prior" : "given prior",
      noninteractive: list.map { $0.raised(to: worst.lower, .interactive) },
      teaching: teaching)
  }

  /// What is known of the mean beside what is known of the worst case: a tree for that one is a tree
  /// for the mean, too, which is never above the worst case.
  func reconciled(
    _ mean: TreeBound, with worst: TreeBound, on terms: Terms
  ) throws -> TreeBound {
    if mean.bound.isProved { return mean }
    let tree = functionCount * queryCount > SearchTable.cellLimit ? nil : worst.strategy
    let reached = try tree.map { try meanCost(of: $0, on: terms) } ?? worst.bound.upper
    return mean.lowered(to: reached, tree)
  }
}

extension ListSolution {
  /// The same with what another bound says of it.
  fileprivate func raised(to lower: Fraction, _ reason: Reason) -> ListSolution {
    ListSolution(bound: bound.raised(to: lower, reason), queries: queries)
  }
}
