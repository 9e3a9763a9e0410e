import Execution
import Interrogation
import Language

/// The bounds of a set as a value: prints as a table, and has a record for each quantity.
struct BoundsValue: NativeObject, @unchecked Sendable {
  let text: String
  /// The fields, in order.
  let fields: [(name: String, value: Value)]

  var typeName: String { "bounds" }
  var fieldNames: [String] { fields.map(\.name) }

  func card(_ style: ConsoleStyle) -> String { text }

  func field(_ name: String) throws -> Value? { fields.first { $0.name == name }?.value }

  /// The card names quantities by the letters of the literature.
  func hint(forField name: String) -> String? {
    let letters = [
      "I": "interactive", "N": "noninteractive", "E": "mean", "TD": "teaching",
    ]
    return letters[name].flatMap { fieldNames.contains($0) ? "\(name) is the field `\($0)`" : nil }
  }

  /// One quantity: `exact` is the upper end as a fraction, or the interval.
  static func quantity(_ bound: Bound<Fraction>, _ witness: Value) -> Value {
    .fields([
      ("lower", .number(bound.lower.value)), ("upper", .number(bound.upper.value)),
      ("proved", .boolean(bound.isProved)), ("witness", witness),
      ("reason", .text("\(bound.reason)")), ("exact", .text("\(bound)")),
    ])
  }

  /// A quantity that no play reaches.
  static func impossible(_ reason: String) -> Value {
    .fields([
      ("lower", .number(.infinity)), ("upper", .number(.infinity)), ("proved", .boolean(true)),
      ("witness", .none), ("reason", .text(reason)), ("exact", .text("none")),
    ])
  }

  private static func fraction(_ bound: Bound<Int>) -> Bound<Fraction> {
    Bound(lower: Fraction(bound.lower), upper: Fraction(bound.upper), reason: bound.reason)
  }

  private static func tree(
    _ value: FunctionSetValue, _ strategy: Strategy, _ bound: Bound<Fraction>, isMean: Bool = false,
    _ terms: String? = nil
  ) -> Value {
    .object(
      StrategyValue(
        functions: value.functions, form: .tree(strategy), bound: bound, isMean: isMean,
        termsText: terms, asked: value))
  }

  /// The plain game's bounds.
  init(_ report: BoundsReport, _ value: FunctionSetValue) throws {
    let set = value.functions
    text = report.description + (value.horizonText.map { "\n" + $0 } ?? "")
    let interactive = BoundsValue.fraction(report.interactive)
    let list = BoundsValue.fraction(report.noninteractive)
    let hardest = report.hardest.map { Value.text(set.functionNames[$0]) } ?? Value.none
    fields = [
      (
        "interactive",
        BoundsValue.quantity(
          interactive, BoundsValue.tree(value, report.interactiveTree, interactive))
      ),
      (
        "noninteractive",
        BoundsValue.quantity(
          list,
          .object(
            StrategyValue(functions: set, form: .list(report.list), bound: list, asked: value)))
      ),
      (
        "mean",
        BoundsValue.quantity(
          report.mean, BoundsValue.tree(value, report.meanTree, report.mean, isMean: true))
      ),
      ("teaching", BoundsValue.quantity(BoundsValue.fraction(report.teaching), hardest)),
      ("information", .integer(report.information)), ("naive", .integer(report.naive)),
      ("gap", .integer(report.noninteractive.upper - report.interactive.upper)),
      ("tight", .text(report.tight)),
      ("horizon", value.horizon.map { .integer($0) } ?? Value.none),
    ]
  }

  /// The bounds on other terms.
  init(_ report: TermsReport, _ value: FunctionSetValue) throws {
    let terms = report.termsText
    text = report.description + (value.horizonText.map { "\n" + $0 } ?? "")
    func tree(_ strategy: Strategy?, _ bound: Bound<Fraction>, isMean: Bool = false) -> Value {
      strategy.map { BoundsValue.tree(value, $0, bound, isMean: isMean, terms) } ?? .none
    }
    var fields: [(name: String, value: Value)] = [
      (
        "interactive",
        BoundsValue.quantity(
          report.interactive, tree(report.interactiveTree, report.interactive))
      )
    ]
    let none = "no list without repeats is enough"
    let list = report.noninteractive.map { list in
      BoundsValue.quantity(
        list.bound,
        .object(
          StrategyValue(
            functions: value.functions, form: .list(list.queries), bound: list.bound,
            termsText: terms, asked: value)))
    }
    fields.append(("noninteractive", list ?? BoundsValue.impossible(none)))
    fields.append(
      ("mean", BoundsValue.quantity(report.mean, tree(report.meanTree, report.mean, isMean: true))))
    let teaching = report.teaching.map { BoundsValue.quantity($0, .none) }
    fields.append(("teaching", teaching ?? BoundsValue.impossible(none)))
    fields.append(("terms", .text(terms)))
    fields.append(("horizon", value.horizon.map { .integer($0) } ?? Value.none))
    self.fields = fields
  }

  /// The bounds of machines without reset.
  init(_ report: SequencesReport, _ machines: MachineSet) {
    text = report.description
    let tree = report.adaptive.witness.map { tree in
      Value.object(
        MachineStrategyValue(machines: machines, form: .tree(tree), bound: report.adaptive.bound))
    }
    let word = report.preset.witness.map { word in
      Value.object(
        MachineStrategyValue(machines: machines, form: .word(word), bound: report.preset.bound))
    }
    fields = [
      ("adaptive", BoundsValue.quantity(report.adaptive.bound, tree ?? .none)),
      ("preset", BoundsValue.quantity(report.preset.bound, word ?? .none)),
      ("naive", .integer(machines.count - 1)),
      ("horizon", machines.horizon.map { .integer($0) } ?? Value.none),
    ]
  }

  /// A number of inputs: infinite where no play ends, or where none is known.
  private static func quantity(_ bound: Bound<Int>, _ witness: Value) -> Value {
    func number(_ value: Int) -> Value { value == Int.max ? .number(.infinity) : .integer(value) }
    return .fields([
      ("lower", number(bound.lower)), ("upper", number(bound.upper)),
      ("proved", .boolean(bound.isProved)), ("witness", witness),
      ("reason", .text("\(bound.reason)")),
      ("exact", .text(SequencesReport.text(bound))),
    ])
  }
}
