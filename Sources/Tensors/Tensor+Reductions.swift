import Execution
import Kernels

extension Tensor {
  /// The sum along the axes, all of them for nil.
  public func sum(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try reduced(.sum, axes: try self.axes(axes), keepDimensions: keepDimensions)
  }

  /// The sum along one axis.
  public func sum(axis: Int, keepDimensions: Bool = false) throws -> Tensor {
    try sum(axes: [axis], keepDimensions: keepDimensions)
  }

  /// The mean along the axes; NaN where there is nothing.
  public func mean(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    let places = try self.axes(axes)
    let total = places.reduce(1) { $0 * shape[$1] }
    let mean = try sum(axes: places, keepDimensions: keepDimensions).divided(by: Float(total))
    if total == 0 || mean.isFinite || !isFinite { return mean }
    // The sum has left what a float32 holds.
    return try divided(by: Float(total)).sum(axes: places, keepDimensions: keepDimensions)
  }

  /// The mean along one axis.
  public func mean(axis: Int, keepDimensions: Bool = false) throws -> Tensor {
    try mean(axes: [axis], keepDimensions: keepDimensions)
  }

  /// The largest number along the axes; NaN if one is NaN.
  public func max(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try extreme(.maximum, axes, keepDimensions)
  }

  /// The smallest number along the axes; NaN if one is NaN.
  public func min(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
    try extreme(.minimum, axes, keepDimensions)
  }

  private func extreme(
    _ kind: Reduction.Kind, _ axes: [Int]?, _ keepDimensions: Bool
  ) throws -> Tensor {
    let places = try self.axes(axes)
    for axis in places where shape[axis] == 0 {
      throw Failure(
        "\(kind == .maximum ? "max" : "min") of nothing: axis \(axis) of shape "
          + "\(Tensor.text(of: shape)) is empty")
    }
    return try reduced(kind, axes: places, keepDimensions: keepDimensions)
  }

  /// Reduces runs of neighbouring axes, last run first.
  private func reduced(
    _ kind: Reduction.Kind, axes: [Int], keepDimensions: Bool
  ) throws -> Tensor {
    var current = buffer
    var extents = shape
    var end = axes.count
    while end > 0 {
      var start = end - 1
      while start > 0, axes[start - 1] == axes[start] - 1 { start -= 1 }
      let first = axes[start]
      let last = axes[end - 1]
      let outer = Tensor.product(extents, 0..<first)
      let length = Tensor.product(extents, first..<(last + 1))
      let inner = Tensor.product(extents, (last + 1)..<extents.count)
      try Tensor.checkSize([outer, inner])
      let result = FloatBuffer(uninitialized: outer * inner)
      Reduction.reduce(
        kind, current, outer: outer, length: length, inner: inner, into: result)
      for axis in first...last { extents[axis] = 1 }
      current = result
      end = start
    }
    if keepDimensions { return Tensor(shape: extents, buffer: current) }
    return Tensor(shape: removing(axes), buffer: current)
  }

  static func product(_ extents: [Int], _ range: Range<Int>) -> Int {
    var product = 1
    for axis in range { product *= extents[axis] }
    return product
  }

  /// The shape without some axes, given in ascending order.
  func removing(_ axes: [Int]) -> [Int] {
    if axes.count == rank { return [] }
    var kept: [Int] = []
    for axis in 0..<rank where !axes.contains(axis) { kept.append(shape[axis]) }
    return kept
  }

  /// The shape with some axes set to 1.
  func keeping(_ axes: [Int]) -> [Int] {
    var kept = shape
    for axis in axes { kept[axis] = 1 }
    return kept
  }

  /// The numbers as rows: [kept axes..., reduced axes joined], each row the numbers to be reduced.
  func rows(along axes: [Int]) throws -> (rows: Int, columns: Int, numbers: FloatBuffer) {
    let columns = axes.reduce(1) { $0 * shape[$1] }
    let rows = removing(axes).reduce(1, *)
    let trailing = Array((rank - axes.count)..<rank)
    if axes == trailing { return (rows, columns, buffer) }
    let order = (0..<rank).filter { !axes.contains($0) } + axes
    return (rows, columns, try permuted(order).buffer)
  }
}
