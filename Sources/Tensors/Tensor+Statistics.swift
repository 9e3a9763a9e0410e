import Execution
import Kernels

extension Tensor {
  /// Whether no number is infinite or NaN.
  public var isFinite: Bool { Reduction.isFinite(buffer) }

  /// The unbiased variance along the axes (divisor n - 1); NaN below two numbers.
  public func variance(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    let places = try self.axes(axes)
    let (rows, columns, numbers) = try rows(along: places)
    let squares = FloatBuffer(uninitialized: rows)
    Reduction.squaredDeviations(
      numbers, rows: rows, columns: columns, into: squares, means: FloatBuffer(uninitialized: rows))
    let result = Tensor(
      shape: keepDimensions ? keeping(places) : removing(places), buffer: squares)
    return columns < 2 ? result.multiplied(by: .nan) : result.divided(by: Float(columns - 1))
  }

  /// The unbiased standard deviation along the axes.
  public func std(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try variance(axes: axes, keepDimensions: keepDimensions).sqrt()
  }

  /// The Euclidean norm along the axes.
  public func norm(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try squared().sum(axes: axes, keepDimensions: keepDimensions).sqrt()
  }

  /// The place of the first largest number along an axis, or in row order for nil.
  public func argmax(axis: Int? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try argument(.maximum, axis, keepDimensions)
  }

  /// The place of the first smallest number along an axis, or in row order for nil.
  public func argmin(axis: Int? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try argument(.minimum, axis, keepDimensions)
  }

  private func argument(
    _ kind: Reduction.Kind, _ axis: Int?, _ keepDimensions: Bool
  ) throws -> Tensor {
    let places = try axes(axis.map { [$0] })
    let (rows, columns, numbers) = try rows(along: places)
    guard columns > 0 else {
      throw Failure(
        "arg\(kind == .maximum ? "max" : "min") of nothing: the shape is \(Tensor.text(of: shape))")
    }
    let result = FloatBuffer(uninitialized: rows)
    Reduction.argument(of: kind, numbers, rows: rows, columns: columns, into: result)
    return Tensor(shape: keepDimensions ? keeping(places) : removing(places), buffer: result)
  }

  /// Between which sorted numbers the quantile lies, and how far from the first to the second.
  public static func quantilePlace(
    _ share: Double, count: Int
  ) throws -> (lower: Int, upper: Int, weight: Float) {
    guard share >= 0, share <= 1 else {
      throw Failure("a quantile's share must lie between 0 and 1, but it is \(share)")
    }
    guard count > 0 else { throw Failure("a quantile of nothing is not defined") }
    let place = share * Double(count - 1)
    let lower = Int(place.rounded(.down))
    return (lower, Swift.min(lower + 1, count - 1), Float(place - Double(lower)))
  }

  /// The number below which a share of the numbers along the axes lies, interpolated linearly
  /// between the two nearest; NaN if one is NaN.
  public func quantile(
    _ share: Double, axes: [Int]? = nil, keepDimensions: Bool = false
  ) throws -> Tensor {
    let all = try quantiles([share], axes: axes, keepDimensions: keepDimensions)
    return Tensor(shape: all.shape.dropLast(), buffer: all.buffer)
  }

  /// The quantiles of several shares along the axes, in a last axis of their own: one sort for all.
  public func quantiles(
    _ shares: [Double], axes: [Int]? = nil, keepDimensions: Bool = false
  ) throws -> Tensor {
    let reduced = try self.axes(axes)
    let (rows, columns, numbers) = try rows(along: reduced)
    let shape = (keepDimensions ? keeping(reduced) : removing(reduced)) + [shares.count]
    let places = try shares.map { try Tensor.quantilePlace($0, count: columns) }
    if places.isEmpty { return Tensor(shape: shape, []) }
    let orders = try Tensor.orders(numbers, rows: rows, columns: columns)
    return Tensor(shape: shape) { out in
      numbers.read { numbers in
        for row in 0..<rows {
          let start = row * columns
          let last = numbers[start + orders[start + columns - 1]]
          for (number, place) in places.enumerated() {
            let a = numbers[start + orders[start + place.lower]]
            let b = numbers[start + orders[start + place.upper]]
            let mixed = place.weight == 0 ? a : a + (b - a) * place.weight
            out[row * shares.count + number] = last.isNaN ? .nan : mixed
          }
        }
      }
    }
  }
}
