import Execution

/// Between the flat and the packed order of a net's numbers.
extension RecurrentExtents {
  /// Packs the flat numbers of a net; `packed` must be zero where there are gaps.
  ///
  /// With `sumsBiases` the first bias of a layer is the sum of both, and the second is zero: for
  /// weights that are only read.
  func pack(_ flat: Floats, into packed: MutableFloats, sumsBiases: Bool = false) {
    let target = Address(shared: packed)
    forEachMatrix(flat) { layer, ofHidden, from in
      let to = target.base + (ofHidden ? hiddenOffset(layer) : packedOffset(layer))
      packGates(from, ofHidden ? hidden : inputs(of: layer), ofHidden: ofHidden, into: to)
    }
    for layer in 0..<layers {
      let from = flat + (flatOffset(layer) + cell.gates * hidden * (inputs(of: layer) + hidden))
      packBias(from, ofHidden: false, into: packed + biasOffset(layer))
      let bias = packed + biasOffset(layer)
      packBias(from + cell.gates * hidden, ofHidden: true, into: bias + gates)
      if sumsBiases { sumBiases(bias) }
    }
    guard outputs > 0 else { return }
    let from = flat + flatOffset(layers)
    let matrix = Matrix(base: from, row: 1, column: hidden)
    Product.pack(
      matrix, rows: hidden, columns: outputs, into: packed + readOutOffset, panel: readOutPanel)
    (packed + readOutBiasOffset).update(from: from + outputs * hidden, count: outputs)
  }

  /// Numbers from which matrices are shared among threads.
  static let parallelCount = 1 << 18

  /// Calls `body` with layer, whether the matrix is the hidden one, and where it begins in the flat
  /// order, for the input and the hidden weights of every layer.
  private func forEachMatrix(
    _ flat: Floats, _ body: @Sendable (Int, Bool, MutableFloats) -> Void
  ) {
    let start = Address(shared: MutableFloats(mutating: flat))
    @Sendable func matrix(_ number: Int) {
      let (layer, ofHidden) = (number / 2, number % 2 == 1)
      let skipped = ofHidden ? cell.gates * hidden * inputs(of: layer) : 0
      body(layer, ofHidden, start.base + (flatOffset(layer) + skipped))
    }
    if parameterCount < RecurrentExtents.parallelCount {
      for number in 0..<2 * layers { matrix(number) }
    } else {
      // The body throws nothing.
      try? Parallel.forEach(2 * layers) { matrix($0) }
    }
  }

  /// One matrix [GH,K] to panels.
  func packGates(_ matrix: Floats, _ depth: Int, ofHidden: Bool, into packed: MutableFloats) {
    forEachVector(ofHidden) { gate, unit, count, column in
      let source = Matrix(base: matrix + (gate &* hidden &+ unit) &* depth, row: 1, column: depth)
      Product.turn(source, depth, count, packed + place(column, depth))
    }
  }

  func packBias(_ bias: Floats, ofHidden: Bool, into packed: MutableFloats) {
    forEachVector(ofHidden) { gate, unit, count, column in
      (packed + column).update(from: bias + (gate &* hidden &+ unit), count: count)
    }
  }

  /// Makes the first of two biases their sum and the second zero.
  func sumBiases(_ bias: MutableFloats) {
    RecurrentGroup.addBiases(bias, bias + gates, gates, bias)
    (bias + gates).update(repeating: 0, count: gates)
  }

  /// Gives the packed numbers of a net in flat order.
  func unpack(_ packed: Floats, into flat: MutableFloats) {
    let source = Address(shared: MutableFloats(mutating: packed))
    forEachMatrix(flat) { layer, ofHidden, to in
      let from = source.base + (ofHidden ? hiddenOffset(layer) : packedOffset(layer))
      unpackGates(from, ofHidden ? hidden : inputs(of: layer), ofHidden: ofHidden, into: to)
    }
    for layer in 0..<layers {
      let to = flat + (flatOffset(layer) + cell.gates * hidden * (inputs(of: layer) + hidden))
      unpackBias(packed + biasOffset(layer), ofHidden: false, into: to)
      unpackBias(
        packed + biasOffset(layer) + gates, ofHidden: true, into: to + cell.gates * hidden)
    }
    guard outputs > 0 else { return }
    let to = flat + flatOffset(layers)
    for start in stride(from: 0, to: outputs, by: readOutPanel) {
      Product.turnBack(
        packed + readOutOffset + start * hidden, hidden, min(readOutPanel, outputs - start),
        to + start * hidden, panel: readOutPanel)
    }
    (to + outputs * hidden).update(from: packed + readOutBiasOffset, count: outputs)
  }

  func unpackGates(_ packed: Floats, _ depth: Int, ofHidden: Bool, into matrix: MutableFloats) {
    forEachVector(ofHidden) { gate, unit, count, column in
      Product.turnBack(
        packed + place(column, depth), depth, count, matrix + (gate &* hidden &+ unit) &* depth)
    }
  }

