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

enum Remainder: BinaryOperation {
  @inline(never)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    var result = a
    for lane in 0..<Elementwise.width { result[lane] = Division.divide(a[lane], b[lane]).remainder }
    return result
  }
}

enum FloorQuotient: BinaryOperation {
  @inline(never)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    var result = a
    for lane in 0..<Elementwise.width { result[lane] = Division.divide(a[lane], b[lane]).quotient }
    return result
  }
}
