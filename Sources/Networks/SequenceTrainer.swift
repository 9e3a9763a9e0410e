import Execution
import Kernels
import Tensors

/// Trains one small net on examples: the fastest path there is, on the calling thread alone.
///
/// A batch of a small task repeats few examples, so a step works on the distinct ones and weighs
/// each with how often it was drawn.
public final class SequenceTrainer {
  /// The sizes of the net.
  public let shape: NetworkShape
  private let training: SequenceTraining

  /// A trainer of a net on examples of `steps` steps.
  ///
  /// - Parameter weights: [P] in flat order.
  /// - Throws: `Failure` for weights of another count, or no steps.
  public init(
    shape: NetworkShape, weights: Tensor, steps: Int, optimizer: OptimizerSettings
  ) throws {
    try shape.check(weights.shape)
    guard steps >= 1, shape.outputs > 0 else {
      throw Failure("an example must have at least 1 step, and a net an output")
    }
    self.shape = shape
    training = SequenceTraining(
      weights.buffer, extents: shape.extents, steps: steps, optimizer: optimizer)
  }

  /// A trainer of a net whose inputs are one-hot symbols, and which is to tell the next one.
  ///
  /// - Parameter length: symbols in a sequence, the first one included.
  /// - Throws: `Failure` if the net cannot predict its own symbols.
  public convenience init(
    shape: NetworkShape, weights: Tensor, length: Int, optimizer: OptimizerSettings
  ) throws {
    try TokenSampler.check(shape, weights)
    guard length >= 2 else {
      throw Failure("a sequence must have at least 2 symbols, but the length is \(length)")
    }
    try self.init(shape: shape, weights: weights, steps: length - 1, optimizer: optimizer)
  }

  /// The weights [P] in flat order.
  public var weights: Tensor {
    Tensor(shape: [shape.parameterCount], buffer: training.flatWeights())
  }

  /// Takes one step.
  ///
  /// - Parameter ownLoss: gives the loss of the outputs [S,T,O] and its gradient by them; each
  ///   example comes as often as it was drawn.
  /// - Returns: the mean loss over all drawn examples and their steps, before the step.
  /// - Throws: `Failure` if the batch does not fit; what `ownLoss` throws.
  public func step(
    _ batch: ExampleBatch, rate: Float,
    ownLoss: ((Tensor) throws -> (loss: Float, gradient: Tensor))? = nil
  ) throws -> Float {
    guard batch.fits(shape.extents, steps: training.steps) else {
      throw Failure(
        "the batch does not fit the net: it reads \(shape.inputs) inputs over "
          + "\(Text.count(training.steps, "step")), and gives \(shape.outputs) outputs")
    }
    guard let ownLoss else { return try training.train(batch, rate: Double(rate)) }
    let outputShape = [batch.counts.count, training.steps, shape.outputs]
    return try training.train(batch, rate: Double(rate)) { outputs in
      let (loss, gradient) = try ownLoss(Tensor(shape: outputShape, buffer: outputs))
      guard gradient.shape == outputShape else {
        throw Failure(
          "the gradient of a loss must have the shape of the outputs, "
            + "\(Tensor.text(of: outputShape)), but it has \(Tensor.text(of: gradient.shape))")
      }
      return (loss, gradient.buffer)
    }
  }

  /// Takes one step on distinct sequences of symbols, each of which is to be told from those before.
  ///
  /// - Parameters:
  ///   - tokens: S sequences one after the other, [S * length], symbols below inputs and outputs.
  ///   - counts: how often each was drawn.
  /// - Returns: the mean cross-entropy of the next symbol over all drawn sequences, before the
  ///   step.
  /// - Throws: `Failure` if the batch does not fit.
  public func step(tokens: [UInt8], counts: [Int], rate: Float) throws -> Float {
    let length = training.steps + 1
    guard !counts.isEmpty, tokens.count == counts.count * length else {
      throw Failure(
        "a batch of \(counts.count) sequences of \(length) symbols has "
          + "\(counts.count * length) symbols, but there are \(tokens.count)")
    }
    guard counts.allSatisfy({ $0 >= 0 && $0 <= 1 << 24 }), counts.contains(where: { $0 > 0 }) else {
      throw Failure("counts must not be negative, nor all zero")
    }
    let limit = min(shape.inputs, shape.outputs)
    if let token = tokens.first(where: { $0 >= limit }) {
      throw Failure("the net knows \(limit) symbols, but there is a symbol \(token)")
    }
    return try training.train(
      ExampleBatch(inputs: .tokens(tokens), targets: .next, counts: counts), rate: Double(rate))
  }
}
