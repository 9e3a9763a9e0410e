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
  /// Whether all that it remembers is finite; kept up at every step, at the cost of nothing.
  public private(set) var isFinite = true

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
    try settings.validate(rate: rate)
    self.init(shapes: [], rate: rate, settings: settings)
    self.step = step
    self.firstMoments = firstMoments
    self.secondMoments = secondMoments
    isFinite = areMomentsFinite
  }

  /// Takes one step: parameters change in place where nobody else holds them.
  ///
  /// - Parameters:
  ///   - rate: the learning rate of this step; nil for the optimiser's own.
  ///   - clip: gradients are scaled down together until their norm is at most this.
  /// - Returns: the norm of all gradients before clipping.
  /// - Throws: `Failure` if shapes differ or a number cannot serve; nothing has changed then.
  @discardableResult
  public mutating func update(
    _ parameters: inout [Tensor], gradients: [Tensor], rate: Double? = nil, clip: Double? = nil
  ) throws -> Double {
    try check(parameters, gradients)
    try settings.validate(rate: rate ?? self.rate)
    if let clip { try OptimizerSettings.validate(clip: clip) }
    let norm = OptimizerStep.norm(gradients.map(\.buffer))
    let (gradients, scale) = try Optimizer.clipped(gradients, norm: norm, clip: clip)
    step += 1
    let change = settings.step(step, rate: rate ?? self.rate)
    for place in parameters.indices {
      let (old, new) = parameters[place].replacing()
      let first = firstMoments[place].replacing()
      let second = settings.rule == .sgd ? nil : secondMoments[place].replacing()
      change.apply(
        OptimizerStep.Numbers(parameters: old, first: first.old, second: second?.old),
        gradient: gradients[place].buffer, scale: scale,
        into: OptimizerStep.Numbers(parameters: new, first: first.new, second: second?.new))
    }
    // Moments can leave what is finite only by gradients whose squares do.
    let isSafe = settings.rule == .adamw && norm.isFinite && min(norm, clip ?? norm) < 1e19
    isFinite = isFinite && (isSafe || areMomentsFinite)
    return norm
  }

  /// The gradients, and by what to multiply them so that their norm is at most `clip`.
  private static func clipped(
    _ gradients: [Tensor], norm: Double, clip: Double?
  ) throws -> ([Tensor], Float) {
    // As in PyTorch: the small number keeps the quotient finite.
    let scale = clip.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    // In single precision so small a factor is no longer precise: it is taken in two steps.
    guard scale < 1e-30, scale > 0 else { return (gradients, Float(scale)) }
    let half = Tensor(Float(0x1p-64))
    return (try gradients.map { try $0.combined(.multiply, half) }, Float(scale * 0x1p64))
  }

  private var areMomentsFinite: Bool {
    firstMoments.allSatisfy(\.isFinite) && secondMoments.allSatisfy(\.isFinite)
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
