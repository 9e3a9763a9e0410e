#if !RNR_AVX512
extension StridedProduct {
  /// Dots where numbers fill whole vectors, four rows and three columns at a time.
  ///
  /// - Returns: false where they do not.
  func runDotTiles(left: Matrix, right: Matrix) -> Bool {
    guard inner % Lanes.width == 0 else { return false }
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
    return true
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
    #if RNR_AVX2
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
#endif
