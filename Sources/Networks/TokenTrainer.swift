import Execution
import Kernels
import Tensors

/// Trains one small language model: the fastest path there is, on the calling thread alone.
///
/// A batch of a small language repeats few strings, so a step works on the distinct sequences and
/// weighs each with how often it was drawn.
public final class TokenTrainer {
  /// The sizes of the net.
  public let shape: NetworkShape
  private let length: Int
  private let training: TokenTraining

  /// A trainer of a net whose inputs are one-hot symbols.
  ///
  /// - Parameters:
  ///   - weights: [P] in flat order.
  ///   - length: symbols in a sequence, the first one included.
  /// - Throws: `Failure` if the net cannot predict its own symbols.
  public init(
    shape: NetworkShape, weights: Tensor, length: Int, optimizer: OptimizerSettings
  ) throws {
    try TokenSampler.check(shape, weights)
    guard length >= 2 else {
      throw Failure("a sequence must have at least 2 symbols, but the length is \(length)")
    }
    self.shape = shape
    self.length = length
    training = TokenTraining(
      weights.buffer, extents: shape.extents, length: length, optimizer: optimizer)
  }

  /// The weights [P] in flat order.
  public var weights: Tensor {
    Tensor(shape: [shape.parameterCount], buffer: training.flatWeights())
  }

  /// Takes one step on distinct sequences.
  ///
  /// - Parameters:
  ///   - tokens: S sequences one after the other, [S * length], symbols below inputs and outputs.
  ///   - counts: how often each was drawn.
  /// - Returns: the mean cross-entropy of the next symbol over all drawn sequences, before the
  ///   step.
  /// - Throws: `Failure` if the batch does not fit.
  public func step(tokens: [UInt8], counts: [Int], rate: Float) throws -> Float {
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
    return training.train(tokens: tokens, counts: counts, rate: Double(rate))
  }
}
