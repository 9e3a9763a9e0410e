/// The columns of a tile: one vector, two, three or four.
protocol TileColumns {
  init()
  init(at place: Floats)
  static var width: Int { get }
  func store(_ place: MutableFloats)
  /// With no more than so many numbers of the last vector.
  init(at place: Floats, last: Int)
  func store(_ place: MutableFloats, last: Int)
  mutating func add(_ scale: Float, _ row: Self)
  mutating func add(_ other: Self)
  /// Keeps the positive part.
  mutating func rectify()
  /// Writes which numbers are kept by `rectify`, a mask for each vector; and keeps those alone.
  func storeSigns(_ place: LaneSigns)
  mutating func keep(where signs: LaneSigns)
}

extension Lanes {
  /// The positive part; NaN stays.
  @inline(always) var rectified: Lanes { replacing(with: 0, where: self .<= 0) }
}

struct LaneSingle: TileColumns {
  var lanes: Lanes
  @inline(always) init() { lanes = .zero }
  @inline(always) init(at place: Floats) { lanes = Lanes(at: place) }
  @inline(always) static var width: Int { Lanes.width }
  @inline(always) func store(_ place: MutableFloats) { lanes.store(place) }
  @inline(always) mutating func add(_ scale: Float, _ row: LaneSingle) {
    lanes.add(Lanes(repeating: scale), row.lanes)
  }
  @inline(always) mutating func add(_ other: LaneSingle) { lanes += other.lanes }
  @inline(always) mutating func rectify() { lanes = lanes.rectified }

  @inline(always) init(at place: Floats, last: Int) { lanes = LaneTail.load(place, last) }

  @inline(always) func store(_ place: MutableFloats, last: Int) {
    LaneTail.store(lanes, place, last)
  }

  @inline(always) func storeSigns(_ place: LaneSigns) { place.pointee = lanes.signs }

  @inline(always) mutating func keep(where signs: LaneSigns) {
    lanes = lanes.kept(where: signs.pointee)
  }
}

struct LanePair: TileColumns {
  var low: Lanes
  var high: Lanes

  @inline(always) init() {
    low = .zero
    high = .zero
  }

  @inline(always) init(at place: Floats) {
    low = Lanes(at: place)
    high = Lanes(at: place + Lanes.width)
  }

  @inline(always) static var width: Int { 2 &* Lanes.width }

  @inline(always) func store(_ place: MutableFloats) {
    low.store(place)
    high.store(place + Lanes.width)
  }

  @inline(always) mutating func add(_ scale: Float, _ row: LanePair) {
    let scale = Lanes(repeating: scale)
    low.add(scale, row.low)
    high.add(scale, row.high)
  }

  @inline(always) init(low: Lanes, high: Lanes) {
    self.low = low
    self.high = high
  }

  @inline(always) mutating func addProduct(_ left: Lanes, _ right: LanePair) {
    low.add(left, right.low)
    high.add(left, right.high)
  }

  @inline(always) mutating func add(_ other: LanePair) {
    low += other.low
    high += other.high
  }

  @inline(always) mutating func rectify() {
    low = low.rectified
    high = high.rectified
  }

  @inline(always) init(at place: Floats, last: Int) {
    low = Lanes(at: place)
    high = LaneTail.load(place + Lanes.width, last)
  }

  @inline(always) func store(_ place: MutableFloats, last: Int) {
    low.store(place)
    LaneTail.store(high, place + Lanes.width, last)
  }

  @inline(always) func storeSigns(_ place: LaneSigns) {
    place[0] = low.signs
    place[1] = high.signs
  }

  @inline(always) mutating func keep(where signs: LaneSigns) {
    low = low.kept(where: signs[0])
    high = high.kept(where: signs[1])
  }
}

/// Three vectors of columns: what would be left over of them alone would load more than it computes.
struct LaneTriple: TileColumns {
  var low: LanePair
  var high: LaneSingle

  @inline(always) init() {
    low = LanePair()
    high = LaneSingle()
  }

  @inline(always) init(at place: Floats) {
    low = LanePair(at: place)
    high = LaneSingle(at: place + 2 &* Lanes.width)
  }

  @inline(always) static var width: Int { 3 &* Lanes.width }

  @inline(always) func store(_ place: MutableFloats) {
    low.store(place)
    high.store(place + 2 &* Lanes.width)
  }

  @inline(always) mutating func add(_ scale: Float, _ row: LaneTriple) {
    low.add(scale, row.low)
    high.add(scale, row.high)
  }

  @inline(always) mutating func add(_ other: LaneTriple) {
    low.add(other.low)
    high.add(other.high)
  }

