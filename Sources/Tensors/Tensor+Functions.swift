import Execution
import Glibc
import Kernels

extension Tensor {
  /// A function of each number.
  public func applying(_ function: Elementwise.Unary) -> Tensor {
    let result = FloatBuffer(uninitialized: count)
    Elementwise.apply(function, to: buffer, into: result)
    return Tensor(shape: shape, buffer: result)
  }

  /// A function of each number for which there is no kernel.
  func eachNumber(_ function: (Float) -> Float) -> Tensor {
    buffer.read { numbers in
      Tensor(shape: shape) { result in
        for place in numbers.indices { result[place] = function(numbers[place]) }
      }
    }
  }

  /// The numbers with their signs turned.
  public func negated() -> Tensor { applying(.negate) }
  /// The exponential function.
  public func exp() -> Tensor { applying(.exp) }
  /// The natural logarithm.
  public func log() -> Tensor { applying(.log) }
  /// The square root.
  public func sqrt() -> Tensor { applying(.sqrt) }
  /// The absolute value.
  public func abs() -> Tensor { applying(.abs) }
  /// The logistic function.
  public func sigmoid() -> Tensor { applying(.sigmoid) }
  /// The hyperbolic tangent.
  public func tanh() -> Tensor { applying(.tanh) }
  /// The sine of each angle.
  public func sin() -> Tensor { eachNumber { Glibc.sinf($0) } }
  /// The cosine of each angle.
  public func cos() -> Tensor { eachNumber { Glibc.cosf($0) } }
  /// The positive part.
  public func relu() -> Tensor { applying(.relu) }
  /// The square.
  public func squared() -> Tensor { applying(.square) }

  /// The softmax along an axis.
  public func softmax(axis: Int = -1) throws -> Tensor {
    try softmax(axis: axis, logarithm: false)
  }

  /// The logarithm of the softmax along an axis.
  public func logSoftmax(axis: Int = -1) throws -> Tensor {
    try softmax(axis: axis, logarithm: true)
  }

  private func softmax(axis: Int, logarithm: Bool) throws -> Tensor {
    try mappingRows(axis: axis) { rows, columns, source, result in
      Reduction.softmax(source, rows: rows, columns: columns, logarithm: logarithm, into: result)
    }
  }

  /// How a gradient passes the softmax along an axis; this tensor is the softmax.
  public func softmaxGradient(_ gradient: Tensor, axis: Int, logarithm: Bool) throws -> Tensor {
    let moved = try gradient.movingLast(axis)
    return try mappingRows(axis: axis) { rows, columns, source, result in
      Reduction.softmaxGradient(
        moved.buffer, of: source, rows: rows, columns: columns, logarithm: logarithm,
        into: result)
    }
  }

  /// A function of each row along `axis` that keeps the row's length.
  func mappingRows(
    axis: Int, _ body: (Int, Int, FloatBuffer, FloatBuffer) throws -> Void
  ) throws -> Tensor {
    let place = try self.axis(axis)
    let moved = try movingLast(place)
    let result = FloatBuffer(uninitialized: count)
    let columns = shape[place]
    try body(columns == 0 ? 0 : count / columns, columns, moved.buffer, result)
    return try Tensor(shape: moved.shape, buffer: result).movingBack(place)
  }

  /// With `axis` as the last one, the others in order.
  func movingLast(_ axis: Int) throws -> Tensor {
    let place = try self.axis(axis)
    if place == rank - 1 { return self }
    return try permuted((0..<rank).filter { $0 != place } + [place])
  }

  /// With the last axis at `axis`: undoes `movingLast`.
  func movingBack(_ axis: Int) throws -> Tensor {
    if axis == rank - 1 { return self }
    var order = Array(0..<(rank - 1))
    order.insert(rank - 1, at: axis)
    return try permuted(order)
  }
}
