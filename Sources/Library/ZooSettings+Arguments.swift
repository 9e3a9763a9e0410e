import Execution
import Language
import Networks
import Zoos

extension ZooSettings {
  /// The settings that a call gives by the names of its parameters.
  init(_ call: Arguments, family: any TaskFamily) throws {
    self.init(family)
    for (name, kind) in ZooSettings.kinds(of: family)
    where !type(of: family).facts.contains(name) {
      guard let place = call.place(of: name), let value = try kind.value(call, place) else {
        continue
      }
      set(name, value)
    }
  }

  /// The settings as a record that can be spread into the call that makes such a zoo.
  var record: Value {
    let facts = type(of: family).facts
    return .fields(fields.filter { !facts.contains($0.name) }.map { ($0.name, $0.value.value) })
  }
}

extension TaskFamily {
  /// Takes the settings that a call gives by the names of its parameters.
  mutating func read(_ call: Arguments) throws {
    for (name, kind) in Self.kinds where !Self.facts.contains(name) {
      guard let place = call.place(of: name), let value = try kind.value(call, place) else {
        continue
      }
      set(name, value)
    }
  }
}

extension SettingValue {
  /// As a value of the language.
  var value: Value {
    switch self {
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .text(let value): .text(value)
    case .integers(let values): .items(values.map(Value.integer))
    case .numbers(let values): .items(values.map { .number($0) })
    case .points(let points): .items(points.map { .tuple([.integer($0.step), .number($0.rate)]) })
    case .seed(let value): .number(Double(value))
    case .none: .none
    }
  }
}

extension SettingKind {
  /// The value of an argument; nil where `none` stands for what the setting is by itself.
  func value(_ call: Arguments, _ place: Int) throws -> SettingValue? {
    switch self {
    case .integer: return .integer(try call.integer(place))
    case .number: return .number(try call.number(place))
    case .text: return .text(try call.string(place))
    case .integers: return .integers(try call.integers(place))
    case .numbers: return .numbers(try call.tensor(place).elements.map(SettingKind.plain))
    case .seed: return .seed(try call.seed(place))
    case .choice(let choices):
      let text = try call.string(place)
      guard choices.contains(text) else {
        throw call.wrongValue(
          place, expected: choices.map { "\"\($0)\"" }.joined(separator: " or "))
      }
      return .text(text)
    case .schedule:
      return call.isNone(place) ? nil : .points(try SettingKind.points(call, place))
    }
  }

  /// The number that a float32 was written as: 0.001 and not 0.0010000000474974513.
  private static func plain(_ number: Float) -> Double { Double("\(number)") ?? Double(number) }

  /// A learning rate, or a list of pairs of step and rate.
  private static func points(_ call: Arguments, _ place: Int) throws -> [Schedule.Point] {
    func wrong() -> Failure {
      call.wrong(
        place, expected: "a rate or a list of pairs of step and rate",
        hint: "such as [(0, 0.01), (10_000, 0.003)]")
    }
    if case .number(let rate) = call[place] { return try Schedule([(step: 0, rate: rate)]).points }
    guard case .list(let list) = call[place] else { throw wrong() }
    let points = try list.items.map { pair -> (step: Int, rate: Double) in
      guard let parts = try? call.items(of: pair).map({ try Arguments.exactNumber($0) }),
        parts.count == 2, let step = Int(exactly: parts[0])
      else { throw wrong() }
      return (step, parts[1])
    }
    do {
      return try Schedule(points).points
    } catch let failure as Failure {
      throw Failure(failure.message, at: .position(place), hint: failure.hint)
    }
  }
}
