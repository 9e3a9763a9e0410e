import Execution
import Kernels

extension Tensor {
  /// The shape that two shapes have in common, by NumPy's rules: aligned at the last axis, an
  /// extent of 1 repeats.
  ///
  /// - Throws: `Failure` that names both shapes and the axis, with a label for each operand.
  public static func broadcastShape(_ a: [Int], _ b: [Int]) throws -> [Int] {
    if a == b { return a }
    var shape = a.count >= b.count ? a : b
    for place in 1..<(Swift.min(a.count, b.count) + 1) {
      let (x, y) = (a[a.count - place], b[b.count - place])
      guard x == y || x == 1 || y == 1 else { throw mismatch(a, b, axis: shape.count - place) }
      shape[shape.count - place] = x == 1 ? y : x
    }
    return shape
  }

  private static func mismatch(_ a: [Int], _ b: [Int], axis: Int) -> Failure {
    let rank = Swift.max(a.count, b.count)
    let x = a[axis - rank + a.count]
    let y = b[axis - rank + b.count]
    return Failure(
      "shapes \(text(of: a)) and \(text(of: b)) do not broadcast: axis \(axis) has \(x) and \(y)",
      labels: [
        Failure.Label(.position(0), "shape \(text(of: a))"),
        Failure.Label(.position(1), "shape \(text(of: b))"),
      ])
  }

  /// The tensor repeated along axes of extent 1, and along new axes in front.
  public func broadcast(to shape: [Int]) throws -> Tensor {
    if shape == self.shape { return self }
    guard try Tensor.broadcastShape(self.shape, shape) == shape else {
      throw Failure(
        "cannot broadcast \(Tensor.text(of: self.shape)) to \(Tensor.text(of: shape))")
    }
    try Tensor.checkSize(shape)
    return gathered(shape: shape, strides: broadcastStrides(to: shape))
  }

  /// Strides that walk this tensor along the axes of a shape it broadcasts to: 0 where it repeats.
  func broadcastStrides(to shape: [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: shape.count)
    let added = shape.count - rank
    var product = 1
    for axis in self.shape.indices.reversed() {
      result[axis + added] = self.shape[axis] == 1 ? 0 : product
      product *= self.shape[axis]
    }
    return result
  }

  /// The sum over the axes along which a tensor of `shape` was repeated to give this one: how a
  /// gradient flows back through broadcasting.
  public func summed(to shape: [Int]) throws -> Tensor {
    if shape == self.shape { return self }
    let added = rank - shape.count
    var axes: [Int] = []
    for axis in 0..<rank where axis < added || shape[axis - added] != self.shape[axis] {
      axes.append(axis)
    }
    let sum = try sum(axes: axes, keepDimensions: true)
    return Tensor(shape: shape, buffer: sum.buffer)
  }
}
