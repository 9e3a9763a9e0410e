/// Between the flat and the packed order of a net's numbers.
extension LSTMExtents {
  /// Packs the flat numbers of a net; `packed` must be zero where `hidden` is no multiple of a
  /// vector.
  func pack(_ flat: Floats, into packed: MutableFloats) {
    for layer in 0..<layers {
      var from = flat + flatOffset(layer)
      let depth = inputs(of: layer)
      packGates(from, depth, into: packed + packedOffset(layer))
      from += 4 * hidden * depth
      packGates(from, hidden, into: packed + hiddenOffset(layer))
      from += 4 * hidden * hidden
      packBias(from, into: packed + biasOffset(layer))
      packBias(from + 4 * hidden, into: packed + biasOffset(layer) + gates)
    }
    guard outputs > 0 else { return }
    let from = flat + flatOffset(layers)
    let matrix = Matrix(base: from, row: 1, column: hidden)
    Product.pack(matrix, rows: hidden, columns: outputs, into: packed + readOutOffset)
    (packed + readOutBiasOffset).update(from: from + outputs * hidden, count: outputs)
  }

  /// One matrix [4H,K] to panels.
  func packGates(_ matrix: Floats, _ depth: Int, into packed: MutableFloats) {
    forEachVector { gate, unit, count, column in
      let source = Matrix(base: matrix + (gate &* hidden &+ unit) &* depth, row: 1, column: depth)
      Product.turn(source, depth, count, packed + place(column, depth))
    }
  }

  func packBias(_ bias: Floats, into packed: MutableFloats) {
    forEachVector { gate, unit, count, column in
      (packed + column).update(from: bias + (gate &* hidden &+ unit), count: count)
    }
  }

  /// Gives the packed numbers of a net in flat order.
  func unpack(_ packed: Floats, into flat: MutableFloats) {
    for layer in 0..<layers {
      var to = flat + flatOffset(layer)
      let depth = inputs(of: layer)
      unpackGates(packed + packedOffset(layer), depth, into: to)
      to += 4 * hidden * depth
      unpackGates(packed + hiddenOffset(layer), hidden, into: to)
      to += 4 * hidden * hidden
      unpackBias(packed + biasOffset(layer), into: to)
      unpackBias(packed + biasOffset(layer) + gates, into: to + 4 * hidden)
    }
    guard outputs > 0 else { return }
    let to = flat + flatOffset(layers)
    let width = 2 * Lanes.width
    for start in stride(from: 0, to: outputs, by: width) {
      Product.turnBack(
        packed + readOutOffset + start * hidden, hidden, min(width, outputs - start),
        to + start * hidden)
    }
    (to + outputs * hidden).update(from: packed + readOutBiasOffset, count: outputs)
  }

  func unpackGates(_ packed: Floats, _ depth: Int, into matrix: MutableFloats) {
    forEachVector { gate, unit, count, column in
      Product.turnBack(
        packed + place(column, depth), depth, count, matrix + (gate &* hidden &+ unit) &* depth)
    }
  }

  func unpackBias(_ packed: Floats, into bias: MutableFloats) {
    forEachVector { gate, unit, count, column in
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
  private func forEachVector(_ body: (Int, Int, Int, Int) -> Void) {
    let width = Lanes.width
    for start in stride(from: 0, to: hidden, by: width) {
      for gate in 0..<4 {
        body(gate, start, min(width, hidden &- start), 4 &* start &+ gate &* width)
      }
    }
  }

  // MARK: Turned

  /// The matrices as gradients need them, from the flat order: whole stretches of rows are copied.
  func packTurned(_ flat: Floats, into turned: MutableFloats) {
    for layer in 0..<layers {
      let from = flat + flatOffset(layer)
      let depth = inputs(of: layer)
      copyTurned(from, depth, into: turned + turnedOffset(layer))
      copyTurned(from + 4 * hidden * depth, hidden, into: turned + turnedHiddenOffset(layer))
    }
    let readOut = Matrix(base: flat + flatOffset(layers), row: hidden, column: 1)
    Product.pack(readOut, rows: outputs, columns: hidden, into: turned + turnedReadOutOffset)
  }

  func copyTurned(_ matrix: Floats, _ depth: Int, into turned: MutableFloats) {
    let width = 2 * Lanes.width
    for start in stride(from: 0, to: depth, by: width) {
      let panel = turned + start * gates
      let count = min(width, depth - start)
      forEachVector { gate, unit, units, column in
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
    for start in stride(from: 0, to: outputs, by: width) {
      for block in stride(from: 0, to: hidden, by: width) {
        let source = readOutOffset + start * hidden + block * width
        let target = turnedReadOutOffset + block * outputs + start * width
        Product.turnBack(
          packed + source, min(width, hidden - block), min(width, outputs - start),
          turned + target, stride: width)
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
