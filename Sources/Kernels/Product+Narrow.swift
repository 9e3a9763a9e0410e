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
    // The rows of A' are contiguous.
    turned(bLimit: a.place(0, inner - 1) + rows)
    return true
  }

  /// Inner indices from which it pays to turn the result in the place of the larger factor.
  private static let longTurn = 1024

  /// Whether B, which lies along a long inner index and would be turned, is larger than A: C' = B' A' reads it
  /// as it lies, and only A is turned.
  var turnsLess: Bool {
    b.row == 1 && b.column > 1 && a.column == 1 && 2 * rows <= columns
      && rows >= 2 * Lanes.width && inner >= StridedProduct.longTurn && cPanel == 2 * Lanes.width
  }

  /// C' = B' A'; sums are in the same order.
  func turned(bLimit: Floats) {
    let aside = Scratch.floats(.result, columns * rows)
    if accumulate {
      for j in 0..<columns {
        for i in 0..<rows { aside[j &* rows &+ i] = c[i &* cRow &+ j] }
      }
    }
    let turned = StridedProduct(
      rows: columns, columns: rows, inner: inner,
      a: Matrix(base: b.base, row: b.column, column: b.row),
      b: Matrix(base: a.base, row: a.column, column: a.row), bLimit: bLimit, c: aside,
      cRow: rows, accumulate: accumulate)
    turned.run()
    for i in 0..<rows {
      for j in 0..<columns { c[i &* cRow &+ j] = aside[j &* rows &+ i] }
    }
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
