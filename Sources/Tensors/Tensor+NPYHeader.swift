extension Tensor {
  /// The header of a `.npy` file, for those who write its numbers in parts.
  ///
  /// - Throws: `Failure` for a number type that such a file cannot hold.
  public static func npyHeader(_ type: NumberType, shape: [Int]) throws -> [UInt8] {
    try NPYHeader.bytes(type, shape: shape)
  }
}
