import Execution

/// Products of matrices with any strides.
///
/// C is computed in tiles of 8 rows by two vectors held in registers (the last columns by three if
/// one would be left over), over panels of B that are packed to [N/32][K][32] where B is not
/// contiguous or so large that its rows would fall out of the cache.
public enum Product {
  /// A matrix inside a buffer; strides are in numbers.
  public struct Operand {
    @usableFromInline let buffer: FloatBuffer
    @usableFromInline let offset: Int
    @usableFromInline let rowStride: Int
    @usableFromInline let columnStride: Int

    /// Element (i, k) stands at `offset + i * rowStride + k * columnStride`.
    @inlinable public init(
      _ buffer: FloatBuffer, offset: Int = 0, rowStride: Int, columnStride: Int
    ) {
      self.buffer = buffer
      self.offset = offset
      self.rowStride = rowStride
      self.columnStride = columnStride
    }

    fileprivate func check(_ rows: Int, _ columns: Int) {
      precondition(offset >= 0 && rowStride >= 0 && columnStride >= 0, "negative stride")
      precondition(
        rows == 0 || columns == 0
          || offset + (rows - 1) * rowStride + (columns - 1) * columnStride < buffer.count,
        "matrix outside its buffer")
    }

    fileprivate var matrix: Matrix {
      Matrix(base: Floats(buffer.base) + offset, row: rowStride, column: columnStride)
    }
  }

  /// C[M,N] = A[M,K] B[K,N], or C += with `accumulate`.
  ///
  /// C's rows are contiguous, `rowStride` numbers apart. Each number is summed in the order of the
  /// inner index, so that results do not depend on the number of threads.
  ///
  /// To the sums `ending`, [N] and padded to whole panels, is added if it is given, and with
  /// `rectifies` the positive part of that is kept.
  public static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: Operand, _ b: Operand,
    into c: FloatBuffer, offset: Int = 0, rowStride: Int, accumulate: Bool = false,
    ending: PaddedRow? = nil, rectifies: Bool = false
  ) {
    precondition(rows >= 0 && columns >= 0 && inner >= 0, "negative extent")
    guard rows > 0, columns > 0 else { return }
    a.check(rows, inner)
    b.check(inner, columns)
    precondition(rowStride >= columns || rows == 1, "rows of the result overlap")
    precondition(
      offset >= 0 && offset + (rows - 1) * rowStride + columns <= c.count,
      "result outside its buffer")
    precondition(ending.map { $0.count == columns } ?? !rectifies, "another row is added")
    var product = StridedProduct(
      rows: rows, columns: columns, inner: inner, a: a.matrix, b: b.matrix,
      bLimit: Floats(b.buffer.base) + rounded(b.buffer.count, to: 16), c: c.base + offset,
      cRow: rowStride, accumulate: accumulate)
    product.ending = ending.map { Floats($0.buffer.base) }
    product.rectifies = rectifies
    product.run()
    withExtendedLifetime(ending) {}
  }
}

/// A row of numbers behind which whole panels of zeros can be read.
public struct PaddedRow: Sendable {
  /// How many numbers there are.
  public let count: Int
  let buffer: FloatBuffer

  /// A copy of all numbers of a buffer.
  public init(_ row: FloatBuffer) {
    count = row.count
    buffer = FloatBuffer(repeating: 0, count: rounded(row.count, to: 2 * Lanes.width))
    buffer.base.update(from: row.base, count: row.count)
  }
}

/// A matrix in memory.
struct Matrix {
  var base: Floats
  var row: Int
  var column: Int

  @inline(always) func place(_ i: Int, _ k: Int) -> Floats { base + i &* row + k &* column }
}

