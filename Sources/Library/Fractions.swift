import Execution
import Interrogation
import Language

/// Exact fractions from arguments: numbers as they are written, or texts like `"1/3"`.
enum Fractions {
  /// The fraction that a value is; nil if it is none.
  static func fraction(_ value: Value, _ call: Arguments) -> Fraction? {
    if case .string(let text) = value { return try? Fraction(text.text) }
    guard let number = call.plainNumber(value), number.isFinite else { return nil }
    // A number out of a tensor is meant in 32 bits.
    if number != number.rounded(), Double(Float(number)) == number {
      return try? Fraction("\(Float(number))")
    }
    return try? Fraction(written: number)
  }

  /// An argument, 0 if it is none.
  static func fraction(_ call: Arguments, _ place: Int) throws -> Fraction {
    if call.isNone(place) { return Fraction(0) }
    guard let fraction = fraction(call[place], call) else {
      throw call.wrong(place, expected: "a number or a fraction like \"1/4\"")
    }
    return fraction
  }

  /// An argument that is 0 or more, 0 if it is none.
  static func tolerance(_ call: Arguments, _ place: Int) throws -> Fraction {
    let fraction = try fraction(call, place)
    guard fraction >= Fraction(0) else { throw call.wrongValue(place, expected: "0 or more") }
    return fraction
  }

  /// A list of fractions.
  static func list(_ call: Arguments, _ place: Int) throws -> [Fraction] {
    try call.items(of: call[place]).map { item in
      guard let fraction = fraction(item, call) else {
        throw call.wrong(place, expected: "a list of numbers or of fractions like \"1/4\"")
      }
      return fraction
    }
  }

  /// A prior; whole numbers that add up to more than 1 are taken as shares.
  static func prior(_ call: Arguments, _ place: Int) throws -> [Fraction] {
    let list = try list(call, place)
    let sum = try list.reduce(Fraction(0)) { try $0.adding($1) }
    guard list.allSatisfy({ $0.denominator == 1 }), sum > Fraction(1) else { return list }
    return try list.map { try Fraction($0.numerator, sum.numerator) }
  }
}
