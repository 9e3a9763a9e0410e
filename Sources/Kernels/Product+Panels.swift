extension Product {
  /// C[M,N] = A[M,K] B, or C +=, with B packed to panels [N/32][K][32].
  ///
  /// C is written in whole vectors: `columns` is a multiple of the vector's width.
  @inline(always)
  static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: Floats, aRow: Int, panels: Floats,
    into c: MutableFloats, cRow: Int, accumulate: Bool
  ) {
    if rows == 1 {
      multiplyRow(
        columns: columns, inner: inner, a, panels: panels, into: c, accumulate: accumulate)
      return
    }
    let width = 2 &* Lanes.width
    var column = 0
    while column < columns {
      let places = TilePlaces(
        a: a, aRow: aRow, aColumn: 1, b: panels + column &* inner, bRow: width, c: c + column,
        cRow: cRow)
      panel(rows, min(width, columns &- column), inner, places, accumulate)
      column &+= width
    }
  }

  /// A single row: two panels at once, since each sum waits for the one before; more would read too
  /// many streams of memory at a time.
  static func multiplyRow(
    columns: Int, inner: Int, _ a: Floats, panels: Floats, into c: MutableFloats, accumulate: Bool
  ) {
    let width = 2 &* Lanes.width
    var column = 0
    while column &+ 2 &* width <= columns {
      twoPanels(inner, a, panels + column &* inner, c + column, accumulate)
      column &+= 2 &* width
    }
    while column < columns {
      let places = TilePlaces(
        a: a, aRow: 0, aColumn: 1, b: panels + column &* inner, bRow: width, c: c + column, cRow: 0)
      panel(1, min(width, columns &- column), inner, places, accumulate)
      column &+= width
    }
  }

  @inline(never)
  private static func twoPanels(
    _ inner: Int, _ a: Floats, _ panels: Floats, _ c: MutableFloats, _ accumulate: Bool
  ) {
    let width = 2 &* Lanes.width
    let next = width &* inner
    var s0 = accumulate ? LanePair(at: c) : LanePair()
    var s1 = accumulate ? LanePair(at: c + width) : LanePair()
    var place = panels
    for k in 0..<inner {
      s0.add(a[k], LanePair(at: place))
      s1.add(a[k], LanePair(at: place + next))
      place += width
    }
    s0.store(c)
    s1.store(c + width)
  }
}
