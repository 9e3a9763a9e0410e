import Execution

/// What stands at the head of a `.npy` file: number type, order and shape.
///
/// Source: NumPy Enhancement Proposal 1, versions 1.0 to 3.0.
struct NPYHeader: Equatable {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  var type: NumberType
  var isFortranOrder: Bool
  var shape: [Int]
  /// Where the numbers begin.
  var dataOffset: Int

  /// Reads a header.
  ///
  /// - Parameter name: the file, for messages.
  init(_ bytes: UnsafeRawBufferPointer, name: String) throws {
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(NPYHeader.magic) else {
      throw Failure(
        "\(name) is no .npy file: it should begin with \\x93NUMPY, "
          + "but it begins with \(FileText.beginning(bytes))")
    }
    let version = bytes[6]
    guard (1...3).contains(version) else {
      throw Failure("\(name) has .npy version \(version), expected 1, 2 or 3")
    }
    let start = version == 1 ? 10 : 12
    guard bytes.count >= start else { throw Failure("\(name) ends within its .npy header") }
    let length =
      version == 1
      ? Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    guard bytes.count - start >= length else {
      throw Failure("\(name) ends within its .npy header")
    }
    let text = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
    dataOffset = start + length
    type = try NPYHeader.type(text, name)
    isFortranOrder = try NPYHeader.value("fortran_order", text, name).hasPrefix("True")
    shape = try NPYHeader.shape(text, name)
    guard MappedColumn.canHold(shape) else {
      throw Failure("\(name) has an impossible shape: \(Tensor.text(of: shape))")
    }
    try checkLength(bytes.count, name)
  }

  private func checkLength(_ count: Int, _ name: String) throws {
    let wanted = Tensor.count(of: shape) * type.size
    guard count - dataOffset >= wanted else {
      throw Failure(
        "\(name) is cut short: shape \(Tensor.text(of: shape)) of \(type.rawValue) needs "
          + "\(wanted) bytes of numbers, but there are \(count - dataOffset)")
    }
  }

  /// What stands after a key of the header's dictionary.
  private static func value(_ key: String, _ text: String, _ name: String) throws -> Substring {
    for quote in ["'", "\""] {
      let parts = text.split(separator: "\(quote)\(key)\(quote)", maxSplits: 1)
      if parts.count == 2, let colon = parts[1].firstIndex(of: ":") {
        return parts[1][parts[1].index(after: colon)...].drop { $0 == " " }
      }
    }
    throw Failure("\(name) has no \(key) in its .npy header")
  }

  private static func type(_ text: String, _ name: String) throws -> NumberType {
    let rest = try value("descr", text, name)
    let description = rest.dropFirst().prefix { $0 != "'" && $0 != "\"" }
    let known = NumberType.allCases.first { type in
      guard let numpy = type.numpyName else { return false }
      return description == "<" + numpy || (type.size == 1 && description == "|" + numpy)
    }
    guard rest.first == "'" || rest.first == "\"", let known else {
      throw Failure(
        "\(name) holds numbers of type \(description), expected one of "
          + NumberType.allCases.compactMap(\.numpyName).joined(separator: " ")
          + ", lowest byte first")
    }
    return known
  }

  private static func shape(_ text: String, _ name: String) throws -> [Int] {
    let rest = try value("shape", text, name)
    let inside = rest.dropFirst().prefix { $0 != ")" }
    let extents = inside.split(whereSeparator: { $0 == "," || $0 == " " }).map { Int($0) }
    guard rest.first == "(", !extents.contains(nil) else {
      throw Failure(
        "\(name) has a shape in its .npy header that cannot be read: \(rest.prefix(40))")
    }
    return extents.compactMap { $0 }
  }

  /// The bytes of a header, padded so that the numbers begin at a multiple of 64.
  static func bytes(_ type: NumberType, shape: [Int]) throws -> [UInt8] {
    guard let numpy = type.numpyName else {
      throw Failure("an .npy file cannot hold \(type.rawValue)")
    }
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(type.size == 1 ? "|" : "<")\(numpy)', 'fortran_order': False, "
    text += "'shape': (\(extents)), }"
    let padding = 63 - (10 + text.utf8.count) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = text.utf8.count
    guard length < 65_536 else {
      throw Failure("a tensor of rank \(shape.count) fits no .npy file")
    }
    return magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
  }
}

/// Small texts for messages about files.
enum FileText {
  /// The first bytes as text, or as numbers if they are no text.
  static func beginning(_ bytes: UnsafeRawBufferPointer) -> String {
    if bytes.isEmpty { return "nothing: it is empty" }
    let first = Array(bytes.prefix(8))
    if first.allSatisfy({ $0 >= 32 && $0 < 127 }) {
      return "\"\(String(decoding: first, as: UTF8.self))\""
    }
    return first.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
