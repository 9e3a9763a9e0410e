import Glibc

/// Training of one net on sequences: everything stays packed from step to step, moments included,
/// and a step allocates next to nothing once its memory has grown.
///
/// The batch is given as distinct examples and how often each was drawn; each weighs its share.
public final class SequenceTraining {
  /// A loss of the outputs [S,T,O] and its gradient by them.
  public typealias OwnLoss = (_ outputs: FloatBuffer) throws -> (loss: Float, gradient: FloatBuffer)

  /// Sequences worked on together: their states stay in the second cache.
  private static let groupRows = 16

  /// The sizes of the net.
  public let extents: RecurrentExtents
  /// Steps of an example, T.
  public let steps: Int
  private let optimizer: OptimizerSettings
  private let weights: FloatBuffer
  private let gradient: FloatBuffer
  private let first: FloatBuffer
  private let second: FloatBuffer
  private let turned: FloatBuffer
  private let table: FloatBuffer
  private var memory: FloatBuffer
  private var backwardMemory: FloatBuffer
  private var memoryRows: Int
  private var step = 0

  /// Training from flat weights [P] on examples of `steps` steps.
  public init(
    _ flat: FloatBuffer, extents: RecurrentExtents, steps: Int, optimizer: OptimizerSettings
  ) {
    precondition(flat.count == extents.parameterCount && extents.outputs > 0, "another net")
    precondition(steps > 0, "nothing to predict")
    self.extents = extents
    self.optimizer = optimizer
    self.steps = steps
    let count = extents.packedCount
    weights = FloatBuffer(repeating: 0, count: count)
    gradient = FloatBuffer(repeating: 0, count: count)
    first = FloatBuffer(repeating: 0, count: count)
    second = FloatBuffer(repeating: 0, count: count)
    turned = FloatBuffer(repeating: 0, count: extents.turnedCount)
    table = FloatBuffer(uninitialized: extents.inputs * extents.gates)
    memoryRows = SequenceTraining.groupRows
    memory = FloatBuffer(
      uninitialized: RecurrentGroup.size(extents, rows: memoryRows, steps: steps))
    backwardMemory = FloatBuffer(
      uninitialized: RecurrentGradientMemory.size(extents, rows: memoryRows, steps: steps))
    extents.pack(flat.base, into: weights.base)
  }

  /// The weights in flat order, a copy.
  public func flatWeights() -> FloatBuffer {
    let flat = FloatBuffer(uninitialized: extents.parameterCount)
    extents.unpack(weights.base, into: flat.base)
    return flat
  }

  /// One step; the weighted mean loss before it, or what `ownLoss` gave.
  ///
  /// The loss is the cross-entropy of classes, or the mean squared error of numbers over the
  /// outputs of a step; a loss of one's own sees each example as often as it was drawn.
  public func train(
    _ batch: ExampleBatch, rate: Double, ownLoss: OwnLoss? = nil
  ) throws -> Float {
    precondition(batch.fits(extents, steps: steps), "another batch")
    let part = Part(batch, steps: steps, extents: extents)
    let packed = Floats(weights.base)
    if case .tokens = batch.inputs { extents.fillTable(packed, table.base) }
    extents.turnPacked(packed, into: turned.base)
    gradient.base.update(repeating: 0, count: extents.gates * extents.inputs)
    let loss = try ownLoss.map { try trainWhole(part, $0) } ?? trainGroups(part)
    extents.clearEmptySlots(gradient.base)
    step += 1
    optimizer.step(step, rate: rate).apply(
      OptimizerStep.Numbers(parameters: weights, first: first, second: second),
      gradient: gradient)
    return loss
  }

  private func trainGroups(_ part: Part) -> Float {
    let sequences = part.counts.count
    let groups = (sequences + SequenceTraining.groupRows - 1) / SequenceTraining.groupRows
    let rows = (sequences + groups - 1) / groups
    var loss: Float = 0
    for start in stride(from: 0, to: sequences, by: rows) {
      let group = forward(part, start, min(rows, sequences - start))
      loss +=
        part.isOfNumbers
        ? squaredError(group, part, start) : crossEntropy(group, part, start)
      backward(group, part, start, adds: start > 0)
    }
    return loss * part.unit
  }

