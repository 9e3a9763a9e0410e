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

  /// Rows of A by columns of B, both contiguous.
  private func runDots(left: Matrix, right: Matrix) {
    for j in 0..<columns {
      let column = right.place(0, j)
      for i in 0..<rows {
        let sum = StridedProduct.dot(left.place(i, 0), column, inner)
        let place = c + i &* cRow + j
        place.pointee = accumulate ? place.pointee + sum : sum
      }
    }
  }

  /// Sum of products in four vectors, then over their lanes.
  @inline(never)
  static func dot(_ a: Floats, _ b: Floats, _ count: Int) -> Float {
    let width = Lanes.width
    var s0 = Lanes.zero
    var s1 = Lanes.zero
    var s2 = Lanes.zero
    var s3 = Lanes.zero
    var k = 0
    while k &+ 4 &* width <= count {
      let x = a + k
      let y = b + k
      s0.add(Lanes(at: x), Lanes(at: y))
      s1.add(Lanes(at: x + width), Lanes(at: y + width))
      s2.add(Lanes(at: x + 2 &* width), Lanes(at: y + 2 &* width))
      s3.add(Lanes(at: x + 3 &* width), Lanes(at: y + 3 &* width))
      k &+= 4 &* width
    }
    while k &+ width <= count {
      s0.add(Lanes(at: a + k), Lanes(at: b + k))
      k &+= width
    }
    var sum = ((s0 + s1) + (s2 + s3)).sum()
    while k < count {
      sum += a[k] * b[k]
      k &+= 1
    }
    return sum
  }
}
