import Glibc

/// Training of one net on sequences of symbols: everything stays packed from step to step, moments
/// included, and a step allocates nothing once its memory has grown.
///
/// The batch is given as distinct sequences and how often each was drawn; each weighs its share.
public final class TokenTraining {
  /// Sequences worked on together: their states stay in the second cache.
  private static let groupRows = 16

  /// The sizes of the net.
  public let extents: RecurrentExtents
  private let steps: Int
  private let optimizer: OptimizerSettings
  private let weights: FloatBuffer
  private let gradient: FloatBuffer
  private let first: FloatBuffer
  private let second: FloatBuffer
  private let turned: FloatBuffer
  private let table: FloatBuffer
  private var memory: FloatBuffer
  private var backwardMemory: FloatBuffer
  private var step = 0

  /// Training from flat weights [P] on sequences of `length` symbols.
  public init(
    _ flat: FloatBuffer, extents: RecurrentExtents, length: Int, optimizer: OptimizerSettings
  ) {
    precondition(flat.count == extents.parameterCount && extents.outputs > 0, "another net")
    precondition(length > 1 && extents.inputs <= 256, "nothing to predict")
    self.extents = extents
    self.optimizer = optimizer
    steps = length - 1
    let count = extents.packedCount
    weights = FloatBuffer(repeating: 0, count: count)
    gradient = FloatBuffer(repeating: 0, count: count)
    first = FloatBuffer(repeating: 0, count: count)
    second = FloatBuffer(repeating: 0, count: count)
    turned = FloatBuffer(repeating: 0, count: extents.turnedCount)
    table = FloatBuffer(uninitialized: extents.inputs * extents.gates)
    let rows = TokenTraining.groupRows
    memory = FloatBuffer(uninitialized: RecurrentGroup.size(extents, rows: rows, steps: steps))
    backwardMemory = FloatBuffer(
      uninitialized: RecurrentGradientMemory.size(extents, rows: rows, steps: steps))
    extents.pack(flat.base, into: weights.base)
  }

  /// The weights in flat order, a copy.
  public func flatWeights() -> FloatBuffer {
    let flat = FloatBuffer(uninitialized: extents.parameterCount)
    extents.unpack(weights.base, into: flat.base)
    return flat
  }

  /// One step; the weighted mean cross-entropy of all next symbols before it.
  ///
  /// `tokens` are S sequences one after the other, symbols below inputs and outputs.
  public func train(tokens: [UInt8], counts: [Int], rate: Double) -> Float {
    let sequences = counts.count
    precondition(sequences > 0 && tokens.count == sequences * (steps + 1), "another batch")
    let limit = min(extents.inputs, extents.outputs)
    precondition(tokens.allSatisfy { $0 < limit }, "unknown symbol")
    let total = counts.reduce(0, +)
    precondition(total > 0 && counts.allSatisfy { $0 >= 0 }, "nothing was drawn")
    let packed = Floats(weights.base)
    extents.fillTable(packed, table.base)
    extents.turnPacked(packed, into: turned.base)
    gradient.base.update(repeating: 0, count: extents.gates * extents.inputs)
    let groups = (sequences + TokenTraining.groupRows - 1) / TokenTraining.groupRows
    let rows = (sequences + groups - 1) / groups
    let unit = 1 / (Float(total) * Float(steps))
    var loss: Float = 0
    tokens.withUnsafeBufferPointer { tokens in
      counts.withUnsafeBufferPointer { counts in
        guard let tokens = tokens.baseAddress, let counts = counts.baseAddress else { return }
        for start in stride(from: 0, to: sequences, by: rows) {
          loss += trainGroup(
            tokens + start * (steps + 1), counts + start, min(rows, sequences - start), unit,
            adds: start > 0)
        }
      }
    }
    extents.clearEmptySlots(gradient.base)
    step += 1
    optimizer.step(step, rate: rate).apply(
      weights, gradient: gradient, first: first, second: second)
    return loss * unit
  }

  private func trainGroup(
    _ tokens: UnsafePointer<UInt8>, _ counts: UnsafePointer<Int>, _ rows: Int, _ unit: Float,
    adds: Bool
  ) -> Float {
    let group = RecurrentGroup(
      extents: extents, rows: rows, steps: steps, weights: weights.base, memory: memory.base)
    group.clearState()
    group.gather(table.base, tokens, stride: steps + 1)
    group.advance(0, zeroState: true)
    for layer in 1..<max(extents.layers, 1) {
      group.project(layer)
      group.advance(layer, zeroState: true)
    }
    group.readOut()
    let loss = crossEntropy(group, tokens, counts, unit)
    backward(group, tokens, adds)
    return loss
  }

  /// The sum of losses weighted by counts; outputs become their gradients.
  private func crossEntropy(
    _ group: RecurrentGroup, _ tokens: UnsafePointer<UInt8>, _ counts: UnsafePointer<Int>,
    _ unit: Float
  ) -> Float {
    let softmax = SoftmaxRows(extents.outputs)
    let count = steps &* group.rows
    // Sums of exponentials, then what the labels scored: logarithms are taken at the end.
    let sums = Scratch.floats(.row, 2 &* count)
    let scores = sums + count
    var row = group.outputs
    var place = 0
    for step in 0..<steps {
      for sequence in 0..<group.rows {
        let label = Int(tokens[sequence &* (steps &+ 1) &+ step &+ 1])
        let top = softmax.maximum(row)
        scores[place] = row[label] - top
        let sum = softmax.exponentiate(row, top)
        let weight = Float(counts[sequence]) * unit
        softmax.scale(row, weight / sum)
        row[label] -= weight
        sums[place] = sum
        row += softmax.width
        place &+= 1
      }
    }
    var loss: Float = 0
    place = 0
    for _ in 0..<steps {
      for sequence in 0..<group.rows {
        loss += Float(counts[sequence]) * (logf(sums[place]) - scores[place])
        place &+= 1
      }
    }
    return loss
  }

  private func backward(_ group: RecurrentGroup, _ tokens: UnsafePointer<UInt8>, _ adds: Bool) {
    let turned = Floats(self.turned.base)
    let target = gradient.base
    let incoming = RecurrentGradientMemory(backwardMemory.base, group)
    group.readOutBackward(turned, incoming, target, accumulate: false, addsWeights: adds)
    var layer = extents.layers - 1
    while layer >= 0 {
      incoming.carry.update(repeating: 0, count: group.stepUnits)
      group.retreat(layer, turned, incoming)
      group.hiddenWeightGradient(layer, target, adds: adds)
      if layer > 0 {
        group.inputWeightGradient(layer, target, adds: adds)
        group.inputGradient(layer, turned, into: incoming.hidden, extents.units)
      } else {
        group.scatter(tokens, stride: steps + 1, into: target)
      }
      layer -= 1
    }
  }
}
