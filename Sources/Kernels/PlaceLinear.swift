import Execution

/// A linear map of each place of N matrices, to which a vector for its row and one for its column are
/// added, and the means of what comes out over rows and over columns.
///
/// y[n,r,k] = W x[n,r,k] + a[n,r] + b[n,k], or the positive part of it. Layers that do not change when
/// rows and columns are relabelled are made of it: what a place hears of the others comes in through
/// sums over its row and its column. A matrix stays in the second cache while all is done with it.
public struct PlaceLinear: Sendable {
  /// Matrices, N.
  public let count: Int
  /// Rows of each, R.
  public let rows: Int
  /// Columns of each, K.
  public let columns: Int
  /// Numbers at a place that come in, C.
  public let inputs: Int
  /// Numbers at a place that go out, H.
  public let outputs: Int
  /// Whether the positive part is kept.
  public let rectifies: Bool

  /// Such a map.
  public init(
    count: Int, rows: Int, columns: Int, inputs: Int, outputs: Int, rectifies: Bool
  ) {
    precondition(count >= 0 && rows > 0 && columns > 0, "extents not positive")
    precondition(inputs > 0 && outputs > 0, "extents not positive")
    self.count = count
    self.rows = rows
    self.columns = columns
    self.inputs = inputs
    self.outputs = outputs
    self.rectifies = rectifies
  }

  var places: Int { rows * columns }
  /// The numbers that go out, whole vectors.
  var width: Int { rounded(outputs, to: Lanes.width) }
  var vectors: Int { width / Lanes.width }
  /// Multiplications from which several threads are used.
  private static let parallelWork = 1 << 20
  /// Parts into which matrices are divided; gradients of the weight are sums of theirs.
  private static let parts = 16

  /// What a map gives.
  public struct Results: Sendable {
    /// [N,R,K,H], if wanted.
    public var places: FloatBuffer?
    /// Their means over rows, [N,K,H].
    public var overRows: FloatBuffer
    /// Their means over columns, [N,R,H].
    public var overColumns: FloatBuffer
    /// Where the positive part has a slope, if wanted.
    public var signs: Signs?
  }

  /// Which numbers of the places are kept by the positive part, a bit for each: the way back reads
  /// less of them than of the numbers.
  public struct Signs: Sendable {
    /// Memory for masks.
    let buffer: FloatBuffer

    init(_ map: PlaceLinear) {
      buffer = FloatBuffer(uninitialized: (map.count * map.places * map.vectors + 1) / 2)
    }

    /// The mask of a vector.
    func place(_ number: Int) -> LaneSigns {
      UnsafeMutableRawPointer(buffer.base).assumingMemoryBound(to: UInt16.self) + number
    }
  }

  /// Maps x [N,R,K,C] by a weight [H,C]; `atRow` is [N,R,H], `atColumn` [N,K,H].
  ///
  /// - Parameters:
  ///   - wantsPlaces: whether the places are given, and not their means alone.
  ///   - goesBack: whether `backward` follows.
  public func forward(
    _ x: FloatBuffer, weight: FloatBuffer, atRow: FloatBuffer, atColumn: FloatBuffer,
    wantsPlaces: Bool = true, goesBack: Bool = false
  ) throws -> Results {
    check(x, weight)
    precondition(atRow.count == count * rows * outputs, "counts differ")
    precondition(atColumn.count == count * columns * outputs, "counts differ")
    let panels = panels(Matrix(base: weight.base, row: 1, column: inputs))
    let results = Results(
      places: wantsPlaces ? FloatBuffer(uninitialized: count * places * outputs) : nil,
      overRows: FloatBuffer(uninitialized: atColumn.count),
      overColumns: FloatBuffer(uninitialized: atRow.count),
      signs: goesBack && rectifies ? Signs(self) : nil)
    let read = Read(
      x: Address(x), panels: Address(panels), atRow: Address(atRow), atColumn: Address(atColumn))
    let written = Written(
      places: results.places.map { Address($0) }, overRows: Address(results.overRows),
      overColumns: Address(results.overColumns), signs: results.signs)
    try forEachPart { _, numbers in
      for number in numbers { forward(number, read, written) }
    }
    withExtendedLifetime((x, panels, atRow, atColumn)) {}
    return results
  }

  private struct Read: Sendable {
    var x: Address
    var panels: Address
    var atRow: Address
    var atColumn: Address
  }

