import Autodiff
import Execution
import Kernels
import Tensors

extension RecurrentNetwork {
  /// The weights of one layer without read-out.
  public struct CellWeights: Sendable {
    /// [GH,D].
    public var weightInput: Variable
    /// [GH,H].
    public var weightHidden: Variable
    /// [GH].
    public var biasInput: Variable
    /// [GH].
    public var biasHidden: Variable

    /// The weights of one layer.
    public init(
      weightInput: Variable, weightHidden: Variable, biasInput: Variable, biasHidden: Variable
    ) {
      self.weightInput = weightInput
      self.weightHidden = weightHidden
      self.biasInput = biasInput
      self.biasHidden = biasHidden
    }

    var all: [Variable] { [weightInput, weightHidden, biasInput, biasHidden] }
  }

  /// One step of a single layer: x [B,D] and the state h, of an LSTM also c, [B,H] give the new
  /// state.
  ///
  /// Packed weights are kept from call to call while their tensors stay the same.
  public static func step(
    _ kind: RecurrentCell, _ x: Variable, state: State, weights: CellWeights
  ) throws -> State {
    try check(kind, x, state, weights)
    let isTraced = (weights.all + state.all + [x]).contains { $0.isTraced }
    let hidden = state.hidden.shape[1]
    let packed = packedCell(kind, weights, inputs: x.shape[1], hidden: hidden, turned: isTraced)
    let rollout = RecurrentRollout(
      packed, inputs: .sequences(x.value.buffer), sequences: x.shape[0], steps: 1,
      start: RecurrentRollout.State(
        hidden: state.hidden.value.buffer, cell: state.cell?.value.buffer),
      keepsHistory: isTraced)
    let results = try rollout.forward(wantsSequence: false).state
    let outputs = ([results.hidden] + (results.cell.map { [$0] } ?? []))
      .map { Tensor(shape: state.hidden.shape, buffer: $0) }
    let variables = record(outputs, rollout, x, state, weights)
    return State(hidden: variables[0], cell: kind.hasCellState ? variables[1] : nil)
  }

  /// Records a step; the gradient of the weights is made for all steps of a tape together.
  private static func record(
    _ outputs: [Tensor], _ rollout: RecurrentRollout, _ x: Variable, _ state: State,
    _ weights: CellWeights
  ) -> [Variable] {
    let extents = rollout.extents
    let shapes = weights.all.map(\.shape)
    let (shared, gatherer) = Tape.gathering(extents, parents: weights.all) {
      CellGradient(extents, shapes: shapes)
    }
    let parents = [x] + state.all + [shared]
    let inputShapes = ([x] + state.all).map(\.shape)
    let wanted = RecurrentRollout.Wanted(
      weights: false, inputs: x.isTraced, state: state.all.contains { $0.isTraced })
    let wantsWeights = shared.isTraced
    return Tape.record(outputs, parents: parents) { incoming in
      let gradients = try rollout.backward(
        RecurrentRollout.Incoming(
          outputs: nil, hidden: incoming[0]?.buffer,
          cell: incoming.count > 1 ? incoming[1]?.buffer : nil, sequence: nil),
        wanted: wanted)
      if wantsWeights { gatherer.steps.add(rollout) }
      let buffers = [gradients.inputs, gradients.state?.hidden, gradients.state?.cell]
      return zip(inputShapes, buffers).map { shape, buffer in
        buffer.map { Tensor(shape: shape, buffer: $0) }
      } + [wantsWeights ? Tensor(0) : nil]
    }
  }

  /// Gathers the steps of one layer for the gradient of its weights.
  private final class CellGradient: GradientGatherer {
    let steps: StepWeightGradient
    private let shapes: [[Int]]

    init(_ extents: RecurrentExtents, shapes: [[Int]]) {
      steps = StepWeightGradient(extents)
      self.shapes = shapes
    }

    func collect() throws -> [Tensor?] {
      let flat = try steps.collect()
      var start = 0
      return shapes.map { shape in
        let count = Tensor.count(of: shape)
        defer { start += count }
        return Tensor(shape: shape, buffer: FloatBuffer(flat, from: start, count: count))
      }
    }
  }

  private static func packedCell(
    _ kind: RecurrentCell, _ weights: CellWeights, inputs: Int, hidden: Int, turned: Bool
  ) -> PackedNets {
    let buffers = weights.all.map(\.value.buffer)
    let extents = RecurrentExtents(
      cell: kind, inputs: inputs, hidden: hidden, outputs: 0, layers: 1)
    return PackedCache.shared.packed(buffers, extents: extents, turned: turned) {
      PackedNets(
        inputWeights: buffers[0], hiddenWeights: buffers[1], inputBias: buffers[2],
        hiddenBias: buffers[3], cell: kind, inputs: inputs, hidden: hidden, turned: turned)
    }
  }

  private static func check(
    _ kind: RecurrentCell, _ x: Variable, _ state: State, _ weights: CellWeights
  ) throws {
    let hidden = state.hidden.shape
    guard x.shape.count == 2, hidden.count == 2, x.shape[0] == hidden[0], !x.shape.contains(0),
      hidden[1] > 0
    else {
      throw Failure(
        "\(kind.withArticle) cell takes x [B, D] and a state [B, H], but their shapes are "
          + "\(Tensor.text(of: x.shape)) and \(Tensor.text(of: hidden))")
    }
    guard state.all.allSatisfy({ $0.shape == hidden }) else {
      throw Failure(
        "hidden and cell state have one shape, but theirs are "
          + state.all.map { Tensor.text(of: $0.shape) }.joined(separator: " and "))
    }
    let (inputs, units) = (x.shape[1], hidden[1])
    let rows = kind.gates * units
    let expected = [[rows, inputs], [rows, units], [rows], [rows]]
    let names = ["input weights", "hidden weights", "input bias", "hidden bias"]
    for (name, (variable, shape)) in zip(names, zip(weights.all, expected))
    where variable.shape != shape {
      throw Failure(
        "the \(name) of \(kind.withArticle) cell with \(inputs) inputs and \(units) units have "
          + "the shape \(Tensor.text(of: shape)), but these have "
          + Tensor.text(of: variable.shape))
    }
  }
}
