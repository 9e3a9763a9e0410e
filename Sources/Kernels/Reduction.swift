import Execution
import Glibc

/// Sums and extremes along one axis, and the softmax of rows.
///
/// A tensor is seen as [outer, length, inner]; the middle axis is reduced. Sums run in float32 over
/// blocks of at most 64 vectors, whose results add up in float64: the error does not grow with
/// length.
public enum Reduction {
  typealias Vector = Elementwise.Vector
  /// Numbers from which several threads are used.
  static let parallelCount = 1 << 18

  /// What becomes of the numbers along the axis.
  public enum Kind: Sendable {
    case sum
    /// The largest; NaN if one is NaN. The axis must not be empty.
    case maximum
    /// The smallest; NaN if one is NaN. The axis must not be empty.
    case minimum
  }

  /// Reduces the middle axis of [outer, length, inner] to [outer, inner].
  public static func reduce(
    _ kind: Kind, _ source: FloatBuffer, outer: Int, length: Int, inner: Int,
    into result: FloatBuffer
  ) {
    precondition(source.count == outer * length * inner, "counts differ")
    precondition(result.count == outer * inner, "counts differ")
    precondition(kind == .sum || length > 0 || result.count == 0, "nothing to reduce")
    let limit = UnsafePointer(Elementwise.limit(source))
    Turns.apart(numbers: source.count) {
      for block in 0..<outer {
        let from = UnsafePointer(source.base) + block &* length &* inner
        let to = result.base + block &* inner
        switch (kind, inner) {
        case (.sum, 1): to.pointee = Float(rowSum(from, length, limit))
        case (.sum, _): columnSums(from, to, length: length, inner: inner, limit)
        case (.maximum, 1): to.pointee = rowExtreme(Maximum.self, from, length, limit)
        case (.minimum, 1): to.pointee = rowExtreme(Minimum.self, from, length, limit)
        case (.maximum, _): columnExtremes(Maximum.self, from, to, length, inner, limit)
        case (.minimum, _): columnExtremes(Minimum.self, from, to, length, inner, limit)
        }
      }
    }
    withExtendedLifetime((source, result)) {}
  }

  /// The sum of the products of equally placed numbers of two buffers of equal count.
  public static func dot(_ a: FloatBuffer, _ b: FloatBuffer) -> Double {
    precondition(a.count == b.count, "counts differ")
    var total = 0.0
    var place = 0
    while place < a.count {
      let last = min(a.count, place &+ 64 &* Elementwise.width)
      var sum = Vector.zero
      while place < last {
        // The padding is zero, and whole vectors of it may be read.
        sum = Elementwise.multiplyAdd(
          Elementwise.load(a.base + place), Elementwise.load(b.base + place), sum)
        place &+= Elementwise.width
      }
      total += Double(sum.sum())
    }
    withExtendedLifetime((a, b)) {}
    return total
  }

  // MARK: Rows

  /// The sum of `count` neighbouring numbers.
  @inline(always) static func rowSum(
    _ row: UnsafePointer<Float>, _ count: Int, _ limit: UnsafePointer<Float>
  ) -> Double {
    rowSum(row, count, limit) { $0 }
  }

  /// The sum of a function of `count` neighbouring numbers.
  @inline(always) static func rowSum(
    _ row: UnsafePointer<Float>, _ count: Int, _ limit: UnsafePointer<Float>,
    _ function: (Vector) -> Vector
  ) -> Double {
    let width = Elementwise.width
    let whole = count & ~(width &- 1)
    var total = 0.0
    var place = 0
    while place < whole {
      let isTime = place > 0 && place & (Elementwise.betweenLooks &- 1) == 0
      if isTime, Elementwise.isGivenUp { return total }
      let last = min(whole, place &+ 64 &* width)
      var first = Vector.zero
      var second = Vector.zero
      while place &+ width < last {
        first += function(Elementwise.load(row + place))
        second += function(Elementwise.load(row + place + width))
        place &+= 2 &* width
      }
      if place < last {
        first += function(Elementwise.load(row + place))
        place &+= width
      }
      total += Double((first + second).sum())
    }
    guard whole < count else { return total }
    let rest = Elementwise.load(row + whole, first: count &- whole, limit: limit)
    let value = Vector.zero.replacing(
      with: function(rest), where: Elementwise.first(count &- whole))
    return total + Double(value.sum())
  }

