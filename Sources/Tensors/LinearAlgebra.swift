import Execution

/// A small dense matrix of float64 numbers, kept by columns.
struct Matrix {
  var rows: Int
  var columns: [[Double]]

  init(_ tensor: Tensor, transposed: Bool = false) {
    let extent = tensor.shape[tensor.rank - 1]
    let height = tensor.shape[0]
    rows = transposed ? extent : height
    let numbers = tensor.elements
    if transposed {
      columns = (0..<height).map { row in
        numbers[(row * extent)..<((row + 1) * extent)].map(Double.init)
      }
    } else {
      columns = (0..<extent).map { column in
        (0..<height).map { Double(numbers[$0 * extent + column]) }
      }
    }
  }

  init(rows: Int, columns: [[Double]]) {
    self.rows = rows
    self.columns = columns
  }

  /// The matrix as a tensor [rows, columns].
  var tensor: Tensor {
    Tensor(shape: [rows, columns.count]) { out in
      for (j, column) in columns.enumerated() {
        for i in 0..<rows { out[i * columns.count + j] = Float(column[i]) }
      }
    }
  }

  /// The transposed matrix as a tensor.
  var transposedTensor: Tensor {
    Tensor(shape: [columns.count, rows]) { out in
      for (j, column) in columns.enumerated() {
        for i in 0..<rows { out[j * rows + i] = Float(column[i]) }
      }
    }
  }
}

/// The singular value decomposition A = U diag(s) V^T of a matrix with rows >= columns.
///
/// One-sided Jacobi: columns are rotated in pairs until all are orthogonal (Hestenes 1958; Demmel
/// and Veselic, "Jacobi's method is more accurate than QR", 1992).
struct SingularValues {
  private(set) var left: Matrix
  private(set) var values: [Double] = []
  private(set) var right: Matrix

  init(_ matrix: Matrix) throws {
    left = matrix
    let size = matrix.columns.count
    right = Matrix(
      rows: size,
      columns: (0..<size).map { j in (0..<size).map { $0 == j ? 1 : 0 } })
    for _ in 0..<60 {
      if try !sweep() { break }
    }
    normalize()
  }

  /// Whether some pair was still far from orthogonal.
  private mutating func sweep() throws -> Bool {
    var hasTurned = false
    let size = left.columns.count
    for p in 0..<Swift.max(size - 1, 0) {
      try Cancellation.current.check()
      for q in (p + 1)..<size {
        try Cancellation.current.check()
        let (a, b, c) = SingularValues.products(left.columns[p], left.columns[q])
        guard Swift.abs(c) > 1e-15 * (a * b).squareRoot(), c != 0 else { continue }
        hasTurned = true
        let zeta = (b - a) / (2 * c)
        let tangent = (zeta < 0 ? -1 : 1) / (Swift.abs(zeta) + (1 + zeta * zeta).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        SingularValues.turn(&left.columns, p, q, cosine, cosine * tangent)
        SingularValues.turn(&right.columns, p, q, cosine, cosine * tangent)
      }
    }
    return hasTurned
  }

  private static func products(
    _ x: [Double], _ y: [Double]
  ) -> (xx: Double, yy: Double, xy: Double) {
    var sums = (xx: 0.0, yy: 0.0, xy: 0.0)
    for i in x.indices {
      sums.xx += x[i] * x[i]
      sums.yy += y[i] * y[i]
      sums.xy += x[i] * y[i]
    }
    return sums
  }

  private static func turn(
    _ columns: inout [[Double]], _ p: Int, _ q: Int, _ cosine: Double, _ sine: Double
  ) {
    // Taken out, so that each is changed in place.
    var x: [Double] = []
    var y: [Double] = []
    swap(&x, &columns[p])
    swap(&y, &columns[q])
    for i in x.indices {
      let (a, b) = (x[i], y[i])
      x[i] = cosine * a - sine * b
      y[i] = sine * a + cosine * b
    }
    swap(&x, &columns[p])
    swap(&y, &columns[q])
  }

  /// Sorts by size, makes columns of U unit, and completes U where a value is 0.
  private mutating func normalize() {
    let norms = left.columns.map { SingularValues.products($0, $0).xx.squareRoot() }
    let order = norms.indices.sorted { norms[$0] > norms[$1] }
    values = order.map { norms[$0] }
    right.columns = order.map { right.columns[$0] }
    let tiny = (values.first ?? 0) * 1e-14
    var columns: [[Double]] = []
    for (place, j) in order.enumerated() {
      let isNothing = values[place] <= tiny
      columns.append(
        isNothing ? completed(columns) : left.columns[j].map { $0 / norms[j] })
    }
    left.columns = columns
  }

  /// A unit vector orthogonal to the given ones: what is left of some axis.
  private func completed(_ columns: [[Double]]) -> [Double] {
    for axis in 0..<left.rows {
      var vector = [Double](repeating: 0, count: left.rows)
      vector[axis] = 1
      for _ in 0..<2 {
        for column in columns {
          let share = SingularValues.products(vector, column).xy
          for i in vector.indices { vector[i] -= share * column[i] }
        }
      }
      let norm = SingularValues.products(vector, vector).xx.squareRoot()
      if norm > 0.5 / Double(left.rows).squareRoot() { return vector.map { $0 / norm } }
    }
    return [Double](repeating: 0, count: left.rows)
  }
}
