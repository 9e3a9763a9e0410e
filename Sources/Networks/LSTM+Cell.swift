import Autodiff
import Execution
import Kernels
import Tensors

extension LSTM {
  /// The weights of one layer without read-out.
  public struct CellWeights: Sendable {
    /// [4H,D].
    public var weightInput: Variable
    /// [4H,H].
    public var weightHidden: Variable
    /// [4H].
    public var biasInput: Variable
    /// [4H].
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

  /// One step of a single layer: x [B,D], h and c [B,H] give the new h and c.
  ///
  /// Packed weights are kept from call to call while their tensors stay the same.
  public static func cell(
    _ x: Variable, hidden: Variable, cell: Variable, weights: CellWeights
  ) throws -> (hidden: Variable, cell: Variable) {
    try check(x, hidden, cell, weights)
    let parents = [x, hidden, cell] + weights.all
    let isTraced = parents.contains { $0.isTraced }
    let packed = packedCell(weights, inputs: x.shape[1], hidden: hidden.shape[1], turned: isTraced)
    let rollout = LSTMRollout(
      packed, inputs: x.value.buffer, sequences: x.shape[0], steps: 1,
      start: LSTMRollout.State(hidden: hidden.value.buffer, cell: cell.value.buffer),
      keepsHistory: isTraced)
    let state = try rollout.forward(wantsSequence: false).state
    let outputs = [state.hidden, state.cell].map { Tensor(shape: hidden.shape, buffer: $0) }
    let wanted = LSTMRollout.Wanted(
      weights: weights.all.contains { $0.isTraced }, inputs: x.isTraced,
      state: hidden.isTraced || cell.isTraced)
    let shapes = parents.map(\.shape)
    let variables = Tape.record(outputs, parents: parents) { incoming in
      let gradients = try rollout.backward(
        LSTMRollout.Incoming(
          outputs: nil, hidden: incoming[0]?.buffer, cell: incoming[1]?.buffer, sequence: nil),
        wanted: wanted)
      var buffers = [gradients.inputs, gradients.state?.hidden, gradients.state?.cell]
      let counts = shapes[3...].map { Tensor.count(of: $0) }
      buffers += gradients.weights.map { split($0, counts) } ?? [nil, nil, nil, nil]
      return zip(shapes, buffers).map { shape, buffer in
        buffer.map { Tensor(shape: shape, buffer: $0) }
      }
    }
    return (variables[0], variables[1])
  }

  private static func packedCell(
    _ weights: CellWeights, inputs: Int, hidden: Int, turned: Bool
  ) -> PackedLSTM {
    let buffers = weights.all.map(\.value.buffer)
    let extents = LSTMExtents(inputs: inputs, hidden: hidden, outputs: 0, layers: 1)
    return PackedCache.shared.packed(buffers, extents: extents, turned: turned) {
      PackedLSTM(
        inputWeights: buffers[0], hiddenWeights: buffers[1], inputBias: buffers[2],
        hiddenBias: buffers[3], inputs: inputs, hidden: hidden, turned: turned)
    }
  }

  /// The stretches of a buffer as buffers of their own.
  private static func split(_ buffer: FloatBuffer, _ counts: [Int]) -> [FloatBuffer?] {
    var start = 0
    return counts.map { count in
      let part = FloatBuffer(buffer, from: start, count: count)
      start += count
      return part
    }
  }

  private static func check(
    _ x: Variable, _ hidden: Variable, _ cell: Variable, _ weights: CellWeights
  ) throws {
    guard x.shape.count == 2, hidden.shape.count == 2, x.shape[0] == hidden.shape[0],
      !x.shape.contains(0), hidden.shape[1] > 0
    else {
      throw Failure(
        "an LSTM cell takes x [B, D] and a state [B, H], but their shapes are "
          + "\(Tensor.text(of: x.shape)) and \(Tensor.text(of: hidden.shape))")
    }
    guard cell.shape == hidden.shape else {
      throw Failure(
        "hidden and cell state have one shape, but theirs are "
          + "\(Tensor.text(of: hidden.shape)) and \(Tensor.text(of: cell.shape))")
    }
    let (inputs, units) = (x.shape[1], hidden.shape[1])
    let expected = [[4 * units, inputs], [4 * units, units], [4 * units], [4 * units]]
    let names = ["input weights", "hidden weights", "input bias", "hidden bias"]
    for (name, (variable, shape)) in zip(names, zip(weights.all, expected))
    where variable.shape != shape {
      throw Failure(
        "the \(name) of a cell with \(inputs) inputs and \(units) units have the shape "
          + "\(Tensor.text(of: shape)), but these have \(Tensor.text(of: variable.shape))")
    }
  }
}
