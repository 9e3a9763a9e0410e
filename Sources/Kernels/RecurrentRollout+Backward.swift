import Execution

extension RecurrentRollout {
  /// Gradients of what was read, from those of the results.
  public func backward(_ incoming: Incoming, wanted: Wanted) throws -> Gradients {
    try prepareBackward()
    check(incoming)
    let extents = packed.extents
    let groups = groupsPerNet * packed.nets
    let weights =
      wanted.weights ? FloatBuffer(uninitialized: groups * extents.packedCount) : nil
    var gradients = Gradients(state: wanted.state ? newState() : nil)
    if wanted.inputs { addInputGradients(&gradients, groups: groups) }
    let targets = Targets(
      weights: weights.map { Address($0) }, inputs: gradients.inputs.map { Address($0) },
      first: gradients.first.map { Address($0) },
      hidden: (gradients.state?.hidden).map { Address($0) },
      cell: gradients.state?.cell.map { Address($0) })
    let arrived = Sources(
      outputs: incoming.outputs.map { Address($0) }, hidden: incoming.hidden.map { Address($0) },
      cell: incoming.cell.map { Address($0) }, sequence: incoming.sequence.map { Address($0) })
    try forEachPart { number, part in
      let own = targets.weights.map { $0.base + number * extents.packedCount }
      self.backward(part, number, arrived, targets, own)
    }
    if let weights { gradients.weights = collect(weights) }
    if case .rows(let rows) = inputs, let parts = gradients.inputs {
      gradients.inputs = RecurrentRollout.sum(parts, count: rows.table.count)
    }
    return gradients
  }

  /// Room for the gradients of the inputs; of a table one for each group, added up in order.
  private func addInputGradients(_ gradients: inout Gradients, groups: Int) {
    switch inputs {
    case .sequences(let numbers):
      gradients.inputs = FloatBuffer(uninitialized: numbers.count)
    case .rows(let rows):
      gradients.inputs = FloatBuffer(uninitialized: groups * rows.table.count)
      gradients.first = rows.first.map { FloatBuffer(uninitialized: $0.count) }
    }
  }

  private static func sum(_ parts: FloatBuffer, count: Int) -> FloatBuffer {
    let total = FloatBuffer(parts, from: 0, count: count)
    for start in stride(from: count, to: parts.count, by: max(count, 1)) {
      VectorLoops.add(parts.base + start, to: total.base, count)
    }
    return total
  }

  private struct Sources: Sendable {
    var outputs: Address?
    var hidden: Address?
    var cell: Address?
    var sequence: Address?
  }

  private struct Targets: Sendable {
    var weights: Address?
    var inputs: Address?
    var first: Address?
    var hidden: Address?
    var cell: Address?
  }

  private func check(_ incoming: Incoming) {
    let extents = packed.extents
    let rows = packed.nets * sequences
    let states = extents.layers * rows * extents.hidden
    func isFit(_ buffer: FloatBuffer?, _ count: Int) -> Bool { (buffer?.count ?? count) == count }
    precondition(
      isFit(incoming.outputs, rows * steps * extents.outputs) && isFit(incoming.hidden, states)
        && isFit(incoming.cell, states)
        && isFit(incoming.sequence, rows * steps * extents.hidden), "gradients of another count")
  }

  /// Adds the groups' weight gradients in order and gives them in flat order.
  private func collect(_ weights: FloatBuffer) -> FloatBuffer {
    let extents = packed.extents
    let count = extents.packedCount
    let flat = FloatBuffer(uninitialized: packed.nets * extents.parameterCount)
    for net in 0..<packed.nets {
      let sum = Address(weights, at: net * groupsPerNet * count)
      if groupsPerNet > 1 {
        Elementwise.inParts(count, mayStop: false) { part in
          let own = sum.base + part.lowerBound
          for group in 1..<groupsPerNet {
            VectorLoops.add(own + group * count, to: own, part.count)
          }
        }
      }
      extents.unpack(sum.base, into: flat.base + net * extents.parameterCount)
    }
    return flat
  }

