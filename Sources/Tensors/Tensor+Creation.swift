import Execution
import Kernels

extension Tensor {
  /// Zeros everywhere.
  public static func zeros(_ shape: [Int]) throws -> Tensor {
    try checkSize(shape)
    return Tensor(repeating: 0, shape: shape)
  }

  /// Ones everywhere.
  public static func ones(_ shape: [Int]) throws -> Tensor {
    try checkSize(shape)
    return Tensor(repeating: 1, shape: shape)
  }

  /// Numbers from `start` on at distance `step`, below `stop` (above it for a negative step).
  public static func arange(_ start: Double, _ stop: Double, step: Double = 1) throws -> Tensor {
    guard step != 0, step.isFinite, start.isFinite, stop.isFinite else {
      throw Failure("arange needs finite bounds and a step other than 0, found \(step)")
    }
    let length = Steps.count(from: start, to: stop, step: step)
    guard let count = Int(whole: length, in: 0...maximumCount) else {
      throw Failure("arange of \(length) numbers is too large: a tensor holds at most 2^33")
    }
    try checkSize([count])
    return try Tensor(shape: [count]) { out in
      for i in out.indices {
        if i & drawsBetweenLooks == 0 { try Cancellation.current.check() }
        out[i] = Float(start + Double(i) * step)
      }
    }
  }

  /// `count` numbers at equal distances, both ends included.
  public static func linspace(_ start: Double, _ stop: Double, count: Int) throws -> Tensor {
    try checkSize([count])
    let step = count > 1 ? (stop - start) / Double(count - 1) : 0
    return try Tensor(shape: [count]) { out in
      for i in out.indices {
        if i & drawsBetweenLooks == 0 { try Cancellation.current.check() }
        out[i] = Float(start + Double(i) * step)
      }
      if count > 1 { out[count - 1] = Float(stop) }
    }
  }

  /// Random numbers between two looks at whether the user wants to stop, less one.
  static let drawsBetweenLooks = (1 << 19) - 1

  /// Numbers uniform in [low, high).
  ///
  /// Both bounds must be finite.
  public static func uniform(
    _ shape: [Int], low: Float = 0, high: Float = 1, using random: inout RandomStream
  ) throws -> Tensor {
    try checkSize(shape)
    guard low.isFinite, high.isFinite else {
      throw Failure("uniform needs finite bounds, but they are \(low) and \(high) in 32 bits")
    }
    return try Tensor(shape: shape) { out in
      for i in out.indices {
        if i & Tensor.drawsBetweenLooks == 0 { try Cancellation.current.check() }
        out[i] = random.uniformFloat(from: low, below: high)
      }
    }
  }

  /// Normal numbers.
  public static func normal(
    _ shape: [Int], mean: Double = 0, std: Double = 1, using random: inout RandomStream
  ) throws -> Tensor {
    try checkSize(shape)
    return try Tensor(shape: shape) { out in
      for i in out.indices {
        if i & Tensor.drawsBetweenLooks == 0 { try Cancellation.current.check() }
        out[i] = Float(mean + std * random.normal())
      }
    }
  }
}
