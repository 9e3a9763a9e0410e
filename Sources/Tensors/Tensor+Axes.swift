import Execution
import Kernels

extension Tensor {
  /// The axis counted from 0; negative ones count from the end.
  public func axis(_ axis: Int) throws -> Int { try Tensor.axis(axis, rank: rank) }

  static func axis(_ axis: Int, rank: Int) throws -> Int {
    let place = axis < 0 ? axis + rank : axis
    guard place >= 0, place < rank else {
      throw Failure(
        rank == 0
          ? "a single number has no axis \(axis)"
          : "axis \(axis) is outside a tensor of rank \(rank), whose axes are 0 to \(rank - 1)")
    }
    return place
  }

  /// The axes counted from 0 in ascending order, all of them for nil; each may be named once.
  func axes(_ axes: [Int]?) throws -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let places = try axes.map { try axis($0) }.sorted()
    for (one, next) in zip(places, places.dropFirst()) where one == next {
      throw Failure("axis \(one) is named twice")
    }
    return places
  }

  /// The product of the extents in a range of axes.
  func count(_ axes: Range<Int>) -> Int {
    var product = 1
    for axis in axes { product *= shape[axis] }
    return product
  }

  /// Places from one number to the next along each axis.
  var strides: [Int] { Tensor.strides(of: shape) }

  static func strides(of shape: [Int]) -> [Int] {
    var strides = shape
    var product = 1
    for axis in shape.indices.reversed() {
      strides[axis] = product
      product *= shape[axis]
    }
    return strides
  }

  /// A copy that reads this tensor's numbers along other strides.
  func gathered(
    shape: [Int], strides: [Int], starts: [Int] = [0], extents: [Int]? = nil
  ) -> Tensor {
    let blocks = Elementwise.Blocks(
      starts: starts, extents: extents ?? shape, strides: strides)
    let result = FloatBuffer(uninitialized: Tensor.count(of: shape))
    Elementwise.gather(blocks, of: buffer, into: result)
    return Tensor(shape: shape, buffer: result)
  }
}
