extension Int {
  /// The whole number that a floating-point number is, within bounds; nil for all others.
  ///
  /// What was loaded or computed may be NaN, infinite or of any size, on which `Int(number)` ends
  /// the process: numbers from outside become whole numbers here or by `Int(exactly:)`.
  @inlinable
  @inline(__always)
  public init?(whole number: Double, in range: ClosedRange<Int> = .min ... .max) {
    // Between these bounds each whole number is one, and the conversion is a single step.
    guard number >= -0x1p63, number < 0x1p63 else { return nil }
    let whole = Int(number)
    guard Double(whole) == number, range.contains(whole) else { return nil }
    self = whole
  }

  /// The place from 0 to below `count` that a number is; nil for all others.
  @inlinable
  @inline(__always)
  public init?(whole number: Double, below count: Int) {
    guard let whole = Int(whole: number), whole >= 0, whole < count else { return nil }
    self = whole
  }

  /// The number without its fraction, or the nearest bound; the lower one for NaN.
  public init(within range: ClosedRange<Int>, _ number: Double) {
    let nearest = Swift.min(Swift.max(number, -0x1p62), 0x1p62)
    let cut = Int(whole: nearest.rounded(.towardZero)) ?? range.lowerBound
    self = Swift.min(Swift.max(cut, range.lowerBound), range.upperBound)
  }
}
