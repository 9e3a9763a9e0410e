import Execution

/// Rows brought to mean 0 and variance 1, then scaled and shifted by learned numbers.
public struct LayerNormalization: Sendable {
  /// Rows, N.
  public let rows: Int
  /// Numbers in a row, S.
  public let columns: Int

  /// Added to the variance, as in PyTorch.
  private static let epsilon: Float = 1e-5
  /// Rows that are worked on together; the gradients of gain and offset are sums of theirs.
  private static let rowsTogether = 512
  /// Numbers from which several threads are used.
  private static let parallelCount = 1 << 17

  /// The normalisation of a matrix [N,S].
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns > 0, "extents not positive")
    self.rows = rows
    self.columns = columns
  }

  private var blocks: Int {
    (rows + LayerNormalization.rowsTogether - 1) / LayerNormalization.rowsTogether
  }

  private func forEachBlock(_ body: @Sendable (Int, Range<Int>) -> Void) throws {
    let together = LayerNormalization.rowsTogether
    @Sendable func work(_ block: Int) {
      body(block, block * together..<min(rows, (block + 1) * together))
    }
    if rows * columns < LayerNormalization.parallelCount {
      Turns.apart { for block in 0..<blocks { work(block) } }
      return
    }
    try Parallel.forEach(blocks) { block in
      try Cancellation.current.check()
      work(block)
    }
  }

  /// The normalised rows [N,S], and of each row its mean and one over its deviation, [N,2].
  public func forward(
    _ source: FloatBuffer, gain: FloatBuffer, offset: FloatBuffer
  ) throws -> (result: FloatBuffer, moments: FloatBuffer) {
    precondition(source.count == rows * columns, "counts differ")
    precondition(gain.count == columns && offset.count == columns, "counts differ")
    let result = FloatBuffer(uninitialized: source.count)
    let moments = FloatBuffer(uninitialized: 2 * rows)
    let (from, to, kept) = (Address(source), Address(result), Address(moments))
    let (gains, offsets) = (Address(gain), Address(offset))
    try forEachBlock { _, block in
      for row in block {
        let x = Floats(from.base) + row &* self.columns
        let (mean, share) = self.moments(x)
        kept.base[2 &* row] = mean
        kept.base[2 &* row &+ 1] = share
        let y = to.base + row &* self.columns
        self.forEachVector { place, lanes in
          let normal = (LaneTail.load(x + place, lanes) - mean) * share
          let scaled = LaneTail.load(offsets.base + place, lanes)
            .adding(normal, LaneTail.load(gains.base + place, lanes))
          LaneTail.store(scaled, y + place, lanes)
        }
      }
    }
    withExtendedLifetime((source, gain, offset)) {}
    return (result, moments)
  }

  /// Gradients of what was read.
  public struct Gradients {
    /// Of the rows, [N,S].
    public var source: FloatBuffer
    /// [S].
    public var gain: FloatBuffer
    /// [S].
    public var offset: FloatBuffer
  }

  /// Gradients of rows, gain and offset from that of the result.
  public func backward(
    _ gradient: FloatBuffer, _ source: FloatBuffer, gain: FloatBuffer, moments: FloatBuffer
  ) throws -> Gradients {
    precondition(
      gradient.count == rows * columns && source.count == gradient.count, "counts differ")
    let result = FloatBuffer(uninitialized: source.count)
    let parts = FloatBuffer(repeating: 0, count: 2 * blocks * columns)
    let (arrived, from, kept) = (Address(gradient), Address(source), Address(moments))
    let (gains, to, sums) = (Address(gain), Address(result), Address(parts))
    try forEachBlock { number, block in
      let gainSum = sums.base + 2 &* number &* self.columns
      for row in block {
        let offset = row &* self.columns
        self.backward(
          Row(
            gradient: arrived.base + offset, source: from.base + offset,
            target: to.base + offset, mean: kept.base[2 &* row],
            share: kept.base[2 &* row &+ 1]),
          gain: gains.base, gainSum: gainSum, offsetSum: gainSum + self.columns)
      }
    }
    withExtendedLifetime((gradient, source, gain, moments)) {}
    let total = FloatBuffer(repeating: 0, count: 2 * columns)
    for block in 0..<blocks {
      VectorLoops.add(parts.base + 2 * block * columns, to: total.base, 2 * columns)
    }
    return Gradients(
      source: result, gain: FloatBuffer(total, from: 0, count: columns),
      offset: FloatBuffer(total, from: columns, count: columns))
  }

  private struct Row {
    var gradient: Floats
    var source: Floats
    var target: MutableFloats
    var mean: Float
    var share: Float
  }

  /// With n the normalised row and h = gain g: the gradient is (h - mean(h) - n mean(h n)) / deviation.
  @inline(always)
  private func backward(
    _ row: Row, gain: Floats, gainSum: MutableFloats, offsetSum: MutableFloats
  ) {
    var sum = Lanes.zero
    var product = Lanes.zero
    forEachVector { place, lanes in
      let normal = LaneTail.only(
        (LaneTail.load(row.source + place, lanes) - row.mean) * row.share, lanes)
      let slope = LaneTail.load(row.gradient + place, lanes)
      let scaled = slope * LaneTail.load(gain + place, lanes)
      sum += scaled
      product.add(scaled, normal)
      LaneTail.store(
        LaneTail.load(gainSum + place, lanes).adding(slope, normal), gainSum + place, lanes)
      LaneTail.store(
        LaneTail.load(offsetSum + place, lanes) + slope, offsetSum + place, lanes)
    }
    let mean = sum.total / Float(columns)
    let along = product.total / Float(columns)
    forEachVector { place, lanes in
      let normal = (LaneTail.load(row.source + place, lanes) - row.mean) * row.share
      let scaled = LaneTail.load(row.gradient + place, lanes) * LaneTail.load(gain + place, lanes)
      LaneTail.store((scaled - mean - normal * along) * row.share, row.target + place, lanes)
    }
  }

  /// The mean of a row and one over its deviation.
  ///
  /// In two passes: a difference of mean squares would cancel.
  @inline(always)
  private func moments(_ row: Floats) -> (mean: Float, share: Float) {
    var sum = Lanes.zero
    forEachVector { place, lanes in sum += LaneTail.load(row + place, lanes) }
    let mean = sum.total / Float(columns)
    var squares = Lanes.zero
    forEachVector { place, lanes in
      let deviation = LaneTail.only(LaneTail.load(row + place, lanes) - mean, lanes)
      squares.add(deviation, deviation)
    }
    let variance = squares.total / Float(columns)
    return (mean, 1 / (variance + LayerNormalization.epsilon).squareRoot())
  }

  /// Calls `body` with place and number of lanes for each vector of a row.
  @inline(always)
  private func forEachVector(_ body: (Int, Int) -> Void) {
    var place = 0
    while place &+ Lanes.width <= columns {
      body(place, Lanes.width)
      place &+= Lanes.width
    }
    if place < columns { body(place, columns &- place) }
  }
}

/// Vectors of which only the first lanes are there, so that neighbours are neither read nor written:
/// another thread may be at work on them.
enum LaneTail {
  @inline(always) static func load(_ place: Floats, _ lanes: Int) -> Lanes {
    if lanes == Lanes.width { return Lanes(at: place) }
    return Elementwise.load(place, first: lanes, limit: place + lanes)
  }

  @inline(always) static func store(_ vector: Lanes, _ place: MutableFloats, _ lanes: Int) {
    if lanes == Lanes.width { return vector.store(place) }
    Elementwise.store(vector, place, first: lanes, limit: place + lanes)
  }

  /// The first lanes, zero in the others.
  @inline(always) static func only(_ vector: Lanes, _ lanes: Int) -> Lanes {
    if lanes == Lanes.width { return vector }
    return Lanes.zero.replacing(with: vector, where: Elementwise.first(lanes))
  }
}
