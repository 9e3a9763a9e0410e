import Execution
import Kernels
import Tensors

/// An optimiser as a value: its settings and what it remembers.
public struct Optimizer: Sendable {
  /// The learning rate of the next step unless the call gives one.
  public var rate: Double
  /// The rule and its numbers.
  public var settings: OptimizerSettings
  /// Steps taken.
  public internal(set) var step = 0
  /// Running means of the gradients, one for each parameter tensor.
  public internal(set) var firstMoments: [Tensor]
  /// Running means of their squares; none for a rule without them.
  public internal(set) var secondMoments: [Tensor]

  /// An optimiser for tensors of these shapes.
  public init(
    shapes: [[Int]], rate: Double = 1e-3, settings: OptimizerSettings = OptimizerSettings()
  ) {
    self.rate = rate
    self.settings = settings
    firstMoments = shapes.map { Tensor(repeating: 0, shape: $0) }
    secondMoments =
      settings.rule == .sgd ? [] : firstMoments.map { Tensor(repeating: 0, shape: $0.shape) }
  }

  /// An optimiser in the middle of its work, as read from a file.
  ///
  /// - Throws: `Failure` if the moments do not fit together.
  public init(
    rate: Double, settings: OptimizerSettings, step: Int, firstMoments: [Tensor],
    secondMoments: [Tensor]
  ) throws {
    let shapes = settings.rule == .sgd ? [] : firstMoments.map(\.shape)
    guard secondMoments.map(\.shape) == shapes, step >= 0 else {
      throw Failure("the moments of an optimiser must have the same shapes")
    }
    self.init(shapes: [], rate: rate, settings: settings)
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
      gradients.reduce(0) { $0 + OptimizerStep.squares($1.buffer) }.squareRoot())
    // As in PyTorch: the small number keeps the quotient finite.
    let scale = clip.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    step += 1
    let change = settings.step(step, rate: rate ?? self.rate)
    for place in parameters.indices {
      parameters[place].makeUnique()
      firstMoments[place].makeUnique()
      if settings.rule != .sgd { secondMoments[place].makeUnique() }
      change.apply(
        parameters[place].buffer, gradient: gradients[place].buffer,
        first: firstMoments[place].buffer,
        second: settings.rule == .sgd ? nil : secondMoments[place].buffer, scale: scale)
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
