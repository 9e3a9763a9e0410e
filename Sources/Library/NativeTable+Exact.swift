import Glibc

extension NativeTable {
  /// Functions of plain numbers, in double precision.
  static let exactFunctions: [String: @Sendable (Double) -> Double] = [
    "exp": { Glibc.exp($0) }, "log": { Glibc.log($0) }, "sqrt": { $0.squareRoot() },
    "abs": { Swift.abs($0) }, "sigmoid": sigmoid, "tanh": { Glibc.tanh($0) },
    "sin": { Glibc.sin($0) }, "cos": { Glibc.cos($0) },
    "relu": { $0 > 0 || $0.isNaN ? $0 : 0 },
  ]

  /// By e^x for negative x, as e^-x is infinite before the result is 0.
  private static func sigmoid(_ x: Double) -> Double {
    let e = Glibc.exp(-Swift.abs(x))
    return x < 0 ? e / (1 + e) : 1 / (1 + e)
  }
}
