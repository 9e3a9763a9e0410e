import Execution
import Interrogation
import Language
import Tensors

extension NativeTable {
  static let interrogation: [NativeFunction] = functionSets + optima + oracles + games

  private static let games: [NativeFunction] = [
    NativeFunction("interrogate") { call in
      if let machines = try machinesPlayed(call, set: 2) {
        return .object(try interrogate(machines, call))
      }
      var match = try match(call)
      // Only an interrogator of one's own can make something of answers that contradict.
      match.isStrict = !(call[0].isCallableValue && match.oracle.mayErr)
      let interrogator = try interrogator(call, match)
      return .object(
        TranscriptValue(try match.play(interrogator, call, oracle: 1), match.set))
    },
    NativeFunction("identify") { call in
      let transcript: Transcript
      if let value = machineValue(call, 0) {
        transcript = try interrogate(value, "optimal", call)
      } else {
        let value = try setValue(call, 0)
        var terms = value.terms
        terms.lies = try call.integer(2, 0...Terms.lieLimit)
        terms.tolerance = try Fractions.tolerance(call, 3)
        let match = Match(set: value.on(terms), oracle: try oracle(call, 1))
        transcript = try match.play(
          .tree(try value.functions.interactive(on: terms, within: 10).strategy), call, oracle: 1)
      }
      guard let name = transcript.verdictName else {
        throw Failure("the oracle's answers leave \(transcript.candidates.count) functions")
      }
      return .text(name)
    },
    NativeFunction("play") { call in try playGame(call) },
    NativeFunction("scores") { call in .object(ScoresValue(try Scores.read(call))) },
  ]

  /// The two sides of an interrogation, and the set with its terms.
  private struct Match {
    var set: FunctionSetValue
    var oracle: OracleValue
    var isStrict = true

    func play(
      _ interrogator: Interrogator, _ call: Arguments, oracle place: Int
    ) throws -> Transcript {
      let functions = set.functions
      let own = oracle.set?.functions ?? functions
      guard own.functionNames == functions.functionNames, own.queryNames == functions.queryNames
      else {
        throw Failure(
          "the oracle is of another function set than the strategy", at: .position(place),
          hint: "a strategy asks the queries of its own set")
      }
      let rules = Rules(set.terms, isStrict: isStrict)
      let tolerance = set.terms.tolerance
      switch oracle.kind {
      case .function(let function):
        var oracle = LanguageOracle(set: set, function: function, call: call, place: place)
        return try functions.interrogate(interrogator, &oracle, rules: rules)
      case .honest(let function):
        var oracle = try HonestOracle(own, function: function)
        return try functions.interrogate(interrogator, &oracle, rules: rules)
      case .adversary(let skill):
        var oracle = try AdversaryOracle(own, skill, on: set.terms)
        return try functions.interrogate(interrogator, &oracle, rules: rules)
      case .liar(let function, let lies, let seed):
        var oracle = try LyingOracle(
          own, function: function, lies: lies, tolerance: tolerance, seed: seed)
        return try functions.interrogate(interrogator, &oracle, rules: rules)
      case .noisy(let function, let rate, let off, let seed):
        var oracle = try NoisyOracle(
          own, function: function, rate: rate, tolerance: off, seed: seed)
        return try functions.interrogate(interrogator, &oracle, rules: rules)
      case .machine:
        throw Failure(
          "a machine is an oracle among machines without reset only", at: .position(place),
          hint: "with words as queries: oracle(D, \"\(functions.functionNames[0])\")")
      }
    }
  }

  /// Who plays whom over which set: the set given, else the strategy's, else the oracle's.
  private static func match(_ call: Arguments) throws -> Match {
    let oracle = try oracle(call, 1)
    var set = call.isNone(2) ? nil : try setValue(call, 2)
    if case .native(let box) = call[0], let strategy = box.object as? StrategyValue {
      set =
        set?.on(strategy.asked?.terms ?? Terms()) ?? strategy.asked
        ?? FunctionSetValue(functions: strategy.functions, queries: nil)
    }
    guard var set = set ?? oracle.set else {
      throw Failure(
        "the oracle is a function of the language, and the set that it is of is not known",
        at: .position(1), hint: "name it: oracle(D, f), or interrogate(strategy, oracle, D)")
    }
    if !call.isNone(3) { set.terms.lies = try call.integer(3, 0...Terms.lieLimit) }
    if !call.isNone(4) { set.terms.tolerance = try Fractions.tolerance(call, 4) }
    return Match(set: set, oracle: oracle)
  }

