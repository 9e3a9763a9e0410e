import Glibc

/// One net fed with symbols step by step, for any number of rows that may branch and end on the
/// way.
public final class TokenSampling {
  /// The sizes of the net.
  public let extents: RecurrentExtents
  private let weights: FloatBuffer
  private let table: FloatBuffer
  private var current: Memory
  private var next: Memory

  /// States [L,R,H] and what a step needs besides.
  private struct Memory {
    var rows = 0
    var buffer = FloatBuffer(uninitialized: 0)
  }

  /// Feeds a net of flat weights [P].
  public init(_ flat: FloatBuffer, extents: RecurrentExtents) {
    precondition(flat.count == extents.parameterCount && extents.outputs > 0, "another net")
    self.extents = extents
    weights = FloatBuffer(repeating: 0, count: extents.packedCount)
    extents.pack(flat.base, into: weights.base)
    table = FloatBuffer(uninitialized: extents.inputs * extents.gates)
    extents.fillTable(weights.base, table.base)
    current = Memory()
    next = Memory()
  }

  /// Feeds one symbol to each of R rows.
  ///
  /// - Parameters:
  ///   - symbols: below the number of inputs.
  ///   - parents: the rows of the call before that these continue; nil to start from zero.
  /// - Returns: log-probabilities [R,O] of the next symbol.
  public func step(_ symbols: [UInt8], parents: [Int]?) -> [Float] {
    let rows = symbols.count
    precondition(symbols.allSatisfy { $0 < extents.inputs }, "unknown symbol")
    precondition(parents.map { $0.count == rows } ?? true, "one parent for each row")
    precondition(
      parents.map { $0.allSatisfy { $0 >= 0 && $0 < current.rows } } ?? true, "unknown parent")
    guard rows > 0 else { return [] }
    let size = RecurrentGroup.size(extents, rows: rows, steps: 1)
    if next.buffer.count < size { next.buffer = FloatBuffer(uninitialized: size) }
    next.rows = rows
    let group = self.group(next)
    start(group, parents)
    symbols.withUnsafeBufferPointer { symbols in
      if let symbols = symbols.baseAddress { group.gather(table.base, symbols, stride: 1) }
    }
    group.advance(0, zeroState: parents == nil)
    for layer in 1..<max(extents.layers, 1) {
      group.project(layer)
      group.advance(layer, zeroState: parents == nil)
    }
    group.readOut()
    swap(&current, &next)
    return logProbabilities(group)
  }

  private func group(_ memory: Memory) -> RecurrentGroup {
    RecurrentGroup(
      extents: extents, rows: memory.rows, steps: 1, weights: weights.base,
      memory: memory.buffer.base)
  }

  /// Copies the parents' final states to where a step starts.
  private func start(_ group: RecurrentGroup, _ parents: [Int]?) {
    guard let parents else { return group.clearState() }
    let earlier = self.group(current)
    let units = extents.units
    for layer in 0..<extents.layers {
      let hidden = earlier.hidden(layer) + earlier.stepUnits
      for (row, parent) in parents.enumerated() {
        (group.hidden(layer) + row &* units).update(from: hidden + parent &* units, count: units)
      }
      guard extents.cell.hasCellState else { continue }
      let cells = earlier.cells(layer) + earlier.stepUnits
      for (row, parent) in parents.enumerated() {
        (group.cells(layer) + row &* units).update(from: cells + parent &* units, count: units)
      }
    }
  }

  private func logProbabilities(_ group: RecurrentGroup) -> [Float] {
    let softmax = SoftmaxRows(extents.outputs)
    let outputs = extents.outputs
    return [Float](unsafeUninitializedCapacity: group.rows * outputs) { result, count in
      withUnsafeTemporaryAllocation(byteCount: softmax.width * 4, alignment: 64) { raw in
        guard let aside = raw.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
        for row in 0..<group.rows {
          let scores = group.outputs + row &* softmax.width
          aside.update(from: scores, count: softmax.width)
          let top = softmax.maximum(scores)
          let total = top + logf(softmax.exponentiate(aside, top))
          for place in 0..<outputs { result[row &* outputs &+ place] = scores[place] - total }
        }
      }
      count = group.rows * outputs
    }
  }
}
