import Execution
import Kernels
import Synchronization

extension Tensor {
  /// Whether no number is infinite or NaN.
  public var isFinite: Bool { Reduction.isFinite(buffer) }

  /// The unbiased variance along the axes (divisor n - 1); of a single number 0, of none NaN.
  public func variance(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    let places = try self.axes(axes)
    let (rows, columns, numbers) = try rows(along: places)
    let squares = FloatBuffer(uninitialized: rows)
    Reduction.squaredDeviations(
      numbers, rows: rows, columns: columns, into: squares, means: FloatBuffer(uninitialized: rows))
    let result = Tensor(
      shape: keepDimensions ? keeping(places) : removing(places), buffer: squares)
    return columns == 0
      ? result.multiplied(by: .nan) : result.divided(by: Float(Swift.max(columns - 1, 1)))
  }

  /// The unbiased standard deviation along the axes.
  public func std(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    let variance = try variance(axes: axes, keepDimensions: keepDimensions)
    if variance.squareIsHeld { return variance.sqrt() }
    return try scaled(axes, keepDimensions) { try $0.variance(axes: $1, keepDimensions: true) }
  }

  /// Whether these numbers are squares that a float32 holds well enough to take their roots.
  private var squareIsHeld: Bool {
    buffer.read { $0.allSatisfy { $0 > 0x1p-100 && $0 < .infinity } }
  }

  /// The Euclidean norm along the axes.
  public func norm(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    let squares = try squared().sum(axes: axes, keepDimensions: keepDimensions)
    if squares.squareIsHeld { return squares.sqrt() }
    return try scaled(axes, keepDimensions) { try $0.squared().sum(axes: $1, keepDimensions: true) }
  }

  /// The root of a sum of squares of numbers whose squares a float32 may not hold: of their shares
  /// of the largest.
  private func scaled(
    _ axes: [Int]?, _ keepDimensions: Bool, _ squares: (Tensor, [Int]) throws -> Tensor
  ) throws -> Tensor {
    let places = try self.axes(axes)
    if try reducedCount(places) == 0 {
      let result = try squares(self, places).sqrt()
      return Tensor(
        shape: keepDimensions ? result.shape : removing(places), buffer: result.buffer)
    }
    let largest = try abs().max(axes: places, keepDimensions: true)
    let scale = largest.eachNumber { $0 > 0 && $0 < .infinity ? $0 : 1 }
    let result = try squares(try divided(by: scale), places).sqrt().multiplied(by: scale)
    return Tensor(shape: keepDimensions ? keeping(places) : removing(places), buffer: result.buffer)
  }

  /// The place of the first largest number along an axis, or in row order for nil.
  public func argmax(axis: Int? = nil) throws -> Places { try argument(.maximum, axis) }

  /// The place of the first smallest number along an axis, or in row order for nil.
  public func argmin(axis: Int? = nil) throws -> Places { try argument(.minimum, axis) }

  private func argument(_ kind: Reduction.Kind, _ axis: Int?) throws -> Places {
    let places = try axes(axis.map { [$0] })
    let (rows, columns, numbers) = try rows(along: places)
    guard columns > 0 else {
      throw Failure(
        "arg\(kind == .maximum ? "max" : "min") of nothing: the shape is \(Tensor.text(of: shape))")
    }
    return Places(
      shape: removing(places), Reduction.argument(of: kind, numbers, rows: rows, columns: columns))
  }

  /// Between which sorted numbers the quantile lies, and how far from the first to the second.
  public static func quantilePlace(
    _ share: Double, count: Int
  ) throws -> (lower: Int, upper: Int, weight: Double) {
    guard share >= 0, share <= 1 else {
      throw Failure("a quantile's share must lie between 0 and 1, but it is \(share)")
    }
    guard count > 0 else { throw Failure("a quantile of nothing is not defined") }
    let place = share * Double(count - 1)
    let lower = Int(within: 0...count - 1, place)
    return (lower, Swift.min(lower + 1, count - 1), place - Double(lower))
  }

  /// What lies between two numbers, as a share of the way from the first to the second.
  ///
  /// Each is weighed by itself where one is infinite: their difference would take the other away.
  public static func between(_ a: Double, _ b: Double, _ weight: Double) -> Double {
    if weight == 0 || a == b { return a }
    return a.isFinite && b.isFinite ? a + (b - a) * weight : a * (1 - weight) + b * weight
  }

  /// The number below which a share of the numbers along the axes lies, interpolated linearly
  /// between the two nearest; NaN if one is NaN.
  public func quantile(
    _ share: Double, axes: [Int]? = nil, keepDimensions: Bool = false
  ) throws -> Tensor {
    let all = try quantiles([share], axes: axes, keepDimensions: keepDimensions)
    return Tensor(shape: all.shape.dropLast(), buffer: all.buffer)
  }

  /// The quantiles of several shares along the axes, in a last axis of their own: all are found at
  /// once.
  public func quantiles(
    _ shares: [Double], axes: [Int]? = nil, keepDimensions: Bool = false
  ) throws -> Tensor {
    let reduced = try self.axes(axes)
    let (rows, columns, numbers) = try rows(along: reduced)
    let shape = (keepDimensions ? keeping(reduced) : removing(reduced)) + [shares.count]
    let places = try shares.map { try Tensor.quantilePlace($0, count: columns) }
    if places.isEmpty { return Tensor(shape: shape, []) }
    // Some rows at a time: several threads find theirs.
    let together = Swift.max(1, (1 << 14) / columns)
    let blocks = (0..<(rows + together - 1) / together).map {
      $0 * together..<Swift.min(rows, ($0 + 1) * together)
    }
    let found = Mutex([[Float]](repeating: [], count: blocks.count))
    @Sendable func work(_ number: Int) throws {
      let block = try Tensor.quantiles(numbers, blocks[number], columns, places)
      found.withLock { $0[number] = block }
    }
    if rows * columns >= 1 << 15 {
      try Parallel.forEach(blocks.count) { try work($0) }
    } else {
      for number in blocks.indices { try work(number) }
    }
    return Tensor(shape: shape, found.withLock { $0.flatMap(\.self) })
  }

  /// Quantiles of some rows, those of a row side by side.
  private static func quantiles(
    _ numbers: FloatBuffer, _ rows: Range<Int>, _ columns: Int,
    _ places: [(lower: Int, upper: Int, weight: Double)]
  ) throws -> [Float] {
    let ranks = places.flatMap { [$0.lower, $0.upper] }
    let found = try RankSelection.numbers(at: ranks, numbers, rows: rows, columns: columns)
    return rows.indices.flatMap { row in
      places.indices.map { place in
        let first = (row - rows.lowerBound) * ranks.count + 2 * place
        let (a, b) = (Double(found[first]), Double(found[first + 1]))
        return a.isNaN || b.isNaN ? .nan : Float(between(a, b, places[place].weight))
      }
    }
  }
}
