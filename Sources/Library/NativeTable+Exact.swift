import Glibc

extension NativeTable {
  /// Functions of plain numbers, in double precision.
  static let exactFunctions: [String: @Sendable (Double) -> Double] = [
    "exp": { Glibc.exp($0) }, "log": { Glibc.log($0) }, "sqrt": { $0.squareRoot() },
    "abs": { Swift.abs($0) }, "sigmoid": { 1 / (1 + Glibc.exp(-$0)) }, "tanh": { Glibc.tanh($0) },
    "sin": { Glibc.sin($0) }, "cos": { Glibc.cos($0) },
    "relu": { $0 > 0 || $0.isNaN ? $0 : 0 },
  ]
}
