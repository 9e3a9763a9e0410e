import Execution
import Kernels

extension Tensor {
  /// The same numbers under another shape; one extent may be -1, "whatever is left".
  public func reshaped(_ shape: [Int]) throws -> Tensor {
    if shape == self.shape { return self }
    return Tensor(shape: try Tensor.reshapedShape(self.shape, to: shape), buffer: buffer)
  }

  /// The shape that a tensor of shape `old` gets, in which one extent may be -1.
  ///
  /// - Throws: `Failure` that names both shapes where the numbers of elements differ.
  public static func reshapedShape(_ old: [Int], to new: [Int]) throws -> [Int] {
    let count = count(of: old)
    let resolved = try resolved(new, count: count, of: old)
    try checkSize(resolved)
    guard self.count(of: resolved) == count else { throw cannotReshape(old, new, count) }
    return resolved
  }

  private static func resolved(_ shape: [Int], count: Int, of old: [Int]) throws -> [Int] {
    let unknown = shape.indices.filter { shape[$0] == -1 }
    guard let place = unknown.first else { return shape }
    let known = shape.reduce(1) { $1 == -1 ? $0 : $0 &* $1 }
    guard unknown.count == 1, known > 0, count % known == 0 else {
      throw cannotReshape(old, shape, count)
    }
    var resolved = shape
    resolved[place] = count / known
    return resolved
  }

  private static func cannotReshape(_ old: [Int], _ new: [Int], _ count: Int) -> Failure {
    let wanted = new.contains { $0 < 0 } ? "" : " (\(new.reduce(1, &*)) elements)"
    return Failure(
      "cannot reshape \(text(of: old)) (\(count) elements) to \(text(of: new))\(wanted)",
      hint: new.filter { $0 == -1 }.count > 1 ? "only one extent may be -1" : nil)
  }

  /// Tensors one after the other along an axis that is there.
  public static func concat(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    let shape = try concatShape(tensors.map(\.shape), axis: axis)
    try checkSize(shape)
    let place = try Tensor.axis(axis, rank: shape.count)
    return joined(tensors, shape: shape, outer: product(shape, 0..<place))
  }

  /// The shape of tensors of these shapes one after the other along an axis.
  public static func concatShape(_ shapes: [[Int]], axis: Int = 0) throws -> [Int] {
    guard let first = shapes.first else { throw Failure("concat needs at least one tensor") }
    let place = try Tensor.axis(axis, rank: first.count)
    var result = first
    for (number, shape) in shapes.enumerated().dropFirst() {
      var other = shape
      if other.count == first.count { other[place] = first[place] }
      guard other == first else {
        throw Failure(
          "concat along axis \(place) needs equal shapes elsewhere, but tensor 0 has "
            + "\(text(of: first)) and tensor \(number) has \(text(of: shape))")
      }
      result[place] += shape[place]
    }
    return result
  }

  private static func joined(_ tensors: [Tensor], shape: [Int], outer: Int) -> Tensor {
    let result = FloatBuffer(uninitialized: count(of: shape))
    guard result.count > 0 else { return Tensor(shape: shape, buffer: result) }
    let row = result.count / outer
    var start = 0
    for tensor in tensors {
      let length = tensor.count / outer
      let blocks = Elementwise.Blocks(
        starts: [start], extents: [outer, length], strides: [row, 1])
      Elementwise.scatter(tensor.buffer, to: blocks, of: result)
      start += length
    }
    return Tensor(shape: shape, buffer: result)
  }

