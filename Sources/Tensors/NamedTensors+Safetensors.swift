import Execution
import Kernels

/// Safetensors files: the length of a JSON header in 8 bytes, the header, and the numbers.
extension NamedTensors {
  /// Reads a `.safetensors` file; entries come in the order of their numbers.
  public static func readSafetensors(_ path: String) throws -> NamedTensors {
    let name = "\"\(path)\""
    let bytes = try File.read(path)
    let (header, start) = try safetensorsHeader(bytes, name)
    var records: [Record] = []
    var metadata: [String: String] = [:]
    for (key, value) in header {
      if key == "__metadata__" {
        for (key, value) in value.members ?? [] { metadata[key] = value.string }
        continue
      }
      let record = try Record(key, value, name)
      try record.check(count: bytes.count - start, name)
      records.append(record)
    }
    // The sort is stable, which orders tensors without numbers.
    records.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    // Before any tensor is made: those that share their bytes would take more than the file has.
    try checkLayout(records, count: bytes.count - start, name)
    let entries = try records.map { record in
      try Cancellation.current.check()
      return try record.entry(bytes, start: start)
    }
    let tensors = NamedTensors(entries, metadata: metadata)
    try tensors.checkNames(name)
    return tensors
  }

  /// The numbers of the tensors lie one behind the other, and nothing else lies there.
  private static func checkLayout(_ records: [Record], count: Int, _ name: String) throws {
    var end = 0
    for record in records {
      guard record.begin == end else {
        throw Failure(
          "\(name) is damaged: the numbers of \"\(record.key)\" begin at byte \(record.begin), "
            + "expected \(end), where those before them end")
      }
      end = record.end
    }
    guard end == count else {
      throw Failure(
        "\(name) is damaged: its tensors end at byte \(end) of the numbers, "
          + "but there are \(count)")
    }
  }

  private static func safetensorsHeader(
    _ bytes: [UInt8], _ name: String
  ) throws -> ([(key: String, value: JSON)], Int) {
    guard bytes.count >= 8 else {
      throw Failure("\(name) is no safetensors file: it has only \(bytes.count) bytes")
    }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else {
      throw Failure(
        "\(name) is no safetensors file or cut short: its header should have \(length) bytes, "
          + "but the file has \(bytes.count)")
    }
    let end = 8 + Int(clamping: length)
    let header = try JSON(parsing: bytes[8..<end], name: "the header of \(name)")
    guard let members = header.members else {
      throw Failure("\(name) is no safetensors file: its header is no JSON object")
    }
    return (members, end)
  }

  private struct Record {
    var key: String
    var type: NumberType
    var shape: [Int]
    var begin: Int
    var end: Int

    init(_ key: String, _ value: JSON, _ name: String) throws {
      self.key = key
      guard let typeName = value["dtype"]?.string, let shape = value["shape"]?.wholeNumbers,
        let range = value["data_offsets"]?.wholeNumbers, range.count == 2
      else {
        throw Failure("tensor \"\(key)\" of \(name) lacks a dtype, shape or data_offsets")
      }
      guard let type = NumberType.allCases.first(where: { $0.safetensorsName == typeName }) else {
        throw Failure(
          "tensor \"\(key)\" of \(name) has type \(typeName), expected one of "
            + NumberType.allCases.map(\.safetensorsName).joined(separator: " "))
      }
      self.type = type
      self.shape = shape
      (begin, end) = (range[0], range[1])
    }

    /// Throws unless shape, type and offsets agree, and lie within `count` bytes of numbers.
    func check(count: Int, _ name: String) throws {
      try Tensor.checkSize(shape)
      let wanted = Tensor.count(of: shape) * type.size
      guard begin >= 0, begin <= end, end - begin == wanted else {
        throw Failure(
          "tensor \"\(key)\" of \(name) has shape \(Tensor.text(of: shape)) of "
            + "\(type.safetensorsName), \(wanted) bytes, but its offsets are \(begin) to \(end)")
      }
      guard end <= count else {
        throw Failure(
          "\(name) is cut short: tensor \"\(key)\" ends at byte \(end) of the numbers, "
            + "but there are \(count)")
      }
    }

    func entry(_ bytes: [UInt8], start: Int) throws -> Entry {
      try Tensor.checkSize(shape)
      return try bytes.withUnsafeBytes { bytes in
        let numbers = UnsafeRawBufferPointer(rebasing: bytes[(start + begin)..<(start + end)])
        return Entry(
          key, try Tensor(shape: shape) { out in try type.decode(numbers, into: out) },
          isMask: type == .bool, loss: try type.loss(numbers, count: Tensor.count(of: shape)))
      }
    }
  }

  /// Writes a `.safetensors` file.
  public func writeSafetensors(_ path: String, as type: NumberType = .float32) throws {
    let header = safetensorsHeader(as: type)
    try File.write(to: path) { output in
      try header.withUnsafeBytes { try output.append($0) }
      for entry in entries {
        try (entry.isMask ? .bool : type).write(entry.tensor, to: &output)
      }
    }
  }

  /// What stands before the numbers.
  private func safetensorsHeader(as type: NumberType) -> [UInt8] {
    var members: [(key: String, value: JSON)] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map {
        (key: $0.key, value: JSON.string($0.value))
      }
      members.append(("__metadata__", .object(texts)))
    }
    var begin = 0
    for entry in entries {
      let type = entry.isMask ? .bool : type
      let end = begin + entry.tensor.count * type.size
      members.append(
        (
          entry.name,
          .object([
            ("dtype", .string(type.safetensorsName)),
            ("shape", .array(entry.tensor.shape.map { .number(Double($0)) })),
            ("data_offsets", .array([.number(Double(begin)), .number(Double(end))])),
          ])
        ))
      begin = end
    }
    var text = JSON.object(members).text()
    text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    var bytes = withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Array($0) }
    bytes += text.utf8
    return bytes
  }
}
