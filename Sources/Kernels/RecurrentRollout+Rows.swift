import Execution

/// One step of many nets, each over one sequence: what one probe of many nets is.
///
/// Nothing but the weights is large. States are read and written where they are kept, and a few
/// nets go together, so that their activations overlap.
extension RecurrentRollout {
  /// Nets that go together.
  private static let rowsTogether = 4

  /// Whether a rollout is such a step; units must fill whole vectors.
  static func isStepOfRows(
    _ inputs: Inputs, _ extents: RecurrentExtents, _ sequences: Int, _ steps: Int
  ) -> Bool {
    guard case .sequences = inputs else { return false }
    return sequences == 1 && steps == 1 && extents.units == extents.hidden
  }

  /// What all nets of a step read and write.
  struct RowStep: @unchecked Sendable {
    let extents: RecurrentExtents
    let nets: Int
    let weights: Floats
    /// [N,D].
    let inputs: Floats
    /// [L,N,H] each; nil for zero.
    let start: (hidden: Floats, cell: Floats?)?
    /// [L,N,H].
    let hidden: MutableFloats
    /// [L,N,H] of an LSTM.
    let cell: MutableFloats?
    /// [N,O].
    let outputs: MutableFloats
  }

  /// The step, without what the way back needs.
  func forwardRows(_ results: Results) throws {
    guard case .sequences(let numbers) = inputs else { return }
    let step = RowStep(
      extents: packed.extents, nets: packed.nets, weights: packed.forward.base,
      inputs: numbers.base,
      start: start.map { (Floats($0.hidden.base), ($0.cell?.base).map { Floats($0) }) },
      hidden: results.state.hidden.base, cell: results.state.cell?.base,
      outputs: results.outputs.base)
    let turns = packed.turnsAround()
    let together = RecurrentRollout.rowsTogether
    try forEachBlock((packed.nets + together - 1) / together, of: together) { block in
      let place = turns ? (step.nets - 1) / together - block : block
      step.run(place * together, min(together, step.nets - place * together), reversed: turns)
    }
    results.sequence?.base.update(
      from: results.state.hidden.base
        + (step.extents.layers - 1) * step.nets * step.extents.hidden,
      count: step.nets * step.extents.hidden)
  }

  /// Calls `body` for blocks of so many nets, on several threads if there is enough to do.
  private func forEachBlock(
    _ blocks: Int, of nets: Int, _ body: @Sendable (Int) -> Void
  ) throws {
    let each = packed.extents.packedCount * nets
    guard each * blocks >= RecurrentRollout.parallelWork, !isSerial else {
      for block in 0..<blocks {
        body(block)
        if block & 15 == 15 { try Cancellation.current.check() }
      }
      return try Cancellation.current.check()
    }
    let together = max(1, RecurrentRollout.parallelWork / 8 / max(each, 1))
    try Parallel.forEach((blocks + together - 1) / together) { part in
      for block in (part * together)..<min(blocks, (part + 1) * together) { body(block) }
      try Cancellation.current.check()
    }
  }
}

extension RecurrentRollout.RowStep {
  /// All layers of `count` nets from `first` on.
  ///
  /// With `reversed` the last net is read first, which leaves the same numbers.
  func run(_ first: Int, _ count: Int, reversed: Bool) {
    let units = count &* extents.hidden
    let gates = Scratch.floats(.row, count &* extents.gates + 2 &* units + extents.readOut)
    let squashed = gates + count &* extents.gates
    let zero = squashed + units
    let packedCount = extents.packedCount
    if start == nil { zero.update(repeating: 0, count: units) }
    for layer in 0..<extents.layers {
      for number in 0..<count {
        let net = first &+ (reversed ? count &- 1 &- number : number)
        let state = (layer &* nets &+ net) &* extents.hidden
        NetRow(extents, weights + net &* packedCount).preActivations(
          layer,
          layer == 0
            ? inputs + net &* extents.inputs : Floats(hidden) + (state &- nets &* extents.hidden),
          state: start.map { $0.hidden + state },
          into: gates + (net &- first) &* extents.gates)
      }
      activate(layer, first, count, gates, squashed, zero)
    }
    readOut(first, count, packedCount, zero + units)
  }

  private func activate(
    _ layer: Int, _ first: Int, _ count: Int, _ gates: MutableFloats, _ squashed: MutableFloats,
    _ zero: Floats
  ) {
    let place = (layer &* nets &+ first) &* extents.hidden
    let units = count &* extents.hidden
    switch extents.cell {
    case .lstm:
      guard let cell else { return }
      LSTMCell.forward(
        LSTMCell.Places(
          gates: gates, earlierCell: (start?.cell).map { $0 + place } ?? zero,
          cell: cell + place, squashed: squashed, hidden: hidden + place),
        rows: count, units: extents.units)
    case .gru:
      GRUCell.forward(
        gates, start.map { $0.hidden + place } ?? zero, hidden: hidden + place, count: units)
    case .rnn: TanhCell.forward(gates, hidden: hidden + place, count: units)
    }
  }

  private func readOut(_ first: Int, _ count: Int, _ packedCount: Int, _ aside: MutableFloats) {
    let last = (extents.layers &- 1) &* nets
    for net in first..<(first &+ count) {
      NetRow(extents, weights + net &* packedCount)
        .readOut(hidden + (last &+ net) &* extents.hidden, into: aside)
      VectorLoops.copy(aside, to: outputs + net &* extents.outputs, extents.outputs)
    }
  }
}