/// A product with its places, to be divided into blocks.
struct StridedProduct: @unchecked Sendable {
  /// The most rows of B in a block: a panel of them is 64 KiB, which streams from the second cache.
  static let innerBlock = 512
  /// Columns of B packed at a time.
  static let columnBlock = 2048
  /// Numbers of A that stay in the second cache.
  static let leftBlock = 1 << 16
  /// Numbers of A that leave room for a panel of B and the sums in the second cache.
  static let smallLeft = 1 << 17
  /// Multiplications from which a product is worth several threads.
  static let parallelWork = 1 << 23

  var rows: Int
  var columns: Int
  var inner: Int
  var a: Matrix
  var b: Matrix
  /// Where the memory of B ends.
  var bLimit: Floats
  var c: MutableFloats
  var cRow: Int
  var accumulate: Bool
  /// From one panel of columns (two vectors) of C to the next, if C itself is kept in panels.
  var cPanel = 2 * Lanes.width
  /// A row, padded to whole panels, that is added to the finished sums.
  var ending: Floats?
  /// Whether of the finished sums the positive part is kept.
  var rectifies = false

  @inline(always) private func result(_ column: Int) -> MutableFloats {
    c + column / (2 &* Lanes.width) &* cPanel
  }

  /// Columns of the next panel where so many are left.
  @inline(always) private func span(_ left: Int) -> Int {
    let width = 2 &* Lanes.width
    return cPanel == width ? Product.span(left) : min(width, left)
  }

  /// Inner indices that are summed at once: what comes after them is summed apart.
  ///
  /// A float32 that has grown large loses the small numbers that are added to it.
  private static let longInner = 2048 * Lanes.width

  func run() {
    if inner == 0 {
      clear()
      finish()
    } else if inner > StridedProduct.longInner && cPanel == 2 * Lanes.width {
      runLong()
    } else {
      runShort()
    }
  }

  /// A sum of products over stretches of the inner index.
  private func runLong() {
    let aside = FloatBuffer(uninitialized: rows * columns)
    var k = 0
    while k < inner, !Elementwise.isGivenUp {
      var piece = self
      piece.inner = min(StridedProduct.longInner, inner - k)
      piece.ending = nil
      piece.rectifies = false
      piece.a.base = a.place(0, k)
      piece.b.base = b.place(k, 0)
      if k > 0 {
        piece.c = aside.base
        piece.cRow = columns
        piece.accumulate = false
      }
      piece.runShort()
      if k > 0 {
        for i in 0..<rows { VectorLoops.add(aside.base + i * columns, to: c + i * cRow, columns) }
      }
      k += piece.inner
    }
    finish()
  }

  /// What follows the sums, where it was not done while they stood in registers.
  private func finish() {
    guard let ending else { return }
    for i in 0..<rows {
      let row = c + i &* cRow
      for j in 0..<columns {
        let sum = row[j] + ending[j]
        row[j] = rectifies && sum <= 0 ? 0 : sum
      }
    }
  }

  /// The places of a tile with what follows its sums, if they are finished.
  @inline(always)
  private func ended(_ places: TilePlaces, column: Int, isLast: Bool) -> TilePlaces {
    guard isLast, let ending else { return places }
    var places = places
    places.ending = ending + column
    places.rectifies = rectifies
    return places
  }

  private func runShort() {
    if (rows <= 2 || columns < Lanes.width / 2) && runNarrow() { return finish() }
    if turnsLess {
      turned(bLimit: a.place(rows - 1, inner - 1) + 1)
      return finish()
    }
    let work = rows * columns * inner
    if work >= StridedProduct.parallelWork && Parallel.threadsHere > 1 {
      runParallel()
    } else {
      Turns.apart(numbers: work / 16, runBlocks)
    }
  }

  private func clear() {
    guard !accumulate else { return }
    for i in 0..<rows { (c + i * cRow).update(repeating: 0, count: columns) }
  }

