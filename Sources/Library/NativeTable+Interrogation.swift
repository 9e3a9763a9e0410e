import Execution
import Interrogation
import Language
import Tensors

extension NativeTable {
  static let interrogation: [NativeFunction] = [
    NativeFunction("function_set") { call in .object(try functionSet(call)) },
    NativeFunction("family") { call in
      .object(
        FunctionSetValue(
          functions: try Family.make(try call.string(0), try call.integers(1)), queries: nil))
    },
    NativeFunction("collapse") { call in
      if case .native(let box) = call[0], let value = box.object as? FunctionSetValue {
        return .object(value)
      }
      return .object(try functionSet(call, isCollapsed: true))
    },
    NativeFunction("bounds") { call in
      .object(BoundsValue(report: try set(call).bounds(within: try call.number(1))))
    },
    NativeFunction("interactive_strategy") { call in
      let (set, seconds) = (try set(call), try call.number(2))
      switch try call.string(1) {
      case "worst":
        let solution = try set.interactive(within: seconds)
        return tree(set, solution.strategy, solution.bound.isProved)
      case "mean":
        let solution = try set.mean(within: seconds)
        return tree(set, solution.strategy, solution.bound.isProved)
      default: throw call.wrongValue(1, expected: "\"worst\" or \"mean\"")
      }
    },
    NativeFunction("noninteractive_strategy") { call in
      let set = try set(call)
      let solution = try set.noninteractive(within: try call.number(1))
      return .object(
        StrategyValue(
          functions: set, form: .list(solution.queries), isProved: solution.bound.isProved))
    },
    NativeFunction("teaching_set") { call in
      let set = try call.object(1, FunctionSetValue.self, noun: "function set").functions
      let solution = try set.teaching(of: try function(call, 0, set))
      return .items(solution.queries.map { .text(set.queryNames[$0]) })
    },
    NativeFunction("oracle") { call in
      if call[0].isCallableValue {
        return .object(OracleValue(functions: nil, kind: .function(call[0])))
      }
      let set = try set(call)
      return .object(OracleValue(functions: set, kind: .honest(try function(call, 1, set))))
    },
    NativeFunction("adversary") { call in
      let skills: [String: AdversaryOracle.Skill] = ["exact": .exact, "quick": .quick]
      guard let skill = skills[try call.string(1)] else {
        throw call.wrongValue(1, expected: "\"exact\" or \"quick\"")
      }
      return .object(OracleValue(functions: try set(call), kind: .adversary(skill)))
    },
    NativeFunction("liar") { call in
      let set = try set(call)
      let lies = try call.integer(2, 0...1_000_000)
      return .object(
        OracleValue(
          functions: set,
          kind: .liar(try function(call, 1, set), lies: lies, seed: try call.seed(3))))
    },
    NativeFunction("interrogate") { call in try interrogate(call) },
    NativeFunction("identify") { call in
      let set = try call.object(0, FunctionSetValue.self, noun: "function set")
      let strategy = Interrogator.tree(try set.functions.interactive(within: 10).strategy)
      let transcript = try play(set.functions, set.queries, strategy, call, oracle: 1)
      guard case .identified(let function) = transcript.verdict else {
        throw Failure("the oracle's answers leave \(transcript.candidates.count) functions")
      }
      return .text(set.functions.functionNames[function])
    },
    NativeFunction("play") { call in
      let set = try set(call)
      let secret: Secret
      switch try call.string(1) {
      case "secret": secret = .random(seed: try call.seed(2))
      case "adversary": secret = .adversary(.exact)
      default: throw call.wrongValue(1, expected: "\"secret\" or \"adversary\"")
      }
      let result = try set.play(on: call.console, secret: secret)
      return .fields([
        ("questions", .integer(result.questionCount)), ("optimum", .integer(result.optimum.upper)),
        ("transcript", .object(TranscriptValue(transcript: result.transcript))),
      ])
    },
  ]

  private static func set(_ call: Arguments) throws -> FunctionSet {
    try call.object(0, FunctionSetValue.self, noun: "function set").functions
  }

  private static func tree(_ set: FunctionSet, _ tree: Strategy, _ isProved: Bool) -> Value {
    .object(StrategyValue(functions: set, form: .tree(tree), isProved: isProved))
  }

  /// A function of a set, by place or name.
  private static func function(_ call: Arguments, _ place: Int, _ set: FunctionSet) throws -> Int {
    if case .string(let name) = call[place] {
      if let function = set.function(named: name.text) { return function }
      let near = Text.nearest(name.text, in: set.functionNames).first
      throw call.wrongValue(
        place, expected: "a function of the set", hint: near.map { "did you mean \"\($0)\"?" })
    }
    return try call.integer(place, 0...(set.functionCount - 1))
  }

  // MARK: - Making sets