  private func backward(
    _ part: Part, _ number: Int, _ arrived: Sources, _ targets: Targets,
    _ weightGradient: MutableFloats?
  ) {
    guard let turnedMemory = packed.turned else { return }
    let extents = packed.extents
    let group = part.group
    let turned = Floats(turnedMemory.base) + part.net * extents.turnedCount
    let inputColumns = rounded(extents.inputs, to: Lanes.width)
    let size = RecurrentGradientMemory.size(extents, rows: group.rows, steps: steps)
    let aside = max(group.stepUnits, targets.inputs == nil ? 0 : group.sourceCount * inputColumns)
    let memory = Scratch.floats(.gradient, size + aside)
    let gradient = RecurrentGradientMemory(memory, group)
    startBackward(part, arrived, gradient, turned, weightGradient)
    for layer in (0..<extents.layers).reversed() {
      loadStateGradients(part, layer, arrived, gradient)
      group.retreat(layer, turned, gradient, stops: true)
      if layer == 0 { withTokens(part) { group.collectTable($0) } }
      if let weightGradient { group.weightGradient(layer, weightGradient) }
      if let hidden = targets.hidden {
        group.initialHiddenGradient(layer, turned, gradient, into: memory + size)
        copyState(part, layer, memory + size, flat: hidden.base)
      }
      if let cell = targets.cell { copyState(part, layer, gradient.carry, flat: cell.base) }
      if layer > 0 { group.inputGradient(layer, turned, into: gradient.hidden, extents.units) }
    }
    if let target = targets.inputs {
      group.inputGradient(0, turned, into: memory + size, inputColumns)
      if case .rows = inputs {
        copyTable(part, number, memory + size, inputColumns, target.base, targets.first?.base)
      } else {
        copySteps(
          part, extents.inputs, memory + size, inputColumns, flat: target.base, toFlat: true)
      }
    }
  }

  /// The gradients of a table's rows, this group's share, and of what its sequences read first.
  private func copyTable(
    _ part: Part, _ number: Int, _ own: Floats, _ stride: Int, _ table: MutableFloats,
    _ first: MutableFloats?
  ) {
    guard case .rows(let rows) = inputs else { return }
    let width = packed.extents.inputs
    let count = rows.table.count / width
    for row in 0..<count {
      (table + (number * count + row) * width).update(from: own + row * stride, count: width)
    }
    guard let first else { return }
    for row in 0..<part.group.rows {
      (first + (part.first + row) * width).update(
        from: own + (count + row) * stride, count: width)
    }
  }

  /// The gradient of the last layer's hidden states from outputs and the states themselves.
  private func startBackward(
    _ part: Part, _ arrived: Sources, _ gradient: RecurrentGradientMemory, _ turned: Floats,
    _ weightGradient: MutableFloats?
  ) {
    let extents = packed.extents
    let group = part.group
    let isWritten = arrived.sequence == nil && arrived.outputs != nil && extents.outputs > 0
    if !isWritten { gradient.hidden.update(repeating: 0, count: steps * group.stepUnits) }
    if let sequence = arrived.sequence {
      copySteps(
        part, extents.hidden, gradient.hidden, extents.units, flat: sequence.base, toFlat: false)
    }
    guard extents.outputs > 0 else { return }
    guard let outputs = arrived.outputs else {
      // Everything else of the weights' gradient is written, whatever has arrived.
      weightGradient.map {
        ($0 + extents.readOutOffset).update(
          repeating: 0, count: extents.packedCount - extents.readOutOffset)
      }
      return
    }
    group.outputs.update(repeating: 0, count: steps * group.rows * extents.readOut)
    copySteps(
      part, extents.outputs, group.outputs, extents.readOut, flat: outputs.base, toFlat: false)
    group.readOutBackward(turned, gradient, weightGradient, accumulate: !isWritten)
  }

  /// The gradients that arrive at the last step of a layer through the final state.
  private func loadStateGradients(
    _ part: Part, _ layer: Int, _ arrived: Sources, _ gradient: RecurrentGradientMemory
  ) {
    let extents = packed.extents
    let group = part.group
    gradient.carry.update(repeating: 0, count: group.stepUnits)
    let net = layer * packed.nets + part.net
    let offset = (net * sequences + part.first) * extents.hidden
    for row in 0..<group.rows {
      let place = offset + row * extents.hidden
      if let cell = arrived.cell {
        (gradient.carry + row * extents.units).update(
          from: cell.base + place, count: extents.hidden)
      }
      if let hidden = arrived.hidden {
        let last = gradient.hidden + (steps - 1) * group.stepUnits + row * extents.units
        for unit in 0..<extents.hidden { last[unit] += hidden.base[place &+ unit] }
      }
    }
  }

  private func copyState(
    _ part: Part, _ layer: Int, _ own: Floats, flat: MutableFloats
  ) {
    let extents = packed.extents
    let net = layer * packed.nets + part.net
    let there = flat + (net * sequences + part.first) * extents.hidden
    for row in 0..<part.group.rows {
      (there + row * extents.hidden).update(
        from: own + row * extents.units, count: extents.hidden)
    }
  }
}

extension RecurrentGroup {
  /// The gradient of a layer's initial hidden state, after it has gone back.
  func initialHiddenGradient(
    _ layer: Int, _ turned: Floats, _ gradient: RecurrentGradientMemory,
    into target: MutableFloats
  ) {
    let addsCarry = !extents.cell.hasCellState
    if addsCarry { target.update(from: gradient.carry, count: stepUnits) }
    Product.multiplyShared(
      rows: rows, columns: extents.units, inner: extents.gates, gates(layer), aRow: extents.gates,
      panels: turned + extents.turnedHiddenOffset(layer), into: target, cRow: extents.units,
      accumulate: addsCarry)
  }
}
