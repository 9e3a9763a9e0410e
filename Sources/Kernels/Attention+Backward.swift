extension AttentionHead {
  /// The memory of a head's way back.
  private struct Memory {
    /// K' and V' as panels, and K.
    let turnedKeys: MutableFloats
    let turnedValues: MutableFloats
    let keys: MutableFloats
    /// Of a tile: exponentials of its scores, gradients of the scores, one over the sums.
    let scores: MutableFloats
    let slopes: MutableFloats
    let shares: MutableFloats
    /// Rows of a tile, and queries and gradients as panels.
    let aside: MutableFloats
    let queries: MutableFloats
    let gradients: MutableFloats

    init(_ e: Attention) {
      let sizes = [
        e.scoreRow * e.depth, e.scoreRow * e.depth, e.depthRow * e.keys, e.tile * e.scoreRow,
        e.tile * e.scoreRow, rounded(e.tile, to: 16), e.tile * e.depthRow, e.tile * e.depthRow,
        e.tile * e.depthRow,
      ]
      var next = Scratch.floats(.attention, sizes.reduce(0, +))
      func take(_ number: Int) -> MutableFloats {
        defer { next += sizes[number] }
        return next
      }
      turnedKeys = take(0)
      turnedValues = take(1)
      keys = take(2)
      scores = take(3)
      slopes = take(4)
      shares = take(5)
      aside = take(6)
      queries = take(7)
      gradients = take(8)
    }
  }

  /// With P = softmax(s) and G the gradient of the result: that of the values is P' G, that of the
  /// scores P (G V' - the row's sum of P G V'), which flows on to queries and keys.
  func backward(_ gradient: Floats, into targets: Attention.Places) {
    let memory = Memory(extents)
    packTurned(key, into: memory.turnedKeys)
    packTurned(value, into: memory.turnedValues)
    Product.pack(
      Matrix(base: key, row: extents.row, column: 1), rows: extents.keys, columns: extents.depth,
      into: memory.keys)
    for start in stride(from: 0, to: extents.queries, by: extents.tile) {
      let rows = min(extents.tile, extents.queries - start)
      let offset = start * extents.row
      scoreGradients(
        query + offset, gradient + resultOffset + start * extents.size, rows, memory)
      pack(query + offset, stride: extents.row, rows, into: memory.queries)
      let adds = start > 0
      gather(memory.slopes, rows, memory.queries, into: targets.key.base + keyOffset, adds)
      gather(memory.scores, rows, memory.gradients, into: targets.value.base + keyOffset, adds)
      queryGradients(rows, memory, into: targets.query.base + queryOffset + offset)
    }
  }

  /// Exponentials of a tile's scores, gradients of these scores, and the result's gradient as panels,
  /// scaled so that with the exponentials it gives what it would with the softmax.
  private func scoreGradients(_ query: Floats, _ gradient: Floats, _ rows: Int, _ memory: Memory) {
    let (row, size) = (extents.scoreRow, extents.size)
    score(query, aRow: extents.row, rows, memory.turnedKeys, into: memory.scores)
    score(gradient, aRow: size, rows, memory.turnedValues, into: memory.slopes)
    let factor = 1 / Float(extents.depth).squareRoot()
    for number in 0..<rows {
      let scores = memory.scores + number * row
      let share = exponentials(scores)
      slopes(memory.slopes + number * row, scores, share, factor)
      AttentionHead.scale(
        gradient + number * size, by: share, to: memory.aside + number * extents.depthRow,
        extents.depth)
    }
    pack(memory.aside, stride: extents.depthRow, rows, into: memory.gradients)
  }

  private func pack(_ source: Floats, stride: Int, _ rows: Int, into panels: MutableFloats) {
    Product.pack(
      Matrix(base: source, row: stride, column: 1), rows: rows, columns: extents.depth,
      into: panels)
  }

  /// From gradients of a row of the softmax to those of the scores before they are scaled.
  private func slopes(
    _ slopes: MutableFloats, _ exponentials: Floats, _ share: Float, _ factor: Float
  ) {
    let count = extents.keys
    var sum = Lanes.zero
    var place = 0
    // Behind the last key the gradients are zero, and the exponentials finite.
    while place < count {
      sum.add(Lanes(at: exponentials + place), Lanes(at: slopes + place))
      place &+= Lanes.width
    }
    let mean = sum.total * share
    let scale = share * factor
    place = 0
    while place < count {
      let slope = (Lanes(at: slopes + place) - mean) * (Lanes(at: exponentials + place) * scale)
      slope.store(slopes + place)
      place &+= Lanes.width
    }
  }

  /// A' B for a tile: A [R,T] in rows of scores, B [R,D] in panels; [T,D] in rows of all heads.
  private func gather(
    _ left: Floats, _ rows: Int, _ panels: Floats, into target: MutableFloats, _ adds: Bool
  ) {
    let width = 2 * Lanes.width
    for column in stride(from: 0, to: extents.depth, by: width) {
      let places = TilePlaces(
        a: left, aRow: 1, aColumn: extents.scoreRow, b: panels + column * rows, bRow: width,
        c: target + column, cRow: extents.row, addsBlock: true)
      Product.panel(extents.keys, min(width, extents.depth - column), rows, places, adds)
    }
  }

  private func queryGradients(_ rows: Int, _ memory: Memory, into target: MutableFloats) {
    let (depth, depthRow) = (extents.depth, extents.depthRow)
    Product.multiply(
      rows: rows, columns: rounded(depth, to: Lanes.width), inner: extents.keys, memory.slopes,
      aRow: extents.scoreRow, panels: memory.keys, into: memory.aside, cRow: depthRow,
      accumulate: false)
    for row in 0..<rows {
      VectorLoops.copy(memory.aside + row * depthRow, to: target + row * extents.row, depth)
    }
  }
}
