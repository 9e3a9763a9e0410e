/// Where a tile's operands lie: strides in numbers.
struct TilePlaces {
  var a: Floats
  var aRow: Int
  var aColumn: Int
  var b: Floats
  var bRow: Int
  var c: MutableFloats
  var cRow: Int
  /// A row that all rows of C start from, in place of what stands there.
  var start: Floats?
  /// Whether what stands in C is added to the sum, and not the sum to it number by number: a block
  /// of a long inner axis keeps its small numbers so.
  var addsBlock = false
  /// A row that is added to the finished sums of all rows.
  var ending: Floats?
  /// Whether of the finished sums the positive part is kept.
  var rectifies = false
  /// What is read after this panel, if that is to be fetched meanwhile.
  var ahead: LinesAhead?
}

extension Product {
  /// One tile.
  ///
  /// Every number is summed in the order of the inner index whatever the tile, so that results do
  /// not depend on how rows and columns are divided.
  @inline(never)
  static func tile<Tile: ProductTile>(
    _ type: Tile.Type, _ inner: Int, _ places: TilePlaces, _ accumulate: Bool
  ) {
    var tile = Tile()
    if let start = places.start {
      tile.load(start, 0)
    } else if accumulate, !places.addsBlock {
      tile.load(places.c, places.cRow)
    }
    var a = places.a
    var b = places.b
    let aRow = places.aRow
    let aColumn = places.aColumn
    let bRow = places.bRow
    var left = inner
    if let ahead = places.ahead {
      var line = ahead.next
      var seen: UInt32 = 0
      while left > 1 {
        seen |= line.pointee.bitPattern
        line += LinesAhead.line
        tile.add(a, aRow, Tile.Columns(at: b))
        tile.add(a + aColumn, aRow, Tile.Columns(at: b + bRow))
        a += 2 &* aColumn
        b += 2 &* bRow
        left &-= 2
      }
      ahead.touched.pointee = seen
    }
    while left > 0 {
      tile.add(a, aRow, Tile.Columns(at: b))
      a += aColumn
      b += bRow
      left &-= 1
    }
    if accumulate, places.addsBlock { tile.add(places.c, places.cRow) }
    if let ending = places.ending { tile.add(ending, 0) }
    if places.rectifies { tile.rectify() }
    tile.store(places.c, places.cRow)
  }

  /// All rows of a panel of columns.
  @inline(__always)
  static func column<Columns: TileColumns>(
    _ type: Columns.Type, _ rows: Int, _ inner: Int, _ places: TilePlaces, _ accumulate: Bool
  ) {
    var places = places
    var left = rows
    func step(_ count: Int) {
      places.a += count &* places.aRow
      places.c += count &* places.cRow
      places.ahead = places.ahead?.after(steps: inner)
      left &-= count
    }
    #if RNR_AVX512
    while left >= 8 {
      tile(TileOf8<Columns>.self, inner, places, accumulate)
      step(8)
    }
    if left >= 6 {
      tile(TileOf6<Columns>.self, inner, places, accumulate)
      step(6)
    }
    #elseif RNR_AVX2
    // Twelve sums, two vectors of B and one of A fill the sixteen registers, or four rows of three
    // vectors; 8 = 4 + 4 rather than 6 + 2, where the second tile would wait for its own sums.
    while left >= 6, left != 8, Columns.width <= 2 &* Lanes.width {
      tile(TileOf6<Columns>.self, inner, places, accumulate)
      step(6)
    }
    #endif
    while left >= 4 {
      tile(TileOf4<Columns>.self, inner, places, accumulate)
      step(4)
    }
    if left >= 2 {
      tile(TileOf2<Columns>.self, inner, places, accumulate)
      step(2)
    }
    if left > 0 { tile(TileOf1<Columns>.self, inner, places, accumulate) }
  }

  /// All of at most six rows of a panel of four vectors of columns.
  @inline(always)
  static func widePanel(_ rows: Int, _ inner: Int, _ places: TilePlaces, _ accumulate: Bool) {
    if rows == 6 {
      tile(TileOf6<LaneQuad>.self, inner, places, accumulate)
    } else {
      column(LaneQuad.self, rows, inner, places, accumulate)
    }
  }

  /// Columns of the next panel where so many are left: two vectors, or all where they fill no more
  /// than three and the registers hold them.
  @inline(always)
  static func span(_ left: Int) -> Int {
    #if RNR_AVX512 || RNR_AVX2
    if left > 2 &* Lanes.width, left <= 3 &* Lanes.width { return left }
    #endif
    return min(2 &* Lanes.width, left)
  }

  /// From one row of a panel of so many columns to the next: two vectors at least.
  @inline(always)
  static func pitch(_ span: Int) -> Int {
    max(2 &* Lanes.width, rounded(span, to: Lanes.width))
  }

  /// All rows of a panel of `width` columns, at most three vectors.
  ///
  /// B must be readable for whole vectors;
  /// of C no more than `width` columns are touched.
  static func panel(
    _ rows: Int, _ width: Int, _ inner: Int, _ places: TilePlaces, _ accumulate: Bool
  ) {
    if width == 2 &* Lanes.width {
      column(LanePair.self, rows, inner, places, accumulate)
    } else if width == 3 &* Lanes.width {
      column(LaneTriple.self, rows, inner, places, accumulate)
    } else if width == Lanes.width {
      column(LaneSingle.self, rows, inner, places, accumulate)
    } else {
      partialPanel(rows, width, inner, places, accumulate)
    }
  }

  /// A panel whose last vector is not full: computed aside, a few rows at a time.
  @inline(never)
  private static func partialPanel(
    _ rows: Int, _ width: Int, _ inner: Int, _ places: TilePlaces, _ accumulate: Bool
  ) {
    let stride = 3 &* Lanes.width
    withUnsafeTemporaryAllocation(byteCount: 8 * stride * 4, alignment: 64) { raw in
      guard let base = raw.baseAddress else { return }
      let aside = base.bindMemory(to: Float.self, capacity: 8 * stride)
      aside.update(repeating: 0, count: 8 * stride)
      var row = 0
      while row < rows {
        let count = min(8, rows - row)
        let c = places.c + row * places.cRow
        if accumulate {
          for i in 0..<count {
            (aside + i &* stride).update(from: c + i &* places.cRow, count: width)
          }
        }
        var part = places
        part.a += row * places.aRow
        part.c = aside
        part.cRow = stride
        if width > 2 &* Lanes.width {
          column(LaneTriple.self, count, inner, part, accumulate)
        } else if width > Lanes.width {
          column(LanePair.self, count, inner, part, accumulate)
        } else {
          column(LaneSingle.self, count, inner, part, accumulate)
        }
        for i in 0..<count {
          (c + i &* places.cRow).update(from: aside + i &* stride, count: width)
        }
        row += count
      }
    }
  }
}
