import Execution

/// An exact rational number in lowest terms.
public struct Fraction: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The numerator, with the sign.
  public let numerator: Int
  /// The denominator, at least 1.
  public let denominator: Int

  /// The whole number.
  public init(_ whole: Int) {
    numerator = whole
    denominator = 1
  }

  /// The ratio of two whole numbers.
  ///
  /// - Throws: `Failure` for a zero denominator or a number too large.
  public init(_ numerator: Int, _ denominator: Int) throws {
    guard denominator != 0 else { throw Failure("the fraction \(numerator)/0 has no value") }
    guard numerator != Int.min, denominator != Int.min else { throw Fraction.overflow }
    let divisor = Fraction.greatestDivisor(abs(numerator), abs(denominator))
    self.numerator = (denominator < 0 ? -numerator : numerator) / divisor
    self.denominator = abs(denominator) / divisor
  }

  /// Reads `3`, `3/4` or `0.75`.
  ///
  /// - Throws: `Failure` if the text is no number of this kind.
  public init(_ text: String) throws {
    let wrong = Failure("\"\(text)\" is no fraction", hint: "write 3, 3/4 or 0.75")
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2, let above = Int(parts[0]), let below = Int(parts[1]) {
      self = try Fraction(above, below)
      return
    }
    let digits = text.split(separator: ".", omittingEmptySubsequences: false)
    guard digits.count == 1 || (digits.count == 2 && digits[1].count <= 15),
      digits.allSatisfy({ !$0.isEmpty }), let all = Int(digits.joined())
    else { throw wrong }
    let scale = digits.count == 1 ? 1 : (0..<digits[1].count).reduce(1) { power, _ in power * 10 }
    self = try Fraction(all, scale)
  }

  /// The sum.
  ///
  /// - Throws: `Failure` if it needs more than 64 bits.
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
  /// - Throws: `Failure` if it needs more than 64 bits.
  public func subtracting(_ other: Fraction) throws -> Fraction {
    try adding(try Fraction(-other.numerator, other.denominator))
  }

  /// The product with a whole number.
  ///
  /// - Throws: `Failure` if it needs more than 64 bits.
  public func times(_ factor: Int) throws -> Fraction {
    let (product, overflow) = numerator.multipliedReportingOverflow(by: factor)
    if overflow { throw Fraction.overflow }
    return try Fraction(product, denominator)
  }

  /// The nearest double.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// The fraction as `3` or `8/3`.
  public var description: String {
    denominator == 1 ? String(numerator) : "\(numerator)/\(denominator)"
  }

  /// Exact comparison, in 128 bits.
  public static func < (left: Fraction, right: Fraction) -> Bool {
    let first = left.numerator.multipliedFullWidth(by: right.denominator)
    let second = right.numerator.multipliedFullWidth(by: left.denominator)
    return (first.high, first.low) < (second.high, second.low)
  }

  static let overflow = Failure("the fraction does not fit into 64 bits")

  static func greatestDivisor(_ a: Int, _ b: Int) -> Int {
    var (large, small) = (a, b)
    while small != 0 { (large, small) = (small, large % small) }
    return max(large, 1)
  }
}
