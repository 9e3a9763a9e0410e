import Autodiff
import Execution
import Kernels
import Tensors

extension RecurrentNetwork {
  /// The one operation behind `run`, `runMany` and `stepMany`: N nets over M sequences of T steps.
  struct Rollout {
    var weights: Variable
    var shape: NetworkShape
    var nets: Int
    /// [N,M], [N], [B] or nothing: the axes before the steps.
    var batch: [Int]
    /// [T], or nothing for a single step.
    var steps: [Int]
    var input: Variable
    var state: State?
    var wantsStates: Bool
    /// The weights as kernels read them, if somebody has packed them.
    var packed: PackedNets?

    private var stepCount: Int { steps.first ?? 1 }
    private var sequences: Int { batch.reduce(1, *) / max(nets, 1) }

    func record() throws -> Results {
      try check()
      let parents = [weights, input] + (state?.all ?? [])
      let isTraced = parents.contains { $0.isTraced }
      let packed =
        packed
        ?? PackedCache.shared.packed(
          [weights.value.buffer], extents: shape.extents, turned: isTraced
        ) {
          PackedNets(weights.value.buffer, nets: nets, extents: shape.extents, turned: isTraced)
        }
      let rollout = RecurrentRollout(
        packed, inputs: .sequences(input.value.buffer), sequences: sequences, steps: stepCount,
        start: state.map {
          RecurrentRollout.State(hidden: $0.hidden.value.buffer, cell: $0.cell?.value.buffer)
        }, keepsHistory: isTraced)
      let results = try rollout.forward(wantsSequence: wantsStates)
      return variables(results, parents, rollout)
    }

    private func variables(
      _ results: RecurrentRollout.Results, _ parents: [Variable], _ rollout: RecurrentRollout
    ) -> Results {
      var outputs = [
        Tensor(shape: batch + steps + [shape.outputs], buffer: results.outputs),
        Tensor(shape: stateShape, buffer: results.state.hidden),
      ]
      var place = Places()
      func add(_ shape: [Int], _ buffer: FloatBuffer?) -> Int? {
        guard let buffer else { return nil }
        outputs.append(Tensor(shape: shape, buffer: buffer))
        return outputs.count - 1
      }
      place.cell = add(stateShape, results.state.cell)
      place.sequence = add(batch + steps + [shape.hidden], results.sequence)
      let wanted = RecurrentRollout.Wanted(
        weights: weights.isTraced, inputs: input.isTraced,
        state: state?.all.contains { $0.isTraced } ?? false)
      let shapes = parents.map(\.shape)
      let variables = Tape.record(outputs, parents: parents) { [place] incoming in
        let gradients = try rollout.backward(
          RecurrentRollout.Incoming(
            outputs: incoming[0]?.buffer, hidden: incoming[1]?.buffer,
            cell: place.cell.flatMap { incoming[$0]?.buffer },
            sequence: place.sequence.flatMap { incoming[$0]?.buffer }), wanted: wanted)
        let buffers = [
          gradients.weights, gradients.inputs, gradients.state?.hidden, gradients.state?.cell,
        ]
        return zip(shapes, buffers).map { shape, buffer in
          buffer.map { Tensor(shape: shape, buffer: $0) }
        }
      }
      return Results(
        outputs: variables[0],
        state: State(hidden: variables[1], cell: place.cell.map { variables[$0] }),
        hiddenStates: place.sequence.map { variables[$0] })
    }

    /// Where the results that not every rollout has stand among its outputs.
    private struct Places {
      var cell: Int?
      var sequence: Int?
    }

    private var stateShape: [Int] { [shape.layers] + batch + [shape.hidden] }

    private func check() throws {
      guard input.shape.last == shape.inputs else {
        throw Failure(
          "the net has \(shape.inputs) inputs, but the input has the shape "
            + Tensor.text(of: input.shape))
      }
      guard !input.shape.contains(0), nets > 0 else {
        throw Failure(
          "there is nothing to run: the input has the shape "
            + Tensor.text(of: input.shape))
      }
      guard let state else { return }
      guard (state.cell != nil) == shape.cell.hasCellState else {
        throw Failure(
          state.cell == nil
            ? "the state of an LSTM has a cell state, but this one has none"
            : "the state of a \(shape.cell.name) has no cell state, but this one has",
          at: .keyword("state"))
      }
      for tensor in state.all where tensor.shape != stateShape {
        throw Failure(
          "the state has the shape \(Tensor.text(of: tensor.shape)), "
            + "expected \(Tensor.text(of: stateShape))")
      }
    }
  }
}
