import Execution
import Kernels
import Language
import Tensors

/// The file form of any value, `.rnv`: a mark, a version, and the value with its types by name.
///
/// Numbers are little-endian; a string is its length and its bytes; a value is a letter for its
/// kind and what the kind needs.
enum ValueFile {
  private static let mark: [UInt8] = Array("rnv1".utf8)

  static func encode(_ value: Value) throws -> [UInt8] {
    var bytes = mark
    var polling = Polling()
    do {
      try write(value, into: &bytes, &polling)
    } catch let unsavable as Unsavable {
      throw unsavable.failure
    }
    return bytes
  }

  static func decode(_ bytes: [UInt8], path: String, session: Session) throws -> Value {
    guard bytes.starts(with: mark) else {
      throw Failure("\"\(path)\" is no .rnv file: it does not begin with `rnv1`")
    }
    var reader = Reader(bytes: bytes, place: mark.count, path: path, session: session)
    return try reader.value()
  }

  // MARK: - Writing

  /// A value that cannot be saved, with the way to it, which is put together only where it is told.
  private struct Unsavable: Error {
    let value: Value
    var path: [String] = []

    func within(_ part: String) -> Unsavable { Unsavable(value: value, path: [part] + path) }

    var failure: Failure {
      let way = path.joined()
      let place = path.isEmpty ? "" : " (in \(way.hasPrefix(".") ? String(way.dropFirst()) : way))"
      return Failure(
        "\(value.described)\(place) cannot be saved", at: .position(0),
        hint: "data can: numbers, strings, tensors, lists, records, types, nets")
    }
  }

  private static func write(
    _ value: Value, into bytes: inout [UInt8], _ polling: inout Polling
  ) throws {
    try polling.check()
    switch value {
    case .none, .unset: bytes.append(UInt8(ascii: "z"))
    case .boolean(let truth): bytes.append(truth ? UInt8(ascii: "t") : UInt8(ascii: "f"))
    case .number(let number):
      bytes.append(UInt8(ascii: "n"))
      write(number.bitPattern, into: &bytes)
    case .string(let text):
      bytes.append(UInt8(ascii: "s"))
      try write(text.text, into: &bytes)
    case .range(let range):
      bytes.append(UInt8(ascii: "r"))
      write(range.start.bitPattern, into: &bytes)
      write(range.stop.bitPattern, into: &bytes)
    case .list(let list):
      bytes.append(UInt8(ascii: "l"))
      write(UInt64(list.items.count), into: &bytes)
      for (place, item) in list.items.enumerated() {
        do { try write(item, into: &bytes, &polling) } catch let unsavable as Unsavable {
          throw unsavable.within("[\(place)]")
        }
      }
    case .record(let record):
      bytes.append(record.isNumbered ? UInt8(ascii: "k") : UInt8(ascii: "m"))
      try write(record.names.map(\.name), record.values, into: &bytes, &polling)
    case .instance(let instance):
      bytes.append(UInt8(ascii: "i"))
      try write(instance.type.name.name, into: &bytes)
      try write(instance.type.fields.map(\.name), instance.values, into: &bytes, &polling)
    case .tensor(let object):
      try write(object.variable.value, isMask: object.isMask, into: &bytes)
    case .native(let box):
      guard let form = box.object.fileForm else { throw Unsavable(value: value) }
      bytes.append(UInt8(ascii: "o"))
      try write(box.object.typeName, into: &bytes)
      try write(form, into: &bytes, &polling)
    case .function, .type, .module: throw Unsavable(value: value)
    }
  }

  private static func write(
    _ names: [String], _ values: some Collection<Value>, into bytes: inout [UInt8],
    _ polling: inout Polling
  ) throws {
    write(UInt64(names.count), into: &bytes)
    for (name, value) in zip(names, values) {
      try write(name, into: &bytes)
      do { try write(value, into: &bytes, &polling) } catch let unsavable as Unsavable {
        throw unsavable.within(".\(name)")
      }
    }
  }

  private static func write(_ tensor: Tensor, isMask: Bool, into bytes: inout [UInt8]) throws {
    bytes.append(isMask ? UInt8(ascii: "b") : UInt8(ascii: "a"))
    write(UInt64(tensor.rank), into: &bytes)
    for extent in tensor.shape { write(UInt64(extent), into: &bytes) }
    try Memory.reserve(tensor.count, of: 4, for: "what is saved")
    // Lowest byte first, as all processors have it for which this is built.
    try tensor.buffer.read { try bytes.append(inStretches: UnsafeRawBufferPointer($0)) }
  }

