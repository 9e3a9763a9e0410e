import Execution

extension PlaceLinear {
  /// Gradients of the results; nil for what was not used.
  public struct Incoming: Sendable {
    /// [N,R,K,H].
    public var places: FloatBuffer?
    /// [N,K,H].
    public var overRows: FloatBuffer?
    /// [N,R,H].
    public var overColumns: FloatBuffer?

    /// Gradients of the results.
    public init(places: FloatBuffer?, overRows: FloatBuffer?, overColumns: FloatBuffer?) {
      self.places = places
      self.overRows = overRows
      self.overColumns = overColumns
    }
  }

  /// Gradients of what was read.
  public struct Gradients {
    /// [N,R,K,C], if wanted.
    public var x: FloatBuffer?
    /// [H,C].
    public var weight: FloatBuffer
    /// [N,R,H].
    public var atRow: FloatBuffer
    /// [N,K,H].
    public var atColumn: FloatBuffer
  }

  /// Gradients of what was read; `result` is what the map gave at its places.
  public func backward(
    _ incoming: Incoming, _ x: FloatBuffer, weight: FloatBuffer, result: FloatBuffer,
    wantsInput: Bool
  ) throws -> Gradients {
    check(x, weight)
    let gradients = Gradients(
      x: wantsInput ? FloatBuffer(uninitialized: x.count) : nil,
      weight: FloatBuffer(repeating: 0, count: weight.count),
      atRow: FloatBuffer(uninitialized: count * rows * outputs),
      atColumn: FloatBuffer(uninitialized: count * columns * outputs))
    let panels = FloatBuffer(uninitialized: rounded(inputs, to: 2 * Lanes.width) * outputs)
    Product.pack(
      Matrix(base: weight.base, row: inputs, column: 1), rows: outputs, columns: inputs,
      into: panels.base)
    let parts = FloatBuffer(uninitialized: partCount * weight.count)
    let way = Way(
      x: Address(x), xCount: rounded(x.count, to: 16), result: Address(result),
      panels: Address(panels),
      places: incoming.places.map { Address($0) }, overRows: incoming.overRows.map { Address($0) },
      overColumns: incoming.overColumns.map { Address($0) }, input: gradients.x.map { Address($0) },
      atRow: Address(gradients.atRow), atColumn: Address(gradients.atColumn))
    let sums = Address(parts)
    try forEachPart { part, numbers in
      for number in numbers {
        self.backward(
          number, way, into: sums.base + part * weight.count, adds: number > numbers.lowerBound)
      }
    }
    withExtendedLifetime((incoming, x, panels, result)) {}
    for part in 0..<partCount {
      VectorLoops.add(parts.base + part * weight.count, to: gradients.weight.base, weight.count)
    }
    return gradients
  }

  /// What is read and written on the way back.
  private struct Way: Sendable {
    var x: Address
    /// Numbers that can be read, padding included.
    var xCount: Int
    var result: Address
    var panels: Address
    var places: Address?
    var overRows: Address?
    var overColumns: Address?
    var input: Address?
    var atRow: Address
    var atColumn: Address
  }

  private func backward(_ number: Int, _ way: Way, into weight: MutableFloats, adds: Bool) {
    let width = width
    let memory = Scratch.floats(.places, (places + 2 * columns + 2) * width)
    let slopes = memory
    let fromRows = slopes + places * width
    let columnSums = fromRows + columns * width
    let fromColumns = columnSums + columns * width
    let totals = fromColumns + width
    fromColumns.update(repeating: 0, count: width)
    columnSums.update(repeating: 0, count: columns * width)
    if let overRows = way.overRows {
      pad(overRows.base + number * columns * outputs, into: fromRows, by: 1 / Float(rows))
    } else {
      fromRows.update(repeating: 0, count: columns * width)
    }
    for row in 0..<rows {
      let offset = (number * rows + row) * outputs
      if let overColumns = way.overColumns {
        AttentionHead.scale(
          overColumns.base + offset, by: 1 / Float(columns), to: fromColumns, outputs)
      }
      let place = offset * columns
      slope(
        slopes + row * columns * width, way.places.map { Floats($0.base) + place },
        way.result.base + place, fromRows, fromColumns, columnSums, totals)
      VectorLoops.copy(totals, to: way.atRow.base + offset, outputs)
    }
    let target = way.atColumn.base + number * columns * outputs
    for column in 0..<columns {
      VectorLoops.copy(columnSums + column * width, to: target + column * outputs, outputs)
    }
    multiply(slopes, number, way, into: weight, adds: adds)
  }

  /// The products of the way back: for the input, and the matrix's share of the weight's gradient.
  private func multiply(
    _ slopes: Floats, _ number: Int, _ way: Way, into weight: MutableFloats, adds: Bool
  ) {
    let panel = 2 * Lanes.width
    if let input = way.input {
      for column in stride(from: 0, to: inputs, by: panel) {
        let tiles = TilePlaces(
          a: slopes, aRow: width, aColumn: 1, b: Floats(way.panels.base) + column * outputs,
          bRow: panel, c: input.base + number * places * inputs + column, cRow: inputs)
        Product.panel(places, min(panel, inputs - column), outputs, tiles, false)
      }
    }
    StridedProduct(
      rows: outputs, columns: inputs, inner: places, a: Matrix(base: slopes, row: 1, column: width),
      b: Matrix(base: Floats(way.x.base) + number * places * inputs, row: inputs, column: 1),
      bLimit: way.x.base + way.xCount, c: weight, cRow: inputs, accumulate: adds
    ).runBlocks()
  }

  /// The gradients before the positive part was taken, of a row of places, and their sums.
  @inline(never)
  private func slope(
    _ slopes: MutableFloats, _ arrived: Floats?, _ result: Floats, _ fromRows: Floats,
    _ fromColumns: Floats, _ columnSums: MutableFloats, _ totals: MutableFloats
  ) {
    totals.update(repeating: 0, count: width)
    var column = 0
    while column < columns {
      let place = column &* width
      let outer = column &* outputs
      var unit = 0
      while unit < outputs {
        let lanes = min(Lanes.width, outputs &- unit)
        var slope = Lanes(at: fromColumns + unit) + Lanes(at: fromRows + (place &+ unit))
        if let arrived { slope += LaneTail.load(arrived + (outer &+ unit), lanes) }
        if rectifies {
          let isOff = LaneTail.load(result + (outer &+ unit), lanes) .<= 0
          slope = slope.replacing(with: 0, where: isOff)
        }
        slope.store(slopes + (place &+ unit))
        (Lanes(at: totals + unit) + slope).store(totals + unit)
        (Lanes(at: columnSums + (place &+ unit)) + slope).store(columnSums + (place &+ unit))
        unit &+= Lanes.width
      }
      column &+= 1
    }
  }
}
