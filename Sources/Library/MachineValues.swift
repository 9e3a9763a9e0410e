import Execution
import Interrogation
import Language

/// A Mealy machine as a value.
struct MealyValue: NativeObject {
  let machine: MealyMachine

  var typeName: String { "mealy" }
  var fieldNames: [String] { ["states", "inputs", "initial"] }

  func card(_ style: ConsoleStyle) -> String {
    "Mealy machine: \(Text.count(machine.stateCount, "state")), "
      + "\(Text.count(machine.inputCount, "input")), starts in state \(machine.initial)"
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "states": .integer(machine.stateCount)
    case "inputs": .integer(machine.inputCount)
    case "initial": .integer(machine.initial)
    default: nil
    }
  }

  func isEqual(to other: any NativeObject) -> Bool {
    (other as? MealyValue).map { $0.machine == machine } ?? false
  }
}

/// Machines to tell apart without reset, as a value.
struct MachineSetValue: NativeObject {
  let machines: MachineSet

  var typeName: String { "machine_set" }
  var elementCount: Int? { machines.count }
  var fieldNames: [String] { ["machines", "inputs", "horizon"] }

  func card(_ style: ConsoleStyle) -> String {
    "machine set: \(Text.count(machines.count, "machine")), "
      + "\(Text.count(machines.inputCount, "input")), no reset"
      + (machines.horizon.map { "; words of up to \(Text.count($0, "input"))" } ?? "")
      + "\n  " + machines.names.prefix(8).joined(separator: ", ")
      + (machines.count > 8 ? ", ..." : "")
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "machines": .items(machines.names.map { .text($0) })
    case "inputs": .items(machines.inputNames.map { .text($0) })
    case "horizon": machines.horizon.map { .integer($0) } ?? Value.none
    default: nil
    }
  }

  /// The set in a few words.
  var summary: String {
    "\(Text.count(machines.count, "machine")), \(Text.count(machines.inputCount, "input"))"
  }

  /// An input as functions of the language are given it: its number where that is its name.
  func input(_ place: Int) -> Value {
    let name = machines.inputNames[place]
    return name == "\(place)" ? .integer(place) : .text(name)
  }

  func element(at index: Value) throws -> Value? {
    guard case .number(let number) = index,
      let place = Int(whole: number, below: machines.count)
    else { throw Failure("there are machines 0 to \(machines.count - 1)") }
    return .text(machines.names[place])
  }
}

/// A play that tells machines apart without reset: a tree of inputs, or an input word.
struct MachineStrategyValue: NativeObject {
  enum Form: Sendable {
    case tree(Strategy)
    case word([Int])
  }

  let machines: MachineSet
  let form: Form
  let bound: Bound<Int>

  var typeName: String { "machine_strategy" }
  var fieldNames: [String] { ["length", "word", "tree", "lower", "upper", "proved", "reason"] }

  func card(_ style: ConsoleStyle) -> String {
    let proof = bound.isProved ? "proved" : "best found, \(bound.lower) or more needed"
    let inputs = "\(Text.count(bound.upper, "input")) (\(proof))"
    switch form {
    case .tree(let tree):
      return "adaptive play: at most \(inputs)\n" + machines.text(of: tree, lines: 10)
    case .word(let word):
      let shown = word.prefix(60).map { machines.inputNames[$0] }.joined(separator: " ")
      return "preset word: \(inputs)\n  " + shown + (word.count > 60 ? " ..." : "")
    }
  }

  func field(_ name: String) throws -> Value? {
    switch (name, form) {
    case ("length", _), ("upper", _): .integer(bound.upper)
    case ("lower", _): .integer(bound.lower)
    case ("word", .word(let word)): .items(word.map { .integer($0) })
    case ("tree", .tree(let tree)):
      TreeForm.value(
        tree, name: { machines.names[$0] }, query: { machines.inputNames[$0] },
        answer: { machines.outputTexts[Int($0)] })
    case ("proved", _): .boolean(bound.isProved)
    case ("reason", _): .text("\(bound.reason)")
    default: nil
    }
  }
}
