import Execution

extension Reduction {
  /// Whether no number is infinite or NaN: one pass at the speed of reading.
  public static func isFinite(_ source: FloatBuffer) -> Bool {
    Turns.apart(numbers: source.count) { isFinite(numbersOf: source) }
  }

  private static func isFinite(numbersOf source: FloatBuffer) -> Bool {
    // Zero times a finite number is zero; anything else makes the sum NaN, and it stays so. The
    // padding is zero, and whole vectors of it may be read.
    var sums = (Vector.zero, Vector.zero)
    var place = 0
    let count = source.count
    while place < count {
      sums.0 = Elementwise.multiplyAdd(Elementwise.load(source.base + place), .zero, sums.0)
      place &+= Elementwise.width
      if place < count {
        sums.1 = Elementwise.multiplyAdd(Elementwise.load(source.base + place), .zero, sums.1)
        place &+= Elementwise.width
      }
    }
    withExtendedLifetime(source) {}
    return (sums.0 + sums.1).sum() == 0
  }
}
