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

typealias TileOf6<Columns: TileColumns> = TileJoin<TileOf4<Columns>, TileOf2<Columns>>
typealias TileOf8<Columns: TileColumns> = TileJoin<TileOf4<Columns>, TileOf4<Columns>>

/// Rows above others.
struct TileJoin<Top: ProductTile, Bottom: ProductTile>: ProductTile
where Top.Columns == Bottom.Columns {
  typealias Columns = Top.Columns

  var top = Top()
  var bottom = Bottom()
  @inline(always) init() {}
  @inline(always) static var rows: Int { Top.rows &+ Bottom.rows }

  @inline(always) mutating func load(_ c: Floats, _ stride: Int) {
    top.load(c, stride)
    bottom.load(c + Top.rows &* stride, stride)
  }

  @inline(always) func store(_ c: MutableFloats, _ stride: Int) {
    top.store(c, stride)
    bottom.store(c + Top.rows &* stride, stride)
  }

  @inline(always) mutating func add(_ a: Floats, _ stride: Int, _ row: Columns) {
    top.add(a, stride, row)
    bottom.add(a + Top.rows &* stride, stride, row)
  }

  @inline(always) mutating func add(_ c: Floats, _ stride: Int) {
    top.add(c, stride)
    bottom.add(c + Top.rows &* stride, stride)
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
