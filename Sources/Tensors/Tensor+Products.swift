import Execution
import Kernels

extension Tensor {
  /// The matrix product by NumPy's rules.
  ///
  /// A vector on the left is a row, on the right a column, and its axis is left out of the result;
  /// axes before the last two are a batch and broadcast.
  public func matrixMultiplied(by other: Tensor) throws -> Tensor {
    let shape = try Tensor.productShape(shape, other.shape)
    let a = rank == 1 ? Tensor(shape: [1, count], buffer: buffer) : self
    let b = other.rank == 1 ? Tensor(shape: [other.count, 1], buffer: other.buffer) : other
    var product = try a.product(b)
    product.shape = shape
    return product
  }

  /// The shape of the matrix product of two shapes.
  ///
  /// - Throws: `Failure` that names both shapes, with a label for each operand.
  public static func productShape(_ a: [Int], _ b: [Int]) throws -> [Int] {
    guard !a.isEmpty, !b.isEmpty else {
      throw productMismatch(a, b, "a matrix product needs at least one axis on both sides")
    }
    let left = a.count == 1 ? [1] + a : a
    let right = b.count == 1 ? b + [1] : b
    let (inner, rows) = (left[left.count - 1], right[right.count - 2])
    let mismatch = "shapes \(text(of: a)) and \(text(of: b)) do not multiply: "
    guard inner == rows else {
      throw productMismatch(
        a, b,
        mismatch + "the last axis of the first has \(inner), the rows of the second are \(rows)")
    }
    let batches = (Array(left.dropLast(2)), Array(right.dropLast(2)))
    guard var shape = try? broadcastShape(batches.0, batches.1) else {
      throw productMismatch(a, b, mismatch + "the axes before the last two do not broadcast")
    }
    if a.count > 1 { shape.append(left[left.count - 2]) }
    if b.count > 1 { shape.append(right[right.count - 1]) }
    return shape
  }

  private static func productMismatch(_ a: [Int], _ b: [Int], _ message: String) -> Failure {
    Failure(
      message,
      labels: [
        Failure.Label(.position(0), "shape \(text(of: a))"),
        Failure.Label(.position(1), "shape \(text(of: b))"),
      ])
  }

  /// The product of batches of matrices [..., M, K] and [..., K, N]; either may be stored with its
  /// last two axes swapped.
  public func product(
    _ other: Tensor, transposed: Bool = false, otherTransposed: Bool = false
  ) throws -> Tensor {
    let rows = shape[rank - (transposed ? 1 : 2)]
    let inner = shape[rank - (transposed ? 2 : 1)]
    let columns = other.shape[other.rank - (otherTransposed ? 2 : 1)]
    let batch = try Tensor.broadcastShape(Array(shape.dropLast(2)), Array(other.shape.dropLast(2)))
    let resultShape = batch + [rows, columns]
    try Tensor.checkSize(resultShape)
    let result = FloatBuffer(uninitialized: Tensor.count(of: resultShape))
    let product = MatrixProduct(
      rows: rows, columns: columns, inner: inner, a: buffer, aSwapped: transposed,
      b: other.buffer, bSwapped: otherTransposed, result: result)
    if other.rank == 2, !transposed {
      try product.joined(Tensor.count(of: batch))
    } else {
      try product.each(
        try Tensor.batchPlaces(shape, batch), try Tensor.batchPlaces(other.shape, batch))
    }
    return Tensor(shape: resultShape, buffer: result)
  }

  /// x W^T + b for x [N, D], W [H, D] and b [H], or the positive part of it: [N, H].
  public func linear(weight: Tensor, bias: Tensor, rectified: Bool = false) throws -> Tensor {
    try linear(
      weight, isTurned: false, ending: PaddedRow(bias.buffer), rectified: rectified)
  }

  /// The same for a weight that has been turned, [D, H], and a bias that has been padded.
  public func linear(
    turned weight: Tensor, bias: PaddedRow, rectified: Bool = false
  ) throws -> Tensor {
    try linear(weight, isTurned: true, ending: bias, rectified: rectified)
  }

  private func linear(
    _ weight: Tensor, isTurned: Bool, ending: PaddedRow, rectified: Bool
  ) throws -> Tensor {
    let resultShape = [shape[0], weight.shape[isTurned ? 1 : 0]]
    try Tensor.checkSize(resultShape)
    let result = FloatBuffer(uninitialized: Tensor.count(of: resultShape))
    let product = MatrixProduct(
      rows: shape[0], columns: resultShape[1], inner: shape[1], a: buffer, aSwapped: false,
      b: weight.buffer, bSwapped: !isTurned, result: result, ending: ending,
      rectifies: rectified)
    try product.joined(1)
    return Tensor(shape: resultShape, buffer: result)
  }

  /// The same for parts [N, Dj] of x that stand side by side, D their sum, without joining them.
  public static func linear(
    _ parts: [Tensor], weight: Tensor, bias: Tensor, rectified: Bool = false
  ) throws -> Tensor {
    let resultShape = [parts[0].shape[0], weight.shape[0]]
    try checkSize(resultShape)
    let result = FloatBuffer(uninitialized: count(of: resultShape))
    let ending = PaddedRow(bias.buffer)
    for (number, (part, place)) in zip(parts, starts(parts)).enumerated() {
      let isLast = number == parts.count - 1
      let product = MatrixProduct(
        rows: resultShape[0], columns: resultShape[1], inner: part.shape[1], a: part.buffer,
        aSwapped: false, b: weight.buffer, bSwapped: true, result: result,
        ending: isLast ? ending : nil, rectifies: isLast && rectified, bRow: weight.shape[1],
        bStart: place, accumulates: number > 0)
      try product.joined(1)
    }
    return Tensor(shape: resultShape, buffer: result)
  }

