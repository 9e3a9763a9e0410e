import Execution
import Interrogation
import Language
import Tensors

extension NativeTable {
  static let optima: [NativeFunction] = [
    NativeFunction("bounds") { call in try stoppable(call, bounds) },
    NativeFunction("interactive_strategy") { call in try stoppable(call, interactiveStrategy) },
    NativeFunction("noninteractive_strategy") { call in
      try stoppable(call, noninteractiveStrategy)
    },
    NativeFunction("teaching_set") { call in try stoppable(call, teachingSet) },
    NativeFunction("verify") { call in try verify(call) },
    NativeFunction("optimal_first_queries") { call in
      let set = try functionSet(of: call)
      let queries = try set.optimalFirstQueries(within: try budget(call, 1))
      return .items(queries.map(try setValue(call, 0).query))
    },
    NativeFunction("next_query") { call in
      let goals: [String: Goal] = [
        "worst": .worstCase, "greedy": .largestClass, "entropy": .entropy,
      ]
      guard let goal = goals[try call.string(2)] else {
        throw call.wrongValue(2, expected: "\"worst\", \"greedy\" or \"entropy\"")
      }
      let seconds = try budget(call, 3)
      let query = try progress(call, terms: 4).nextQuery(goal, within: seconds)
      if let machines = machineValue(call, 0) { return query.map(machines.input) ?? Value.none }
      return query.map(try setValue(call, 0).query) ?? Value.none
    },
    NativeFunction("consistent") { call in
      .items(try progress(call, terms: 2).candidates.map { .text($0) })
    },
  ]

  /// What a search gives, also where the user stops it: what is proved by then.
  ///
  /// In a loop it is the loop that the user stops.
  private static func stoppable(
    _ call: Arguments, _ search: (Arguments) throws -> Value
  ) throws -> Value {
    let cancellation = call.session.cancellation
    do {
      let result = try search(call)
      guard cancellation.isRequested else { return result }
      try call.keepPartialResult("interrupted: what is proved so far")
      return result
    } catch let failure as Failure where cancellation.isRequested {
      // Stopped before there was any strategy; what is known of its length is told.
      if cancellation.level == 1, !call.session.isInLoop { call.console.note(failure.message) }
      throw Interrupted()
    }
  }

  private static func bounds(_ call: Arguments) throws -> Value {
    let seconds = try budget(call, 1)
    if let machines = machineSet(call, 0) {
      return .object(BoundsValue(try machines.bounds(within: seconds), machines))
    }
    let value = try setValue(call, 0)
    let terms = try terms(
      call, value, prior: 2, labels: 3, costs: 4, lies: 5, tolerance: 6, repeats: 7)
    if terms.isPlain {
      let report = try value.functions.bounds(prior: terms.prior, within: seconds)
      return .object(try BoundsValue(report, value.on(terms)))
    }
    return .object(
      try BoundsValue(
        try value.functions.bounds(on: terms, within: seconds), value.on(terms)))
  }

  private static func teachingSet(_ call: Arguments) throws -> Value {
    let value = try setValue(call, 1)
    let set = value.functions
    let terms = try terms(call, value, labels: 3, costs: 4, lies: 5, tolerance: 6)
    let function = try place(call, 0, among: set.functionNames)
    let solution = try set.teaching(of: function, on: terms, within: try budget(call, 2))
    return .items((solution?.queries ?? []).map(value.query))
  }

  private static func budget(_ call: Arguments, _ place: Int) throws -> Double {
    let seconds = try call.number(place)
    guard seconds >= 0, seconds <= 1e9 else {
      throw call.wrongValue(place, expected: "a number of seconds, 0 or more")
    }
    return seconds
  }

  private static func machineSet(_ call: Arguments, _ place: Int) -> MachineSet? {
    guard case .native(let box) = call[place] else { return nil }
    return (box.object as? MachineSetValue)?.machines
  }

