import Execution
import Glibc
import Synchronization

/// How gradients change parameters; each rule as PyTorch applies it.
public enum UpdateRule: String, Sendable, CaseIterable {
  /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
  case adamw
  /// Adam (Kingma and Ba 2015); the decay is added to the gradient.
  case adam
  /// Gradient descent with momentum, which is `beta1`; the decay is added to the gradient.
  case sgd
}

/// What stays the same from step to step of an optimiser; the defaults are those of PyTorch's AdamW.
public struct OptimizerSettings: Sendable, Equatable {
  /// How gradients change parameters.
  public var rule: UpdateRule
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
    _ rule: UpdateRule = .adamw, decay: Double = 0.01, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8
  ) {
    self.rule = rule
    self.decay = decay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// Throws unless every number makes steps that lower a loss: says which one does not.
  ///
  /// - Parameter rate: the learning rate, if one is given with the settings.
  public func validate(rate: Double? = nil) throws {
    if let rate { try OptimizerSettings.validate(rate: rate) }
    let betas = [(rule == .sgd ? "momentum" : "beta1", beta1)]
    for (name, beta) in betas + (rule == .sgd ? [] : [("beta2", beta2)])
    where !(beta >= 0 && beta < 1) {
      throw OptimizerSettings.wrong(name, "from 0 to below 1", beta)
    }
    if rule != .sgd, !(epsilon >= 0 && epsilon.isFinite) {
      throw OptimizerSettings.wrong("epsilon", "0 or above", epsilon)
    }
    guard decay >= 0, decay.isFinite else {
      throw OptimizerSettings.wrong("decay", "0 or above", decay)
    }
  }

  /// Throws unless a learning rate is 0 or above.
  public static func validate(rate: Double) throws {
    guard rate >= 0, rate.isFinite else { throw wrong("rate", "0 or above", rate) }
  }

  /// Throws unless the largest norm of gradients is above 0; infinity clips nothing.
  public static func validate(clip: Double) throws {
    guard clip > 0 else { throw wrong("clip", "above 0", clip) }
  }

  private static func wrong(_ name: String, _ expected: String, _ found: Double) -> Failure {
    Failure(
      "\(name) must be \(expected), but it is \(Text.significant(found))", at: .keyword(name))
  }

  /// Step `step`, counted from 1.
  public func step(_ step: Int, rate: Double) -> OptimizerStep {
    OptimizerStep(self, rate: rate, step: step)
  }
}

/// One step of an optimiser.
///
/// With a gradient g, AdamW has p *= 1 - rate * decay; m = b1 m + (1 - b1) g;
/// v = b2 v + (1 - b2) g^2; p -= rate / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + epsilon).
/// Adam takes g + decay * p for g and leaves the first factor out. Gradient descent takes that, too,
/// and has m = b1 m + g; p -= rate * m.
public struct OptimizerStep: Sendable {
  private let rule: UpdateRule
  private let rate: Float
  private let decay: Float
  private let decayFactor: Float
  private let stepSize: Float
  private let inverseRoot: Float
  private let beta1: Float
  private let beta2: Float
  private let rest1: Float
  private let rest2: Float
  private let blends1: Bool
  private let blends2: Bool
  private let epsilon: Float

  init(_ settings: OptimizerSettings, rate: Double, step: Int) {
    precondition(step > 0, "steps count from 1")
    rule = settings.rule
    self.rate = Float(rate)
    decay = Float(settings.decay)
    decayFactor = Float(1 - rate * settings.decay)
    stepSize = Float(rate / (1 - pow(settings.beta1, Double(step))))
    inverseRoot = Float(1 / (1 - pow(settings.beta2, Double(step))).squareRoot())
    beta1 = Float(settings.beta1)
    beta2 = Float(settings.beta2)
    (rest1, blends1) = Self.rest(settings.beta1)
    (rest2, blends2) = Self.rest(settings.beta2)
    // The smallest number in the place of 0: a parameter without a gradient stays where it is.
    epsilon = max(Float(settings.epsilon), .leastNormalMagnitude)
  }

  /// What a running mean takes of the new number, and whether the mean moves by that share of the
  /// difference.
  ///
  /// Near 1 a beta loses in single precision most of what tells it from 1: 0.999999 keeps 1.3 % too
  /// much or too little. The share itself is precise; where beta is, too, old and new are weighed.
  private static func rest(_ beta: Double) -> (share: Float, blends: Bool) {
    let weighed = 1 - Float(beta)
    let isPrecise = abs(Double(weighed) - (1 - beta)) <= 2e-5 * (1 - beta)
    return isPrecise ? (weighed, false) : (Float(1 - beta), true)
  }

  /// What a step reads and writes beside gradients: parameters and their moments.
  public struct Numbers {
    /// The parameters.
    public var parameters: FloatBuffer
    /// The first moments.
    public var first: FloatBuffer
    /// The second moments; nil for a rule without them.
    public var second: FloatBuffer?

    /// Parameters and their moments.
    public init(parameters: FloatBuffer, first: FloatBuffer, second: FloatBuffer?) {
      self.parameters = parameters
      self.first = first
      self.second = second
    }

    fileprivate var places: Places {
      Places(p: parameters.base, m: first.base, v: (second ?? first).base)
    }
  }

  /// Where parameters and both moments stand.
  fileprivate struct Places: @unchecked Sendable {
    var p: MutableFloats
    var m: MutableFloats
    var v: MutableFloats

    func from(_ start: Int) -> Places { Places(p: p + start, m: m + start, v: v + start) }
  }

