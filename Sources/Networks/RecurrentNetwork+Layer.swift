import Autodiff
import Execution
import Kernels
import Tensors

extension RecurrentNetwork {
  /// A layer of cells without read-out, with its weights as kernels read them.
  struct Layer {
    private let weights: CellWeights
    private let packed: PackedNets
    /// What stands for the weights in all steps.
    private let shared: Variable
    private let gradient: CellGradient
    private var isLearned: Bool { shared.isTraced }

    /// A layer whose weights somebody has packed; all sizes must fit.
    init(_ weights: CellWeights, packed: PackedNets) {
      self.weights = weights
      self.packed = packed
      let parents = weights.all
      (shared, gradient) = Tape.gathering(packed.extents, parents: parents) {
        CellGradient(packed.extents, shapes: parents.map(\.shape))
      }
    }

    private var extents: RecurrentExtents { packed.extents }

    /// One step: x [B,D] and a state [B,H], nil for zero, give the new state.
    func step(_ x: Variable, state: State?) throws -> State {
      let rollout = rollout(x, sequences: x.shape[0], steps: 1, start: state)
      let results = try rollout.forward(wantsSequence: false).state
      let shape = [x.shape[0], extents.hidden]
      let outputs = ([results.hidden] + (results.cell.map { [$0] } ?? []))
        .map { Tensor(shape: shape, buffer: $0) }
      let variables = record(outputs, rollout, x, state?.all ?? [])
      return State(hidden: variables[0], cell: extents.cell.hasCellState ? variables[1] : nil)
    }

    /// All steps of sequences from the zero state: x [B,T,D] gives the hidden states [B,T,H].
    func run(_ x: Variable) throws -> Variable {
      let (sequences, steps) = (x.shape[0], x.shape[1])
      let rollout = rollout(x, sequences: sequences, steps: steps, start: nil)
      guard let states = try rollout.forward(wantsSequence: true).sequence else { return x }
      let wanted = RecurrentRollout.Wanted(
        weights: isLearned, inputs: x.isTraced, state: false)
      let (inputShape, shapes) = (x.shape, weights.all.map(\.shape))
      return Tape.record(
        Tensor(shape: [sequences, steps, extents.hidden], buffer: states),
        parents: [x] + weights.all
      ) { incoming in
        let gradients = try rollout.backward(
          RecurrentRollout.Incoming(
            outputs: nil, hidden: nil, cell: nil, sequence: incoming.buffer), wanted: wanted)
        return [gradients.inputs.map { Tensor(shape: inputShape, buffer: $0) }]
          + (gradients.weights.map { Layer.parts(of: $0, shapes) } ?? shapes.map { _ in nil })
      }
    }

    private func rollout(
      _ x: Variable, sequences: Int, steps: Int, start: State?
    ) -> RecurrentRollout {
      RecurrentRollout(
        packed, inputs: .sequences(x.value.buffer), sequences: sequences, steps: steps,
        start: start.map {
          RecurrentRollout.State(hidden: $0.hidden.value.buffer, cell: $0.cell?.value.buffer)
        },
        keepsHistory: isLearned || x.isTraced || start?.isTraced ?? false)
    }

    /// Records a step; the gradient of the weights is made for all steps of a tape together.
    private func record(
      _ outputs: [Tensor], _ rollout: RecurrentRollout, _ x: Variable, _ state: [Variable]
    ) -> [Variable] {
      let inputShapes = ([x] + state).map(\.shape)
      let wanted = RecurrentRollout.Wanted(
        weights: false, inputs: x.isTraced, state: state.contains { $0.isTraced })
      let (isLearned, gradient) = (isLearned, gradient)
      return Tape.record(outputs, parents: [x] + state + [shared]) { incoming in
        let gradients = try rollout.backward(
          RecurrentRollout.Incoming(
            outputs: nil, hidden: incoming[0]?.buffer,
            cell: incoming.count > 1 ? incoming[1]?.buffer : nil, sequence: nil),
          wanted: wanted)
        if isLearned { gradient.add(rollout) }
        let buffers = [gradients.inputs, gradients.state?.hidden, gradients.state?.cell]
        return zip(inputShapes, buffers).map { shape, buffer in
          buffer.map { Tensor(shape: shape, buffer: $0) }
        } + [isLearned ? Tensor(0) : nil]
      }
    }

    /// Parts of a flat gradient, one after the other.
    fileprivate static func parts(of flat: FloatBuffer, _ shapes: [[Int]]) -> [Tensor?] {
      var start = 0
      return shapes.map { shape in
        let count = Tensor.count(of: shape)
        defer { start += count }
        return Tensor(shape: shape, buffer: FloatBuffer(flat, from: start, count: count))
      }
    }
  }

  /// Gathers the steps of one layer for the gradient of its weights.
  private final class CellGradient: GradientGatherer {
    private let extents: RecurrentExtents
    private let shapes: [[Int]]
    private var rollouts: [RecurrentRollout] = []

    init(_ extents: RecurrentExtents, shapes: [[Int]]) {
      self.extents = extents
      self.shapes = shapes
    }

    /// Notes a step that has gone back without gradients of its weights.
    func add(_ rollout: RecurrentRollout) { rollouts.append(rollout) }

    var isShared: Bool { true }

    func absorb(_ other: any GradientGatherer) {
      guard let other = other as? CellGradient else { return }
      rollouts += other.rollouts
      other.rollouts = []
    }

    func collect() throws -> [Tensor?] {
      defer { rollouts = [] }
      let steps = StepWeightGradient(extents)
      for rollout in rollouts { steps.add(rollout) }
      return Layer.parts(of: try steps.collect(), shapes)
    }
  }
}