  /// Divides the longer of rows and columns in fixed parts.
  private func runParallel() {
    let byRows = rows >= columns
    let extent = byRows ? rows : columns
    let part = rounded(max(64, (extent + 7) / 8), to: 32)
    // The body throws nothing.
    try? Parallel.forEach((extent + part - 1) / part) { number in
      let start = number * part
      let count = min(part, extent - start)
      var piece = self
      if byRows {
        piece.rows = count
        piece.a.base = a.place(start, 0)
        piece.c = c + start * cRow
      } else {
        piece.columns = count
        piece.b.base = b.place(0, start)
        piece.c = c + start
        piece.ending = ending.map { $0 + start }
      }
      piece.runBlocks()
    }
  }

  /// Whether rows of B are read as they lie: contiguous, and either few uses or a small extent.
  private var readsDirectly: Bool {
    guard b.column == 1 else { return false }
    return rows <= 8 || inner * b.row <= 8192 || (rows <= 64 && inner * b.row <= 1 << 18)
  }

  /// Inner indices of a block: all are about as long, as a short last one costs more than it computes.
  private var blockDepth: Int {
    let blocks = (inner + StridedProduct.innerBlock - 1) / StridedProduct.innerBlock
    return rounded((inner + blocks - 1) / max(blocks, 1), to: 16)
  }

  /// The product on this thread alone.
  func runBlocks() {
    if readsDirectly { return runDirect() }
    let block = blockDepth
    var k = 0
    while k < inner {
      let depth = min(block, inner - k)
      if rows * depth <= StridedProduct.smallLeft {
        runPanels(k, depth)
      } else {
        runSpans(k, depth)
      }
      k += depth
    }
  }

  /// A block of the inner index where all of A stays in the second cache: each panel of B is packed
  /// just before it is used.
  private func runPanels(_ k: Int, _ depth: Int) {
    let packed = Scratch.floats(.right, 3 * Lanes.width * depth)
    let left = packsLeft(columns) ? Scratch.floats(.left, rounded(rows, to: 8) * depth) : nil
    if let left { packLeft(a.place(0, k), depth, left) }
    var j = 0
    while j < columns {
      let span = span(columns - j)
      var source = b
      source.base = b.place(k, j)
      Product.pack(source, rows: depth, columns: span, into: packed, panel: Product.pitch(span))
      if let left {
        runPackedBoth(left, packed, k: k, depth: depth, j: j, span: span)
      } else {
        runPackedRight(packed, k: k, depth: depth, j: j, span: span)
      }
      j += span
    }
  }

  /// A block of the inner index where many columns of B are packed at a time, for many rows of A.
  private func runSpans(_ k: Int, _ depth: Int) {
    let width = 2 * Lanes.width
    var j = 0
    while j < columns {
      let span = min(StridedProduct.columnBlock, columns - j)
      let packed = Scratch.floats(.right, rounded(span, to: width) * depth)
      var source = b
      source.base = b.place(k, j)
      packSpans(source, depth, span, packed)
      runPacked(packed, k: k, depth: depth, j: j, span: span)
      j += span
    }
  }

  /// Packs some columns of B to panels.
  private func packSpans(_ source: Matrix, _ depth: Int, _ columns: Int, _ packed: MutableFloats) {
    if cPanel == 2 * Lanes.width {
      Product.packSpans(source, rows: depth, columns: columns, into: packed)
    } else {
      Product.pack(source, rows: depth, columns: columns, into: packed)
    }
  }

  /// Whether rows of A are packed, which so many columns are to be worth.
  private func packsLeft(_ columns: Int) -> Bool {
    a.column != 1
      ? columns >= 8 * Lanes.width && a.column >= 64
      : columns >= 16 * Lanes.width && a.row & 511 == 0
  }