  @inline(always) mutating func rectify() {
    low.rectify()
    high.rectify()
  }

  @inline(always) init(at place: Floats, last: Int) {
    low = LanePair(at: place)
    high = LaneSingle(at: place + 2 &* Lanes.width, last: last)
  }

  @inline(always) func store(_ place: MutableFloats, last: Int) {
    low.store(place)
    high.store(place + 2 &* Lanes.width, last: last)
  }

  @inline(always) func storeSigns(_ place: LaneSigns) {
    low.storeSigns(place)
    high.storeSigns(place + 2)
  }

  @inline(always) mutating func keep(where signs: LaneSigns) {
    low.keep(where: signs)
    high.keep(where: signs + 2)
  }
}

/// Four vectors of columns, where few rows leave registers free: each number of A serves four times.
struct LaneQuad: TileColumns {
  var low: LanePair
  var high: LanePair

  @inline(always) init() {
    low = LanePair()
    high = LanePair()
  }

  @inline(always) init(at place: Floats) {
    low = LanePair(at: place)
    high = LanePair(at: place + 2 &* Lanes.width)
  }

  @inline(always) static var width: Int { 4 &* Lanes.width }

  @inline(always) func store(_ place: MutableFloats) {
    low.store(place)
    high.store(place + 2 &* Lanes.width)
  }

  @inline(always) mutating func add(_ scale: Float, _ row: LaneQuad) {
    low.add(scale, row.low)
    high.add(scale, row.high)
  }

  @inline(always) mutating func add(_ other: LaneQuad) {
    low.add(other.low)
    high.add(other.high)
  }

  @inline(always) mutating func rectify() {
    low.rectify()
    high.rectify()
  }

  @inline(always) init(at place: Floats, last: Int) {
    low = LanePair(at: place)
    high = LanePair(at: place + 2 &* Lanes.width, last: last)
  }

  @inline(always) func store(_ place: MutableFloats, last: Int) {
    low.store(place)
    high.store(place + 2 &* Lanes.width, last: last)
  }

  @inline(always) func storeSigns(_ place: LaneSigns) {
    low.storeSigns(place)
    high.storeSigns(place + 2)
  }

  @inline(always) mutating func keep(where signs: LaneSigns) {
    low.keep(where: signs)
    high.keep(where: signs + 2)
  }
}

/// A few rows of the result, held in registers while the inner index runs.
protocol ProductTile {
  associatedtype Columns: TileColumns
  static var rows: Int { get }
  init()
  mutating func load(_ c: Floats, _ stride: Int)
  func store(_ c: MutableFloats, _ stride: Int)
  mutating func add(_ a: Floats, _ stride: Int, _ row: Columns)
  mutating func add(_ c: Floats, _ stride: Int)
  mutating func rectify()
  /// Gives the rows away, the first one first.
  func hand<Taker: TileTaker>(to taker: inout Taker) where Taker.Columns == Columns
}

/// What goes on with the finished rows of a tile while they stand in registers.
protocol TileTaker<Columns> {
  associatedtype Columns: TileColumns
  mutating func take(_ row: Columns)
}

struct TileOf1<Columns: TileColumns>: ProductTile {
  var r0 = Columns()
  @inline(always) init() {}
  @inline(always) static var rows: Int { 1 }
  @inline(always) mutating func load(_ c: Floats, _ stride: Int) { r0 = Columns(at: c) }
  @inline(always) func store(_ c: MutableFloats, _ stride: Int) { r0.store(c) }
  @inline(always) mutating func add(_ a: Floats, _ stride: Int, _ row: Columns) {
    r0.add(a[0], row)
  }
  @inline(always) mutating func add(_ c: Floats, _ stride: Int) { r0.add(Columns(at: c)) }
  @inline(always) mutating func rectify() { r0.rectify() }

  @inline(always)
  func hand<Taker: TileTaker>(to taker: inout Taker) where Taker.Columns == Columns {
    taker.take(r0)
  }
}

struct TileOf2<Columns: TileColumns>: ProductTile {
  var r0 = Columns()
  var r1 = Columns()
  @inline(always) init() {}
  @inline(always) static var rows: Int { 2 }

  @inline(always) mutating func load(_ c: Floats, _ stride: Int) {
    r0 = Columns(at: c)
    r1 = Columns(at: c + stride)
  }

  @inline(always) func store(_ c: MutableFloats, _ stride: Int) {
    r0.store(c)
    r1.store(c + stride)
  }

  @inline(always) mutating func add(_ a: Floats, _ stride: Int, _ row: Columns) {
    r0.add(a[0], row)
    r1.add(a[stride], row)
  }

