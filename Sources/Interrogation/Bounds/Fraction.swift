import Execution

/// An exact rational number in lowest terms.
public struct Fraction: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The numerator, with the sign.
  public let numerator: Int128
  /// The denominator, at least 1.
  public let denominator: Int128

  /// The whole number.
  public init(_ whole: Int) { self.init(Int128(whole)) }

  /// The whole number.
  public init(_ whole: Int128) {
    numerator = whole
    denominator = 1
  }

  /// The ratio of two whole numbers.
  ///
  /// - Throws: `Failure` for a zero denominator or a number too large.
  public init(_ numerator: Int, _ denominator: Int) throws {
    try self.init(Int128(numerator), Int128(denominator))
  }

  /// The ratio of two whole numbers.
  ///
  /// - Throws: `Failure` for a zero denominator or a number too large.
  public init(_ numerator: Int128, _ denominator: Int128) throws {
    guard denominator != 0 else { throw Failure("the fraction \(numerator)/0 has no value") }
    guard numerator != Int128.min, denominator != Int128.min else { throw Fraction.overflow }
    let divisor = Fraction.greatestDivisor(abs(numerator), abs(denominator))
    self.numerator = (denominator < 0 ? -numerator : numerator) / divisor
    self.denominator = abs(denominator) / divisor
  }

  /// Reads `3`, `3/4`, `0.75` or `7.5e-1`, exactly.
  ///
  /// - Throws: `Failure` if the text is no number of this kind, or one of too many digits.
  public init(_ text: String) throws {
    let wrong = Failure("\"\(text)\" is no fraction", hint: "write 3, 3/4 or 0.75")
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2, let above = Int128(parts[0]), let below = Int128(parts[1]) {
      self = try Fraction(above, below)
      return
    }
    let ends = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    let digits = ends[0].split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 1, ends.count <= 2, digits.count <= 2,
      digits.allSatisfy({ !$0.isEmpty }), !digits.dropFirst().contains(where: { !$0.isDigits }),
      let shift = ends.count == 1 ? 0 : Int(ends[1])
    else { throw wrong }
    guard let all = Int128(digits.joined()) else {
      throw digits.joined().drop { $0 == "-" || $0 == "+" }.isDigits ? Fraction.overflow : wrong
    }
    let (exponent, isFar) = shift.subtractingReportingOverflow(
      digits.count == 1 ? 0 : digits[1].count)
    guard !isFar else { throw Fraction.overflow }
    self = try Fraction.scaled(all, by: exponent)
  }

  /// A number as it was most likely written: the last two bits of one that was computed, such as
  /// 0.1 + 0.2, are rounding.
  ///
  /// - Throws: `Failure` for a number of too many digits.
  public init(written number: Double) throws {
    let short = Text.significant(number, 15)
    if number != number.rounded(), let near = Double(short), abs(near - number) <= 2 * number.ulp {
      self = try Fraction(short)
    } else {
      self = try Fraction(AnswerValue.digits(number))
    }
  }

  /// A whole number times a power of ten.
  private static func scaled(_ whole: Int128, by exponent: Int) throws -> Fraction {
    if whole == 0 { return Fraction(0) }
    var power: Int128 = 1
    // A power of ten beyond 10^38 does not fit into 128 bits.
    guard abs(exponent) <= 38 else { throw Fraction.overflow }
    for _ in 0..<abs(exponent) { power *= 10 }
    return exponent < 0 ? try Fraction(whole, power) : try Fraction(whole).times(power)
  }

  /// The sum.
  ///
  /// - Throws: `Failure` if it needs more than 128 bits.
  public func adding(_ other: Fraction) throws -> Fraction {
    let divisor = Fraction.greatestDivisor(denominator, other.denominator)
    let (left, first) = numerator.multipliedReportingOverflow(by: other.denominator / divisor)
    let (right, second) = other.numerator.multipliedReportingOverflow(by: denominator / divisor)
    let (below, third) = denominator.multipliedReportingOverflow(by: other.denominator / divisor)
    let (above, fourth) = left.addingReportingOverflow(right)
    if first || second || third || fourth { throw Fraction.overflow }
    return try Fraction(above, below)
  }

  /// The difference.
  ///
  /// - Throws: `Failure` if it needs more than 128 bits.
  public func subtracting(_ other: Fraction) throws -> Fraction {
    try adding(try Fraction(-other.numerator, other.denominator))
  }

  /// The product with a whole number.
  ///
  /// - Throws: `Failure` if it needs more than 128 bits.
  public func times(_ factor: Int128) throws -> Fraction {
    let (product, overflow) = numerator.multipliedReportingOverflow(by: factor)
    if overflow { throw Fraction.overflow }
    return try Fraction(product, denominator)
  }

  /// The value as a double, within an ulp or two.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// The fraction as `3` or `8/3`.
  public var description: String {
    denominator == 1 ? String(numerator) : "\(numerator)/\(denominator)"
  }

  /// Exact comparison, in 256 bits.
  public static func < (left: Fraction, right: Fraction) -> Bool {
    let first = left.numerator.multipliedFullWidth(by: right.denominator)
    let second = right.numerator.multipliedFullWidth(by: left.denominator)
    return (first.high, first.low) < (second.high, second.low)
  }

  static let overflow = Failure(
    "a fraction needs more than 128 bits", hint: "take numbers with fewer digits")

  static func greatestDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    var (large, small) = (a, b)
    while small != 0 { (large, small) = (small, large % small) }
    return max(large, 1)
  }
}

extension StringProtocol {
  /// Whether it is digits alone, at least one.
  fileprivate var isDigits: Bool { !isEmpty && utf8.allSatisfy { (48...57).contains($0) } }
}
