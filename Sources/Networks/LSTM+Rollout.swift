import Autodiff
import Execution
import Kernels
import Tensors

extension LSTM {
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

    private var stepCount: Int { steps.first ?? 1 }
    private var sequences: Int { batch.reduce(1, *) / max(nets, 1) }

    func record() throws -> Results {
      try check()
      let parents = [weights, input] + (state.map { [$0.hidden, $0.cell] } ?? [])
      let isTraced = parents.contains { $0.isTraced }
      let packed = PackedCache.shared.packed(
        [weights.value.buffer], extents: shape.extents, turned: isTraced
      ) {
        PackedLSTM(weights.value.buffer, nets: nets, extents: shape.extents, turned: isTraced)
      }
      let rollout = LSTMRollout(
        packed, inputs: input.value.buffer, sequences: sequences, steps: stepCount,
        start: state.map {
          LSTMRollout.State(hidden: $0.hidden.value.buffer, cell: $0.cell.value.buffer)
        }, keepsHistory: isTraced)
      let results = try rollout.forward(wantsSequence: wantsStates)
      return variables(results, parents, rollout)
    }

    private func variables(
      _ results: LSTMRollout.Results, _ parents: [Variable], _ rollout: LSTMRollout
    ) -> Results {
      var outputs = [
        Tensor(shape: batch + steps + [shape.outputs], buffer: results.outputs),
        Tensor(shape: stateShape, buffer: results.state.hidden),
        Tensor(shape: stateShape, buffer: results.state.cell),
      ]
      if let sequence = results.sequence {
        outputs.append(Tensor(shape: batch + steps + [shape.hidden], buffer: sequence))
      }
      let wanted = LSTMRollout.Wanted(
        weights: weights.isTraced, inputs: input.isTraced,
        state: state.map { $0.hidden.isTraced || $0.cell.isTraced } ?? false)
      let shapes = parents.map(\.shape)
      let variables = Tape.record(outputs, parents: parents) { incoming in
        let gradients = try rollout.backward(
          LSTMRollout.Incoming(
            outputs: incoming[0]?.buffer, hidden: incoming[1]?.buffer, cell: incoming[2]?.buffer,
            sequence: incoming.count > 3 ? incoming[3]?.buffer : nil), wanted: wanted)
        let buffers = [
          gradients.weights, gradients.inputs, gradients.state?.hidden, gradients.state?.cell,
        ]
        return zip(shapes, buffers).map { shape, buffer in
          buffer.map { Tensor(shape: shape, buffer: $0) }
        }
      }
      return Results(
        outputs: variables[0], state: State(hidden: variables[1], cell: variables[2]),
        hiddenStates: variables.count > 3 ? variables[3] : nil)
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
      for tensor in [state.hidden, state.cell] where tensor.shape != stateShape {
        throw Failure(
          "the state has the shape \(Tensor.text(of: tensor.shape)), "
            + "expected \(Tensor.text(of: stateShape))")
      }
    }
  }
}
