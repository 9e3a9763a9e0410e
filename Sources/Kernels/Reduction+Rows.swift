import Execution
import Glibc

extension Reduction {
  /// For each row of [rows, columns] the sum of squared deviations from the row's mean, and the
  /// mean.
  ///
  /// Two passes; the rounding of the mean is made good by the sum of deviations (Chan, Golub and
  /// LeVeque, "Algorithms for computing the sample variance", 1983, equation 1.7).
  public static func squaredDeviations(
    _ source: FloatBuffer, rows: Int, columns: Int, into result: FloatBuffer, means: FloatBuffer
  ) {
    precondition(source.count == rows * columns, "counts differ")
    precondition(result.count == rows && means.count == rows, "counts differ")
    let limit = UnsafePointer(Elementwise.limit(source))
    for row in 0..<rows {
      let from = UnsafePointer(source.base) + row &* columns
      let mean = Float(rowSum(from, columns, limit) / Double(columns))
      let squares = rowSum(from, columns, limit) { ($0 - mean) * ($0 - mean) }
      let rest = rowSum(from, columns, limit) { $0 - mean }
      means.base[row] = mean
      let deviation = squares - rest * rest / Double(columns)
      result.base[row] = Float(
        deviation.isNaN ? squaredDeviation(from, columns) : max(0, deviation))
    }
    withExtendedLifetime(source) {}
  }

  /// The same of one row in float64, where sums leave what a float32 holds; NaN beside numbers that
  /// are none.
  private static func squaredDeviation(_ row: UnsafePointer<Float>, _ count: Int) -> Double {
    let numbers = UnsafeBufferPointer(start: row, count: count)
    let mean = numbers.reduce(0) { $0 + Double($1) } / Double(count)
    return numbers.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
  }

  /// For each row of [rows, columns] the place of its first largest (or smallest) number.
  ///
  /// NaN counts as beyond all numbers, as in NumPy. Rows must not be empty.
  public static func argument(
    of kind: Kind, _ source: FloatBuffer, rows: Int, columns: Int
  ) -> [Int] {
    precondition(source.count == rows * columns, "counts differ")
    precondition(columns > 0 || rows == 0, "nothing to choose from")
    let limit = UnsafePointer(Elementwise.limit(source))
    defer { withExtendedLifetime(source) {} }
    return (0..<rows).map { row in
      let from = UnsafePointer(source.base) + row &* columns
      let best =
        kind == .minimum
        ? rowExtreme(Minimum.self, from, columns, limit)
        : rowExtreme(Maximum.self, from, columns, limit)
      var place = 0
      if best.isNaN {
        while place < columns, !from[place].isNaN { place &+= 1 }
      } else {
        while place < columns, from[place] != best { place &+= 1 }
      }
      return place
    }
  }

  /// The softmax of each row of [rows, columns], or its logarithm.
  public static func softmax(
    _ source: FloatBuffer, rows: Int, columns: Int, logarithm: Bool, into result: FloatBuffer
  ) {
    precondition(source.count == rows * columns && result.count == source.count, "counts differ")
    guard source.count > 0 else { return }
    Turns.apart(numbers: source.count) {
      softmax(of: source, rows: rows, columns: columns, logarithm, into: result)
    }
    Elementwise.clearPadding(result)
    withExtendedLifetime(source) {}
  }

  private static func softmax(
    of source: FloatBuffer, rows: Int, columns: Int, _ logarithm: Bool, into result: FloatBuffer
  ) {
    let limit = UnsafePointer(Elementwise.limit(source))
    let resultLimit = Elementwise.limit(result)
    for row in 0..<rows {
      if row & 1023 == 1023, Elementwise.isGivenUp { return }
      let from = UnsafePointer(source.base) + row &* columns
      let to = result.base + row &* columns
      let largest = rowExtreme(Maximum.self, from, columns, limit)
      if logarithm {
        let sum = rowSum(from, columns, limit) { Elementwise.exp($0 - largest) }
        // Two steps, so that a large maximum does not swallow the logarithm.
        let shift = Float(Glibc.log(sum))
        map(from, to, columns, limit, resultLimit) { $0 - largest - shift }
      } else {
        map(from, to, columns, limit, resultLimit) { Elementwise.exp($0 - largest) }
        let scale = Float(1 / rowSum(to, columns, UnsafePointer(resultLimit)))
        map(to, to, columns, UnsafePointer(resultLimit), resultLimit) { $0 * scale }
      }
    }
  }

  /// How a gradient passes the softmax of each row: y (g - sum of g y), or, for its logarithm,
  /// g - exp(y) (sum of g).
  public static func softmaxGradient(
    _ gradient: FloatBuffer, of outcome: FloatBuffer, rows: Int, columns: Int, logarithm: Bool,
    into result: FloatBuffer
  ) {
    precondition(gradient.count == rows * columns, "counts differ")
    precondition(outcome.count == gradient.count && result.count == gradient.count, "counts differ")
    for row in 0..<rows {
      let g = UnsafePointer(gradient.base) + row &* columns
      let y = UnsafePointer(outcome.base) + row &* columns
      let to = result.base + row &* columns
      var sum = 0.0
      for column in 0..<columns { sum += Double(logarithm ? g[column] : g[column] * y[column]) }
      let total = Float(sum)
      if logarithm {
        map(y, to, columns, UnsafePointer(Elementwise.limit(outcome)), Elementwise.limit(result)) {
          -Elementwise.exp($0) * total
        }
        for column in 0..<columns { to[column] += g[column] }
      } else {
        for column in 0..<columns { to[column] = y[column] * (g[column] - total) }
      }
    }
    Elementwise.clearPadding(result)
    withExtendedLifetime((gradient, outcome)) {}
  }

  /// A function of `count` neighbouring numbers.
  ///
  /// Lanes behind the row may be overwritten.
  @inline(always) private static func map(
    _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ count: Int,
    _ limit: UnsafePointer<Float>, _ resultLimit: UnsafeMutablePointer<Float>,
    _ function: (Vector) -> Vector
  ) {
    let whole = count & ~(Elementwise.width &- 1)
    var place = 0
    while place < whole {
      let stop = min(whole, place &+ Elementwise.betweenLooks)
      while place < stop {
        Elementwise.store(function(Elementwise.load(source + place)), result + place)
        place &+= Elementwise.width
      }
      if place < count, Elementwise.isGivenUp { return }
    }
    guard place < count else { return }
    let rest = Elementwise.load(source + place, first: count &- place, limit: limit)
    Elementwise.store(function(rest), result + place, first: count &- place, limit: resultLimit)
  }
}