  /// All examples as one group, whose outputs somebody else judges.
  private func trainWhole(_ part: Part, _ ownLoss: OwnLoss) throws -> Float {
    let sequences = part.counts.count
    makeRoom(sequences)
    let group = forward(part, 0, sequences)
    let outputs = extents.outputs
    let flat = FloatBuffer(uninitialized: sequences * steps * outputs)
    func copy(_ flat: MutableFloats, toFlat: Bool) {
      for row in 0..<(steps * sequences) {
        let here = group.outputs + row * extents.readOut
        let there = flat + (row % sequences * steps + row / sequences) * outputs
        if toFlat {
          there.update(from: here, count: outputs)
        } else {
          here.update(repeating: 0, count: extents.readOut)
          here.update(from: there, count: outputs)
        }
      }
    }
    copy(flat.base, toFlat: true)
    let (loss, slope) = try ownLoss(flat)
    precondition(slope.count == flat.count, "a gradient of another shape")
    copy(slope.base, toFlat: false)
    backward(group, part, 0, adds: false)
    return loss
  }

  private func makeRoom(_ rows: Int) {
    guard rows > memoryRows else { return }
    memoryRows = rows
    memory = FloatBuffer(uninitialized: RecurrentGroup.size(extents, rows: rows, steps: steps))
    backwardMemory = FloatBuffer(
      uninitialized: RecurrentGradientMemory.size(extents, rows: rows, steps: steps))
  }

  // MARK: Forward

  private func forward(_ part: Part, _ start: Int, _ rows: Int) -> RecurrentGroup {
    let group = RecurrentGroup(
      extents: extents, rows: rows, steps: steps, weights: weights.base, memory: memory.base)
    group.clearState()
    if let tokens = part.tokens {
      tokens.withUnsafeBufferPointer { tokens in
        guard let base = tokens.baseAddress else { return }
        group.gather(table.base, base + start * part.stride, stride: part.stride)
      }
    } else {
      part.numbers.withUnsafeBufferPointer { load($0, group, start) }
      group.project(0)
    }
    group.advance(0, zeroState: true)
    for layer in 1..<max(extents.layers, 1) {
      group.project(layer)
      group.advance(layer, zeroState: true)
    }
    group.readOut()
    return group
  }

  /// Rows of [S,T,D] to a group's [T,R,D].
  private func load(_ numbers: UnsafeBufferPointer<Float>, _ group: RecurrentGroup, _ start: Int) {
    guard let base = numbers.baseAddress else { return }
    let width = extents.inputs
    for row in 0..<group.rows {
      for step in 0..<steps {
        VectorLoops.copy(
          base + ((start &+ row) &* steps &+ step) &* width,
          to: group.inputs + (step &* group.rows &+ row) &* width, width)
      }
    }
  }

  // MARK: Losses

  /// The sum of losses weighted by counts; outputs become their gradients.
  private func crossEntropy(_ group: RecurrentGroup, _ part: Part, _ start: Int) -> Float {
    let softmax = SoftmaxRows(extents.outputs)
    let count = steps &* group.rows
    // Sums of exponentials, then what the labels scored: logarithms are taken at the end.
    let sums = Scratch.floats(.row, 2 &* count)
    let scores = sums + count
    var row = group.outputs
    var place = 0
    for step in 0..<steps {
      for sequence in start..<(start &+ group.rows) {
        let weight = part.weight(sequence, step) * part.unit
        if weight == 0 {
          row.update(repeating: 0, count: softmax.width)
        } else {
          let label = part.label(sequence, step)
          let top = softmax.maximum(row)
          scores[place] = row[label] - top
          let sum = softmax.exponentiate(row, top)
          softmax.scale(row, weight / sum)
          row[label] -= weight
          sums[place] = sum
        }
        row += softmax.width
        place &+= 1
      }
    }
    var loss: Float = 0
    place = 0
    for step in 0..<steps {
      for sequence in start..<(start &+ group.rows) {
        let weight = part.weight(sequence, step)
        if weight != 0 { loss += weight * (logf(sums[place]) - scores[place]) }
        place &+= 1
      }
    }
    return loss
  }

