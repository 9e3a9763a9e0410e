import Execution

/// The gradients of a layer's weights over all rows of its steps: X' G for what the layer read and for
/// its hidden states, and the sums of G, the gradients of its pre-activations, for its biases.
///
/// Rows may lie in several stretches of memory. Each part of G is packed once for all of these products,
/// straight from where it lies.
struct LayerWeightGradient: @unchecked Sendable {
  /// Rows that follow each other in memory.
  struct Stretch {
    var count: Int
    /// Gradients of the pre-activations [count,SH].
    var gates: Floats
    /// Hidden states before each step [count,H], rows of whole vectors.
    var hidden: Floats
    /// What the layer read [count,D], rows `inputRow` numbers apart; nil if its weights need nothing.
    var inputs: Floats?
  }

  /// Rows that are multiplied at once, as in other products (`StridedProduct.innerBlock`).
  private static let block = StridedProduct.innerBlock
  private static let tileRows = 8

  let extents: RecurrentExtents
  let layer: Int
  let stretches: [Stretch]
  let inputRow: Int
  /// The gradient of all weights in packed order.
  let target: MutableFloats
  /// Whether it is added to what stands there.
  var adds = false

  /// Whether parts of G are so often used that packing them pays.
  static func isWorthwhile(_ extents: RecurrentExtents) -> Bool {
    extents.gates * extents.hidden > 1 << 15
  }

  /// One of the products: `units` rows of the result, whose panels begin at `place`.
  private struct Factor {
    var units: Int
    var stride: Int
    var place: Int
    var left: MutableFloats
    var start: @Sendable (Stretch) -> Floats?
  }

  private var wantsInputs: Bool { stretches.first?.inputs != nil }

  /// All columns, divided among threads if there is enough to do; numbers are the same.
  func run(sharing: Bool = false) {
    let panels = extents.gates / (2 * Lanes.width)
    let rows = stretches.reduce(0) { $0 + $1.count }
    let work = rows * extents.gates * (extents.hidden + (wantsInputs ? inputRow : 0))
    let parts = sharing && work >= StridedProduct.parallelWork ? min(Parallel.threads, panels) : 1
    // The body throws nothing.
    try? Parallel.forEach(parts) { part in
      run(panels: panels * part / parts..<panels * (part + 1) / parts)
    }
  }

  private func run(panels: Range<Int>) {
    let depth = LayerWeightGradient.block
    let factors = factors(Scratch.floats(.left, leftCount * depth))
    let packed = Scratch.floats(.right, 2 * Lanes.width * depth)
    var isFirst = !adds
    forEachBlock { pieces, count in
      for factor in factors { pack(factor, pieces, count) }
      for panel in panels {
        let bias = pack(panel, pieces, into: packed)
        add(bias, panel, isFirst: isFirst)
        for factor in factors { multiply(factor, packed, panel, count, isFirst: isFirst) }
      }
      isFirst = false
    }
    copyBiases(panels)
  }

  /// Numbers of a packed column of all factors.
  private var leftCount: Int {
    rounded(extents.hidden, to: LayerWeightGradient.tileRows)
      + (wantsInputs ? rounded(extents.inputs(of: layer), to: LayerWeightGradient.tileRows) : 0)
  }

  private func factors(_ left: MutableFloats) -> [Factor] {
    let hidden = Factor(
      units: extents.hidden, stride: extents.units, place: extents.hiddenOffset(layer), left: left,
      start: { $0.hidden })
    guard wantsInputs else { return [hidden] }
    let used = rounded(extents.hidden, to: LayerWeightGradient.tileRows) * LayerWeightGradient.block
    return [
      hidden,
      Factor(
        units: extents.inputs(of: layer), stride: inputRow, place: extents.packedOffset(layer),
        left: left + used, start: { $0.inputs }),
    ]
  }

  /// Calls `body` with the pieces of each block of rows, and how many rows these have together.
  private func forEachBlock(_ body: (_ pieces: [Stretch], _ count: Int) -> Void) {
    var pieces: [Stretch] = []
    var count = 0
    for var stretch in stretches {
      while stretch.count > 0 {
        let taken = min(stretch.count, LayerWeightGradient.block - count)
        pieces.append(stretch)
        pieces[pieces.count - 1].count = taken
        count += taken
        stretch.count -= taken
        stretch.gates += taken * extents.gates
        stretch.hidden += taken * extents.units
        stretch.inputs = stretch.inputs.map { $0 + taken * inputRow }
        guard count == LayerWeightGradient.block else { continue }
        body(pieces, count)
        (pieces, count) = ([], 0)
      }
    }
    if count > 0 { body(pieces, count) }
  }

  // MARK: Packing

  /// X to [units/8][count][8].
  private func pack(_ factor: Factor, _ pieces: [Stretch], _ count: Int) {
    var product = StridedProduct(
      rows: factor.units, columns: 0, inner: 0,
      a: Matrix(base: target, row: 1, column: factor.stride),
      b: Matrix(base: target, row: 0, column: 0), bLimit: target, c: target, cRow: 0,
      accumulate: false)
    var row = 0
    for piece in pieces {
      guard let start = factor.start(piece) else { continue }
      product.a.base = start
      let place = factor.left + row * LayerWeightGradient.tileRows
      product.packLeft(start, piece.count, place, of: count)
      row += piece.count
    }
  }

  /// A panel of G to [count][2W]; gives the sums of its columns.
  private func pack(_ panel: Int, _ pieces: [Stretch], into packed: MutableFloats) -> LanePair {
    var sum = LanePair()
    var to = packed
    for piece in pieces {
      var from = piece.gates + panel &* LanePair.width
      for _ in 0..<piece.count {
        let row = LanePair(at: from)
        sum.add(row)
        row.store(to)
        from += extents.gates
        to += LanePair.width
      }
    }
    return sum
  }

  // MARK: Results

  private func multiply(
    _ factor: Factor, _ packed: Floats, _ panel: Int, _ count: Int, isFirst: Bool
  ) {
    let width = LanePair.width
    let result = target + (factor.place &+ panel &* width &* factor.units)
    var unit = 0
    while unit < factor.units {
      let places = TilePlaces(
        a: factor.left + unit &* count, aRow: 1, aColumn: LayerWeightGradient.tileRows, b: packed,
        bRow: width, c: result + unit &* width, cRow: width, addsBlock: true)
      Product.panel(
        min(LayerWeightGradient.tileRows, factor.units &- unit), width, count, places, !isFirst)
      unit &+= LayerWeightGradient.tileRows
    }
  }

  private func add(_ bias: LanePair, _ panel: Int, isFirst: Bool) {
    let place = target + (extents.biasOffset(layer) + panel * LanePair.width)
    var sum = bias
    if !isFirst { sum.add(LanePair(at: place)) }
    sum.store(place)
  }

  /// The second bias of each gate has the gradient of the first.
  private func copyBiases(_ panels: Range<Int>) {
    let start = target + (extents.biasOffset(layer) + panels.lowerBound * LanePair.width)
    (start + extents.gates).update(from: start, count: panels.count * LanePair.width)
  }
}
