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
typealias LaneTriple = LaneJoin<LanePair, LaneSingle>
/// Four vectors of columns, where few rows leave registers free: each number of A serves four times.
typealias LaneQuad = LaneJoin<LanePair, LanePair>

/// Columns beside others.
struct LaneJoin<Low: TileColumns, High: TileColumns>: TileColumns {
  var low: Low
  var high: High

  @inline(always) init() {
    low = Low()
    high = High()
  }

  @inline(always) init(at place: Floats) {
    low = Low(at: place)
    high = High(at: place + Low.width)
  }

  @inline(always) static var width: Int { Low.width &+ High.width }

  @inline(always) func store(_ place: MutableFloats) {
    low.store(place)
    high.store(place + Low.width)
  }

  @inline(always) mutating func add(_ scale: Float, _ row: LaneJoin) {
    low.add(scale, row.low)
    high.add(scale, row.high)
  }

  @inline(always) mutating func add(_ other: LaneJoin) {
    low.add(other.low)
    high.add(other.high)
  }

  @inline(always) mutating func rectify() {
    low.rectify()
    high.rectify()
  }

  @inline(always) init(at place: Floats, last: Int) {
    low = Low(at: place)
    high = High(at: place + Low.width, last: last)
  }

  @inline(always) func store(_ place: MutableFloats, last: Int) {
    low.store(place)
    high.store(place + Low.width, last: last)
  }

  @inline(always) func storeSigns(_ place: LaneSigns) {
    low.storeSigns(place)
    high.storeSigns(place + Low.width / Lanes.width)
  }

  @inline(always) mutating func keep(where signs: LaneSigns) {
    low.keep(where: signs)
    high.keep(where: signs + Low.width / Lanes.width)
  }
}