  /// Rows go in blocks that stay in the second cache while all panels pass over them.
  private func runPacked(_ packed: MutableFloats, k: Int, depth: Int, j: Int, span: Int) {
    let isPackedLeft = packsLeft(span)
    let together = max(64, StridedProduct.leftBlock / depth & ~7)
    var i = 0
    while i < rows {
      var part = self
      part.rows = min(together, rows - i)
      part.a.base = a.place(i, 0)
      part.c = c + i * cRow
      if isPackedLeft {
        let memory = Scratch.floats(.left, rounded(part.rows, to: 8) * depth)
        part.packLeft(a.place(i, k), depth, memory)
        part.runPackedBoth(memory, packed, k: k, depth: depth, j: j, span: span)
      } else {
        part.runPackedRight(packed, k: k, depth: depth, j: j, span: span)
      }
      i += together
    }
  }

  private func runPackedRight(
    _ packed: MutableFloats, k: Int, depth: Int, j: Int, span: Int
  ) {
    var column = 0
    while column < span {
      let count = self.span(span - column)
      let places = TilePlaces(
        a: a.place(0, k), aRow: a.row, aColumn: a.column, b: packed + column * depth,
        bRow: Product.pitch(count), c: result(j + column), cRow: cRow, addsBlock: true)
      Product.panel(
        rows, count, depth, ended(places, column: j + column, isLast: k + depth == inner),
        accumulate || k > 0)
      column += count
    }
  }

  private func runPackedBoth(
    _ left: Floats, _ right: Floats, k: Int, depth: Int, j: Int, span: Int
  ) {
    var column = 0
    while column < span {
      let count = self.span(span - column)
      var i = 0
      while i < rows {
        let places = TilePlaces(
          a: left + i * depth, aRow: 1, aColumn: 8, b: right + column * depth,
          bRow: Product.pitch(count), c: result(j + column) + i * cRow, cRow: cRow,
          addsBlock: true)
        Product.panel(
          min(8, rows - i), count, depth,
          ended(places, column: j + column, isLast: k + depth == inner), accumulate || k > 0)
        i += 8
      }
      column += count
    }
  }

  /// Columns from the first that go by four vectors at a time, where rows are few and registers many.
  private func runWide() -> Int {
    let width = LaneQuad.width
    var column = 0
    guard Lanes.width == 16, rows <= 6, cPanel == 2 * Lanes.width else { return 0 }
    var places = TilePlaces(
      a: a.base, aRow: a.row, aColumn: a.column, b: b.base, bRow: b.row, c: c, cRow: cRow,
      addsBlock: true)
    while column + width <= columns {
      inDepths(places, column) { Product.widePanel(rows, $1, $0, $2) }
      places.b += width
      places.c += width
      column += width
    }
    return column
  }

  /// Reads B's rows where they lie; the last columns are packed if whole vectors would leave B.
  private func runDirect() {
    var column = runWide()
    while column < columns {
      let count = span(columns - column)
      var places = TilePlaces(
        a: a.base, aRow: a.row, aColumn: a.column, b: b.base + column, bRow: b.row,
        c: result(column), cRow: cRow, addsBlock: true)
      if b.place(inner - 1, column) + rounded(count, to: Lanes.width) > bLimit {
        let width = Product.pitch(count)
        let packed = Scratch.floats(.right, width * inner)
        var source = b
        source.base += column
        Product.pack(source, rows: inner, columns: count, into: packed, panel: width)
        places.b = Floats(packed)
        places.bRow = width
      }
      inDepths(places, column) { Product.panel(rows, count, $1, $0, $2) }
      column += count
    }
  }

  /// Calls `body` with the places, the depth and whether it adds, for blocks of the inner index.
  @inline(__always)
  private func inDepths(
    _ places: TilePlaces, _ column: Int, _ body: (TilePlaces, Int, Bool) -> Void
  ) {
    let block = blockDepth
    var places = places
    var k = 0
    while k < inner {
      let depth = min(block, inner &- k)
      body(
        ended(places, column: column, isLast: k &+ depth == inner), depth, accumulate || k > 0)
      places.a += depth &* places.aColumn
      places.b += depth &* places.bRow
      k &+= depth
    }
  }
}
