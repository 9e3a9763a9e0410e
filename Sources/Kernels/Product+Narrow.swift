extension StridedProduct {
  /// Few rows or columns: vectors run along the inner index, or along the rows.
  ///
  /// - Returns: false where tiles are as good.
  func runNarrow() -> Bool {
    if a.column == 1 && isNarrow && inner >= (columns <= 2 ? 2 : 8) * Lanes.width {
      runDots(left: a, right: contiguous(b, columns))
      return true
    }
    if b.row == 1 && rows <= 2 && inner >= 8 * Lanes.width {
      let turned = contiguous(Matrix(base: a.base, row: a.column, column: a.row), rows)
      runDots(left: Matrix(base: turned.base, row: turned.column, column: 1), right: b)
      return true
    }
    return isNarrow && runTurned()
  }

  private var isNarrow: Bool { columns < Lanes.width / 2 }

  private func runTurned() -> Bool {
    guard a.row == 1 && rows >= Lanes.width else { return false }
    // C' = B' A': the rows of A' are contiguous.
    let aside = Scratch.floats(.result, columns * rows)
    if accumulate {
      for j in 0..<columns {
        for i in 0..<rows { aside[j &* rows &+ i] = c[i &* cRow &+ j] }
      }
    }
    let end = a.place(0, inner - 1) + rows
    let turned = StridedProduct(
      rows: columns, columns: rows, inner: inner,
      a: Matrix(base: b.base, row: b.column, column: b.row),
      b: Matrix(base: a.base, row: a.column, column: 1), bLimit: end, c: aside, cRow: rows,
      accumulate: accumulate)
    turned.run()
    for j in 0..<columns {
      for i in 0..<rows { c[i &* cRow &+ j] = aside[j &* rows &+ i] }
    }
    return true
  }

  /// A matrix [K,N] whose columns are contiguous, copied if need be.
  private func contiguous(_ matrix: Matrix, _ columns: Int) -> Matrix {
    if matrix.row == 1 { return matrix }
    let aside = Scratch.floats(.result, columns * inner)
    for j in 0..<columns {
      for k in 0..<inner { aside[j &* inner &+ k] = matrix.place(k, j)[0] }
    }
    return Matrix(base: Floats(aside), row: 1, column: inner)
  }
}
