import Execution
import Interrogation
import Language
import Tensors

/// A set of functions to tell apart, as a value.
struct FunctionSetValue: NativeObject, @unchecked Sendable {
  let functions: FunctionSet
  /// The queries as values, with which functions of the language can be asked; none for a table.
  let queries: [Value]?
  /// Labels, prior and costs that belong to the set.
  var terms = Terms()
  /// How many queries of an infinite domain are considered, if it is infinite.
  var horizon: Int?
  /// What the set is called where it has a name, such as that of its family.
  var title: String?

  var typeName: String { "function_set" }
  var elementCount: Int? { functions.functionCount }
  var fieldNames: [String] {
    ["functions", "queries", "table", "labels", "prior", "costs", "horizon"]
  }

  /// What is said of the domain where it is infinite, else nil.
  var horizonText: String? {
    horizon.map { "optimal over the first \($0) queries of an infinite domain" }
  }

  func card(_ style: ConsoleStyle) -> String {
    let names = functions.functionNames.prefix(8).joined(separator: ", ")
    let remarks = [
      terms.labels.map { "\(Text.count(Set($0).count, "label")): the label is asked for" },
      terms.prior.map { _ in "a prior" }, terms.costs.map { _ in "costs per query" }, horizonText,
    ].compactMap { $0 }
    return "function set: \(Text.count(functions.functionCount, "function")), "
      + "\(functions.queryCount) \(functions.queryCount == 1 ? "query" : "queries"), up to "
      + "\(Text.count(functions.answerCount, "answer")) a query\n  \(names)"
      + (functions.functionCount > 8 ? ", ..." : "")
      + remarks.map { "\n  " + $0 }.joined()
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "labels": return terms.labels.map { .items($0.map { .text($0) }) } ?? Value.none
    case "prior": return terms.prior.map { .items($0.map { .text("\($0)") }) } ?? Value.none
    case "costs": return terms.costs.map { .items($0.map { .number($0.value) }) } ?? Value.none
    case "horizon": return horizon.map { .integer($0) } ?? Value.none
    case "functions": return .items(functions.functionNames.map { .text($0) })
    case "queries": return .items((0..<functions.queryCount).map(query))
    case "table":
      return .items(
        (0..<functions.functionCount).map { function in
          .items(
            (0..<functions.queryCount).map {
              .text(functions.answerText(functions.answer(of: function, to: $0)))
            })
        })
    default: return nil
    }
  }

  /// A query as it was given: a value, or the name of a column.
  func query(_ place: Int) -> Value { queries?[place] ?? .text(functions.queryNames[place]) }

  /// The same set on other terms.
  func on(_ terms: Terms) -> FunctionSetValue {
    var other = self
    other.terms = terms
    return other
  }

  /// The set in a few words: "thresholds 16", or its sizes.
  var summary: String {
    title ?? "\(Text.count(functions.functionCount, "function")), "
      + "\(functions.queryCount) \(functions.queryCount == 1 ? "query" : "queries")"
  }

  func element(at index: Value) throws -> Value? {
    guard case .number(let number) = index,
      let place = Int(whole: number, below: functions.functionCount)
    else { throw Failure("there are functions 0 to \(functions.functionCount - 1)") }
    return .text(functions.functionNames[place])
  }
}

/// A decision tree, or a fixed list of queries, for one function set.
struct StrategyValue: NativeObject {
  enum Form: Sendable {
    case tree(Strategy)
    case list([Int])
  }

  let functions: FunctionSet
  let form: Form
  /// What it costs: the worst case, or the mean where that was the goal.
  let bound: Bound<Fraction>
  var isMean = false
  /// The terms other than the plain game's, in words.
  var termsText: String?
  /// The set with its terms, as the strategy was asked for; the plain set if nil.
  var asked: FunctionSetValue?

  var typeName: String { "strategy" }
  var fieldNames: [String] {
    ["depth", "cost", "queries", "tree", "lower", "upper", "proved", "reason"]
  }

  func card(_ style: ConsoleStyle) -> String {
    let proof = bound.isProved ? "proved" : "best found, \(bound.lower) or more needed"
    let remark = termsText.map { "; \($0)" } ?? ""
    switch form {
    case .tree(let strategy):
      let text = (try? functions.text(of: strategy, lines: 10)) ?? ""
      let size =
        isMean
        ? "\(mean) in the mean" : "at most \(amount)"
      return "interactive strategy: \(size) (\(proof))\(remark)\n" + text
    case .list(let queries):
      let names = queries.prefix(20).map { functions.queryNames[$0] }.joined(separator: ", ")
      let size = amount
      return "non-interactive strategy: \(size) (\(proof))\(remark)\n  "
        + names + (queries.count > 20 ? ", ..." : "")
    }
  }

  private var mean: String {
    asked?.terms.costs == nil ? "\(bound.upper) questions" : "a cost of \(bound.upper)"
  }

  /// So many questions, or so much where queries cost.
  private var amount: String {
    asked?.terms.costs == nil
      ? Text.count(Int(clamping: bound.upper.numerator), "question") : "a cost of \(bound.upper)"
  }

  func field(_ name: String) throws -> Value? {
    switch (name, form) {
    case ("depth", .tree(let strategy)): .integer(strategy.depth)
    case ("depth", .list(let queries)): .integer(queries.count)
    case ("queries", .list(let queries)):
      .items(queries.map { asked?.query($0) ?? .text(functions.queryNames[$0]) })
    case ("tree", .tree(let strategy)):
      TreeForm.value(
        strategy, name: { functions.functionNames[$0] }, query: { functions.queryNames[$0] },
        answer: { functions.answerText($0) })
    case ("cost", _), ("upper", _): .number(bound.upper.value)
    case ("lower", _): .number(bound.lower.value)
    case ("proved", _): .boolean(bound.isProved)
    case ("reason", _): .text("\(bound.reason)")
    default: nil
    }
  }
}
