import Autodiff
import Execution
import Kernels
import Tensors

/// Recurrent nets as differentiable operations; `NetworkShape.cell` says which cells.
///
/// Letters: N nets, M sequences per net, B batch, T steps, D inputs, H hidden units, G gates of a
/// cell, L layers, O outputs.
public enum RecurrentNetwork {
  /// The state that a net carries from step to step.
  public struct State: Sendable {
    /// Hidden states, [L,B,H]; of many nets [L,N,M,H].
    public var hidden: Variable
    /// Cell states of an LSTM, of the same shape; nil for cells that have none.
    public var cell: Variable?

    var all: [Variable] { [hidden] + (cell.map { [$0] } ?? []) }
    var isTraced: Bool { hidden.isTraced || cell?.isTraced == true }

    /// A state.
    public init(hidden: Variable, cell: Variable? = nil) {
      self.hidden = hidden
      self.cell = cell
    }
  }

  /// What a rollout gives.
  public struct Results: Sendable {
    /// [B,T,O]; [T,O] of a single sequence.
    public var outputs: Variable
    /// After the last step.
    public var state: State
    /// Hidden states of the last layer [B,T,H], if wanted.
    public var hiddenStates: Variable?
  }

  /// Runs one net over a batch of sequences.
  ///
  /// - Parameters:
  ///   - weights: [P] in the flat order of `NetworkShape`.
  ///   - input: [B,T,D], or [T,D] for a single sequence, whose results and state have no axis B.
  ///   - state: the initial state [L,B,H]; nil for zero.
  ///   - wantsStates: whether the hidden states of the last layer are given as well.
  /// - Throws: `Failure` if shapes do not fit, `Interrupted`.
  public static func run(
    weights: Variable, _ shape: NetworkShape, input: Variable, state: State? = nil,
    wantsStates: Bool = false
  ) throws -> Results {
    try shape.check(weights.shape)
    guard input.shape.count == 2 || input.shape.count == 3 else {
      throw inputFailure("[B, T, \(shape.inputs)] or [T, \(shape.inputs)]", input.shape)
    }
    let batch = Array(input.shape.dropLast(2))
    return try Rollout(
      weights: weights, shape: shape, nets: 1, batch: batch, steps: [input.shape[batch.count]],
      input: input, state: state, wantsStates: wantsStates
    ).record()
  }

  /// Runs N nets with weights of their own, each over M sequences.
  ///
  /// - Parameters:
  ///   - weights: [N,P].
  ///   - input: [N,M,T,D], or [N,T,D] for one sequence per net.
  ///   - state: the initial state [L,N,M,H] ([L,N,H]); nil for zero.
  public static func runMany(
    weights: Variable, _ shape: NetworkShape, input: Variable, state: State? = nil,
    wantsStates: Bool = false
  ) throws -> Results {
    try shape.check(weights.shape, nets: true)
    guard input.shape.count == 3 || input.shape.count == 4, input.shape[0] == weights.shape[0]
    else {
      let nets = weights.shape[0]
      throw inputFailure(
        "[\(nets), M, T, \(shape.inputs)] or [\(nets), T, \(shape.inputs)]",
        input.shape)
    }
    let batch = Array(input.shape.dropLast(2))
    return try Rollout(
      weights: weights, shape: shape, nets: weights.shape[0], batch: batch,
      steps: [input.shape[batch.count]], input: input, state: state, wantsStates: wantsStates
    ).record()
  }

  /// One step of N nets with weights of their own.
  ///
  /// - Parameters:
  ///   - weights: [N,P].
  ///   - input: [N,M,D], M sequences per net, or [N,D] for one.
  ///   - state: [L,N,M,H] ([L,N,H]); nil for zero.
  /// - Returns: outputs [N,M,O] ([N,O]) and the new state.
  public static func stepMany(
    weights: Variable, _ shape: NetworkShape, input: Variable, state: State? = nil
  ) throws -> (outputs: Variable, state: State) {
    try shape.check(weights.shape, nets: true)
    guard input.shape.count == 2 || input.shape.count == 3, input.shape[0] == weights.shape[0]
    else {
      let nets = weights.shape[0]
      throw inputFailure("[\(nets), M, \(shape.inputs)] or [\(nets), \(shape.inputs)]", input.shape)
    }
    let results = try Rollout(
      weights: weights, shape: shape, nets: weights.shape[0], batch: Array(input.shape.dropLast()),
      steps: [], input: input, state: state, wantsStates: false
    ).record()
    return (results.outputs, results.state)
  }

  static func inputFailure(_ expected: String, _ found: [Int]) -> Failure {
    Failure("the input has the shape \(Tensor.text(of: found)), expected \(expected)")
  }
}
