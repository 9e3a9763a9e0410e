import Execution

/// Small dense linear algebra, computed in float64.
extension Tensor {
  private func requireMatrix(_ what: String) throws {
    guard rank == 2 else {
      throw Failure("\(what) needs a matrix, but the shape is \(Tensor.text(of: shape))")
    }
    guard isFinite else {
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

  /// What `pca` finds.
  public struct PrincipalComponents {
    /// The rows in components [N, K].
    public let scores: Tensor
    /// The components [K, D], zeros beyond the rank.
    public let components: Tensor
    /// The variance along each [K], divisor N - 1.
    public let variances: Tensor
    /// The mean [D].
    public let mean: Tensor
    /// In how many directions the rows differ, by more than float32 numbers are rounded.
    public let rank: Int
  }

  /// Principal components of rows [N, D].
  ///
  /// Works on the smaller of the two matrices of products; each component's largest entry is
  /// positive. Beyond the rank there is no direction but that of rounding: scores are 0 there.
  public func pca(components: Int? = nil) throws -> PrincipalComponents {
    try requireMatrix("pca")
    let (rows, size) = (shape[0], shape[1])
    guard rows > 1 else { throw Failure("pca needs at least two rows, found \(rows)") }
    let kept = components ?? Swift.min(rows, size)
    guard kept >= 1, kept <= Swift.min(rows, size) else {
      throw Failure(
        "pca of shape \(Tensor.text(of: shape)) has between 1 and \(Swift.min(rows, size)) "
          + "components, but \(kept) were asked for")
    }
    var centred = Matrix(self, transposed: size > rows)
    let mean = centred.centre(isTransposed: size > rows)
    let found = try SingularValues(centred.productOfColumns())
    // Singular values are the roots of those of the products.
    let rounding = Double(Swift.max(rows, size)) * Double(Float.ulpOfOne)
    let least = (found.values.first ?? 0) * rounding * rounding
    let rank = found.values.prefix(kept).count { $0 > least }
    let axes =
      size > rows
      ? try centred.directions(found, rank) : found.left.columns.prefix(rank).map { $0 }
    let signed = axes.map { axis in
      let largest = axis.max { Swift.abs($0) < Swift.abs($1) } ?? 0
      return largest < 0 ? axis.map { -$0 } : axis
    }
    func filled(_ columns: [[Double]], _ height: Int) -> Matrix {
      let nothing = [Double](repeating: 0, count: height)
      return Matrix(
        rows: height, columns: columns + Array(repeating: nothing, count: kept - rank))
    }
    let scores = try signed.map { try centred.scores($0, isTransposed: size > rows) }
    let variances = found.values.prefix(kept).enumerated().map { place, value in
      place < rank ? Float(value / Double(rows - 1)) : 0
    }
    return PrincipalComponents(
      scores: filled(scores, rows).tensor, components: filled(signed, size).transposedTensor,
      variances: Tensor(variances), mean: Tensor(mean.map { Float($0) }), rank: rank)
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

  /// Takes from each row the mean of the rows, which is given back.
  fileprivate mutating func centre(isTransposed: Bool) -> [Double] {
    guard isTransposed else {
      return columns.indices.map { place in
        let mean = columns[place].reduce(0, +) / Double(rows)
        for i in columns[place].indices { columns[place][i] -= mean }
        return mean
      }
    }
    var mean = [Double](repeating: 0, count: rows)
    for column in columns { for i in mean.indices { mean[i] += column[i] } }
    for i in mean.indices { mean[i] /= Double(columns.count) }
    for place in columns.indices { for i in mean.indices { columns[place][i] -= mean[i] } }
    return mean
  }

  /// How far each row goes along an axis.
  fileprivate func scores(_ axis: [Double], isTransposed: Bool) throws -> [Double] {
    try Cancellation.current.check()
    if isTransposed {
      return columns.map { row in
        var sum = 0.0
        for i in axis.indices { sum += row[i] * axis[i] }
        return sum
      }
    }
    var sums = [Double](repeating: 0, count: rows)
    for (column, share) in zip(columns, axis) {
      for i in sums.indices { sums[i] += share * column[i] }
    }
    return sums
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