  /// Updates parameters and both moments; gradients are multiplied by `scale` first.
  ///
  /// Gradient descent has no second moment; the others need one. What comes out is written to
  /// `target`, or in the place of what was read.
  public func apply(
    _ numbers: Numbers, gradient: FloatBuffer, scale: Float = 1, into target: Numbers? = nil
  ) {
    let target = target ?? numbers
    let count = gradient.count
    let buffers = [numbers, target].flatMap { [$0.parameters, $0.first, $0.second ?? $0.first] }
    precondition(
      buffers.allSatisfy { $0.count == count } && (numbers.second != nil || rule == .sgd)
        && (numbers.second == nil) == (target.second == nil), "counts differ")
    // Buffers are padded to whole vectors.
    let padded = rounded(count, to: Lanes.width)
    let (from, to, g) = (numbers.places, target.places, Address(gradient))
    // A step is taken as a whole, whatever the user asks for in the middle of it.
    Elementwise.inParts(padded, mayStop: false) { part in
      let start = part.lowerBound
      apply(from.from(start), g.base + start, to.from(start), part.count, scale)
    }
    withExtendedLifetime((numbers, gradient, target)) {}
  }

  @inline(never)
  private func apply(
    _ from: Places, _ g: Floats, _ to: Places, _ count: Int, _ scale: Float
  ) {
    switch rule {
    case .adamw:
      update(from, g, to, count, scale) { parameters, gradient, place in
        parameters * decayFactor - change(gradient, from, to, place)
      }
    case .adam:
      update(from, g, to, count, scale) { parameters, gradient, place in
        parameters - change(decayed(gradient, parameters), from, to, place)
      }
    case .sgd:
      update(from, g, to, count, scale) { parameters, gradient, place in
        let old = Lanes(at: from.m + place)
        let change = decayed(gradient, parameters)
        let first =
          blends1
          ? old.adding(Lanes(repeating: -rest1), old) + change
          : change.adding(Lanes(repeating: beta1), old)
        first.store(to.m + place)
        return parameters.adding(Lanes(repeating: -rate), first)
      }
    }
  }

  /// Goes over parameters and their gradients, vector by vector.
  @inline(always)
  private func update(
    _ from: Places, _ g: Floats, _ to: Places, _ count: Int, _ scale: Float,
    _ new: (_ parameters: Lanes, _ gradient: Lanes, _ place: Int) -> Lanes
  ) {
    var place = 0
    while place < count {
      new(Lanes(at: from.p + place), Lanes(at: g + place) * scale, place).store(to.p + place)
      place &+= Lanes.width
    }
  }

  /// The gradient with that of a penalty on squares.
  @inline(always)
  private func decayed(_ gradient: Lanes, _ parameters: Lanes) -> Lanes {
    gradient.adding(Lanes(repeating: decay), parameters)
  }

  /// What Adam takes off, its moments updated.
  @inline(always)
  private func change(_ gradient: Lanes, _ from: Places, _ to: Places, _ place: Int) -> Lanes {
    let rest1 = Lanes(repeating: rest1)
    let rest2 = Lanes(repeating: rest2)
    let (oldFirst, oldSecond) = (Lanes(at: from.m + place), Lanes(at: from.v + place))
    let first =
      blends1
      ? oldFirst.adding(rest1, gradient - oldFirst) : (oldFirst * beta1).adding(rest1, gradient)
    let second =
      blends2
      ? oldSecond.adding(rest2, gradient * gradient - oldSecond)
      : (oldSecond * beta2).adding(rest2 * gradient, gradient)
    first.store(to.m + place)
    second.store(to.v + place)
    let denominator = second.squareRoot() * inverseRoot + epsilon
    return stepSize * first / denominator
  }

  /// The Euclidean norm of all numbers of several buffers; infinite or NaN only if one of them is.
  public static func norm(_ buffers: [FloatBuffer]) -> Double {
    let total = buffers.reduce(0) { $0 + squares($1) }
    let count = buffers.reduce(0) { $0 + $1.count }
    // Squares in single precision overflow above 1e19 and vanish below 1e-19.
    if total.isFinite, total > 1e-30 * Double(count) { return total.squareRoot() }
    return buffers.reduce(0) { $0 + preciseSquares($1) }.squareRoot()
  }

  private static func preciseSquares(_ buffer: FloatBuffer) -> Double {
    buffer.read { numbers in numbers.reduce(0.0) { $0 + Double($1) * Double($1) } }
  }

  /// The sum of the squares of a buffer's numbers, partial sums of 4096 numbers in double
  /// precision.
  private static func squares(_ buffer: FloatBuffer) -> Double {
    let blocks = (buffer.count + 4095) / 4096
    let numbers = Address(buffer)
    @Sendable func block(_ number: Int) -> Double {
      squares(numbers.base + number * 4096, min(4096, buffer.count - number * 4096))
    }
    if blocks < 64 { return (0..<blocks).reduce(0.0) { $0 + block($1) } }
    let sums = Mutex([Double](repeating: 0, count: blocks))
    // The body throws nothing.
    try? Parallel.forEach((blocks + 15) / 16) { part in
      let own = part * 16..<min(blocks, (part + 1) * 16)
      let found = own.map(block)
      sums.withLock { $0.replaceSubrange(own, with: found) }
    }
    return sums.withLock { $0.reduce(0, +) }
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
