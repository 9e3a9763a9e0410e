extension Int {
  /// The whole number that a floating-point number is, within bounds; nil for all others.
  ///
  /// What was loaded or computed may be NaN, infinite or of any size, on which `Int(number)` ends
  /// the process: numbers from outside become whole numbers here or by `Int(exactly:)`.
  public init?(whole number: some BinaryFloatingPoint, in range: ClosedRange<Int> = .min ... .max) {
    guard let whole = Int(exactly: number), range.contains(whole) else { return nil }
    self = whole
  }

  /// The place from 0 to below `count` that a number is; nil for all others.
  public init?(whole number: some BinaryFloatingPoint, below count: Int) {
    guard let whole = Int(exactly: number), whole >= 0, whole < count else { return nil }
    self = whole
  }

  /// The number without its fraction, or the nearest bound; 0 for NaN.
  public init(within range: ClosedRange<Int>, _ number: some BinaryFloatingPoint) {
    let cut = number.rounded(.towardZero)
    if let whole = Int(exactly: cut) {
      self = Swift.min(Swift.max(whole, range.lowerBound), range.upperBound)
    } else {
      self = number.isNaN ? Swift.min(Swift.max(0, range.lowerBound), range.upperBound)
        : number < 0 ? range.lowerBound : range.upperBound
    }
  }
}
