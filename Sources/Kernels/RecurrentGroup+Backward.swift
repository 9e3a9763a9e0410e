import Execution

/// The memory of the way back.
struct RecurrentGradientMemory: @unchecked Sendable {
  /// Of the hidden states [T,R,H] of one layer.
  let hidden: MutableFloats
  /// What flows back to the step before beside the products [R,H]: of the cell states of an LSTM,
  /// of the hidden states that a GRU keeps, nothing else.
  let carry: MutableFloats

  static func size(_ extents: RecurrentExtents, rows: Int, steps: Int) -> Int {
    (steps + 1) * rows * extents.units
  }

  init(_ memory: MutableFloats, _ group: RecurrentGroup) {
    hidden = memory
    carry = memory + group.steps * group.stepUnits
  }
}

extension RecurrentGroup {
  /// From the gradients of the outputs, which stand in `outputs` (gaps zero), to those of the last
  /// layer's hidden states, and of the read-out if `weightGradient` is given.
  func readOutBackward(
    _ turned: Floats, _ gradient: RecurrentGradientMemory, _ weightGradient: MutableFloats?,
    accumulate: Bool, addsWeights: Bool = false
  ) {
    let width = extents.readOut
    Product.multiply(
      rows: steps * rows, columns: extents.units, inner: extents.outputs, outputs, aRow: width,
      panels: turned + extents.turnedReadOutOffset, into: gradient.hidden, cRow: extents.units,
      accumulate: accumulate)
    guard let weightGradient else { return }
    let states = hidden(extents.layers - 1) + stepUnits
    intoPanels(
      extents.hidden, width, states, extents.units, outputs,
      weightGradient + extents.readOutOffset, addsWeights, panel: extents.readOutPanel)
    sumRows(outputs, width, weightGradient + extents.readOutBiasOffset, addsWeights)
  }

  /// The steps of a layer in reverse: gradients of the pre-activations overwrite the activations.
  func retreat(
    _ layer: Int, _ turned: Floats, _ gradient: RecurrentGradientMemory, stops: Bool = false
  ) {
    let hiddenWeights = turned + extents.turnedHiddenOffset(layer)
    var step = steps &- 1
    while step >= 0 {
      let looks = stops && step % RecurrentGroup.stepsBetweenLooks == 0
      if looks, Cancellation.current.isRequested { return }
      let gates = gates(layer, step)
      let incoming = gradient.hidden + step * stepUnits
      if step < steps - 1 {
        Product.multiplyShared(
          rows: rows, columns: extents.units, inner: extents.gates, gates + rows * extents.gates,
          aRow: extents.gates, panels: hiddenWeights, into: incoming, cRow: extents.units,
          accumulate: true)
      }
      forRowParts { [step] in deactivate(layer, step, gradient, $0) }
      step -= 1
    }
  }

  /// From the gradients of the states of some rows of a step to those of their pre-activations.
  private func deactivate(
    _ layer: Int, _ step: Int, _ gradient: RecurrentGradientMemory, _ part: Range<Int>
  ) {
    let start = part.lowerBound &* extents.units
    let gates = gates(layer, step) + part.lowerBound &* extents.gates
    let incoming = gradient.hidden + (step &* stepUnits &+ start)
    let count = part.count &* extents.units
    switch extents.cell {
    case .lstm:
      LSTMCell.backward(
        places(layer, step).from(start, gates: gates), hiddenGradient: incoming,
        cellGradient: gradient.carry + start, rows: part.count, units: extents.units)
    case .gru:
      GRUCell.backward(
        gates, hidden(layer) + (step &* stepUnits &+ start), hiddenGradient: incoming,
        carry: gradient.carry + start, count: count)
    case .rnn: TanhCell.backward(gates, hiddenGradient: incoming, count: count)
    }
  }

  /// Gradients of the weights and biases of a layer that has gone back.
  ///
  /// Of a table's rows the gradients must have been collected.
  func weightGradient(_ layer: Int, _ weightGradient: MutableFloats) {
    let isTable = layer == 0 && sources != .sequences
    guard LayerWeightGradient.isWorthwhile(extents) else {
      hiddenWeightGradient(layer, weightGradient)
      return inputWeightGradient(layer, weightGradient)
    }
    let read = layer == 0 ? inputs : hidden(layer - 1) + stepUnits
    let stretch = LayerWeightGradient.Stretch(
      count: steps * rows, gates: Floats(gates(layer)), hidden: Floats(hidden(layer)),
      inputs: isTable ? nil : Floats(read))
    LayerWeightGradient(
      extents: extents, layer: layer, stretches: [stretch],
      inputRow: layer == 0 ? extents.inputs : extents.units, target: weightGradient
    ).run()
    if isTable { inputWeightGradient(layer, weightGradient) }
  }

