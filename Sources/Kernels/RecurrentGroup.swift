import Execution

/// R sequences of T steps through one net: the memory of the way forward, and both ways.
///
/// All memory is step-major, [T,R,...], so that the products of all steps with one matrix are one
/// product, and a step's rows lie together. Threads may share its rows, each writing its own.
struct RecurrentGroup: @unchecked Sendable {
  let extents: RecurrentExtents
  let rows: Int
  let steps: Int
  let weights: Floats
  let memory: MutableFloats
  /// What the inputs are.
  let sources: Sources
  /// Numbers of memory of a layer.
  private let layerSize: Int

  init(
    extents: RecurrentExtents, rows: Int, steps: Int, weights: Floats, memory: MutableFloats,
    sources: Sources = .sequences
  ) {
    self.extents = extents
    self.rows = rows
    self.steps = steps
    self.weights = weights
    self.memory = memory
    self.sources = sources
    layerSize = RecurrentGroup.layerSize(extents, rows, steps)
  }

  /// At which steps a sequence's own row is added to the rows of a table.
  enum Addition: Equatable {
    case nowhere
    case first
    case every
  }

  /// Where the inputs of a group come from.
  enum Sources: Equatable {
    /// Each step has a row of its own.
    case sequences
    /// The rows of a table, chosen by token, and perhaps one row for each sequence that is added.
    case table(rows: Int, added: Addition)

    /// Rows of inputs.
    @inline(always) func count(rows: Int, steps: Int) -> Int {
      switch self {
      case .sequences: steps &* rows
      case .table(let table, let added): table &+ (added == .nowhere ? 0 : rows)
      }
    }
  }

  /// Numbers of memory that a group needs.
  static func size(
    _ extents: RecurrentExtents, rows: Int, steps: Int, sources: Sources = .sequences
  ) -> Int {
    let layer = RecurrentGroup.layerSize(extents, rows, steps)
    let count = sources.count(rows: rows, steps: steps)
    return layer * extents.layers + rounded(count * extents.inputs, to: 16)
      + rounded(steps * rows * extents.readOut, to: 16)
      + (sources == .sequences ? 0 : count * extents.gates)
  }

  private static func layerSize(_ extents: RecurrentExtents, _ rows: Int, _ steps: Int) -> Int {
    let units = rows * extents.units
    let cells = extents.cell.hasCellState ? (2 * steps + 1) * units : 0
    return steps * rows * extents.gates + (steps + 1) * units + cells
  }

  // MARK: Places

  @inline(always) private func layer(_ layer: Int) -> MutableFloats {
    memory + layer &* layerSize
  }

  /// Numbers in one step's rows of units.
  @inline(always) var stepUnits: Int { rows &* extents.units }

  /// Gates [T,R,SH] of a layer.
  @inline(always) func gates(_ number: Int) -> MutableFloats { layer(number) }
  /// Hidden states [T+1,R,H], the initial one first.
  @inline(always) func hidden(_ number: Int) -> MutableFloats {
    layer(number) + steps &* rows &* extents.gates
  }
  /// Cell states [T+1,R,H] of an LSTM, the initial one first.
  @inline(always) func cells(_ number: Int) -> MutableFloats {
    hidden(number) + (steps &+ 1) &* stepUnits
  }
  /// tanh of the cell states [T,R,H].
  @inline(always) func squashed(_ number: Int) -> MutableFloats {
    cells(number) + (steps &+ 1) &* stepUnits
  }
  /// Rows of inputs: T R, or those of a table and of the sequences.
  @inline(always) var sourceCount: Int { sources.count(rows: rows, steps: steps) }
  /// Inputs [T,R,D], or the rows of a table.
  @inline(always) var inputs: MutableFloats { layer(extents.layers) }
  /// Outputs [T,R,O], rows of whole vectors.
  @inline(always) var outputs: MutableFloats {
    inputs + rounded(sourceCount &* extents.inputs, to: 16)
  }
  /// The table's rows times the input weights, [.,SH]; going back, their gradients.
  @inline(always) var projected: MutableFloats {
    outputs + rounded(steps &* rows &* extents.readOut, to: 16)
  }

  /// Gates [R,SH] of one step.
  @inline(always) func gates(_ layer: Int, _ step: Int) -> MutableFloats {
    gates(layer) + step &* rows &* extents.gates
  }

  @inline(always) func places(_ layer: Int, _ step: Int) -> LSTMCell.Places {
    let offset = step &* stepUnits
    return LSTMCell.Places(
      gates: gates(layer, step), earlierCell: Floats(cells(layer) + offset),
      cell: cells(layer) + (offset &+ stepUnits), squashed: squashed(layer) + offset,
      hidden: hidden(layer) + (offset &+ stepUnits))
  }

  // MARK: Forward

  /// Starts from the zero state.
  func clearState() {
    for layer in 0..<extents.layers {
      hidden(layer).update(repeating: 0, count: stepUnits)
      if extents.cell.hasCellState { cells(layer).update(repeating: 0, count: stepUnits) }
    }
  }

  /// Multiplications between two looks at the cancellation token: some milliseconds.
  private static let workBetweenLooks = 1 << 27
  /// Steps between two looks.
  static let stepsBetweenLooks = 64

  /// Calls `body` for stretches of the rows of some steps, each of which is so much work; stops
  /// between them if it may.
  ///
  /// What stands in memory is then of no use, and the caller is to throw.
  private func forRows(
    _ part: Range<Int>, of work: Int, stops: Bool, _ body: (_ start: Int, _ count: Int) -> Void
  ) {
    let (first, end) = (part.lowerBound &* rows, part.upperBound &* rows)
    guard stops else { return body(first, end - first) }
    let together = max(64, RecurrentGroup.workBetweenLooks / max(work, 1) & ~63)
    for start in stride(from: first, to: end, by: together) {
      if Cancellation.current.isRequested { return }
      body(start, min(together, end - start))
    }
  }

