import Glibc

/// Operations of two vectors that `Elementwise.Binary` names.
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
enum Maximum: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    a.replacing(with: b, where: (b .> a) .| (b .!= b))
  }
}

/// The smaller; NaN if one is NaN.
enum Minimum: BinaryOperation {
  @inline(always)
  static func apply(_ a: Elementwise.Vector, _ b: Elementwise.Vector) -> Elementwise.Vector {
    a.replacing(with: b, where: (b .< a) .| (b .!= b))
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
