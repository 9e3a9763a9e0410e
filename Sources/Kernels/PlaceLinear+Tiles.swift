/// What is read and written for a row of places, from some of their outputs on.
struct RowOfPlaces {
  /// How many places there are.
  var count: Int
  /// Their inputs, and how many numbers each has.
  var x: Floats
  var inputs: Int
  /// Panels of the weight.
  var weight: Floats
  /// What all places start from.
  var start: Floats
  /// What is added to each, and the sums over rows: rows of `width` numbers.
  var atColumn: Floats
  var overRows: MutableFloats
  var width: Int
  /// What comes out, if it is wanted: rows of `outputs` numbers, of which the last vector has `last`.
  var result: MutableFloats?
  var outputs: Int
  var last: Int
  /// The sum over all places.
  var totals: MutableFloats
  var rectifies: Bool
  /// Which numbers the positive part keeps, if that is to be known: rows of `vectors` masks.
  var signs: LaneSigns?
  var vectors: Int

  /// The places after the first ones.
  @inline(always) mutating func advance(_ places: Int) {
    count &-= places
    x += places &* inputs
    atColumn += places &* width
    overRows += places &* width
    result = result.map { $0 + places &* outputs }
    signs = signs.map { $0 + places &* vectors }
  }
}

extension RowOfPlaces {
  /// A panel of `span` outputs of all places.
  func run(_ span: Int) {
    var row = self
    switch (span + Lanes.width - 1) / Lanes.width {
    case 3: row.run(LaneTriple.self)
    case 2: row.run(LanePair.self)
    default: row.run(LaneSingle.self)
    }
  }

  @inline(always)
  private mutating func run<Columns: TileColumns>(_ type: Columns.Type) {
    Columns().store(totals)
    #if RNR_AVX512
    while count >= 8 { tile(TileOf8<Columns>.self) }
    if count >= 6 { tile(TileOf6<Columns>.self) }
    #elseif RNR_AVX2
    while count >= 6, count != 8, Columns.width <= 2 &* Lanes.width {
      tile(TileOf6<Columns>.self)
    }
    #endif
    while count >= 4 { tile(TileOf4<Columns>.self) }
    if count >= 2 { tile(TileOf2<Columns>.self) }
    if count > 0 { tile(TileOf1<Columns>.self) }
  }

  /// A few places: all that follows their products is done while these stand in registers.
  @inline(never)
  private mutating func tile<Tile: ProductTile>(_ type: Tile.Type) {
    var tile = Tile()
    tile.load(start, 0)
    var from = x
    var panel = weight
    var left = inputs
    while left > 0 {
      tile.add(from, inputs, Tile.Columns(at: panel))
      from += 1
      panel += Tile.Columns.width
      left &-= 1
    }
    var ending = PlaceEnding<Tile.Columns>(self)
    tile.hand(to: &ending)
    ending.totals.store(totals)
    advance(Tile.rows)
  }
}

/// What follows the products of places: their columns' part, the positive part, and both sums.
private struct PlaceEnding<Columns: TileColumns>: TileTaker {
  var totals: Columns
  var row: RowOfPlaces

  @inline(always) init(_ row: RowOfPlaces) {
    totals = Columns(at: row.totals)
    self.row = row
  }

  @inline(always) mutating func take(_ products: Columns) {
    var sum = products
    sum.add(Columns(at: row.atColumn))
    if let signs = row.signs { sum.storeSigns(signs) }
    if row.rectifies { sum.rectify() }
    if let result = row.result { sum.store(result, last: row.last) }
    totals.add(sum)
    var overRows = Columns(at: row.overRows)
    overRows.add(sum)
    overRows.store(row.overRows)
    row.advance(1)
  }
}