  /// The terms of a call: what it says, else what belongs to the set.
  private static func terms(
    _ call: Arguments, _ value: FunctionSetValue, prior: Int? = nil, labels: Int, costs: Int,
    lies: Int, tolerance: Int, repeats: Int? = nil
  ) throws -> Terms {
    var terms = value.terms
    if let prior, !call.isNone(prior) { terms.prior = try Fractions.prior(call, prior) }
    if !call.isNone(labels) {
      if case .boolean(false) = call[labels] {
        terms.labels = nil
      } else {
        terms.labels = call.distinctTexts(try call.items(of: call[labels]))
      }
    }
    if !call.isNone(costs) { terms.costs = try Fractions.list(call, costs) }
    terms.lies = try call.integer(lies, 0...Terms.lieLimit)
    terms.tolerance = try Fractions.tolerance(call, tolerance)
    if let repeats { terms.repeats = try call.boolean(repeats) }
    return terms
  }

  private static func interactiveStrategy(_ call: Arguments) throws -> Value {
    let (goal, seconds) = (try call.string(1), try budget(call, 2))
    if let machines = machineSet(call, 0) {
      let solution = try machines.adaptive(within: seconds)
      guard let tree = solution.witness else {
        throw sequenceFailure(solution, seconds, machines)
      }
      return .object(
        MachineStrategyValue(machines: machines, form: .tree(tree), bound: solution.bound))
    }
    let value = try setValue(call, 0)
    let set = value.functions
    let terms = try terms(
      call, value, prior: 3, labels: 4, costs: 5, lies: 6, tolerance: 7)
    let solution: TreeSolution
    switch goal {
    case "worst": solution = try set.interactive(on: terms, within: seconds)
    case "mean": solution = try set.mean(on: terms, within: seconds)
    case "greedy":
      solution = try set.greedyInteractive(on: terms, within: seconds)
    default: throw call.wrongValue(1, expected: "\"worst\", \"mean\" or \"greedy\"")
    }
    return .object(
      StrategyValue(
        functions: set, form: .tree(solution.strategy), bound: solution.bound,
        isMean: goal == "mean", termsText: terms.isPlain ? nil : terms.description,
        asked: value.on(terms)))
  }

  static func sequenceFailure(
    _ solution: SequenceSolution<some Sendable>, _ seconds: Double, _ machines: MachineSet
  ) -> Failure {
    if solution.isImpossible {
      let reach = machines.horizon.map { " of up to \(Text.count($0, "input"))" } ?? ""
      return Failure(
        "no play\(reach) without reset identifies every machine", at: .position(0),
        hint: "with a reset before every query words may do: function_set(machines, words)")
    }
    let budget =
      solution.isOutOfMemory
      ? "within the memory of a search" : "within \(Text.significant(seconds)) seconds"
    return Failure(
      "no play found \(Cancellation.current.isRequested ? "so far" : budget); "
        + "at least \(Text.count(solution.bound.lower, "input")) are needed", at: .position(0),
      hint: solution.isOutOfMemory
        ? "take fewer machines, or such with fewer states" : "give more time with within")
  }

  private static func noninteractiveStrategy(_ call: Arguments) throws -> Value {
    let (goal, seconds) = (try call.string(1), try budget(call, 2))
    if let machines = machineSet(call, 0) {
      let solution = try machines.preset(within: seconds)
      guard let word = solution.witness else {
        throw sequenceFailure(solution, seconds, machines)
      }
      return .object(
        MachineStrategyValue(machines: machines, form: .word(word), bound: solution.bound))
    }
    let value = try setValue(call, 0)
    let set = value.functions
    let terms = try terms(call, value, labels: 3, costs: 4, lies: 5, tolerance: 6, repeats: 7)
    guard goal == "worst" || goal == "greedy" else {
      throw call.wrongValue(1, expected: "\"worst\" or \"greedy\"")
    }
    let found =
      goal == "greedy"
      ? try set.greedyNoninteractive(on: terms, within: seconds)
      : try set.noninteractive(on: terms, within: seconds)
    guard let solution = found else {
      throw Failure(
        "no list that asks every query at most once is enough for \(terms.description)",
        at: .position(0), hint: "allow repeats, or ask for an interactive strategy")
    }
    return .object(
      StrategyValue(
        functions: set, form: .list(solution.queries), bound: solution.bound,
        termsText: terms.isPlain ? nil : terms.description, asked: value.on(terms)))
  }

  // MARK: - Checking

