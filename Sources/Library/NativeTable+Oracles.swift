import Execution
import Interrogation
import Language

extension NativeTable {
  static let oracles: [NativeFunction] = [
    NativeFunction("oracle") { call in .object(try oracle(call)) },
    NativeFunction("adversary") { call in
      let skills: [String: AdversaryOracle.Skill] = ["exact": .exact, "quick": .quick]
      guard let skill = skills[try call.string(1)] else {
        throw call.wrongValue(1, expected: "\"exact\" or \"quick\"")
      }
      if let machines = machineValue(call, 0) {
        return .object(OracleValue(machines: machines, kind: .adversary(skill)))
      }
      return .object(OracleValue(set: try setValue(call, 0), kind: .adversary(skill)))
    },
    NativeFunction("liar") { call in
      let value = try erringSet(call)
      let lies = try call.integer(2, 0...Terms.lieLimit)
      let function = try place(call, 1, among: value.functions.functionNames)
      return .object(
        OracleValue(set: value, kind: .liar(function, lies: lies, seed: try call.seed(3))))
    },
    NativeFunction("noisy") { call in
      let value = try erringSet(call)
      let tolerance = try Fractions.tolerance(call, 4)
      // Who says how far answers are off means that, unless a rate is given, too.
      let rate =
        call.isNone(2) ? (tolerance == Fraction(0) ? 0.1 : 0) : try call.number(2)
      guard rate >= 0 && rate <= 1 else {
        throw call.wrongValue(2, expected: "a probability from 0 to 1")
      }
      let function = try place(call, 1, among: value.functions.functionNames)
      return .object(
        OracleValue(
          set: value,
          kind: .noisy(function, rate: rate, tolerance: tolerance, seed: try call.seed(3))))
    },
  ]

  /// The set whose function is to answer wrongly.
  private static func erringSet(_ call: Arguments) throws -> FunctionSetValue {
    guard machineValue(call, 0) == nil else {
      throw call.wrong(
        0, expected: "a function set",
        hint: "without reset all answers are right; with words as queries some may be wrong: "
          + "function_set(machines, words)")
    }
    return try setValue(call, 0)
  }

  private static func oracle(_ call: Arguments) throws -> OracleValue {
    if call[0].isCallableValue { return OracleValue(kind: .function(call[0])) }
    if let machine = mealy(call[0]) { return OracleValue(kind: .machine(machine)) }
    guard !call.isNone(1) else {
      _ = machineValue(call, 0) == nil ? try setValue(call, 0) : nil
      throw call.wrong(1, expected: "a function of the set, or one of the language")
    }
    if let value = machineValue(call, 0) {
      if call[1].isCallableValue {
        return OracleValue(machines: value, kind: .function(call[1]))
      }
      if let machine = mealy(call[1]) {
        return OracleValue(machines: value, kind: .machine(machine))
      }
      let machine = try place(call, 1, among: value.machines.names)
      return OracleValue(machines: value, kind: .honest(machine))
    }
    let value = try setValue(call, 0)
    if call[1].isCallableValue { return OracleValue(set: value, kind: .function(call[1])) }
    let function = try place(call, 1, among: value.functions.functionNames)
    return OracleValue(set: value, kind: .honest(function))
  }

  private static func mealy(_ value: Value) -> MealyMachine? {
    guard case .native(let box) = value else { return nil }
    return (box.object as? MealyValue)?.machine
  }

  /// The oracle that an argument is; a function or a machine alone is one, too.
  static func oracle(_ call: Arguments, _ place: Int) throws -> OracleValue {
    if call[place].isCallableValue { return OracleValue(kind: .function(call[place])) }
    if let machine = mealy(call[place]) { return OracleValue(kind: .machine(machine)) }
    return try call.object(place, OracleValue.self, noun: "oracle")
  }
}
