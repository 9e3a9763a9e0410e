import Execution

/// Small dense linear algebra, computed in float64.
extension Tensor {
  private func requireMatrix(_ what: String) throws {
    guard rank == 2 else {
      throw Failure("\(what) needs a matrix, but the shape is \(Tensor.text(of: shape))")
    }
    guard try sum().item?.isFinite == true else {
      throw Failure("\(what) needs finite numbers, but some are NaN or infinite")
    }
  }

  /// The singular value decomposition of a matrix [M, N], K = min(M, N).
  ///
  /// - Returns: U [M, K], the values [K] from the largest down, and V^T [K, N].
  public func svd() throws -> (left: Tensor, values: Tensor, right: Tensor) {
    try requireMatrix("svd")
    let isWide = shape[0] < shape[1]
    let found = try SingularValues(Matrix(self, transposed: isWide))
    let values = Tensor(found.values.map(Float.init))
    return isWide
      ? (found.right.tensor, values, found.left.transposedTensor)
      : (found.left.tensor, values, found.right.transposedTensor)
  }

  /// Principal components of rows [N, D].
  ///
  /// Works on the smaller of the two matrices of products; each component's largest entry is
  /// positive.
  ///
  /// - Returns: the rows in components [N, K], the components [K, D], the variance along each [K]
  ///   (divisor N - 1), and the mean [D].
  public func pca(
    components: Int? = nil
  ) throws -> (scores: Tensor, components: Tensor, variances: Tensor, mean: Tensor) {
    try requireMatrix("pca")
    let (rows, size) = (shape[0], shape[1])
    guard rows > 1 else { throw Failure("pca needs at least two rows, found \(rows)") }
    let kept = components ?? Swift.min(rows, size)
    guard kept >= 1, kept <= Swift.min(rows, size) else {
      throw Failure(
        "pca of shape \(Tensor.text(of: shape)) has between 1 and \(Swift.min(rows, size)) "
          + "components, but \(kept) were asked for")
    }
    let mean = try self.mean(axis: 0)
    let centred = Matrix(try subtracting(mean), transposed: size > rows)
    let found = try SingularValues(centred.productOfColumns())
    let axes =
      size > rows ? try centred.directions(found, kept) : found.left.columns.prefix(kept).map { $0 }
    let signed = axes.map { axis in
      let largest = axis.max { Swift.abs($0) < Swift.abs($1) } ?? 0
      return largest < 0 ? axis.map { -$0 } : axis
    }
    let directions = Matrix(rows: size, columns: signed).transposedTensor
    let scores = try subtracting(mean).product(directions, otherTransposed: true)
    let variances = found.values.prefix(kept).map { Float($0 / Double(rows - 1)) }
    return (scores, directions, Tensor(variances), mean)
  }

  /// The solution X of A X = B for a square A [N, N] and B [N] or [N, K], by elimination with
  /// pivots.
  public func solve(_ right: Tensor) throws -> Tensor {
    try requireMatrix("solve")
    guard shape[0] == shape[1], right.rank == 1 || right.rank == 2, right.shape[0] == shape[0]
    else {
      throw Failure(
        "solve needs a square matrix and as many right-hand rows, but the shapes are "
          + "\(Tensor.text(of: shape)) and \(Tensor.text(of: right.shape))")
    }
    let size = shape[0]
    let width = right.rank == 1 ? 1 : right.shape[1]
    let (a, b) = (elements, right.elements)
    var table = try (0..<size).map { row in
      try Cancellation.current.check()
      return (0..<size).map { Double(a[row * size + $0]) }
        + (0..<width).map { Double(b[row * width + $0]) }
    }
    try Tensor.eliminate(&table, size: size)
    return Tensor(
      shape: right.shape,
      try table.flatMap { row in
        try Cancellation.current.check()
        return row[size...].map { Float($0) }
      })
  }

  /// Turns the left square of a table into the identity.
  private static func eliminate(_ table: inout [[Double]], size: Int) throws {
    let scale = table.reduce(0) { $1[..<size].reduce($0) { Swift.max($0, Swift.abs($1)) } }
    for column in 0..<size {
      try Cancellation.current.check()
      let pivot = (column..<size).max {
        Swift.abs(table[$0][column]) < Swift.abs(table[$1][column])
      }
      guard let pivot, Swift.abs(table[pivot][column]) > 1e-14 * scale else {
        throw Failure("the matrix is singular: its rank is below \(size)")
      }
      table.swapAt(column, pivot)
      let head = table[column][column]
      let row = table[column].map { $0 / head }
      table[column] = row
      for other in 0..<size where other != column {
        let share = table[other][column]
        if share == 0 { continue }
        for i in column..<row.count { table[other][i] -= share * row[i] }
      }
    }
  }
}

extension Matrix {
  /// The products of each pair of columns.
  fileprivate func productOfColumns() throws -> Matrix {
    var result = Matrix(
      rows: columns.count,
      columns: columns.map { _ in [Double](repeating: 0, count: columns.count) })
    for (i, x) in columns.enumerated() {
      try Cancellation.current.check()
      for j in i..<columns.count {
        let y = columns[j]
        var sum = 0.0
        for k in x.indices { sum += x[k] * y[k] }
        result.columns[i][j] = sum
        result.columns[j][i] = sum
      }
    }
    return result
  }

  /// With rows as columns: the directions that belong to vectors of the matrix of products.
  fileprivate func directions(_ found: SingularValues, _ kept: Int) throws -> [[Double]] {
    found.left.columns.prefix(kept).map { weights in
      var axis = [Double](repeating: 0, count: rows)
      for (column, weight) in zip(columns, weights) {
        for i in axis.indices { axis[i] += weight * column[i] }
      }
      let norm = axis.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return norm > 0 ? axis.map { $0 / norm } : axis
    }
  }
}