  private static func write(_ number: UInt64, into bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func write(_ text: String, into bytes: inout [UInt8]) throws {
    write(UInt64(text.utf8.count), into: &bytes)
    var text = text
    try text.withUTF8 { try bytes.append(inStretches: UnsafeRawBufferPointer($0)) }
  }

  // MARK: - Reading

  private struct Reader {
    let bytes: [UInt8]
    var place: Int
    let path: String
    let session: Session
    var depth = 0
    var polling = Polling()

    private var truncated: Failure {
      Failure("\"\(path)\" ends too early: \(bytes.count) bytes are there")
    }

    mutating func value() throws -> Value {
      depth += 1
      defer { depth -= 1 }
      guard place < bytes.count else { throw truncated }
      guard depth < 500 else { throw Failure("\"\(path)\" nests deeper than 500 levels") }
      try polling.check()
      place += 1
      switch bytes[place - 1] {
      case UInt8(ascii: "z"): return .none
      case UInt8(ascii: "t"): return .boolean(true)
      case UInt8(ascii: "f"): return .boolean(false)
      case UInt8(ascii: "n"): return .number(Double(bitPattern: try number()))
      case UInt8(ascii: "s"): return .text(try text())
      case UInt8(ascii: "r"):
        let start = Double(bitPattern: try number())
        return .range(from: start, to: Double(bitPattern: try number()))
      case UInt8(ascii: "l"): return try list()
      case UInt8(ascii: "m"): return .fields(try fields())
      case UInt8(ascii: "k"):
        let fields = try fields()
        return .named(fields.map { Symbol($0.0) }, fields.map(\.1))
      case UInt8(ascii: "a"): return .tensor(try tensor())
      case UInt8(ascii: "b"): return .mask(try tensor().mapped { $0 == 0 ? 0 : 1 })
      case UInt8(ascii: "i"): return try instance()
      case UInt8(ascii: "o"):
        let kind = try text()
        return try NativeForms.object(kind, try value(), path: path)
      default: throw Failure("\"\(path)\" is damaged at byte \(place - 1)")
      }
    }

    /// The items of a list, for which room is made as they come: a damaged count claims any number.
    private mutating func list() throws -> Value {
      let count = try count()
      return .items(
        try ListItems(capacity: min(count, 64)) { append in
          for _ in 0..<count { append(try value()) }
        })
    }

    private mutating func number() throws -> UInt64 {
      guard place + 8 <= bytes.count else { throw truncated }
      defer { place += 8 }
      return bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func count() throws -> Int {
      let count = try number()
      // Whatever is counted takes at least a byte.
      guard count <= UInt64(bytes.count - place) else { throw truncated }
      return Int(clamping: count)
    }

    private mutating func text() throws -> String {
      let length = try count()
      guard place + length <= bytes.count else { throw truncated }
      defer { place += length }
      return String(decoding: bytes[place..<place + length], as: UTF8.self)
    }

    private mutating func fields() throws -> [(String, Value)] {
      var fields: [(String, Value)] = []
      var names: Set<String> = []
      for _ in 0..<(try count()) {
        let name = try text()
        guard names.insert(name).inserted else {
          throw Failure("\"\(path)\" is damaged: a record has `\(name)` twice")
        }
        fields.append((name, try value()))
      }
      return fields
    }

    private mutating func instance() throws -> Value {
      let name = try text()
      let fields = try fields()
      guard let type = session.type(named: name) else {
        throw Failure(
          "\"\(path)\" holds a `\(name)`, a type that is not known here",
          hint: "load the file that defines it first: use \"...\"")
      }
      let values = try type.fields.map { field -> Value in
        guard let value = fields.first(where: { $0.0 == field.name })?.1 else {
          throw Failure("the `\(name)` in \"\(path)\" has no field `\(field.name)`")
        }
        return value
      }
      return session.instance(of: type, values)
    }

    private mutating func tensor() throws -> Tensor {
      let shape = try (0..<(try count())).map { _ in Int(clamping: try number()) }
      do { try Tensor.checkSize(shape) } catch let failure as Failure {
        throw Failure("\"\(path)\": \(failure.message)", hint: failure.hint)
      }
      let size = Tensor.count(of: shape)
      guard place + 4 * size <= bytes.count else { throw truncated }
      defer { place += 4 * size }
      return try bytes.withUnsafeBytes { bytes in
        let numbers = UnsafeRawBufferPointer(rebasing: bytes[place..<place + 4 * size])
        return try Tensor(shape: shape) { try NumberType.float32.decode(numbers, into: $0) }
      }
    }
  }
}