  /// The gradients of parts [N, Dj] that stand side by side, from that of the result, this tensor
  /// [N, H], and a weight [H, D]; nil where none is wanted.
  public func linearGradients(
    of parts: [Tensor], weight: Tensor, wanted: [Bool]
  ) throws -> [Tensor?] {
    try zip(zip(parts, wanted), Tensor.starts(parts)).map { part, place in
      guard part.1 else { return nil }
      let result = FloatBuffer(uninitialized: part.0.count)
      let product = MatrixProduct(
        rows: shape[0], columns: part.0.shape[1], inner: shape[1], a: buffer, aSwapped: false,
        b: weight.buffer, bSwapped: false, result: result, bRow: weight.shape[1], bStart: place)
      try product.joined(1)
      return Tensor(shape: part.0.shape, buffer: result)
    }
  }

  /// The gradient [H, D] of a weight, from that of the result, this tensor [N, H], and parts [N, Dj] that
  /// stand side by side.
  public func linearWeightGradient(of parts: [Tensor]) throws -> Tensor {
    let resultShape = [shape[1], parts.reduce(0) { $0 + $1.shape[1] }]
    let result = FloatBuffer(uninitialized: Tensor.count(of: resultShape))
    for (part, place) in zip(parts, Tensor.starts(parts)) {
      let product = MatrixProduct(
        rows: resultShape[0], columns: part.shape[1], inner: shape[0], a: buffer, aSwapped: true,
        b: part.buffer, bSwapped: false, result: result, resultRow: resultShape[1],
        resultStart: place)
      try product.joined(1)
    }
    return Tensor(shape: resultShape, buffer: result)
  }

  /// Where parts that stand side by side begin.
  private static func starts(_ parts: [Tensor]) -> [Int] {
    var place = 0
    return parts.map { part in
      defer { place += part.shape[1] }
      return place
    }
  }

  /// For each matrix of a broadcast batch the number of the one that an operand gives.
  private static func batchPlaces(_ shape: [Int], _ batch: [Int]) throws -> [Int] {
    try repeatedPlaces(of: Array(shape.dropLast(2)), in: batch)
  }

  /// The last two axes swapped.
  public func transposed() throws -> Tensor {
    guard rank >= 2 else {
      throw Failure(
        "transposing needs at least two axes, but the shape is \(Tensor.text(of: shape))")
    }
    return try permuted(Array(0..<(rank - 2)) + [rank - 1, rank - 2])
  }

  /// The axes in another order: axis i of the result is axis `order[i]` of this tensor.
  public func permuted(_ order: [Int]) throws -> Tensor {
    let places = try order.map { try axis($0) }
    guard places.sorted() == Array(0..<rank) else {
      throw Failure(
        "an order of axes must name each of \(rank) axes once, but it is \(Tensor.text(of: order))")
    }
    if places == Array(0..<rank) { return self }
    let strides = self.strides
    return gathered(shape: places.map { shape[$0] }, strides: places.map { strides[$0] })
  }
}

/// A product of matrices that lie one after the other in buffers.
private struct MatrixProduct {
  let rows: Int
  let columns: Int
  let inner: Int
  let a: FloatBuffer
  let aSwapped: Bool
  let b: FloatBuffer
  let bSwapped: Bool
  let result: FloatBuffer
  /// What is added to each row of the result.
  var ending: PaddedRow?
  var rectifies = false
  /// From one stored row of B to the next, if B is a part of wider rows, and where it begins in them.
  var bRow: Int?
  var bStart = 0
  /// The same for the result.
  var resultRow: Int?
  var resultStart = 0
  /// Whether the product is added to the result.
  var accumulates = false

  private func left(_ offset: Int) -> Product.Operand {
    Product.Operand(
      a, offset: offset, rowStride: aSwapped ? 1 : inner, columnStride: aSwapped ? rows : 1)
  }

  private func right(_ offset: Int) -> Product.Operand {
    Product.Operand(
      b, offset: bStart + offset, rowStride: bSwapped ? 1 : bRow ?? columns,
      columnStride: bSwapped ? bRow ?? inner : 1)
  }

  /// Multiplications between two looks at whether the user wants to stop: some 20 ms of one core.
  private static let portion = 1 << 30

  /// All matrices of the left against one on the right, as a single product.
  func joined(_ batch: Int) throws {
    try multiply(rows: batch * rows, left: 0, right: 0, into: 0)
  }

  func each(_ aPlaces: [Int], _ bPlaces: [Int]) throws {
    for (number, (x, y)) in zip(aPlaces, bPlaces).enumerated() {
      try multiply(
        rows: rows, left: x * rows * inner, right: y * inner * columns,
        into: number * rows * columns)
    }
  }

  /// One product in portions of whole rows, between which the user may stop it.
  private func multiply(rows: Int, left start: Int, right: Int, into place: Int) throws {
    // A tile of the kernel has 8 rows; portions are multiples of it.
    let portion = max(64, MatrixProduct.portion / max(1, inner * columns) / 64 * 64)
    var row = 0
    repeat {
      if row > 0 { try Cancellation.current.check() }
      let count = min(portion, rows - row)
      Product.multiply(
        rows: count, columns: columns, inner: inner,
        left(start + row * (aSwapped ? 1 : inner)), self.right(right), into: result,
        offset: resultStart + place + row * (resultRow ?? columns),
        rowStride: resultRow ?? columns, accumulate: accumulates, ending: ending,
        rectifies: rectifies)
      row += count
    } while row < rows
  }
}
