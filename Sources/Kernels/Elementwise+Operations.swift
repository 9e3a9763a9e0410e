import Glibc

/// An operation that may join the lanes of one vector.
protocol ExtremeOperation: BinaryOperation {
  static func across(_ vector: Elementwise.Vector) -> Float
}

extension Elementwise {
  /// Four numbers from the lanes of a vector, joined by halves.
  @inline(always) static func quarter(
    _ vector: Vector, _ join: (SIMD4<Float>, SIMD4<Float>) -> SIMD4<Float>
  ) -> SIMD4<Float> {
    #if RNR_AVX512
    let low = join(vector.lowHalf.lowHalf, vector.lowHalf.highHalf)
    return join(low, join(vector.highHalf.lowHalf, vector.highHalf.highHalf))
    #elseif RNR_AVX2
    return join(vector.lowHalf, vector.highHalf)
    #else
    return vector
    #endif
  }
}

/// The sum.
enum Add: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    a + b
  }
}

enum Subtract: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    a - b
  }
}

enum Multiply: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    a * b
  }
}

enum Divide: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    a / b
  }
}

/// The power, by the C library lane by lane but for the exponents that everyone uses.
enum Power: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    if b == Elementwise.Vector(repeating: 2) { return a * a }
    if b == Elementwise.Vector(repeating: 1) { return a }
    return general(a, b)
  }

  @inline(never)
  static func general(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    var result = a
    for lane in 0..<Elementwise.width { result[lane] = powf(a[lane], b[lane]) }
    return result
  }
}

/// The larger; NaN if one is NaN.
enum Maximum: ExtremeOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    a.replacing(with: b, where: (b .> a) .| (b .!= b))
  }

  @inline(always)
  static func across(_ vector: Elementwise.Vector) -> Float {
    if any(vector .!= vector) { return .nan }
    let rest = Elementwise.quarter(vector) { $0.replacing(with: $1, where: $1 .> $0) }
    let pair = rest.lowHalf.replacing(with: rest.highHalf, where: rest.highHalf .> rest.lowHalf)
    return pair[1] > pair[0] ? pair[1] : pair[0]
  }
}

/// The smaller; NaN if one is NaN.
enum Minimum: ExtremeOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    a.replacing(with: b, where: (b .< a) .| (b .!= b))
  }

  @inline(always)
  static func across(_ vector: Elementwise.Vector) -> Float {
    if any(vector .!= vector) { return .nan }
    let rest = Elementwise.quarter(vector) { $0.replacing(with: $1, where: $1 .< $0) }
    let pair = rest.lowHalf.replacing(with: rest.highHalf, where: rest.highHalf .< rest.lowHalf)
    return pair[1] < pair[0] ? pair[1] : pair[0]
  }
}

enum Equal: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.Vector.zero.replacing(with: 1, where: a .== b)
  }
}

enum NotEqual: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.Vector.zero.replacing(with: 1, where: a .!= b)
  }
}

enum Less: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.Vector.zero.replacing(with: 1, where: a .< b)
  }
}

enum LessOrEqual: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    Elementwise.Vector.zero.replacing(with: 1, where: a .<= b)
  }
}

enum SigmoidGradient: BinaryOperation {
  @inline(always)
  static func apply(_ g: Elementwise.Vector, _ y: Elementwise.Vector) -> Elementwise.Vector {
    g * y * (1 - y)
  }
}

enum TanhGradient: BinaryOperation {
  @inline(always)
  static func apply(_ g: Elementwise.Vector, _ y: Elementwise.Vector) -> Elementwise.Vector {
    g * (1 - y * y)
  }
}

enum ReluGradient: BinaryOperation {
  @inline(always)
  static func apply(_ g: Elementwise.Vector, _ y: Elementwise.Vector) -> Elementwise.Vector {
    g.replacing(with: 0, where: y .<= 0)
  }
}