  private struct Written: Sendable {
    var places: Address?
    var overRows: Address
    var overColumns: Address
    var signs: Signs?
  }

  func check(_ x: FloatBuffer, _ weight: FloatBuffer) {
    precondition(x.count == count * places * inputs, "counts differ")
    precondition(weight.count == outputs * inputs, "counts differ")
  }

  /// Calls `body` for fixed parts of the matrices, on several threads if they are worth it.
  func forEachPart(_ body: @Sendable (Int, Range<Int>) -> Void) throws {
    let together = max(1, (count + PlaceLinear.parts - 1) / PlaceLinear.parts)
    let parts = partCount
    @Sendable func work(_ part: Int) {
      body(part, part * together..<min(count, (part + 1) * together))
    }
    if count * places * inputs * outputs < PlaceLinear.parallelWork {
      Turns.apart { for part in 0..<parts { work(part) } }
      return
    }
    try Parallel.forEach(parts) { part in
      try Cancellation.current.check()
      work(part)
    }
  }

  var partCount: Int {
    let together = max(1, (count + PlaceLinear.parts - 1) / PlaceLinear.parts)
    return (count + together - 1) / together
  }

  /// The weight's panels for the way forward, each with rows of whole vectors.
  private func panels(_ weight: Matrix) -> FloatBuffer {
    let packed = FloatBuffer(uninitialized: width * inputs)
    forEachSpan { unit, span in
      var part = weight
      part.base = weight.place(0, unit)
      Product.pack(
        part, rows: inputs, columns: span, into: packed.base + unit * inputs,
        panel: rounded(span, to: Lanes.width))
    }
    return packed
  }

  /// Calls `body` with the beginning and the extent of each panel of outputs.
  @inline(always)
  func forEachSpan(_ body: (_ unit: Int, _ span: Int) -> Void) {
    var unit = 0
    while unit < outputs {
      let span = Product.span(outputs &- unit)
      body(unit, span)
      unit &+= span
    }
  }

  /// How many numbers the last vector of so many has.
  @inline(always)
  static func last(_ span: Int) -> Int { (span &- 1) % Lanes.width &+ 1 }

  /// One matrix, row by row.
  private func forward(_ number: Int, _ read: Read, _ written: Written) {
    let memory = Scratch.floats(.places, (2 * columns + 2) * width)
    let start = memory
    let totals = start + width
    let atColumn = totals + width
    let overRows = atColumn + columns * width
    start.update(repeating: 0, count: width)
    overRows.update(repeating: 0, count: columns * width)
    pad(read.atColumn.base + number * columns * outputs, into: atColumn)
    let x = Floats(read.x.base) + number * places * inputs
    let y = written.places.map { $0.base + number * places * outputs }
    for row in 0..<rows {
      let place = (number * rows + row) * outputs
      let first = row &* columns
      VectorLoops.copy(read.atRow.base + place, to: start, outputs)
      forEachSpan { unit, span in
        RowOfPlaces(
          count: columns, x: x + first &* inputs, inputs: inputs,
          weight: Floats(read.panels.base) + unit &* inputs, start: Floats(start + unit),
          atColumn: Floats(atColumn + unit), overRows: overRows + unit, width: width,
          result: y.map { $0 + (first &* outputs &+ unit) }, outputs: outputs,
          last: PlaceLinear.last(span), totals: totals + unit, rectifies: rectifies,
          signs: written.signs.map {
            $0.place((number &* places &+ first) &* vectors &+ unit / Lanes.width)
          }, vectors: vectors
        ).run(span)
      }
      AttentionHead.scale(
        totals, by: 1 / Float(columns), to: written.overColumns.base + place, outputs)
    }
    let target = written.overRows.base + number * columns * outputs
    let share = 1 / Float(rows)
    for column in 0..<columns {
      AttentionHead.scale(
        overRows + column * width, by: share, to: target + column * outputs, outputs)
    }
  }

  /// Rows of numbers [K,H] in rows of whole vectors, zero in the gaps.
  func pad(_ source: Floats, into target: MutableFloats, by factor: Float = 1) {
    if width > outputs { target.update(repeating: 0, count: columns * width) }
    for column in 0..<columns {
      AttentionHead.scale(
        source + column * outputs, by: factor, to: target + column * width, outputs)
    }
  }
}