  /// Gradients of the hidden weights and of the biases of a layer that has gone back.
  func hiddenWeightGradient(_ layer: Int, _ weightGradient: MutableFloats, adds: Bool = false) {
    intoPanels(
      extents.hidden, extents.gates, hidden(layer), extents.units, gates(layer),
      weightGradient + extents.hiddenOffset(layer), adds)
    let bias = weightGradient + extents.biasOffset(layer)
    sumRows(gates(layer), extents.gates, bias, adds)
    (bias + extents.gates).update(from: bias, count: extents.gates)
  }

  /// Gradients of the input weights of a layer that has gone back.
  ///
  /// Of a table's rows the gradients must have been collected.
  func inputWeightGradient(_ layer: Int, _ weightGradient: MutableFloats, adds: Bool = false) {
    if layer == 0, sources != .sequences {
      return intoPanels(
        extents.inputs, extents.gates, inputs, extents.inputs, projected,
        weightGradient + extents.packedOffset(0), adds, count: sourceCount)
    }
    let depth = extents.inputs(of: layer)
    intoPanels(
      depth, extents.gates, layer == 0 ? inputs : hidden(layer - 1) + stepUnits,
      layer == 0 ? depth : extents.units, gates(layer),
      weightGradient + extents.packedOffset(layer), adds)
  }

  /// Gradients of what a layer read, all steps (or rows of a table) at once; `columns` in whole
  /// vectors.
  func inputGradient(_ layer: Int, _ turned: Floats, into target: MutableFloats, _ columns: Int) {
    let isTable = layer == 0 && sources != .sequences
    Product.multiplyShared(
      rows: isTable ? sourceCount : steps * rows, columns: columns, inner: extents.gates,
      isTable ? projected : gates(layer),
      aRow: extents.gates, panels: turned + extents.turnedOffset(layer), into: target,
      cRow: columns, accumulate: false)
  }

  /// X' G over all steps and rows (or `count` of them), X [T,R,K] and G [T,R,N], to panels.
  private func intoPanels(
    _ depth: Int, _ columns: Int, _ x: Floats, _ xRow: Int, _ g: Floats, _ to: MutableFloats,
    _ adds: Bool, count: Int? = nil, panel: Int = 2 * Lanes.width
  ) {
    let count = count ?? steps * rows
    StridedProduct(
      rows: depth, columns: columns, inner: count, a: Matrix(base: x, row: 1, column: xRow),
      b: Matrix(base: g, row: columns, column: 1), bLimit: g + count * columns, c: to,
      cRow: panel, accumulate: adds, cPanel: depth * 2 * Lanes.width
    ).runBlocks()
  }

  /// Rows that are summed at once: the sums of long sequences are sums of such sums.
  private static let rowBlock = 512

  /// Sums of the columns of a matrix of whole vectors, eight at a time.
  private func sumRows(
    _ matrix: Floats, _ columns: Int, _ to: MutableFloats, _ adds: Bool
  ) {
    let width = 8 &* Lanes.width
    let count = steps &* rows
    var column = 0
    while column &+ width <= columns {
      RecurrentGroup.sumEight(matrix + column, columns, count, to + column, adds)
      column &+= width
    }
    while column < columns {
      var total = adds ? Lanes(at: to + column) : .zero
      var place = matrix + column
      var left = count
      while left > 0 {
        var sum = Lanes.zero
        for _ in 0..<min(left, RecurrentGroup.rowBlock) {
          sum += Lanes(at: place)
          place += columns
        }
        total += sum
        left &-= RecurrentGroup.rowBlock
      }
      total.store(to + column)
      column &+= Lanes.width
    }
  }

  @inline(never)
  private static func sumEight(
    _ matrix: Floats, _ stride: Int, _ count: Int, _ to: MutableFloats, _ adds: Bool
  ) {
    var total = adds ? PanelSums(at: to) : PanelSums()
    var place = matrix
    var left = count
    while left > 0 {
      var sums = PanelSums()
      for _ in 0..<min(left, rowBlock) {
        sums.add(PanelSums(at: place))
        place += stride
      }
      total.add(sums)
      left &-= rowBlock
    }
    total.store(to)
  }
}
