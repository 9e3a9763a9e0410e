import Glibc

protocol UnaryOperation {
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
    let input = UnsafePointer(source.base)
    let output = result.base
    let count = source.count
    var place = 0
    while place < count {
      let stop = min(count, place &+ betweenLooks)
      while place < stop {
        store(Operation.apply(load(input + place)), output + place)
        place &+= width
      }
      if place < count, isGivenUp { return }
    }
    clearPadding(result)
    withExtendedLifetime(source) {}
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
