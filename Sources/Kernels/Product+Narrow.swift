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
    if columns > 2 && inner % Lanes.width == 0 { return runDotTiles(left: left, right: right) }
    for j in 0..<columns {
      let column = right.place(0, j)
      for i in 0..<rows {
        let sum = StridedProduct.dot(left.place(i, 0), column, inner)
        let place = c + i &* cRow + j
        place.pointee = accumulate ? place.pointee + sum : sum
      }
    }
  }

  /// The same where numbers fill whole vectors, four rows and three columns at a time.
  private func runDotTiles(left: Matrix, right: Matrix) {
    var i = 0
    while i < rows {
      let together = i &+ 4 <= rows ? 4 : 1
      var j = 0
      while j < columns {
        let count = min(3, columns - j)
        let places = DotPlaces(
          a: left.place(i, 0), aRow: together == 4 ? left.row : 0, b: right.place(0, j),
          bColumn: right.column, c: c + i &* cRow + j, cRow: cRow, rows: together)
        switch count {
        case 3: StridedProduct.dots(places, inner, accumulate, count: 3)
        case 2: StridedProduct.dots(places, inner, accumulate, count: 2)
        default: StridedProduct.dots(places, inner, accumulate, count: 1)
        }
        j += count
      }
      i += together
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

/// Where four rows of A, a few columns of B and their dots lie; a single row counts four times.
struct DotPlaces {
  var a: Floats
  var aRow: Int
  var b: Floats
  var bColumn: Int
  var c: MutableFloats
  var cRow: Int
  /// Rows that are written, 4 or 1.
  var rows: Int
}

/// Four rows of vectors: of A, or of sums of products, lane by lane.
private struct FourDots {
  var s0 = Lanes.zero
  var s1 = Lanes.zero
  var s2 = Lanes.zero
  var s3 = Lanes.zero

  @inline(always) mutating func add(_ a: FourDots, _ b: Lanes) {
    s0.add(a.s0, b)
    s1.add(a.s1, b)
    s2.add(a.s2, b)
    s3.add(a.s3, b)
  }

  /// The sums over lanes.
  @inline(always) var sums: SIMD4<Float> {
    let low = SIMD8(lowHalf: FourDots.fold(s0), highHalf: FourDots.fold(s1))
    let high = SIMD8(lowHalf: FourDots.fold(s2), highHalf: FourDots.fold(s3))
    let pairs = SIMD8(lowHalf: low.evenHalf + low.oddHalf, highHalf: high.evenHalf + high.oddHalf)
    return pairs.evenHalf + pairs.oddHalf
  }

  /// Four numbers whose sum is that of all lanes.
  @inline(always) private static func fold(_ lanes: Lanes) -> SIMD4<Float> {
    #if RNR_AVX512
    let half = lanes.lowHalf + lanes.highHalf
    return half.lowHalf + half.highHalf
    #elseif RNR_AVX2
    return lanes.lowHalf + lanes.highHalf
    #else
    return lanes
    #endif
  }

  @inline(always) func store(_ places: DotPlaces, _ column: Int, _ accumulate: Bool) {
    let sums = self.sums
    for row in 0..<places.rows {
      let place = places.c + (row &* places.cRow &+ column)
      place.pointee = accumulate ? place.pointee + sums[row] : sums[row]
    }
  }
}

extension StridedProduct {
  /// Dots of four rows and up to three columns, whose numbers fill whole vectors.
  @inline(always)
  fileprivate static func dots(
    _ places: DotPlaces, _ inner: Int, _ accumulate: Bool, count: Int
  ) {
    var d0 = FourDots()
    var d1 = FourDots()
    var d2 = FourDots()
    var k = 0
    while k < inner {
      var rows = FourDots()
      rows.s0 = Lanes(at: places.a + k)
      rows.s1 = Lanes(at: places.a + (k &+ places.aRow))
      rows.s2 = Lanes(at: places.a + (k &+ 2 &* places.aRow))
      rows.s3 = Lanes(at: places.a + (k &+ 3 &* places.aRow))
      d0.add(rows, Lanes(at: places.b + k))
      if count > 1 { d1.add(rows, Lanes(at: places.b + (k &+ places.bColumn))) }
      if count > 2 { d2.add(rows, Lanes(at: places.b + (k &+ 2 &* places.bColumn))) }
      k &+= Lanes.width
    }
    d0.store(places, 0, accumulate)
    if count > 1 { d1.store(places, 1, accumulate) }
    if count > 2 { d2.store(places, 2, accumulate) }
  }
}
