extension Product {
  /// Packs a matrix [K,N] to panels [N/32][K][32] (32: two vectors), the last one filled with zeros.
  static func pack(_ source: Matrix, rows: Int, columns: Int, into packed: MutableFloats) {
    let width = 2 * Lanes.width
    var column = 0
    while column < columns {
      let count = min(width, columns - column)
      let panel = packed + column * rows
      var from = source
      from.base = source.place(0, column)
      if count < width { panel.update(repeating: 0, count: width * rows) }
      if source.column == 1 {
        copyPanel(from, rows, count, panel)
      } else {
        transposePanel(from, rows, count, panel)
      }
      column += width
    }
  }

  private static func copyPanel(
    _ source: Matrix, _ rows: Int, _ count: Int, _ panel: MutableFloats
  ) {
    let width = 2 * Lanes.width
    if count < width {
      for k in 0..<rows { (panel + k &* width).update(from: source.place(k, 0), count: count) }
      return
    }
    for k in 0..<rows { LanePair(at: source.place(k, 0)).store(panel + k &* width) }
  }

  /// Columns become rows: squares of one vector by one vector are turned in registers.
  private static func transposePanel(
    _ source: Matrix, _ rows: Int, _ count: Int, _ panel: MutableFloats
  ) {
    let width = 2 * Lanes.width
    let whole = source.row == 1 ? count / 4 * 4 : 0
    var column = 0
    while column < whole {
      var k = 0
      while k &+ 4 <= rows {
        transposeSquare(source.place(k, column), source.column, panel + k &* width + column, width)
        k &+= 4
      }
      for k in k..<rows {
        for lane in 0..<4 {
          panel[k &* width &+ column &+ lane] = source.place(k, column &+ lane)[0]
        }
      }
      column &+= 4
    }
    for column in whole..<count {
      for k in 0..<rows { panel[k &* width &+ column] = source.place(k, column)[0] }
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