  /// The input's share of a layer's pre-activations, all steps at once or some of them.
  func project(_ layer: Int, _ part: Range<Int>? = nil, stops: Bool = false) {
    let gates = extents.gates
    let bias = weights + extents.biasOffset(layer)
    let to = self.gates(layer)
    let sum = Scratch.floats(.row, gates)
    RecurrentGroup.addBiases(bias, bias + gates, gates, sum)
    let from = layer == 0 ? inputs : hidden(layer &- 1) + stepUnits
    let width = layer == 0 ? extents.inputs : extents.units
    let part = part ?? 0..<steps
    forRows(part, of: gates &* extents.inputs(of: layer), stops: stops) { start, count in
      Product.multiplyShared(
        rows: count, columns: gates, inner: extents.inputs(of: layer), from + start &* width,
        aRow: width, panels: weights + extents.packedOffset(layer), into: to + start &* gates,
        cRow: gates, accumulate: false, start: sum)
    }
  }

  static func addBiases(_ a: Floats, _ b: Floats, _ count: Int, _ to: MutableFloats) {
    var place = 0
    while place < count {
      (Lanes(at: a + place) + Lanes(at: b + place)).store(to + place)
      place &+= Lanes.width
    }
  }

  /// The steps of a layer whose pre-activations hold the input's share.
  func advance(_ layer: Int, _ part: Range<Int>? = nil, zeroState: Bool, stops: Bool = false) {
    for step in part ?? 0..<steps {
      let looks = stops && step % RecurrentGroup.stepsBetweenLooks == 0
      if looks, Cancellation.current.isRequested { return }
      let earlier = hidden(layer) + step &* stepUnits
      let gates = gates(layer, step)
      if step > 0 || !zeroState {
        Product.multiplyShared(
          rows: rows, columns: extents.gates, inner: extents.hidden, earlier, aRow: extents.units,
          panels: weights + extents.hiddenOffset(layer), into: gates, cRow: extents.gates,
          accumulate: true)
      }
      activate(layer, step)
    }
  }

  /// Gates of a step from which threads share its rows.
  private static let sharedGates = 1 << 15
  /// Rows of a step that a thread is given.
  private static let rowsTogether = 16

  /// Calls `body` for parts of the rows of a step, on several threads if there is enough to do.
  func forRowParts(_ body: @Sendable (Range<Int>) -> Void) {
    guard rows &* extents.gates >= RecurrentGroup.sharedGates else { return body(0..<rows) }
    let together = RecurrentGroup.rowsTogether
    // The body throws nothing.
    try? Parallel.forEach((rows + together - 1) / together) { part in
      body(part * together..<min(rows, (part + 1) * together))
    }
  }

  /// From the pre-activations of some rows of a step to their states.
  private func activate(_ layer: Int, _ step: Int, _ part: Range<Int>) {
    let start = part.lowerBound &* extents.units
    let gates = gates(layer, step) + part.lowerBound &* extents.gates
    let earlier = hidden(layer) + (step &* stepUnits &+ start)
    let count = part.count &* extents.units
    switch extents.cell {
    case .lstm:
      LSTMCell.forward(
        places(layer, step).from(start, gates: gates), rows: part.count, units: extents.units)
    case .gru: GRUCell.forward(gates, earlier, hidden: earlier + stepUnits, count: count)
    case .rnn: TanhCell.forward(gates, hidden: earlier + stepUnits, count: count)
    }
  }

  /// From the pre-activations of a step to its states.
  func activate(_ layer: Int, _ step: Int) {
    forRowParts { activate(layer, step, $0) }
  }

  /// The read-out of all steps.
  func readOut(stops: Bool = false) {
    let width = extents.readOut
    guard width > 0 else { return }
    let bias = weights + extents.readOutBiasOffset
    let from = hidden(extents.layers &- 1) + stepUnits
    forRows(0..<steps, of: width &* extents.hidden, stops: stops) { start, count in
      Product.multiply(
        rows: count, columns: width, inner: extents.hidden, from + start &* extents.units,
        aRow: extents.units, panels: weights + extents.readOutOffset,
        into: outputs + start &* width, cRow: width, accumulate: false,
        panel: extents.readOutPanel, start: bias)
    }
  }

  /// All layers and the read-out, from inputs that are there; stops early if the user asks for it.
  ///
  /// - Parameter tokens: [R,T], where inputs are the rows of a table.
  func forward(zeroState: Bool, tokens: UnsafePointer<Int32>? = nil) {
    if rows &* steps == 1, tokens == nil { return forwardRow(zeroState: zeroState) }
    for layer in 0..<extents.layers {
      if layer == 0, tokens != nil { projectTable() }
      for start in stride(from: 0, to: steps, by: stepsTogether) {
        let part = start..<min(steps, start + stepsTogether)
        if layer == 0, let tokens {
          readTable(tokens, part)
        } else {
          project(layer, part, stops: true)
        }
        advance(layer, part, zeroState: zeroState, stops: true)
      }
    }
    readOut(stops: true)
  }

  /// Numbers of gates that stay in the second cache, beside the weights, until they are read again.
  private static let cachedGates = 1 << 17

  /// Steps that are projected at once: what the input gives their gates is soon added to.
  private var stepsTogether: Int { max(1, RecurrentGroup.cachedGates / (rows &* extents.gates)) }
}
