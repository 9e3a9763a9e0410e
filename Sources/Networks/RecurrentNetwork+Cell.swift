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
    return try Layer(weights, packed: packed(kind, weights, turned: isTraced)).step(x, state: state)
  }

  /// The weights of one layer as kernels read them, kept while their tensors stay the same; with
  /// `turned` gradients can flow back.
  static func packed(_ kind: RecurrentCell, _ weights: CellWeights, turned: Bool) -> PackedNets {
    let buffers = weights.all.map(\.value.buffer)
    let (inputs, hidden) = (weights.weightInput.shape[1], weights.weightHidden.shape[1])
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
