extension Product {
  /// Packs a matrix [K,N] to panels [N/32][K][32] (32: two vectors), the last one filled with
  /// zeros.
  ///
  /// `panel` makes them of another width.
  static func pack(
    _ source: Matrix, rows: Int, columns: Int, into packed: MutableFloats,
    panel width: Int = 2 * Lanes.width
  ) {
    var column = 0
    while column < columns {
      pack(source, rows, column..<min(column + width, columns), into: packed, width)
      column += width
    }
  }

  /// Packs a matrix to the panels that `span` makes of its columns, the last one perhaps of three
  /// vectors.
  static func packSpans(
    _ source: Matrix, rows: Int, columns: Int, into packed: MutableFloats
  ) {
    var column = 0
    while column < columns {
      let count = span(columns - column)
      pack(source, rows, column..<column + count, into: packed, pitch(count))
      column += count
    }
  }

  /// One panel, where those of the columns before it have as many numbers in a row as columns.
  private static func pack(
    _ source: Matrix, _ rows: Int, _ columns: Range<Int>, into packed: MutableFloats, _ width: Int
  ) {
    let panel = packed + columns.lowerBound * rows
    var from = source
    from.base = source.place(0, columns.lowerBound)
    if columns.count < width { panel.update(repeating: 0, count: width * rows) }
    if source.column == 1 {
      copyPanel(from, rows, columns.count, panel, width)
    } else {
      transposePanel(from, rows, columns.count, panel, width)
    }
  }

  private static func copyPanel(
    _ source: Matrix, _ rows: Int, _ count: Int, _ panel: MutableFloats, _ width: Int
  ) {
    if count == 2 &* Lanes.width {
      for k in 0..<rows { LanePair(at: source.place(k, 0)).store(panel + k &* width) }
    } else if count == 3 &* Lanes.width {
      for k in 0..<rows { LaneTriple(at: source.place(k, 0)).store(panel + k &* width) }
    } else {
      for k in 0..<rows { (panel + k &* width).update(from: source.place(k, 0), count: count) }
    }
  }

  private static func transposePanel(
    _ source: Matrix, _ rows: Int, _ count: Int, _ panel: MutableFloats, _ width: Int
  ) {
    if source.row == 1 { return turn(source, rows, count, panel, width) }
    for column in 0..<count {
      for k in 0..<rows { panel[k &* width &+ column] = source.place(k, column)[0] }
    }
  }

  /// Writes a matrix whose columns are contiguous row by row, rows `width` numbers apart: squares
  /// of four by four numbers are turned in registers.
  static func turn(
    _ source: Matrix, _ rows: Int, _ count: Int, _ panel: MutableFloats,
    _ width: Int = 2 * Lanes.width
  ) {
    let whole = count & ~3
    var column = 0
    while column < whole {
      var k = 0
      while k &+ 4 <= rows {
        transposeSquare(source.place(k, column), source.column, panel + k &* width + column, width)
        k &+= 4
      }
      while k < rows {
        for lane in 0..<4 {
          panel[k &* width &+ column &+ lane] = source.place(k, column &+ lane)[0]
        }
        k &+= 1
      }
      column &+= 4
    }
    while column < count {
      for k in 0..<rows { panel[k &* width &+ column] = source.place(k, column)[0] }
      column &+= 1
    }
  }

  /// The way back: columns of a panel become rows that are `stride` numbers apart (`rows` if nil).
  static func turnBack(
    _ panel: Floats, _ rows: Int, _ count: Int, _ target: MutableFloats, stride: Int? = nil,
    panel width: Int = 2 * Lanes.width
  ) {
    let stride = stride ?? rows
    let whole = count & ~3
    var column = 0
    while column < whole {
      let to = target + column &* stride
      var k = 0
      while k &+ 4 <= rows {
        transposeSquare(panel + k &* width + column, width, to + k, stride)
        k &+= 4
      }
      while k < rows {
        for lane in 0..<4 { to[lane &* stride &+ k] = panel[k &* width &+ column &+ lane] }
        k &+= 1
      }
      column &+= 4
    }
    while column < count {
      for k in 0..<rows { target[column &* stride &+ k] = panel[k &* width &+ column] }
      column &+= 1
    }
  }

  /// Turns four rows of four numbers.
  @inline(always)
  static func transposeSquare(
    _ source: Floats, _ stride: Int, _ target: MutableFloats, _ targetStride: Int
  ) {
    let a = UnsafeRawPointer(source).loadUnaligned(as: SIMD4<Float>.self)
    let b = UnsafeRawPointer(source + stride).loadUnaligned(as: SIMD4<Float>.self)
    let c = UnsafeRawPointer(source + 2 &* stride).loadUnaligned(as: SIMD4<Float>.self)
    let d = UnsafeRawPointer(source + 3 &* stride).loadUnaligned(as: SIMD4<Float>.self)
    for i in 0..<4 {
      let row = SIMD4<Float>(a[i], b[i], c[i], d[i])
      UnsafeMutableRawPointer(target + i &* targetStride).storeBytes(
        of: row, as: SIMD4<Float>.self)
    }
  }
}

extension StridedProduct {
  /// Packs A to [M/8][K][8]: its rows are so far apart that they would contend for the same places
  /// in the first cache.
  ///
  /// With `total` these are only some of its columns, and there are so many in all.
  func packLeft(_ source: Floats, _ depth: Int, _ memory: MutableFloats, of total: Int? = nil) {
    let whole = rows & ~7
    let all = total ?? depth
    var k = 0
    while k < depth {
      let count = min(16, depth - k)
      var i = 0
      while i < whole {
        packLeft8(source + i * a.row + k * a.column, count, memory + i * all + k * 8)
        i += 8
      }
      k += count
    }
    for i in whole..<rows {
      let from = source + i * a.row
      let to = memory + whole * all + (i - whole)
      for k in 0..<depth { to[k &* 8] = from[k &* a.column] }
    }
  }

  /// Eight rows of a few columns.
  @inline(always)
  private func packLeft8(_ from: Floats, _ count: Int, _ to: MutableFloats) {
    var k = 0
    if a.row == 1 {
      while k < count {
        let column = UnsafeRawPointer(from + k &* a.column).loadUnaligned(as: SIMD8<Float>.self)
        UnsafeMutableRawPointer(to + k &* 8).storeBytes(of: column, as: SIMD8<Float>.self)
        k &+= 1
      }
      return
    }
    while a.column == 1, k &+ 4 <= count {
      Product.transposeSquare(from + k, a.row, to + k &* 8, 8)
      Product.transposeSquare(from + (k &+ 4 &* a.row), a.row, to + (k &* 8 &+ 4), 8)
      k &+= 4
    }
    while k < count {
      for row in 0..<8 { to[k &* 8 &+ row] = from[row &* a.row &+ k &* a.column] }
      k &+= 1
    }
  }
}
