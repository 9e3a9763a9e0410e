import Execution
import Glibc

protocol UnaryOperation: Sendable {
  static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector
}

extension Elementwise {
  /// A function of one number.
  public enum Unary: Sendable {
    case negate
    case exp
    case log
    case sqrt
    case abs
    case sigmoid
    case tanh
    case relu
    case square
    case reciprocal
    /// -1, 0 or 1.
    case sign
  }

  /// Applies a function to every number of `source`.
  public static func apply(
    _ function: Unary, to source: FloatBuffer, into result: FloatBuffer
  ) {
    precondition(source.count == result.count, "counts differ")
    Turns.apart(numbers: result.count) { run(function, source, result) }
  }

  private static func run(_ function: Unary, _ source: FloatBuffer, _ result: FloatBuffer) {
    switch function {
    case .negate: run(Negate.self, source, result)
    case .exp: run(Exponential.self, source, result)
    case .log: run(Logarithm.self, source, result)
    case .sqrt: run(SquareRoot.self, source, result)
    case .abs: run(Magnitude.self, source, result)
    case .sigmoid: run(Sigmoid.self, source, result)
    case .tanh: run(HyperbolicTangent.self, source, result)
    case .relu: run(Relu.self, source, result)
    case .square: run(Square.self, source, result)
    case .reciprocal: run(Reciprocal.self, source, result)
    case .sign: run(Sign.self, source, result)
    }
  }

  /// Buffers are padded to whole vectors, so that no tail is left over.
  @inline(__always)
  private static func run<Operation: UnaryOperation>(
    _ operation: Operation.Type, _ source: FloatBuffer, _ result: FloatBuffer
  ) {
    let (input, output) = (Address(source), Address(result))
    let count = source.count
    inParts(count) { part in
      var place = part.lowerBound
      while place < part.upperBound {
        store(Operation.apply(load(input.base + place)), output.base + place)
        place &+= width
      }
    }
    clearPadding(result)
    withExtendedLifetime(source) {}
  }

  /// Numbers of a part, whole vectors: small enough to be shared out, and to look in between whether
  /// the user has asked to stop.
  private static let partCount = 1 << 16
  /// Numbers from which several threads are used.
  private static let parallelCount = 1 << 18

  /// Calls `body` for stretches of so many numbers, on several threads if there are many.
  ///
  /// Bodies may write whole vectors behind the last number of all, but none behind their part.
  @inline(__always)
  static func inParts(
    _ count: Int, mayStop: Bool = true, _ body: @Sendable (Range<Int>) -> Void
  ) {
    let parts = (count &+ partCount &- 1) / partCount
    if count >= parallelCount, Parallel.threads > 1 {
      // The body throws nothing.
      try? Parallel.forEach(parts) { part in
        if mayStop, isGivenUp { return }
        body(part &* partCount..<min(count, (part &+ 1) &* partCount))
      }
      return
    }
    for part in 0..<parts {
      if mayStop, part > 0, isGivenUp { return }
      body(part &* partCount..<min(count, (part &+ 1) &* partCount))
    }
  }

  /// Sets the numbers behind the last one to zero again.
  @inline(always) static func clearPadding(_ buffer: FloatBuffer) {
    let padded = max(16, (buffer.count &+ 15) & ~15)
    var place = buffer.count
    while place < padded {
      buffer.base[place] = 0
      place &+= 1
    }
  }

  /// The end of a buffer's memory, padding included.
  @inline(always) static func limit(_ buffer: FloatBuffer) -> UnsafeMutablePointer<Float> {
    buffer.base + max(16, (buffer.count &+ 15) & ~15)
  }
}

private enum Negate: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.negated(x)
  }
}

private enum Exponential: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.exp(x)
  }
}

private enum Logarithm: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.log(x)
  }
}

private enum SquareRoot: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector {
    x.squareRoot()
  }
}

private enum Magnitude: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.abs(x)
  }
}

private enum Sigmoid: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.sigmoid(x)
  }
}

private enum HyperbolicTangent: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.tanh(x)
  }
}

private enum Relu: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector {
    x.replacing(with: 0, where: x .<= 0)
  }
}

private enum Square: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector { x * x }
}

private enum Reciprocal: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector { 1 / x }
}

private enum Sign: UnaryOperation {
  @inline(always) static func apply(_ x: Elementwise.Vector) -> Elementwise.Vector {
    let positive = x.replacing(with: 1, where: x .> 0)
    return positive.replacing(with: -1, where: x .< 0)
  }
}
