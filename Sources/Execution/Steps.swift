import Glibc

/// How many numbers stand at equal distances before a bound.
public enum Steps {
  /// The count of numbers from `start` on, `step` apart, below `stop` (above it for a negative step).
  ///
  /// Whole numbers are counted exactly. Of others the quotient is a little off: what differs from a
  /// whole number by no more than the rounding of the three is that number, so that from 1 to 1.6 there
  /// are six steps of 0.1, and `stop` itself is never reached. May be infinite or NaN as the bounds are.
  public static func count(from start: Double, to stop: Double, step: Double) -> Double {
    if isCounted(start), isCounted(stop), isCounted(step), step != 0 {
      guard let first = Int(whole: start), let last = Int(whole: stop),
        let size = Int(whole: abs(step))
      else { return 0 }
      let span = step > 0 ? last - first : first - last
      return span > 0 ? Double((span - 1) / size + 1) : 0
    }
    let quotient = (stop - start) / step
    let nearest = quotient.rounded()
    let rounding = (max(abs(start), abs(stop)) / abs(step) + abs(quotient)) * 0x1p-51
    let count = abs(quotient - nearest) <= rounding ? nearest : quotient.rounded(.up)
    return count.isNaN ? count : max(0, count)
  }

  /// Whether two numbers are the same but for the rounding of a sum.
  public static func areEqual(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= max(abs(a), abs(b)) * 0x1p-51
  }

  private static func isCounted(_ number: Double) -> Bool {
    number == number.rounded() && abs(number) <= 0x1p53
  }
}
