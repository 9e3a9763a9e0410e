import Execution
import Interrogation
import Language

// Machines without reset in the game.
extension NativeTable {
  static func machineValue(_ call: Arguments, _ place: Int) -> MachineSetValue? {
    guard case .native(let box) = call[place] else { return nil }
    return box.object as? MachineSetValue
  }

  /// The machines that are interrogated: those given, else the strategy's, else the oracle's; nil
  /// where it is a function set that is.
  static func machinesPlayed(_ call: Arguments, set place: Int) throws -> MachineSetValue? {
    if let given = machineValue(call, place) { return given }
    if case .native(let box) = call[0], let strategy = box.object as? MachineStrategyValue {
      return MachineSetValue(machines: strategy.machines)
    }
    guard call.isNone(place) else { return nil }
    return try oracle(call, 1).machines
  }

  /// Plays the strategy that is the first argument.
  static func interrogate(_ value: MachineSetValue, _ call: Arguments) throws -> TranscriptValue {
    guard call.isNone(3), call.isNone(4) else {
      throw Failure(
        "machines without reset answer right: there are no lies and no tolerance",
        hint: "with words as queries there may be: function_set(machines, words)")
    }
    return TranscriptValue(try play(value, try interrogator(call, value), call), value)
  }

  /// Plays the best strategy of a kind.
  static func interrogate(
    _ value: MachineSetValue, _ name: String, _ call: Arguments
  ) throws -> Transcript {
    try play(value, try interrogator(name, value.machines, call), call)
  }

  private static func play(
    _ value: MachineSetValue, _ interrogator: Interrogator, _ call: Arguments
  ) throws -> Transcript {
    let machines = value.machines
    let oracle = try oracle(call, 1)
    if let own = oracle.machines?.machines {
      guard own.names == machines.names, own.inputNames == machines.inputNames else {
        throw Failure("the oracle is of other machines than the strategy", at: .position(1))
      }
    }
    switch oracle.kind {
    case .honest(let machine) where oracle.machines != nil:
      var oracle = try MachineOracle(machines, machine: machine)
      return try machines.interrogate(interrogator, &oracle)
    case .adversary(let skill) where oracle.machines != nil:
      var oracle = AdversaryOracle(machines, skill)
      return try machines.interrogate(interrogator, &oracle)
    case .function(let function):
      var word: [Value] = []
      return try interrogate(machines, interrogator, call) { input in
        word.append(value.input(input))
        return call.answer(try call.call(function, .items(word)))
      }
    case .machine(let machine):
      var word: [Int] = []
      return try interrogate(machines, interrogator, call) { input in
        word.append(input)
        return try machine.run(word).last ?? AnswerValue("")
      }
    default:
      throw Failure(
        "the oracle is of a function set, the strategy of machines without reset",
        at: .position(1), hint: "oracle(machines, name) is one of the machines")
    }
  }

  private static func interrogate(
    _ machines: MachineSet, _ interrogator: Interrogator, _ call: Arguments,
    _ body: @escaping (Int) throws -> AnswerValue
  ) throws -> Transcript {
    var count = 0
    var oracle = ClosureOracle { input in
      count += 1
      let answer = try body(input)
      if let code = machines.code(of: answer) { return .code(code) }
      throw Failure(
        "contradiction at question \(count): no machine of the set answers \"\(answer.text)\" "
          + "to \(machines.inputNames[input])", at: .position(1),
        hint: "the oracle is none of these machines")
    }
    return try machines.interrogate(interrogator, &oracle)
  }

  private static func interrogator(
    _ call: Arguments, _ value: MachineSetValue
  ) throws -> Interrogator {
    let machines = value.machines
    if call[0].isCallableValue {
      return custom(call, machines.names, machines.inputNames) { TranscriptValue($0, value) }
    }
    switch call[0] {
    case .native(let box):
      guard let strategy = box.object as? MachineStrategyValue else { break }
      switch strategy.form {
      case .tree(let tree): return .tree(tree)
      case .word(let word): return .list(word)
      }
    case .string(let name): return try interrogator(name.text, machines, call)
    case .list(let list):
      return .list(try list.items.map { try TreeForm.place($0, machines.inputNames, call) })
    default:
      guard call[0].held("ask") != nil else { break }
      let names = TreeForm.Names(
        call: call, functions: machines.names, queries: machines.inputNames
      ) { answer, _ in machines.code(of: answer) }
      return .tree(try TreeForm.strategy(call[0], names))
    }
    throw call.wrong(
      0, expected: "a strategy, a list of inputs, a tree, a name or a function",
      hint: "interactive_strategy(machines) makes a strategy")
  }

  private static func interrogator(
    _ name: String, _ machines: MachineSet, _ call: Arguments
  ) throws -> Interrogator {
    switch name {
    case "optimal":
      let solution = try machines.adaptive(within: 10)
      if let tree = solution.witness { return .tree(tree) }
      throw sequenceFailure(solution, 10, machines)
    case "list":
      let solution = try machines.preset(within: 10)
      if let word = solution.witness { return .list(word) }
      throw sequenceFailure(solution, 10, machines)
    case "greedy": return .greedy
    case "entropy": return .entropy
    default:
      throw call.wrongValue(0, expected: "\"optimal\", \"greedy\", \"entropy\" or \"list\"")
    }
  }
}