  @inline(__always)
  static func rowExtreme<Operation: ExtremeOperation>(
    _ operation: Operation.Type, _ row: UnsafePointer<Float>, _ count: Int,
    _ limit: UnsafePointer<Float>
  ) -> Float {
    let width = Elementwise.width
    var best = Vector(repeating: row[0])
    var place = 0
    while place &+ width <= count {
      best = Operation.apply(best, Elementwise.load(row + place))
      place &+= width
    }
    if place < count {
      let rest = Elementwise.load(
        row + place, first: count &- place, limit: limit, filler: row[0])
      best = Operation.apply(best, rest)
    }
    return Operation.across(best)
  }

  // MARK: Columns

  /// Rows whose sums in float32 are added up in float64.
  private static let rowsTogether = 64
  /// Columns that a thread is given at least.
  private static let columnsTogether = 64

  /// The sums of the columns of [length, inner], a vector of columns at a time.
  private static func columnSums(
    _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, length: Int,
    inner: Int, _ limit: UnsafePointer<Float>
  ) {
    let columns = ColumnSums(
      source: source, result: result, length: length, inner: inner, limit: limit)
    let parts = inner / columnsTogether
    guard length * inner >= parallelCount, parts > 1 else { return columns.run(0..<inner) }
    let together = rounded((inner + parts - 1) / parts, to: columnsTogether)
    // The body throws nothing.
    try? Parallel.forEach((inner + together - 1) / together) { part in
      columns.run(part * together..<min(inner, (part + 1) * together))
    }
  }

  /// The columns of a matrix and where their sums go.
  private struct ColumnSums: @unchecked Sendable {
    let source: UnsafePointer<Float>
    let result: UnsafeMutablePointer<Float>
    let length: Int
    let inner: Int
    let limit: UnsafePointer<Float>

    /// Sums some columns, a block of rows after the other, so that rows are read as they lie.
    func run(_ columns: Range<Int>) {
      if length <= rowsTogether {
        forEachVector(columns) { column, lanes in
          let sum = self.sum(0..<length, column, lanes)
          for lane in 0..<lanes { result[column &+ lane] = sum[lane] }
        }
        return
      }
      var totals = [Double](repeating: 0, count: columns.count)
      totals.withUnsafeMutableBufferPointer { totals in
        for start in stride(from: 0, to: length, by: rowsTogether) {
          if start > 0, start % (1 << 16) == 0, Elementwise.isGivenUp { return }
          forEachVector(columns) { column, lanes in
            let sum = self.sum(start..<min(length, start &+ rowsTogether), column, lanes)
            for lane in 0..<lanes {
              totals[column &+ lane &- columns.lowerBound] += Double(sum[lane])
            }
          }
        }
        for column in columns { result[column] = Float(totals[column &- columns.lowerBound]) }
      }
    }

    @inline(always)
    private func sum(_ rows: Range<Int>, _ column: Int, _ lanes: Int) -> Vector {
      var sum = Vector.zero
      var row = rows.lowerBound
      while row < rows.upperBound {
        sum += Reduction.loadColumns(source + (row &* inner &+ column), lanes, limit)
        row &+= 1
      }
      return sum
    }

    @inline(always)
    private func forEachVector(_ columns: Range<Int>, _ body: (Int, Int) -> Void) {
      var column = columns.lowerBound
      while column < columns.upperBound {
        let lanes = min(Elementwise.width, columns.upperBound &- column)
        body(column, lanes)
        column &+= lanes
      }
    }
  }

  @inline(always) fileprivate static func loadColumns(
    _ place: UnsafePointer<Float>, _ lanes: Int, _ limit: UnsafePointer<Float>
  ) -> Vector {
    lanes == Elementwise.width
      ? Elementwise.load(place) : Elementwise.load(place, first: lanes, limit: limit)
  }

  @inline(__always)
  private static func columnExtremes<Operation: BinaryOperation>(
    _ operation: Operation.Type, _ source: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, _ length: Int, _ inner: Int,
    _ limit: UnsafePointer<Float>
  ) {
    var column = 0
    while column < inner {
      let lanes = min(Elementwise.width, inner &- column)
      var best = loadColumns(source + column, lanes, limit)
      var row = 1
      while row < length {
        best = Operation.apply(best, loadColumns(source + (row &* inner &+ column), lanes, limit))
        row &+= 1
      }
      for lane in 0..<lanes { result[column &+ lane] = best[lane] }
      column &+= lanes
    }
  }
}