  @inline(always) mutating func add(_ c: Floats, _ stride: Int) {
    r0.add(Columns(at: c))
    r1.add(Columns(at: c + stride))
  }

  @inline(always) mutating func rectify() {
    r0.rectify()
    r1.rectify()
  }

  @inline(always)
  func hand<Taker: TileTaker>(to taker: inout Taker) where Taker.Columns == Columns {
    taker.take(r0)
    taker.take(r1)
  }
}

struct TileOf4<Columns: TileColumns>: ProductTile {
  var r0 = Columns()
  var r1 = Columns()
  var r2 = Columns()
  var r3 = Columns()
  @inline(always) init() {}
  @inline(always) static var rows: Int { 4 }

  @inline(always) mutating func load(_ c: Floats, _ stride: Int) {
    r0 = Columns(at: c)
    r1 = Columns(at: c + stride)
    r2 = Columns(at: c + 2 &* stride)
    r3 = Columns(at: c + 3 &* stride)
  }

  @inline(always) func store(_ c: MutableFloats, _ stride: Int) {
    r0.store(c)
    r1.store(c + stride)
    r2.store(c + 2 &* stride)
    r3.store(c + 3 &* stride)
  }

  @inline(always) mutating func add(_ a: Floats, _ stride: Int, _ row: Columns) {
    r0.add(a[0], row)
    r1.add(a[stride], row)
    r2.add(a[2 &* stride], row)
    r3.add(a[3 &* stride], row)
  }

  @inline(always) mutating func add(_ c: Floats, _ stride: Int) {
    r0.add(Columns(at: c))
    r1.add(Columns(at: c + stride))
    r2.add(Columns(at: c + 2 &* stride))
    r3.add(Columns(at: c + 3 &* stride))
  }

  @inline(always) mutating func rectify() {
    r0.rectify()
    r1.rectify()
    r2.rectify()
    r3.rectify()
  }

  @inline(always)
  func hand<Taker: TileTaker>(to taker: inout Taker) where Taker.Columns == Columns {
    taker.take(r0)
    taker.take(r1)
    taker.take(r2)
    taker.take(r3)
  }
}

struct TileOf6<Columns: TileColumns>: ProductTile {
  var top = TileOf4<Columns>()
  var bottom = TileOf2<Columns>()
  @inline(always) init() {}
  @inline(always) static var rows: Int { 6 }

  @inline(always) mutating func load(_ c: Floats, _ stride: Int) {
    top.load(c, stride)
    bottom.load(c + 4 &* stride, stride)
  }

  @inline(always) func store(_ c: MutableFloats, _ stride: Int) {
    top.store(c, stride)
    bottom.store(c + 4 &* stride, stride)
  }

  @inline(always) mutating func add(_ a: Floats, _ stride: Int, _ row: Columns) {
    top.add(a, stride, row)
    bottom.add(a + 4 &* stride, stride, row)
  }

  @inline(always) mutating func add(_ c: Floats, _ stride: Int) {
    top.add(c, stride)
    bottom.add(c + 4 &* stride, stride)
  }

  @inline(always) mutating func rectify() {
    top.rectify()
    bottom.rectify()
  }

  @inline(always)
  func hand<Taker: TileTaker>(to taker: inout Taker) where Taker.Columns == Columns {
    top.hand(to: &taker)
    bottom.hand(to: &taker)
  }
}

struct TileOf8<Columns: TileColumns>: ProductTile {
  var top = TileOf4<Columns>()
  var bottom = TileOf4<Columns>()
  @inline(always) init() {}
  @inline(always) static var rows: Int { 8 }

  @inline(always) mutating func load(_ c: Floats, _ stride: Int) {
    top.load(c, stride)
    bottom.load(c + 4 &* stride, stride)
  }

  @inline(always) func store(_ c: MutableFloats, _ stride: Int) {
    top.store(c, stride)
    bottom.store(c + 4 &* stride, stride)
  }

  @inline(always) mutating func add(_ a: Floats, _ stride: Int, _ row: Columns) {
    top.add(a, stride, row)
    bottom.add(a + 4 &* stride, stride, row)
  }

  @inline(always) mutating func add(_ c: Floats, _ stride: Int) {
    top.add(c, stride)
    bottom.add(c + 4 &* stride, stride)
  }

  @inline(always) mutating func rectify() {
    top.rectify()
    bottom.rectify()
  }

  @inline(always)
  func hand<Taker: TileTaker>(to taker: inout Taker) where Taker.Columns == Columns {
    top.hand(to: &taker)
    bottom.hand(to: &taker)
  }
}

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
