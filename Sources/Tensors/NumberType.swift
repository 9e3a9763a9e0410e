import Execution

/// How numbers stand in a file, lowest byte first.
public enum NumberType: String, Sendable, CaseIterable {
  case bool
  case uint8
  case int8
  case int16
  case int32
  case int64
  case float16
  case bfloat16
  case float32
  case float64

  /// Bytes of one number.
  public var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .int16, .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }

  /// NumPy's name: a kind and a size, `f4`.
  var numpyName: String? {
    switch self {
    case .bool: "b1"
    case .uint8: "u1"
    case .int8: "i1"
    case .int16: "i2"
    case .int32: "i4"
    case .int64: "i8"
    case .float16: "f2"
    case .bfloat16: nil
    case .float32: "f4"
    case .float64: "f8"
    }
  }

  /// The name in safetensors files.
  var safetensorsName: String {
    switch self {
    case .bool: "BOOL"
    case .uint8: "U8"
    case .int8: "I8"
    case .int16: "I16"
    case .int32: "I32"
    case .int64: "I64"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .float32: "F32"
    case .float64: "F64"
    }
  }

  // MARK: Reading

  /// Reads numbers, as many as `result` holds; `bytes` must hold as many.
  ///
  /// Whole numbers beyond 2^24 are rounded to the nearest float32.
  ///
  /// - Throws: what was thrown to stop work, if they are many.
  public func decode(
    _ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableBufferPointer<Float>
  ) throws {
    precondition(bytes.count >= result.count * size, "too few bytes")
    try Stretches.forEach(result.count) { stretch in
      decodeStretch(
        UnsafeRawBufferPointer(rebasing: bytes[(stretch.lowerBound * size)...]),
        UnsafeMutableBufferPointer(rebasing: result[stretch]))
    }
  }

  private func decodeStretch(
    _ bytes: UnsafeRawBufferPointer, _ result: UnsafeMutableBufferPointer<Float>
  ) {
    switch self {
    case .bool: read(UInt8.self, bytes, result) { $0 == 0 ? 0 : 1 }
    case .uint8: read(UInt8.self, bytes, result) { Float($0) }
    case .int8: read(Int8.self, bytes, result) { Float($0) }
    case .int16: read(Int16.self, bytes, result) { Float($0) }
    case .int32: read(Int32.self, bytes, result) { Float($0) }
    case .int64: read(Int64.self, bytes, result) { Float($0) }
    case .float16: read(UInt16.self, bytes, result) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: read(UInt16.self, bytes, result) { Float(bitPattern: UInt32($0) << 16) }
    case .float32: read(UInt32.self, bytes, result) { Float(bitPattern: $0) }
    case .float64: read(UInt64.self, bytes, result) { Float(Double(bitPattern: $0)) }
    }
  }

  @inline(__always)
  private func read<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, _ bytes: UnsafeRawBufferPointer,
    _ result: UnsafeMutableBufferPointer<Float>, _ convert: (Number) -> Float
  ) {
    let size = MemoryLayout<Number>.size
    for i in 0..<result.count {
      let number = bytes.loadUnaligned(fromByteOffset: i &* size, as: Number.self)
      result[i] = convert(Number(littleEndian: number))
    }
  }

  // MARK: Writing

  /// Numbers in this form.
  ///
  /// - Throws: `Failure` if a whole-number form cannot hold one of them.
  public func encoded(_ numbers: [Float]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try numbers.withUnsafeBufferPointer { try encode($0, into: &bytes) }
    return bytes
  }

  /// Appends numbers in this form.
  ///
  /// - Throws: `Failure` if a whole-number form cannot hold one of them; what was thrown to stop work.
  func encode(_ numbers: UnsafeBufferPointer<Float>, into bytes: inout [UInt8]) throws {
    bytes.reserveCapacity(bytes.count + numbers.count * size)
    try Stretches.forEach(numbers.count) {
      try encodeStretch(UnsafeBufferPointer(rebasing: numbers[$0]), into: &bytes)
    }
  }

  /// Writes numbers in this form to a file, a piece at a time.
  func write(_ tensor: Tensor, to output: inout FileOutput) throws {
    var bytes: [UInt8] = []
    try tensor.buffer.read { numbers in
      try Stretches.forEach(numbers.count) { stretch in
        bytes.removeAll(keepingCapacity: true)
        try encodeStretch(UnsafeBufferPointer(rebasing: numbers[stretch]), into: &bytes)
        try bytes.withUnsafeBytes { try output.append($0) }
      }
    }
  }

  private func encodeStretch(
    _ numbers: UnsafeBufferPointer<Float>, into bytes: inout [UInt8]
  ) throws {
    switch self {
    case .bool: for number in numbers { bytes.append(number == 0 ? 0 : 1) }
    case .uint8: try write(UInt8.self, numbers, &bytes)
    case .int8: try write(Int8.self, numbers, &bytes)
    case .int16: try write(Int16.self, numbers, &bytes)
    case .int32: try write(Int32.self, numbers, &bytes)
    case .int64: try write(Int64.self, numbers, &bytes)
    case .float16: append(numbers, &bytes) { Float16($0).bitPattern }
    case .bfloat16: append(numbers, &bytes, NumberType.bfloat16Bits)
    case .float32:
      // Lowest byte first, as all processors have it for which this is built.
      bytes.append(contentsOf: UnsafeRawBufferPointer(numbers))
    case .float64: append(numbers, &bytes) { Double($0).bitPattern }
    }
  }

  /// The upper half of a float32, rounded to nearest even.
  private static func bfloat16Bits(_ number: Float) -> UInt16 {
    let bits = number.bitPattern
    if number.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
  }

  private func append<Number: FixedWidthInteger & BitwiseCopyable>(
    _ numbers: UnsafeBufferPointer<Float>, _ bytes: inout [UInt8], _ convert: (Float) -> Number
  ) {
    for number in numbers {
      withUnsafeBytes(of: convert(number).littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  private func write<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, _ numbers: UnsafeBufferPointer<Float>, _ bytes: inout [UInt8]
  ) throws {
    for number in numbers {
      guard let whole = Number(exactly: number) else {
        throw Failure("cannot write \(number) as \(rawValue)")
      }
      withUnsafeBytes(of: whole.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }
}
