#if RNR_AVX512
import _Builtin_intrinsics.intel

extension StridedProduct {
  /// Dots of eight rows and two columns at a time: their sixteen sums over lanes make one vector.
  ///
  /// - Returns: false where there are no eight rows.
  func runDotTiles(left: Matrix, right: Matrix) -> Bool {
    guard rows >= 8 else { return false }
    let folds = LaneFolds.shared
    var i = 0
    while i < rows {
      // The last eight rows overlap those before, whose numbers are not written again.
      let first = min(i, rows &- 8)
      var j = 0
      while j < columns {
        let isPair = j &+ 1 < columns
        // A column without a partner is its own.
        let tile = DotTile(
          left: left.place(first, 0), leftRow: left.row, right: right.place(0, j),
          rightColumn: isPair ? right.column : 0)
        let sums = tile.sums(inner, folds)
        let place = c + (first &* cRow &+ j)
        if isPair && i == first && !accumulate {
          storePairs(sums, at: place)
        } else {
          store(sums, rows: (i &- first)..<8, columns: isPair ? 2 : 1, at: place)
        }
        j &+= 2
      }
      i &+= 8
    }
    return true
  }

  /// Writes sums whose lanes are eight rows of two columns.
  @inline(always)
  private func storePairs(_ sums: Lanes, at place: MutableFloats) {
    let pairs = unsafeBitCast(sums, to: SIMD8<UInt64>.self)
    var target = UnsafeMutableRawPointer(place)
    for row in 0..<8 {
      target.storeBytes(of: pairs[row], as: UInt64.self)
      target += cRow &* 4
    }
  }

  /// Writes or adds some rows of them, of one column or two.
  @inline(never)
  private func store(_ sums: Lanes, rows: Range<Int>, columns: Int, at place: MutableFloats) {
    for row in rows {
      let target = place + row &* cRow
      for j in 0..<columns {
        let sum = sums[2 &* row &+ j]
        target[j] = accumulate ? target[j] + sum : sum
      }
    }
  }
}

/// Eight rows of A and two columns of B, all contiguous.
private struct DotTile {
  var left: Floats
  var leftRow: Int
  var right: Floats
  var rightColumn: Int

  /// The sixteen dots, row by row.
  @inline(always) func sums(_ inner: Int, _ folds: UnsafePointer<LaneFolds>) -> Lanes {
    var sums = DotSums()
    var k = 0
    while k &+ Lanes.width <= inner {
      sums.add(self, k) { Lanes(at: $0) }
      k &+= Lanes.width
    }
    if k < inner {
      let mask = UInt16(truncatingIfNeeded: (1 &<< (inner &- k)) &- 1)
      sums.add(self, k) { _mm512_maskz_loadu_ps(mask, $0) }
    }
    return sums.overLanes(folds)
  }
}

/// Sums of products, lane by lane, of eight rows and a pair of columns.
private struct DotSums {
  var r0 = LanePair()
  var r1 = LanePair()
  var r2 = LanePair()
  var r3 = LanePair()
  var r4 = LanePair()
  var r5 = LanePair()
  var r6 = LanePair()
  var r7 = LanePair()

  /// Adds the products of a vector's width from an inner index on.
  @inline(always)
  mutating func add(_ tile: DotTile, _ k: Int, load: (Floats) -> Lanes) {
    var row = tile.left + k
    let columns = LanePair(
      low: load(tile.right + k), high: load(tile.right + (k &+ tile.rightColumn)))
    @inline(always) func next(_ sum: inout LanePair) {
      sum.addProduct(load(row), columns)
      row += tile.leftRow
    }
    next(&r0)
    next(&r1)
    next(&r2)
    next(&r3)
    next(&r4)
    next(&r5)
    next(&r6)
    next(&r7)
  }

  /// The sums over lanes, row by row.
  ///
  /// Two vectors are folded into one, half into half, then quarters, until every lane holds one
  /// sum: fifteen additions where sixteen sums of their own would take sixty-four.
  @inline(always) func overLanes(_ folds: UnsafePointer<LaneFolds>) -> Lanes {
    let low = folds.pointee.fold(r0.low, r1.low, r2.low, r3.low, r4.low, r5.low, r6.low, r7.low)
    let high = folds.pointee.fold(
      r0.high, r1.high, r2.high, r3.high, r4.high, r5.high, r6.high, r7.high)
    return folds.pointee.singles(low, high)
  }
}

/// Folds of two vectors into one: of blocks of lanes, even ones are a's and odd ones b's, each
/// added to its neighbour.
///
/// The patterns lie in memory where the compiler does not know them. Of constant ones it makes
/// shuffles, and moves those through the additions until they are sums of single lanes.
private struct LaneFolds {
  var eights = LaneFold(size: 8)
  var fours = LaneFold(size: 4)
  var twos = LaneFold(size: 2)
  var ones = LaneFold(size: 1)

  /// Made once, and kept.
  nonisolated(unsafe) static let shared: UnsafePointer<LaneFolds> = {
    let place = UnsafeMutablePointer<LaneFolds>.allocate(capacity: 1)
    place.initialize(to: LaneFolds())
    return UnsafePointer(place)
  }()

  /// Eight vectors into one, whose lanes 2 i and 2 i + 1 add up to the sum of vector i.
  @inline(always)
  func fold(
    _ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes, _ e: Lanes, _ f: Lanes, _ g: Lanes, _ h: Lanes
  ) -> Lanes {
    let even = fours.fold(eights.fold(a, e), eights.fold(c, g))
    let odd = fours.fold(eights.fold(b, f), eights.fold(d, h))
    return twos.fold(even, odd)
  }

  @inline(always) func singles(_ a: Lanes, _ b: Lanes) -> Lanes { ones.fold(a, b) }
}

private struct LaneFold {
  var neighbours: SIMD8<Int64>
  var odd: UInt16

  init(size: Int) {
    var places = SIMD16<Int32>()
    odd = 0
    for lane in 0..<16 {
      let isOdd = lane / size % 2 == 1
      places[lane] = Int32(isOdd ? lane - size + 16 : lane + size)
      if isOdd { odd |= 1 << lane }
    }
    neighbours = unsafeBitCast(places, to: SIMD8<Int64>.self)
  }

  @inline(always) func fold(_ a: Lanes, _ b: Lanes) -> Lanes {
    _mm512_mask_blend_ps(odd, a, b) + _mm512_permutex2var_ps(a, neighbours, b)
  }
}
#endif
