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

  /// Gradients of what was read; `signs` is what `forward` gave.
  public func backward(
    _ incoming: Incoming, _ x: FloatBuffer, weight: FloatBuffer, signs: Signs?, wantsInput: Bool
  ) throws -> Gradients {
    check(x, weight)
    precondition((signs != nil) == rectifies, "signs of another map")
    let gradients = Gradients(
      x: wantsInput ? FloatBuffer(uninitialized: x.count) : nil,
      weight: FloatBuffer(uninitialized: weight.count),
      atRow: FloatBuffer(uninitialized: count * rows * outputs),
      atColumn: FloatBuffer(uninitialized: count * columns * outputs))
    let panels = FloatBuffer(uninitialized: rounded(inputs, to: 2 * Lanes.width) * outputs)
    Product.packSpans(
      Matrix(base: weight.base, row: inputs, column: 1), rows: outputs, columns: inputs,
      into: panels.base)
    let parts = FloatBuffer(uninitialized: partCount * inputs * width)
    let way = Way(
      x: Address(x), signs: signs, panels: Address(panels),
      places: incoming.places.map { Address($0) }, overRows: incoming.overRows.map { Address($0) },
      overColumns: incoming.overColumns.map { Address($0) }, input: gradients.x.map { Address($0) },
      atRow: Address(gradients.atRow), atColumn: Address(gradients.atColumn))
    let sums = Address(parts)
    try forEachPart { part, numbers in
      for number in numbers {
        self.backward(
          number, way, into: sums.base + part * inputs * width, adds: number > numbers.lowerBound)
      }
    }
    withExtendedLifetime((incoming, x, panels)) {}
    gather(parts, into: gradients.weight)
    return gradients
  }

  /// What is read and written on the way back.
  private struct Way: Sendable {
    var x: Address
    var signs: Signs?
    var panels: Address
    var places: Address?
    var overRows: Address?
    var overColumns: Address?
    var input: Address?
    var atRow: Address
    var atColumn: Address
  }

  /// Places whose slopes are made before they are multiplied: they stay in the first cache, and their
  /// products are long enough for the sums to be worth loading.
  private static let placesTogether = 64

  /// Adds up the parts [C,H] of the weight's gradient, which becomes [H,C].
  private func gather(_ parts: FloatBuffer, into weight: FloatBuffer) {
    guard partCount > 0 else {
      return weight.base.update(repeating: 0, count: weight.count)
    }
    for part in 1..<max(1, partCount) {
      VectorLoops.add(parts.base + part * inputs * width, to: parts.base, inputs * width)
    }
    for output in 0..<outputs {
      for input in 0..<inputs {
        weight.base[output * inputs + input] = parts.base[input * width + output]
      }
    }
  }

  private func backward(_ number: Int, _ way: Way, into weight: MutableFloats, adds: Bool) {
    let width = width
    let together = min(rows, max(1, PlaceLinear.placesTogether / columns))
    let memory = Scratch.floats(.places, (together * columns + 2 * columns + 2) * width)
    let slopes = memory
    let fromRows = slopes + together * columns * width
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
    for first in stride(from: 0, to: rows, by: together) {
      let count = min(together, rows - first)
      for row in first..<first + count {
        let offset = (number * rows + row) * outputs
        if let overColumns = way.overColumns {
          AttentionHead.scale(
            overColumns.base + offset, by: 1 / Float(columns), to: fromColumns, outputs)
        }
        let place = (number * rows + row) * columns
        let slope = RowOfSlopes(
          count: columns, slopes: slopes + (row - first) * columns * width,
          arrived: way.places.map { Floats($0.base) + place * outputs }, outputs: outputs,
          signs: way.signs.map { $0.place(place * vectors) }, vectors: vectors,
          fromRows: Floats(fromRows), fromColumns: Floats(fromColumns), columnSums: columnSums,
          width: width, totals: totals)
        forEachSpan { unit, span in slope.run(unit, span) }
        VectorLoops.copy(totals, to: way.atRow.base + offset, outputs)
      }
      multiply(
        slopes, (number * rows + first) * columns, count * columns, way, into: weight,
        adds: adds || first > 0)
    }
    let target = way.atColumn.base + number * columns * outputs
    for column in 0..<columns {
      VectorLoops.copy(columnSums + column * width, to: target + column * outputs, outputs)
    }
  }

  /// The products of the way back for places from one on: for the input, and their share of the
  /// weight's gradient.
  private func multiply(
    _ slopes: Floats, _ place: Int, _ places: Int, _ way: Way, into weight: MutableFloats,
    adds: Bool
  ) {
    if let input = way.input {
      var column = 0
      while column < inputs {
        let span = Product.span(inputs - column)
        let tiles = TilePlaces(
          a: slopes, aRow: width, aColumn: 1, b: Floats(way.panels.base) + column * outputs,
          bRow: Product.pitch(span), c: input.base + place * inputs + column, cRow: inputs)
        Product.panel(places, span, outputs, tiles, false)
        column += span
      }
    }
    // The gradient is made turned, [C,H]: slopes are whole vectors, and few inputs make no short ones.
    let x = Floats(way.x.base) + place * inputs
    var unit = 0
    while unit < width {
      let span = Product.span(width - unit)
      let tiles = TilePlaces(
        a: x, aRow: 1, aColumn: inputs, b: slopes + unit, bRow: width, c: weight + unit,
        cRow: width, addsBlock: true)
      Product.panel(inputs, span, places, tiles, adds)
      unit += span
    }
  }
}

/// The gradients before the positive part was taken, of a row of places, and their sums.
private struct RowOfSlopes {
  /// How many places there are.
  var count: Int
  /// What comes out, rows of `width` numbers.
  var slopes: MutableFloats
  /// What arrived at the places: rows of `outputs` numbers.
  var arrived: Floats?
  var outputs: Int
  /// Where there is a slope, if not everywhere: rows of `vectors` masks.
  var signs: LaneSigns?
  var vectors: Int
  /// What arrived by the means, and the sums over rows: rows of `width` numbers.
  var fromRows: Floats
  var fromColumns: Floats
  var columnSums: MutableFloats
  var width: Int
  /// The sum over the places.
  var totals: MutableFloats

  func run(_ unit: Int, _ span: Int) {
    let last = PlaceLinear.last(span)
    switch (span + Lanes.width - 1) / Lanes.width {
    case 3: run(LaneTriple.self, unit, last)
    case 2: run(LanePair.self, unit, last)
    default: run(LaneSingle.self, unit, last)
    }
  }

  /// Some outputs, whose last vector has `last` numbers.
  @inline(never)
  private func run<Columns: TileColumns>(_ type: Columns.Type, _ unit: Int, _ last: Int) {
    var total = Columns()
    let shared = Columns(at: fromColumns + unit)
    var place = unit
    var outer = unit
    var mask = unit / Lanes.width
    for _ in 0..<count {
      var slope = shared
      slope.add(Columns(at: fromRows + place))
      if let arrived { slope.add(Columns(at: arrived + outer, last: last)) }
      if let signs { slope.keep(where: signs + mask) }
      slope.store(slopes + place)
      total.add(slope)
      var sum = Columns(at: columnSums + place)
      sum.add(slope)
      sum.store(columnSums + place)
      place &+= width
      outer &+= outputs
      mask &+= vectors
    }
    total.store(totals + unit)
  }
}