  /// A set from functions and queries, or from a table.
  ///
  /// - Parameter isCollapsed: whether functions that answer alike become one; else they are refused.
  private static func functionSet(
    _ call: Arguments, isCollapsed: Bool = false
  ) throws -> FunctionSetValue {
    let rows = try call.items(of: call[0])
    let names = call.isNone(2) ? nil : try call.items(of: call[2]).map(call.session.text)
    let queries = call.isNone(1) ? nil : try call.items(of: call[1])
    let table = try rows.enumerated().map { place, function in
      guard let queries else { return try call.items(of: function).map(call.session.text) }
      guard function.isCallableValue else {
        throw call.wrong(0, expected: "a list of functions", hint: "or leave out the queries")
      }
      return try queries.map { query in try answer(function, query, place, call) }
    }
    let asked = queries?.map(call.session.text)
    let set =
      isCollapsed
      ? try FunctionSet.collapsed(table, functionNames: names, queryNames: asked).set
      : try FunctionSet(table, functionNames: names, queryNames: asked)
    return FunctionSetValue(functions: set, queries: queries)
  }

  /// What a function answers; asked twice, since one that draws random numbers is no function.
  private static func answer(
    _ function: Value, _ query: Value, _ place: Int, _ call: Arguments
  ) throws -> String {
    let first = call.session.text(try call.call(function, query))
    guard call.session.text(try call.call(function, query)) == first else {
      throw Failure(
        "function \(place) gives two different answers to \(call.session.text(query))",
        at: .position(0), hint: "a function must answer a question always alike")
    }
    return first
  }

  // MARK: - The game

  private static func interrogate(_ call: Arguments) throws -> Value {
    if case .native(let box) = call[0], let strategy = box.object as? StrategyValue {
      let interrogator: Interrogator =
        switch strategy.form {
        case .tree(let tree): .tree(tree)
        case .list(let queries): .list(queries)
        }
      return .object(
        TranscriptValue(
          transcript: try play(strategy.functions, nil, interrogator, call, oracle: 1)))
    }
    let oracle = try call.object(1, OracleValue.self, noun: "oracle")
    guard let set = oracle.functions else {
      throw call.wrong(0, expected: "a strategy", hint: "interactive_strategy(D) makes one")
    }
    let interrogator: Interrogator
    switch try call.string(0) {
    case "optimal": interrogator = .tree(try set.interactive(within: 10).strategy)
    case "greedy": interrogator = .greedy
    case "entropy": interrogator = .entropy
    default: throw call.wrongValue(0, expected: "\"optimal\", \"greedy\" or \"entropy\"")
    }
    return .object(TranscriptValue(transcript: try play(set, nil, interrogator, call, oracle: 1)))
  }

  private static func play(
    _ set: FunctionSet, _ queries: [Value]?, _ interrogator: Interrogator, _ call: Arguments,
    oracle place: Int
  ) throws -> Transcript {
    if call[place].isCallableValue {
      var oracle = LanguageOracle(set: set, queries: queries, function: call[place], call: call)
      return try set.interrogate(interrogator, &oracle)
    }
    let oracle = try call.object(place, OracleValue.self, noun: "oracle")
    switch oracle.kind {
    case .function(let function):
      var oracle = LanguageOracle(set: set, queries: queries, function: function, call: call)
      return try set.interrogate(interrogator, &oracle)
    case .honest(let function):
      var oracle = try HonestOracle(oracle.functions ?? set, function: function)
      return try set.interrogate(interrogator, &oracle)
    case .adversary(let skill):
      var oracle = AdversaryOracle(oracle.functions ?? set, skill)
      return try set.interrogate(interrogator, &oracle)
    case .liar(let function, let lies, let seed):
      var oracle = try LyingOracle(
        oracle.functions ?? set, function: function, lies: lies, seed: seed)
      return try set.interrogate(interrogator, &oracle)
    }
  }
}

/// A function of the language as an oracle: it is asked the queries themselves.
private struct LanguageOracle: Oracle {
  let set: FunctionSet
  let queries: [Value]?
  let function: Value
  let call: Arguments

  mutating func answer(_ query: Int) throws -> Int32 {
    let question = queries?[query] ?? .text(set.queryNames[query])
    let text = call.session.text(try call.call(function, question))
    for other in 0..<set.functionCount {
      let code = set.answer(of: other, to: query)
      if set.answerText(code) == text { return code }
    }
    throw Failure(
      "no function of the set answers \(text) to \(set.queryNames[query])", at: .position(1))
  }
}

/// The bounds of a function set as a value: prints as a table.
struct BoundsValue: NativeObject {
  let report: BoundsReport

  var typeName: String { "bounds" }
  var fieldNames: [String] {
    ["interactive", "noninteractive", "mean", "teaching", "information", "naive", "gap", "tight"]
  }

  func card(_ style: ConsoleStyle) -> String { report.description }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "interactive": BoundsValue.value(report.interactive) { .integer($0) }
    case "noninteractive": BoundsValue.value(report.noninteractive) { .integer($0) }
    case "teaching": BoundsValue.value(report.teaching) { .integer($0) }
    case "mean": BoundsValue.value(report.mean) { .number($0.value) }
    case "information": .integer(report.information)
    case "naive": .integer(report.naive)
    case "gap": .integer(report.noninteractive.upper - report.interactive.upper)
    case "tight": .text(report.tight)
    default: nil
    }
  }

  private static func value<Number>(_ bound: Bound<Number>, _ value: (Number) -> Value) -> Value {
    .fields([
      ("lower", value(bound.lower)), ("upper", value(bound.upper)),
      ("proved", .boolean(bound.isProved)), ("reason", .text("\(bound.reason)")),
    ])
  }
}