  /// Tensors of one shape along a new axis.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    let shape = try stackShape(tensors.map(\.shape), axis: axis)
    try checkSize(shape)
    let place = try Tensor.axis(axis, rank: shape.count)
    return joined(tensors, shape: shape, outer: product(shape, 0..<place))
  }

  /// The shape of tensors of these shapes along a new axis.
  public static func stackShape(_ shapes: [[Int]], axis: Int = 0) throws -> [Int] {
    guard let first = shapes.first else { throw Failure("stack needs at least one tensor") }
    let place = try Tensor.axis(axis, rank: first.count + 1)
    for (number, shape) in shapes.enumerated() where shape != first {
      throw Failure(
        "stack needs equal shapes, but tensor 0 has \(text(of: first)) and tensor "
          + "\(number) has \(text(of: shape))")
    }
    var result = first
    result.insert(shapes.count, at: place)
    return result
  }

  /// A range of places along an axis.
  public func part(axis: Int, _ range: Range<Int>) throws -> Tensor {
    let axis = try self.axis(axis)
    guard range.lowerBound >= 0, range.upperBound <= self.shape[axis] else {
      throw Failure("places \(range) are outside axis \(axis), which has \(self.shape[axis])")
    }
    var shape = self.shape
    shape[axis] = range.count
    let strides = self.strides
    return gathered(shape: shape, strides: strides, starts: [range.lowerBound * strides[axis]])
  }

  /// The parts of lengths `lengths` along an axis, one after the other.
  public func split(_ lengths: [Int], axis: Int) throws -> [Tensor] {
    let place = try self.axis(axis)
    guard lengths.reduce(0, +) == shape[place], lengths.allSatisfy({ $0 >= 0 }) else {
      throw Failure(
        "cannot split axis \(place) of \(Tensor.text(of: shape)) into lengths "
          + "\(Tensor.text(of: lengths))")
    }
    var start = 0
    return try lengths.map { length in
      start += length
      return try part(axis: place, (start - length)..<start)
    }
  }

  /// The rows of a table [V, ...] that the elements of an index name.
  public static func rows(of table: Tensor, _ index: Tensor) throws -> Places {
    guard let extent = table.shape.first else {
      throw Failure("gather needs a table with at least one axis")
    }
    return Places(shape: index.shape, try index.positions(extent: extent, axis: 0))
  }

  /// Rows of a table [V, ...] by number: [index shape..., ...].
  public static func gather(_ table: Tensor, _ index: Tensor) throws -> Tensor {
    try gather(table, try rows(of: table, index))
  }

  /// Rows of a table [V, ...] by place: [index shape..., ...].
  public static func gather(_ table: Tensor, _ index: Places) throws -> Tensor {
    guard table.rank > 0 else { throw Failure("gather needs a table with at least one axis") }
    let size = table.count(1..<table.rank)
    let starts = try index.positions(extent: table.shape[0], axis: 0).mappedInStretches {
      $0 * size
    }
    let shape = index.shape + table.shape.dropFirst()
    try checkSize(shape)
    return table.gathered(shape: shape, strides: [1], starts: starts, extents: [size])
  }

  /// Adds rows [index shape..., ...] into a table of zeros [V, ...]: how a gradient passes
  /// `gather`.
  public static func scattered(_ rows: Tensor, _ index: Places, into shape: [Int]) throws -> Tensor
  {
    let size = product(shape, 1..<shape.count)
    let starts = try index.positions(extent: shape[0], axis: 0).mappedInStretches { $0 * size }
    let table = FloatBuffer(repeating: 0, count: count(of: shape))
    let blocks = Elementwise.Blocks(starts: starts, extents: [size], strides: [1])
    Elementwise.scatter(rows.buffer, to: blocks, of: table, adding: true)
    return Tensor(shape: shape, buffer: table)
  }

  /// A 1 at each index, else 0: [index shape..., classes].
  public static func oneHot(_ index: Tensor, classes: Int) throws -> Tensor {
    guard classes >= 0 else { throw Failure("one_hot needs a count of classes, found \(classes)") }
    let places = try index.positions(extent: classes, axis: 0)
    try checkSize(index.shape + [classes])
    let result = FloatBuffer(repeating: 0, count: places.count * classes)
    try result.write { out in
      try Stretches.forEach(places.count) {
        for row in $0 { out[row * classes + places[row]] = 1 }
      }
    }
    return Tensor(shape: index.shape + [classes], buffer: result)
  }
}
