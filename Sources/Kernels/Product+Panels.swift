import Execution

extension Product {
  /// C[M,N] = A[M,K] B, or C +=, with B packed to panels [N/32][K][32].
  ///
  /// C is written in whole vectors: `columns` is a multiple of the vector's width. `panel` tells of
  /// panels of another width. With `start` all rows start from that row.
  @inline(always)
  static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: Floats, aRow: Int, panels: Floats,
    into c: MutableFloats, cRow: Int, accumulate: Bool, panel width: Int = 2 * Lanes.width,
    start: Floats? = nil
  ) {
    if rows == 1, width == 2 &* Lanes.width, start == nil {
      multiplyRow(
        columns: columns, inner: inner, a, panels: panels, into: c, accumulate: accumulate)
      return
    }
    let together = rowsTogether(inner)
    if rows <= together {
      passPanels(
        rows, columns, inner, a, aRow, panels, c, cRow, accumulate, width, start)
      return
    }
    var row = 0
    while row < rows {
      passPanels(
        min(together, rows &- row), columns, inner, a + row &* aRow, aRow, panels, c + row &* cRow,
        cRow, accumulate, width, start)
      row &+= together
    }
  }

  /// The same, with columns shared among threads where there is enough to do; numbers are the same.
  static func multiplyShared(
    rows: Int, columns: Int, inner: Int, _ a: Floats, aRow: Int, panels: Floats,
    into c: MutableFloats, cRow: Int, accumulate: Bool, start: Floats? = nil
  ) {
    let width = 4 * Lanes.width
    guard rows &* columns &* inner >= StridedProduct.parallelWork, columns > width,
      Parallel.threadsHere > 1
    else {
      return multiply(
        rows: rows, columns: columns, inner: inner, a, aRow: aRow, panels: panels, into: c,
        cRow: cRow, accumulate: accumulate, start: start)
    }
    let shared = SharedPanels(a: a, panels: panels, c: c, start: start)
    // The body throws nothing.
    try? Parallel.forEach((columns + width - 1) / width) { part in
      let column = part * width
      multiply(
        rows: rows, columns: min(width, columns - column), inner: inner, shared.a, aRow: aRow,
        panels: shared.panels + column * inner, into: shared.c + column, cRow: cRow,
        accumulate: accumulate, start: shared.start.map { $0 + column })
    }
  }

  private struct SharedPanels: @unchecked Sendable {
    let a: Floats
    let panels: Floats
    let c: MutableFloats
    let start: Floats?
  }

  /// Rows of A that stay in the second cache while all panels pass over them, whole tiles of any height.
  @inline(always)
  private static func rowsTogether(_ inner: Int) -> Int {
    max(4, (1 << 15) / max(inner, 1) / 24) &* 24
  }

  /// Numbers of panels from which they may not all lie in the second cache.
  private static let farPanels = 1 << 17

  @inline(always)
  private static func passPanels(
    _ rows: Int, _ columns: Int, _ inner: Int, _ a: Floats, _ aRow: Int, _ panels: Floats,
    _ c: MutableFloats, _ cRow: Int, _ accumulate: Bool, _ width: Int, _ start: Floats?
  ) {
    let isFar = inner &* columns >= farPanels
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { touched in
      var column = 0
      while column < columns {
        var places = TilePlaces(
          a: a, aRow: aRow, aColumn: 1, b: panels + column &* inner, bRow: width, c: c + column,
          cRow: cRow, start: start.map { $0 + column })
        let next = column &+ width
        if isFar, next &+ width <= columns, let touched = touched.baseAddress {
          places.ahead = LinesAhead(
            panels + next &* inner, count: width &* inner, touched: touched)
        }
        panel(rows, min(width, columns &- column), inner, places, accumulate)
        column = next
      }
    }
  }

  /// A single row: as many panels at once as keep both multipliers busy, since each sum waits for
  /// the one before.
  static func multiplyRow(
    columns: Int, inner: Int, _ a: Floats, panels: Floats, into c: MutableFloats, accumulate: Bool
  ) {
    let width = 2 &* Lanes.width
    let row = RowFactor(numbers: a, panels: panels, inner: inner)
    var column = 0
    while column &+ 4 &* width <= columns {
      var sums = accumulate ? PanelSums(at: c + column) : PanelSums()
      row.add(to: &sums, column)
      sums.store(c + column)
      column &+= 4 &* width
    }
    while column < columns {
      let places = TilePlaces(
        a: a, aRow: 0, aColumn: 1, b: panels + column &* inner, bRow: width, c: c + column, cRow: 0)
      panel(1, min(width, columns &- column), inner, places, accumulate)
      column &+= width
    }
  }
}

/// Four panels of one row of a result, held in registers.
struct PanelSums {
  var s0 = LanePair()
  var s1 = LanePair()
  var s2 = LanePair()
  var s3 = LanePair()

  @inline(always) init() {}

  @inline(always) init(at place: Floats) {
    let width = 2 &* Lanes.width
    s0 = LanePair(at: place)
    s1 = LanePair(at: place + width)
    s2 = LanePair(at: place + 2 &* width)
    s3 = LanePair(at: place + 3 &* width)
  }

  @inline(always) func store(_ place: MutableFloats) {
    let width = 2 &* Lanes.width
    s0.store(place)
    s1.store(place + width)
    s2.store(place + 2 &* width)
    s3.store(place + 3 &* width)
  }
}

extension PanelSums {
  @inline(always) mutating func add(_ other: PanelSums) {
    s0.add(other.s0)
    s1.add(other.s1)
    s2.add(other.s2)
    s3.add(other.s3)
  }
}

/// One row of A, and B in panels.
struct RowFactor {
  let numbers: Floats
  let panels: Floats
  let inner: Int

  /// Adds the product for the four panels that begin with a column.
  @inline(always) func add(to sums: inout PanelSums, _ column: Int) {
    let width = 2 &* Lanes.width
    let next = width &* inner
    var p0 = panels + column &* inner
    var p2 = p0 + 2 &* next
    var k = 0
    while k < inner {
      let a = numbers[k]
      sums.s0.add(a, LanePair(at: p0))
      sums.s1.add(a, LanePair(at: p0 + next))
      sums.s2.add(a, LanePair(at: p2))
      sums.s3.add(a, LanePair(at: p2 + next))
      p0 += width
      p2 += width
      k &+= 1
    }
  }

  /// Adds the product for the panel that begins with a column.
  @inline(always) func add(to sum: inout LanePair, _ column: Int) {
    let width = 2 &* Lanes.width
    let panel = panels + column &* inner
    for k in 0..<inner { sum.add(numbers[k], LanePair(at: panel + k &* width)) }
  }
}