  /// The sum of mean squared differences weighted by counts; outputs become their gradients.
  private func squaredError(_ group: RecurrentGroup, _ part: Part, _ start: Int) -> Float {
    let outputs = extents.outputs
    var loss: Float = 0
    var row = group.outputs
    for step in 0..<steps {
      for sequence in start..<(start &+ group.rows) {
        let weight = part.weight(sequence, step) / Float(outputs)
        let first = (sequence &* steps &+ step) &* outputs
        var sum: Float = 0
        for place in 0..<outputs {
          let difference = row[place] - part.wanted[first &+ place]
          sum += difference * difference
          row[place] = 2 * difference * weight * part.unit
        }
        // What the gaps hold must not flow back.
        for place in outputs..<extents.readOut { row[place] = 0 }
        if weight != 0 { loss += weight * sum }
        row += extents.readOut
      }
    }
    return loss
  }

  // MARK: Backward

  private func backward(_ group: RecurrentGroup, _ part: Part, _ start: Int, adds: Bool) {
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
      } else if let tokens = part.tokens {
        tokens.withUnsafeBufferPointer { tokens in
          guard let base = tokens.baseAddress else { return }
          group.scatter(base + start * part.stride, stride: part.stride, into: target)
        }
      } else {
        group.inputWeightGradient(0, target, adds: adds)
      }
      layer -= 1
    }
  }
}

extension SequenceTraining {
  /// A batch in the form that the loops read.
  fileprivate struct Part {
    /// Symbols, `stride` of them a sequence; nil where numbers are read.
    let tokens: [UInt8]?
    let stride: Int
    /// [S,T,D].
    let numbers: [Float]
    let counts: [Int]
    /// What one example's step counts in the mean loss.
    let unit: Float
    /// [S,T,O] where numbers are the targets.
    let wanted: [Float]
    let isOfNumbers: Bool
    private let classes: [UInt16]
    private let stepWeights: [Float]?
    private let steps: Int
    private let isNext: Bool

    init(_ batch: ExampleBatch, steps: Int, extents: RecurrentExtents) {
      self.steps = steps
      counts = batch.counts
      stepWeights = batch.stepWeights
      if case .next = batch.targets { isNext = true } else { isNext = false }
      stride = isNext ? steps + 1 : steps
      switch batch.inputs {
      case .tokens(let read): (tokens, numbers) = (read, [])
      case .numbers(let read): (tokens, numbers) = (nil, read)
      }
      switch batch.targets {
      case .next: (classes, wanted, isOfNumbers) = ([], [], false)
      case .classes(let given): (classes, wanted, isOfNumbers) = (given, [], false)
      case .numbers(let given): (classes, wanted, isOfNumbers) = ([], given, true)
      }
      guard let stepWeights else {
        unit = 1 / (Float(batch.counts.reduce(0, +)) * Float(steps))
        return
      }
      var total = 0.0
      for (sequence, count) in batch.counts.enumerated() {
        for step in 0..<steps {
          total += Double(count) * Double(stepWeights[sequence * steps + step])
        }
      }
      unit = total > 0 ? Float(1 / total) : 0
    }

    /// What a step of a sequence weighs, before it is divided by the total.
    @inline(always) func weight(_ sequence: Int, _ step: Int) -> Float {
      let count = Float(counts[sequence])
      guard let stepWeights else { return count }
      return count * stepWeights[sequence &* steps &+ step]
    }

    /// The right class at a step.
    @inline(always) func label(_ sequence: Int, _ step: Int) -> Int {
      if isNext, let tokens { return Int(tokens[sequence &* stride &+ step &+ 1]) }
      return Int(classes[sequence &* steps &+ step])
    }
  }
}