  /// Whether a strategy does what it says: (valid, cost, reason).
  private static func verify(_ call: Arguments) throws -> Value {
    if let machines = machineSet(call, 1) { return try verify(call, machines) }
    let value = try setValue(call, 1)
    let set = value.functions
    let terms = try terms(call, value, labels: 3, costs: 4, lies: 5, tolerance: 6)
    let teaching = call.isNone(2) ? nil : try place(call, 2, among: set.functionNames)
    let form = try form(call, set, terms)
    return try verdict {
      switch form {
      case .tree(let tree): try set.verify(tree, on: terms)
      case .list(let list):
        if let teaching {
          try set.verify(teaching: list, of: teaching, on: terms)
        } else {
          try set.verify(list: list, on: terms)
        }
      }
    }
  }

  private static func verdict(_ check: () throws -> Fraction) throws -> Value {
    do {
      let cost = try check()
      return .fields([
        ("valid", .boolean(true)), ("cost", .number(cost.value)), ("reason", .text("verified")),
      ])
    } catch let failure as Failure {
      return .fields([
        ("valid", .boolean(false)), ("cost", .none), ("reason", .text(failure.message)),
      ])
    }
  }

  private static func form(
    _ call: Arguments, _ set: FunctionSet, _ terms: Terms
  ) throws -> StrategyValue.Form {
    if case .native(let box) = call[0], let strategy = box.object as? StrategyValue {
      return strategy.form
    }
    if case .list(let list) = call[0] {
      return .list(try list.items.map { try TreeForm.place($0, set.queryNames, call) })
    }
    let names = TreeForm.Names(
      call: call, functions: set.functionNames, queries: set.queryNames
    ) { answer, query in set.code(of: answer, to: query) }
    return .tree(try set.resolved(try TreeForm.strategy(call[0], names), on: terms))
  }

  private static func verify(_ call: Arguments, _ machines: MachineSet) throws -> Value {
    var form: MachineStrategyValue.Form
    if case .native(let box) = call[0], let strategy = box.object as? MachineStrategyValue {
      form = strategy.form
    } else if case .list(let list) = call[0] {
      form = .word(try list.items.map { try TreeForm.place($0, machines.inputNames, call) })
    } else {
      let names = TreeForm.Names(
        call: call, functions: machines.names, queries: machines.inputNames
      ) { answer, _ in machines.code(of: answer) }
      form = .tree(try TreeForm.strategy(call[0], names))
    }
    return try verdict {
      switch form {
      case .tree(let tree):
        try machines.verify(tree)
        return Fraction(tree.depth)
      case .word(let word):
        try machines.verify(word: word)
        return Fraction(word.count)
      }
    }
  }

  // MARK: - Version spaces

  /// The interrogation after the list of (query, answer) pairs that is the second argument, on the
  /// set's own terms, but for the lies and the tolerance given from a place on.
  private static func progress(_ call: Arguments, terms place: Int) throws -> PartialInterrogation {
    let answers = try call.items(of: call[1]).map { pair -> (query: Value, answer: AnswerValue) in
      if case .string = pair { throw call.wrong(1, expected: "a list of pairs (query, answer)") }
      let parts = try call.items(of: pair)
      guard parts.count == 2 else {
        throw call.wrong(1, expected: "a list of pairs (query, answer)")
      }
      return (parts[0], call.answer(parts[1]))
    }
    func add(_ progress: inout PartialInterrogation, _ names: [String]) throws {
      for (query, answer) in answers {
        do {
          try progress.add(try TreeForm.place(query, names, call), answer)
        } catch var failure as Failure where failure.labels.isEmpty {
          failure.labels = [Failure.Label(.position(1), "")]
          throw failure
        }
      }
    }
    if let machines = machineValue(call, 0)?.machines {
      var progress = PartialInterrogation(machines)
      try add(&progress, machines.inputNames)
      return progress
    }
    let value = try setValue(call, 0)
    var terms = value.terms
    if !call.isNone(place) { terms.lies = try call.integer(place, 0...Terms.lieLimit) }
    if !call.isNone(place + 1) { terms.tolerance = try Fractions.tolerance(call, place + 1) }
    var progress = try PartialInterrogation(value.functions, on: terms)
    try add(&progress, value.functions.queryNames)
    return progress
  }
}
