/// One step of one sequence through one net: all that it reads is its weights, each once.
extension RecurrentGroup {
  /// All layers and the read-out; the same sums in the same order as those of many rows.
  func forwardRow(zeroState: Bool) {
    let net = NetRow(extents, weights)
    for layer in 0..<extents.layers {
      net.preActivations(
        layer, layer == 0 ? inputs : hidden(layer &- 1) + stepUnits,
        state: zeroState ? nil : Floats(hidden(layer)), into: gates(layer))
      activate(layer, 0)
    }
    net.readOut(hidden(extents.layers &- 1) + stepUnits, into: outputs)
  }
}

/// The packed weights of a net, biases summed, read by single rows.
struct NetRow {
  let extents: RecurrentExtents
  let weights: Floats

  init(_ extents: RecurrentExtents, _ weights: Floats) {
    self.extents = extents
    self.weights = weights
  }

  /// The pre-activations of a layer: biases, the input's share, the hidden state's share.
  func preActivations(_ layer: Int, _ input: Floats, state: Floats?, into target: MutableFloats) {
    let input = RowFactor(
      numbers: input, panels: weights + extents.packedOffset(layer),
      inner: extents.inputs(of: layer))
    let state = RowFactor(
      numbers: state ?? input.numbers, panels: weights + extents.hiddenOffset(layer),
      inner: state == nil ? 0 : extents.hidden)
    NetRow.sum(weights + extents.biasOffset(layer), input, state, extents.gates, into: target)
  }

  /// The outputs in whole vectors.
  func readOut(_ hidden: Floats, into outputs: MutableFloats) {
    let width = extents.readOut
    guard width > 0 else { return }
    VectorLoops.copy(weights + extents.readOutBiasOffset, to: outputs, width)
    Product.multiply(
      rows: 1, columns: width, inner: extents.hidden, hidden, aRow: 0,
      panels: weights + extents.readOutOffset, into: outputs, cRow: 0, accumulate: true,
      panel: extents.readOutPanel)
  }

  @inline(never)
  private static func sum(
    _ bias: Floats, _ input: RowFactor, _ state: RowFactor, _ columns: Int,
    into target: MutableFloats
  ) {
    let width = 2 &* Lanes.width
    var column = 0
    while column &+ 4 &* width <= columns {
      var sums = PanelSums(at: bias + column)
      input.add(to: &sums, column)
      state.add(to: &sums, column)
      sums.store(target + column)
      column &+= 4 &* width
    }
    while column < columns {
      var sum = LanePair(at: bias + column)
      input.add(to: &sum, column)
      state.add(to: &sum, column)
      sum.store(target + column)
      column &+= width
    }
  }
}
