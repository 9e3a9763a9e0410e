import Glibc

/// What stays the same from step to step of AdamW; the defaults are PyTorch's.
public struct AdamWSettings: Sendable, Equatable {
  /// The decay of all parameters, biases included.
  public var decay: Double
  /// How much of the first moment stays at a step.
  public var beta1: Double
  /// How much of the second moment stays at a step.
  public var beta2: Double
  /// Added to the root of the second moment.
  public var epsilon: Double

  /// The settings.
  public init(
    decay: Double = 0.01, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) {
    self.decay = decay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// The rule of step `step`, counted from 1.
  public func rule(rate: Double, step: Int) -> AdamWRule {
    AdamWRule(
      rate: rate, decay: decay, beta1: beta1, beta2: beta2, epsilon: epsilon, step: step)
  }
}

/// One step of AdamW (Loshchilov and Hutter 2019) as PyTorch takes it.
///
/// p *= 1 - rate * decay; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
/// p -= rate / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + epsilon).
public struct AdamWRule: Sendable {
  private let decayFactor: Float
  private let stepSize: Float
  private let inverseRoot: Float
  private let beta1: Float
  private let beta2: Float
  private let epsilon: Float

  /// The rule of step `step`, counted from 1.
  public init(
    rate: Double, decay: Double, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, step: Int
  ) {
    precondition(step > 0, "steps count from 1")
    decayFactor = Float(1 - rate * decay)
    stepSize = Float(rate / (1 - pow(beta1, Double(step))))
    inverseRoot = Float(1 / (1 - pow(beta2, Double(step))).squareRoot())
    self.beta1 = Float(beta1)
    self.beta2 = Float(beta2)
    self.epsilon = Float(epsilon)
  }

  /// Updates parameters and both moments; gradients are multiplied by `scale` first.
  public func apply(
    _ parameters: FloatBuffer, gradient: FloatBuffer, first: FloatBuffer, second: FloatBuffer,
    scale: Float = 1
  ) {
    let count = parameters.count
    precondition(
      gradient.count == count && first.count == count && second.count == count, "counts differ")
    // Buffers are padded to whole vectors.
    apply(
      parameters.base, gradient.base, first.base, second.base, rounded(count, to: Lanes.width),
      scale)
  }

  @inline(never)
  func apply(
    _ p: MutableFloats, _ g: Floats, _ m: MutableFloats, _ v: MutableFloats, _ count: Int,
    _ scale: Float
  ) {
    let rest1 = Lanes(repeating: 1 - beta1)
    let rest2 = Lanes(repeating: 1 - beta2)
    var place = 0
    while place < count {
      let gradient = Lanes(at: g + place) * scale
      let first = (Lanes(at: m + place) * beta1).adding(rest1, gradient)
      let second = (Lanes(at: v + place) * beta2).adding(rest2 * gradient, gradient)
      first.store(m + place)
      second.store(v + place)
      let denominator = second.squareRoot() * inverseRoot + epsilon
      (Lanes(at: p + place) * decayFactor - stepSize * first / denominator).store(p + place)
      place &+= Lanes.width
    }
  }

  /// The sum of the squares of a buffer's numbers, partial sums of 4096 numbers in double
  /// precision.
  public static func squares(_ buffer: FloatBuffer) -> Double {
    var total = 0.0
    for start in stride(from: 0, to: buffer.count, by: 4096) {
      total += squares(buffer.base + start, min(4096, buffer.count - start))
    }
    return total
  }

  private static func squares(_ base: Floats, _ count: Int) -> Double {
    var sum = Lanes.zero
    var place = 0
    while place &+ Lanes.width <= count {
      let numbers = Lanes(at: base + place)
      sum.add(numbers, numbers)
      place &+= Lanes.width
    }
    var total = Double(sum.sum())
    while place < count {
      total += Double(base[place]) * Double(base[place])
      place &+= 1
    }
    return total
  }
}
