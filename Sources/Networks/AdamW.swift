import Execution
import Kernels
import Tensors

/// The AdamW optimiser (Loshchilov and Hutter 2019) as a value: its settings and what it remembers.
public struct AdamW: Sendable {
  /// The learning rate of the next step unless the call gives one.
  public var rate: Double
  /// The decay of all parameters, biases included.
  public var weightDecay: Double
  /// How much of the first moment stays at a step.
  public var beta1: Double
  /// How much of the second moment stays at a step.
  public var beta2: Double
  /// Added to the root of the second moment.
  public var epsilon: Double
  /// Steps taken.
  public internal(set) var step = 0
  /// Running means of the gradients, one for each parameter tensor.
  public internal(set) var firstMoments: [Tensor]
  /// Running means of their squares.
  public internal(set) var secondMoments: [Tensor]

  /// An optimiser for tensors of these shapes.
  public init(
    shapes: [[Int]], rate: Double = 1e-3, weightDecay: Double = 0.01, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-8
  ) {
    self.rate = rate
    self.weightDecay = weightDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    firstMoments = shapes.map { Tensor(repeating: 0, shape: $0) }
    secondMoments = firstMoments.map { Tensor(repeating: 0, shape: $0.shape) }
  }

  /// An optimiser in the middle of its work, as read from a file.
  ///
  /// - Throws: `Failure` if the moments do not fit together.
  public init(
    rate: Double, weightDecay: Double, beta1: Double, beta2: Double, epsilon: Double, step: Int,
    firstMoments: [Tensor], secondMoments: [Tensor]
  ) throws {
    guard firstMoments.map(\.shape) == secondMoments.map(\.shape), step >= 0 else {
      throw Failure("the moments of an optimiser must have the same shapes")
    }
    self.init(
      shapes: [], rate: rate, weightDecay: weightDecay, beta1: beta1, beta2: beta2,
      epsilon: epsilon)
    self.step = step
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
  }

  /// Takes one step: parameters change in place where nobody else holds them.
  ///
  /// - Parameters:
  ///   - rate: the learning rate of this step; nil for the optimiser's own.
  ///   - clip: gradients are scaled down together until their norm is at most this.
  /// - Returns: the norm of all gradients before clipping.
  /// - Throws: `Failure` if shapes differ; nothing has changed then.
  @discardableResult
  public mutating func update(
    _ parameters: inout [Tensor], gradients: [Tensor], rate: Double? = nil, clip: Float? = nil
  ) throws -> Float {
    try check(parameters, gradients)
    let norm = Float(
      gradients.reduce(0) { $0 + AdamWRule.squares($1.buffer) }.squareRoot())
    // As in PyTorch: the small number keeps the quotient finite.
    let scale = clip.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    step += 1
    let rule = AdamWRule(
      rate: rate ?? self.rate, decay: weightDecay, beta1: beta1, beta2: beta2, epsilon: epsilon,
      step: step)
    for place in parameters.indices {
      parameters[place].makeUnique()
      firstMoments[place].makeUnique()
      secondMoments[place].makeUnique()
      rule.apply(
        parameters[place].buffer, gradient: gradients[place].buffer,
        first: firstMoments[place].buffer, second: secondMoments[place].buffer, scale: scale)
    }
    return norm
  }

  private func check(_ parameters: [Tensor], _ gradients: [Tensor]) throws {
    guard parameters.count == firstMoments.count, gradients.count == firstMoments.count else {
      throw Failure(
        "the optimiser is for \(Text.count(firstMoments.count, "tensor")), but there are "
          + "\(parameters.count) parameters and \(gradients.count) gradients")
    }
    for (moment, (parameter, gradient)) in zip(firstMoments, zip(parameters, gradients))
    where parameter.shape != moment.shape || gradient.shape != moment.shape {
      let shapes = [moment.shape, parameter.shape, gradient.shape].map { Tensor.text(of: $0) }
      throw Failure(
        parameter.shape == moment.shape
          ? "a parameter has the shape \(shapes[1]), but its gradient \(shapes[2])"
          : "the optimiser is for a parameter of shape \(shapes[0]), but it is \(shapes[1])")
    }
  }
}
