import Execution

/// The gradient of the weights of one layer whose steps are taken one by one, as one product over all.
///
/// A product for each step would write, unpack and add the whole gradient as often as there are steps;
/// what it is made of is much less. Steps are given in the order in which the way back reaches them.
public final class StepWeightGradient {
  private let extents: RecurrentExtents
  private var rollouts: [RecurrentRollout] = []

  /// Nothing yet, for a layer of these extents without read-out.
  public init(_ extents: RecurrentExtents) {
    precondition(extents.layers == 1 && extents.outputs == 0, "not a single layer")
    self.extents = extents
  }

  /// Notes a step that has gone back without gradients of its weights.
  public func add(_ rollout: RecurrentRollout) {
    precondition(
      rollout.packed.extents == extents && rollout.packed.nets == 1 && rollout.steps == 1,
      "another layer")
    rollouts.append(rollout)
  }

  /// The gradient of all steps noted so far, in flat order; forgets them.
  public func collect() throws -> FloatBuffer {
    defer { rollouts = [] }
    let rows = rollouts.reduce(0) { $0 + $1.sequences }
    let memory = FloatBuffer(
      uninitialized: RecurrentGroup.size(extents, rows: max(rows, 1), steps: 1))
    let packed = FloatBuffer(repeating: 0, count: extents.packedCount)
    let flat = FloatBuffer(uninitialized: extents.parameterCount)
    if rows > 0 {
      // All steps side by side, as if they were the rows of a single one.
      let all = RecurrentGroup(
        extents: extents, rows: rows, steps: 1, weights: Floats(packed.base), memory: memory.base)
      try gather(into: all)
      let parts = rows * extents.packedCount >= RecurrentRollout.parallelWork ? 4 : 1
      all.hiddenWeightGradient(0, packed.base, parts: parts)
      all.inputWeightGradient(0, packed.base, parts: parts)
    }
    extents.unpack(packed.base, into: flat.base)
    return flat
  }

  private func gather(into all: RecurrentGroup) throws {
    let (gates, units, inputs) = (extents.gates, extents.units, extents.inputs)
    let starts = rollouts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.sequences) }
    let rollouts = rollouts
    try Parallel.forEach(rollouts.count) { number in
      var row = starts[number]
      rollouts[number].forEachGroup { group in
        let count = group.rows
        (all.gates(0) + row * gates).update(from: group.gates(0), count: count * gates)
        (all.hidden(0) + row * units).update(from: group.hidden(0), count: count * units)
        (all.inputs + row * inputs).update(from: group.inputs, count: count * inputs)
        row += count
      }
      try Cancellation.current.check()
    }
  }
}
