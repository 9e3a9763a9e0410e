import Execution
import Networks
import Tensors

/// The value of a setting, in the form that files, records and messages share.
public enum SettingValue: Sendable, Equatable {
  case integer(Int)
  case number(Double)
  case text(String)
  case integers([Int])
  case numbers([Double])
  /// Learning rates by step.
  case points([Schedule.Point])
  /// A seed, which may have more bits than a number of JSON or of the language.
  case seed(UInt64)
  /// Not given.
  case none

  /// As it is shown where two settings differ.
  public var text: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value
    case .integers(let values): "[" + values.map(String.init).joined(separator: ", ") + "]"
    case .numbers(let values): "[" + values.map { "\($0)" }.joined(separator: ", ") + "]"
    case .points(let points):
      "[" + points.map { "(\($0.step), \($0.rate))" }.joined(separator: ", ") + "]"
    case .seed(let value): "\(value)"
    case .none: "none"
    }
  }

  /// As a file keeps it.
  var json: JSON {
    switch self {
    case .integer(let value): .number(Double(value))
    case .number(let value): .number(value)
    case .text(let value): .string(value)
    case .integers(let values): .array(values.map { .number(Double($0)) })
    case .numbers(let values): .array(values.map { .number($0) })
    case .points(let points):
      .array(points.map { .array([.number(Double($0.step)), .number($0.rate)]) })
    case .seed(let value): .string("\(value)")
    case .none: .null
    }
  }
}

/// What values a setting may have.
public enum SettingKind: Sendable {
  case integer(ClosedRange<Int>)
  /// A number for which the check holds; the text says what it should be.
  case number(String, @Sendable (Double) -> Bool)
  case choice([String])
  case integers
  case numbers
  /// A rate, or pairs of step and rate; none for the default.
  case schedule
  case seed
  case text
}

/// One setting of `Owner`: its name, what it may be, and how it is read and written.
///
/// The check, the file's form, the record, the differences and the defaults all read one table of
/// these.
public struct Setting<Owner: Sendable>: Sendable {
  /// The name in the language and in files.
  public let name: String
  /// What it may be.
  public let kind: SettingKind
  let get: @Sendable (Owner) -> SettingValue
  let set: @Sendable (inout Owner, SettingValue) -> Void

  /// The most runs, updates or strings that a setting may ask for.
  static var limit: Int { 1 << 30 }

  static func integer(
    _ name: String, _ path: WritableKeyPath<Owner, Int> & Sendable,
    _ range: ClosedRange<Int> = 1...limit
  ) -> Setting {
    Setting(
      name: name, kind: .integer(range), get: { .integer($0[keyPath: path]) },
      set: { if case .integer(let value) = $1 { $0[keyPath: path] = value } })
  }

  static func number(
    _ name: String, _ path: WritableKeyPath<Owner, Double> & Sendable, _ expected: String,
    _ check: @escaping @Sendable (Double) -> Bool
  ) -> Setting {
    Setting(
      name: name, kind: .number(expected, check), get: { .number($0[keyPath: path]) },
      set: { if case .number(let value) = $1 { $0[keyPath: path] = value } })
  }

  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: WritableKeyPath<Owner, Choice> & Sendable
  ) -> Setting {
    Setting(
      name: name, kind: .choice(Choice.allCases.map(\.rawValue)),
      get: { .text($0[keyPath: path].rawValue) },
      set: {
        if case .text(let value) = $1, let choice = Choice(rawValue: value) {
          $0[keyPath: path] = choice
        }
      })
  }

  static func numbers(
    _ name: String, _ path: WritableKeyPath<Owner, [Double]> & Sendable
  ) -> Setting {
    Setting(
      name: name, kind: .numbers, get: { .numbers($0[keyPath: path]) },
      set: { if case .numbers(let values) = $1 { $0[keyPath: path] = values } })
  }

  /// Throws if the owner's value cannot be.
  func check(_ owner: Owner) throws {
    switch (kind, get(owner)) {
    case (.integer(let range), .integer(let value)) where !range.contains(value):
      let expected =
        range.upperBound == Self.limit
        ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw Failure(
        "\(name) must be \(expected), but it is \(value)", at: .keyword(name), "is \(value)")
    case (.number(let expected, let check), .number(let value)) where !check(value):
      throw Failure(
        "\(name) must be \(expected), but it is \(Text.significant(value))", at: .keyword(name))
    default: return
    }
  }
}

extension SettingKind {
  /// The value that a member of a file has.
  ///
  /// - Throws: `Failure` that names the file and the member.
  func value(_ name: String, of members: ZooMembers) throws -> SettingValue {
    switch self {
    case .integer: .integer(try members.count(name))
    case .number: .number(try members.number(name))
    case .text: .text(try members.string(name))
    case .integers: .integers(try members.integers(name))
    case .numbers: .numbers(try members.numbers(name))
    case .schedule: .points(try members.points(name))
    case .seed: .seed(try members.seed(name))
    case .choice(let choices): .text(try members.choice(name, choices))
    }
  }
}
