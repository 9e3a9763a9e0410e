import Glibc

/// Division with a remainder, as Python and NumPy have it: the remainder has the sign of the divisor,
/// and a = (a // b) b + a % b.
///
/// Neither is taken from the rounded a / b: 1 / 0.1 is 10, but ten times the float64 0.1 is above 1.
public enum Division {
  /// a % b, exact but for the last rounding; NaN for b = 0.
  public static func remainder(_ a: Double, _ b: Double) -> Double {
    let rest = fmod(a, b)
    if rest == 0 { return copysign(0, b) }
    return (rest < 0) != (b < 0) ? rest + b : rest
  }

  /// a // b, the largest whole number not above the quotient; infinite or NaN for b = 0.
  public static func quotient(_ a: Double, _ b: Double) -> Double {
    guard b != 0 else { return a / b }
    let rest = fmod(a, b)
    var whole = (a - rest) / b
    if rest != 0, (rest < 0) != (b < 0) { whole -= 1 }
    guard whole != 0 else { return copysign(0, a / b) }
    let floor = whole.rounded(.down)
    return whole - floor > 0.5 ? floor + 1 : floor
  }

  /// a // b and a % b of float32 numbers, from products that are exact in float64.
  @inline(__always)
  static func divide(_ a: Float, _ b: Float) -> (quotient: Float, remainder: Float) {
    let (x, y) = (Double(a), Double(b))
    var whole = (x / y).rounded(.down)
    guard whole.magnitude < 0x1p28, y.isFinite else {
      return (Float(quotient(x, y)), b == 0 ? .nan : Float(remainder(x, y)))
    }
    var rest = x - whole * y
    // The quotient may have been rounded up to a whole number.
    if rest != 0, (rest < 0) != (y < 0) {
      rest += y
      whole -= 1
    }
    if rest == 0 { rest = copysign(0, y) }
    if whole == 0 { whole = copysign(0, x / y) }
    return (Float(whole), Float(rest))
  }
}

extension Division {
  /// Both results for the lanes of two vectors.
  struct Lanes {
    var quotient: Elementwise.Vector
    var remainder: Elementwise.Vector
  }

  /// Lane by lane, whatever the numbers.
  @inline(never)
  private static func each(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Lanes {
    var result = Lanes(quotient: a, remainder: b)
    for lane in 0..<Elementwise.width {
      let (quotient, remainder) = divide(a[lane], b[lane])
      result.quotient[lane] = quotient
      result.remainder[lane] = remainder
    }
    return result
  }

  /// All lanes at once where quotients are small and divisors finite.
  ///
  /// The fused a - n b with n the nearest whole number is exact then; if its sign is not that of b,
  /// the whole number is one too large.
  @inline(always)
  static func divide(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Lanes {
    #if RNR_FMA
    let ratio = a / b
    let isPlain = (Elementwise.abs(ratio) .< 0x1p22) .& (Elementwise.abs(b) .< .infinity)
    let plain = Elementwise.Vector.zero.replacing(with: 1, where: isPlain)
    // Comparing whole vectors goes lane by lane.
    guard plain.total == Float(Elementwise.width) else { return each(a, b) }
    let magic: Float = 12_582_912
    let nearest = (ratio + magic) - magic
    let rest = Elementwise.multiplyAdd(Elementwise.negated(nearest), b, a)
    let none = Elementwise.Vector.zero
    let isWrong = ((rest .< none) .& (b .> none)) .| ((rest .> none) .& (b .< none))
    // Zeros take the signs of b and of a / b.
    let whole = nearest.replacing(with: nearest - 1, where: isWrong)
    let right = rest.replacing(with: rest + b, where: isWrong)
    return Lanes(
      quotient: whole.replacing(with: signed(none, as: ratio), where: whole .== none),
      remainder: right.replacing(with: signed(none, as: b), where: right .== none))
    #else
    return each(a, b)
    #endif
  }

  @inline(always)
  private static func signed(
    _ x: Elementwise.Vector, as sign: Elementwise.Vector
  ) -> Elementwise.Vector {
    let bits = unsafeBitCast(sign, to: Elementwise.Integers.self) & Int32.min
    return unsafeBitCast(
      unsafeBitCast(x, to: Elementwise.Integers.self) | bits, to: Elementwise.Vector.self)
  }
}

enum Remainder: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    Division.divide(a, b).remainder
  }
}

enum FloorQuotient: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    Division.divide(a, b).quotient
  }
}