  func unpackBias(_ packed: Floats, ofHidden: Bool, into bias: MutableFloats) {
    forEachVector(ofHidden) { gate, unit, count, column in
      (bias + (gate &* hidden &+ unit)).update(from: packed + column, count: count)
    }
  }

  /// Where a column starts in panels of `depth` rows.
  @inline(always) private func place(_ column: Int, _ depth: Int) -> Int {
    let width = 2 &* Lanes.width
    return column / width &* width &* depth &+ column % width
  }

  /// Calls `body` with gate, first unit, number of units and first packed column of each vector.
  @inline(__always)
  private func forEachVector(_ ofHidden: Bool, _ body: (Int, Int, Int, Int) -> Void) {
    let width = Lanes.width
    for start in stride(from: 0, to: hidden, by: width) {
      for gate in 0..<cell.gates {
        let slot = cell.slot(gate, ofHidden: ofHidden)
        body(gate, start, min(width, hidden &- start), cell.slots &* start &+ slot &* width)
      }
    }
  }

  /// Sets packed gradients to zero where the two parts of a GRU's candidate leave a slot empty.
  ///
  /// Products and sums fill all four slots.
  func clearEmptySlots(_ packed: MutableFloats) {
    for layer in 0..<layers {
      let bias = packed + biasOffset(layer)
      if let slot = cell.emptySlot(ofHidden: false) {
        clear(slot, packed + packedOffset(layer), inputs(of: layer))
        clear(slot, bias)
      }
      if let slot = cell.emptySlot(ofHidden: true) {
        clear(slot, packed + hiddenOffset(layer), hidden)
        clear(slot, bias + gates)
      }
    }
  }

  /// One slot of a matrix in panels.
  private func clear(_ slot: Int, _ packed: MutableFloats, _ depth: Int) {
    for start in stride(from: 0, to: units, by: Lanes.width) {
      var row = packed + place(cell.slots &* start &+ slot &* Lanes.width, depth)
      for _ in 0..<depth {
        Lanes.zero.store(row)
        row += 2 &* Lanes.width
      }
    }
  }

  /// One slot of a bias.
  private func clear(_ slot: Int, _ bias: MutableFloats) {
    for start in stride(from: 0, to: units, by: Lanes.width) {
      Lanes.zero.store(bias + (cell.slots &* start &+ slot &* Lanes.width))
    }
  }

  // MARK: Turned

  /// The matrices as gradients need them, from the flat order: whole stretches of rows are copied.
  func packTurned(_ flat: Floats, into turned: MutableFloats) {
    let target = Address(shared: turned)
    forEachMatrix(flat) { layer, ofHidden, from in
      let to = target.base + (ofHidden ? turnedHiddenOffset(layer) : turnedOffset(layer))
      copyTurned(from, ofHidden ? hidden : inputs(of: layer), ofHidden: ofHidden, into: to)
    }
    let readOut = Matrix(base: flat + flatOffset(layers), row: hidden, column: 1)
    Product.pack(readOut, rows: outputs, columns: hidden, into: turned + turnedReadOutOffset)
  }

  func copyTurned(_ matrix: Floats, _ depth: Int, ofHidden: Bool, into turned: MutableFloats) {
    let width = 2 * Lanes.width
    for start in stride(from: 0, to: depth, by: width) {
      let panel = turned + start * gates
      let count = min(width, depth - start)
      forEachVector(ofHidden) { gate, unit, units, column in
        for lane in 0..<units {
          let row = matrix + ((gate &* hidden &+ unit &+ lane) &* depth &+ start)
          (panel + (column &+ lane) &* width).update(from: row, count: count)
        }
      }
    }
  }

  /// The same from the packed order.
  func turnPacked(_ packed: Floats, into turned: MutableFloats) {
    for layer in 0..<layers {
      let depth = inputs(of: layer)
      if layer > 0 {
        turnPanels(packed + packedOffset(layer), depth, into: turned + turnedOffset(layer))
      }
      turnPanels(packed + hiddenOffset(layer), hidden, into: turned + turnedHiddenOffset(layer))
    }
    let width = 2 * Lanes.width
    for start in stride(from: 0, to: outputs, by: readOutPanel) {
      for block in stride(from: 0, to: hidden, by: width) {
        let source = readOutOffset + start * hidden + block * readOutPanel
        let target = turnedReadOutOffset + block * outputs + start * width
        Product.turnBack(
          packed + source, min(width, hidden - block), min(readOutPanel, outputs - start),
          turned + target, stride: width, panel: readOutPanel)
      }
    }
  }

  private func turnPanels(_ packed: Floats, _ depth: Int, into turned: MutableFloats) {
    let width = 2 * Lanes.width
    for column in stride(from: 0, to: gates, by: width) {
      for start in stride(from: 0, to: depth, by: width) {
        let source = column * depth + start * width
        let target = start * gates + column * width
        Product.turnBack(
          packed + source, min(width, depth - start), width, turned + target, stride: width)
      }
    }
  }
}