  /// The interrogator that the first argument is; an own one may bear contradictions.
  private static func interrogator(
    _ call: Arguments, _ match: Match
  ) throws -> Interrogator {
    let (set, functions) = (match.set, match.set.functions)
    if call[0].isCallableValue {
      return custom(call, functions.functionNames, functions.queryNames) {
        TranscriptValue($0, set)
      }
    }
    switch call[0] {
    case .native(let box):
      guard let strategy = box.object as? StrategyValue else { break }
      switch strategy.form {
      case .tree(let tree): return .tree(tree)
      case .list(let queries): return .list(queries)
      }
    case .string(let name):
      switch name.text {
      case "optimal": return .tree(try functions.interactive(on: set.terms, within: 10).strategy)
      case "greedy": return .greedy
      case "entropy": return .entropy
      case "list":
        guard let list = try functions.noninteractive(on: set.terms, within: 10) else { break }
        return .list(list.queries)
      default: break
      }
      throw call.wrongValue(0, expected: "\"optimal\", \"greedy\", \"entropy\" or \"list\"")
    case .list(let list):
      return .list(try list.items.map { try TreeForm.place($0, functions.queryNames, call) })
    default:
      guard call[0].held("ask") != nil else { break }
      let names = TreeForm.Names(
        call: call, functions: functions.functionNames, queries: functions.queryNames
      ) { answer, query in functions.code(of: answer, to: query) }
      return .tree(
        try functions.resolved(try TreeForm.strategy(call[0], names), on: set.terms))
    }
    throw call.wrong(
      0, expected: "a strategy, a list of queries, a tree, a name or a function",
      hint: "interactive_strategy(D) makes a strategy")
  }

  /// A function of the language that gets the transcript so far: it gives a query, none to stop, or
  /// a record with the field `verdict`.
  static func custom(
    _ call: Arguments, _ functions: [String], _ queries: [String],
    _ value: @escaping (Transcript) -> TranscriptValue
  ) -> Interrogator {
    .custom { transcript in
      let said = try call.call(call[0], .object(value(transcript)))
      if said.isNone { return .stop }
      if let verdict = said.held("verdict") {
        return .verdict(try TreeForm.place(verdict, functions, call))
      }
      return .ask(try TreeForm.place(said, queries, call))
    }
  }

  // MARK: - Play

  private static func playGame(_ call: Arguments) throws -> Value {
    let role: Role
    var against = ""
    switch (try call.string(1), try call.string(2)) {
    case ("ask", "secret"): role = .ask(.random(seed: try call.seed(3)))
    case ("ask", "adversary"):
      role = .ask(.adversary(.exact))
      against = " against the adversary"
    case ("answer", "secret"): role = .answer
    case ("answer", _): throw call.wrongValue(2, expected: "nothing where you answer")
    case ("ask", _): throw call.wrongValue(2, expected: "\"secret\" or \"adversary\"")
    default: throw call.wrongValue(1, expected: "\"ask\" or \"answer\"")
    }
    let (result, transcript, title): (GameResult, TranscriptValue, String)
    if let value = machineValue(call, 0) {
      guard call.isNone(4) && call.isNone(5) else {
        throw Failure("machines without reset answer right: there are no lies and no tolerance")
      }
      result = try value.machines.play(on: call.console, role: role)
      transcript = TranscriptValue(result.transcript, value)
      title = value.summary
    } else {
      let value = try setValue(call, 0)
      var terms = value.terms
      if !call.isNone(4) { terms.lies = try call.integer(4, 0...Terms.lieLimit) }
      if !call.isNone(5) { terms.tolerance = try Fractions.tolerance(call, 5) }
      result = try value.functions.play(on: call.console, role: role, terms: terms)
      transcript = TranscriptValue(result.transcript, value.on(terms))
      title = value.summary + (terms.isPlain ? "" : ", \(terms)")
    }
    if case .ask = role { try Scores.keep(result, of: title + against, call) }
    return .fields([
      ("questions", .integer(result.questionCount)), ("cost", .number(result.cost.value)),
      ("optimum", number(result.optimum.upper)),
      ("found", .boolean(result.isFound)), ("transcript", .object(transcript)),
    ])
  }

  private static func number(_ value: Fraction) -> Value {
    .number(value == .infinite ? .infinity : value.value)
  }
}

/// A function of the language as an oracle: it is asked the queries themselves.
private struct LanguageOracle: Oracle {
  let set: FunctionSetValue
  let function: Value
  let call: Arguments
  /// The argument that gave the function.
  let place: Int
  private var count = 0

  init(set: FunctionSetValue, function: Value, call: Arguments, place: Int) {
    self.set = set
    self.function = function
    self.call = call
    self.place = place
  }

  mutating func answer(_ query: Int) throws -> Answer {
    count += 1
    let said = call.answer(try call.call(function, set.query(query)))
    if let code = set.functions.code(of: said, to: query) { return .code(code) }
    if set.terms.tolerance > Fraction(0), let number = said.number, number.isFinite {
      return .number(number)
    }
    // What nobody answers is a lie, if there may be some.
    if set.terms.lies > 0 { return .other(said.text) }
    throw Failure(
      "contradiction at question \(count): no function of the set answers \"\(said.text)\" "
        + "to \(set.functions.queryNames[query])", at: .position(place),
      hint: "the oracle is no function of this set")
  }
}
