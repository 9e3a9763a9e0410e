import Execution
import Kernels

extension Tensor {
  /// Reads a `.npy` file.
  ///
  /// - Throws: `Failure` that names the file, what was found and what was expected.
  public static func readNPY(_ path: String) throws -> Tensor {
    try npy(try File.read(path), name: "\"\(path)\"")
  }

  /// The tensor that the bytes of a `.npy` file hold.
  public static func npy(_ bytes: [UInt8], name: String) throws -> Tensor {
    try npyEntry(bytes, name: name).tensor
  }

  /// The same with whether it is a mask, and what was lost.
  public static func npyEntry(_ bytes: [UInt8], name: String) throws -> NamedTensors.Entry {
    try bytes.withUnsafeBytes { bytes in
      let header = try NPYHeader(bytes, name: name)
      do { try Tensor.checkSize(header.shape) } catch let failure as Failure {
        throw Failure("\(name): \(failure.message)", hint: failure.hint)
      }
      let numbers = UnsafeRawBufferPointer(rebasing: bytes[header.dataOffset...])
      return NamedTensors.Entry(
        "", try npy(header, numbers), isMask: header.type == .bool,
        loss: try header.type.loss(numbers, count: Tensor.count(of: header.shape)))
    }
  }

  private static func npy(
    _ header: NPYHeader, _ numbers: UnsafeRawBufferPointer
  ) throws -> Tensor {
    if header.isFortranOrder && header.shape.count > 1 {
      let swapped = try Tensor(shape: header.shape.reversed()) { out in
        try header.type.decode(numbers, into: out)
      }
      return try swapped.permuted(Array((0..<swapped.rank).reversed()))
    }
    return try Tensor(shape: header.shape) { out in try header.type.decode(numbers, into: out) }
  }

  /// The bytes of a `.npy` file.
  public func npyBytes(as type: NumberType = .float32) throws -> [UInt8] {
    var bytes = try NPYHeader.bytes(type, shape: shape)
    try buffer.read { try type.encode($0, into: &bytes) }
    return bytes
  }

  /// Writes a `.npy` file.
  public func writeNPY(_ path: String, as type: NumberType = .float32) throws {
    let header = try NPYHeader.bytes(type, shape: shape)
    try File.write(to: path) { output in
      try header.withUnsafeBytes { try output.append($0) }
      try type.write(self, to: &output)
    }
  }
}
