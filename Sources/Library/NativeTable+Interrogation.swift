import Execution
import Interrogation
import Language
import Tensors

extension NativeTable {
  static let interrogation: [NativeFunction] = functionSets + optima + games

  private static let games: [NativeFunction] = [
    NativeFunction("oracle") { call in
      if call[0].isCallableValue {
        return .object(OracleValue(functions: nil, kind: .function(call[0])))
      }
      let set = try functionSet(of: call)
      let function = try place(call, 1, among: set.functionNames)
      return .object(OracleValue(functions: set, kind: .honest(function)))
    },
    NativeFunction("adversary") { call in
      let skills: [String: AdversaryOracle.Skill] = ["exact": .exact, "quick": .quick]
      guard let skill = skills[try call.string(1)] else {
        throw call.wrongValue(1, expected: "\"exact\" or \"quick\"")
      }
      return .object(OracleValue(functions: try functionSet(of: call), kind: .adversary(skill)))
    },
    NativeFunction("liar") { call in
      let set = try functionSet(of: call)
      let lies = try call.integer(2, 0...1_000_000)
      return .object(
        OracleValue(
          functions: set,
          kind: .liar(
            try place(call, 1, among: set.functionNames), lies: lies, seed: try call.seed(3))))
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
      let set = try functionSet(of: call)
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
