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
    try Cancellation.current.check()
    let packed = FloatBuffer(uninitialized: extents.packedCount)
    let flat = FloatBuffer(uninitialized: extents.parameterCount)
    let stretches = stretches
    if stretches.isEmpty {
      packed.base.update(repeating: 0, count: extents.packedCount)
    } else {
      LayerWeightGradient(
        extents: extents, layer: 0, stretches: stretches, inputRow: extents.inputs,
        target: packed.base
      ).run(sharing: true)
    }
    extents.unpack(packed.base, into: flat.base)
    return flat
  }

  /// The rows of all steps, where the way back has left them.
  private var stretches: [LayerWeightGradient.Stretch] {
    var stretches: [LayerWeightGradient.Stretch] = []
    for rollout in rollouts {
      rollout.forEachGroup { group in
        stretches.append(
          LayerWeightGradient.Stretch(
            count: group.rows, gates: Floats(group.gates(0)), hidden: Floats(group.hidden(0)),
            inputs: Floats(group.inputs)))
      }
    }
    return stretches
  }
}
