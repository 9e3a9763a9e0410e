import Execution

extension JSON {
  /// How deep arrays and objects may nest; the parser calls itself once a level.
  public static let maximumDepth = 512

  /// The value that bytes of UTF-8 hold.
  ///
  /// `NaN`, `Infinity` and `-Infinity` are read too, since Python writes them.
  ///
  /// - Throws: `Failure` with the line and column.
  public init(parsing bytes: ArraySlice<UInt8>, name: String) throws {
    var loss = 0
    try self.init(parsing: bytes, name: name, rounded: &loss)
  }

  /// The same, with how many whole numbers above 2^53 were rounded, or numbers made infinite.
  public init(parsing bytes: ArraySlice<UInt8>, name: String, rounded: inout Int) throws {
    (self, rounded) = try Array(Encoding.withoutMark(bytes)).withUnsafeBufferPointer { bytes in
      try Encoding.check(bytes, name: name)
      var parser = Parser(bytes: bytes, name: name)
      let value = try parser.value(depth: 0)
      parser.skipSpace()
      guard parser.place == bytes.count else { throw parser.problem("the end") }
      return (value, parser.rounded)
    }
  }
}

private struct Parser {
  let bytes: UnsafeBufferPointer<UInt8>
  let name: String
  var place = 0
  var rounded = 0

  var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  func problem(_ expected: String) -> Failure {
    let before = bytes[0..<min(place, bytes.count)]
    let line = before.reduce(1) { $0 + ($1 == 10 ? 1 : 0) }
    let column = before.count - (before.lastIndex(of: 10).map { $0 + 1 } ?? 0) + 1
    let found = next.map { "\"\(String(decoding: [$0], as: UTF8.self))\"" } ?? "the end"
    return Failure(
      "\(name) is no JSON: line \(line), column \(column) has \(found), expected \(expected)")
  }

  mutating func skipSpace() {
    while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { place += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard next == byte else { return false }
    place += 1
    return true
  }

  mutating func value(depth: Int) throws -> JSON {
    guard depth <= JSON.maximumDepth else {
      throw Failure("\(name) nests deeper than \(JSON.maximumDepth) levels")
    }
    try Cancellation.current.check()
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N"): return try word("NaN", .number(.nan))
    case UInt8(ascii: "I"): return try word("Infinity", .number(.infinity))
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws -> JSON {
    guard bytes[place...].starts(with: text.utf8) else { throw problem("a value") }
    place += text.utf8.count
    return value
  }

  private mutating func array(depth: Int) throws -> JSON {
    place += 1
    var elements: [JSON] = []
    if take(UInt8(ascii: "]")) { return .array(elements) }
    do {
      repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
    } catch {
      // Whoever has stopped work would wait until all of them are freed.
      Parallel.release(&elements)
      throw error
    }
    guard take(UInt8(ascii: "]")) else { throw problem("\",\" or \"]\"") }
    return .array(elements)
  }

  private mutating func object(depth: Int) throws -> JSON {
    place += 1
    var members: [(key: String, value: JSON)] = []
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw problem("a name in quotes") }
      let key = try string()
      guard take(UInt8(ascii: ":")) else { throw problem("\":\"") }
      members.append((key, try value(depth: depth + 1)))
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw problem("\",\" or \"}\"") }
    return .object(members)
  }

  private mutating func number() throws -> JSON {
    let start = place
    if next == UInt8(ascii: "-") { place += 1 }
    if next == UInt8(ascii: "I") { return try word("Infinity", .number(-.infinity)) }
    var whole = 0
    while let byte = next, byte >= 48, byte < 58, place - start < 16 {
      whole = whole &* 10 &+ Int(byte &- 48)
      place += 1
    }
    let isEnd = next.map { !"0123456789.eE+-".utf8.contains($0) } ?? true
    let isZeroAhead =
      whole > 0 && bytes[bytes[start] == UInt8(ascii: "-") ? start + 1 : start] == 48
    if isEnd, place > start, bytes[place - 1] != UInt8(ascii: "-"), whole > 0, !isZeroAhead {
      if Double(exactly: whole) == nil { rounded += 1 }
      return .number(Double(bytes[start] == UInt8(ascii: "-") ? -whole : whole))
    }
    while let byte = next, "0123456789.eE+-".utf8.contains(byte) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    let digits = text.drop { $0 == "-" }
    let hasZeroAhead = digits.first == "0" && digits.dropFirst().first?.isNumber == true
    guard let number = Double(text), let first = digits.first, first.isNumber, text.last != ".",
      !hasZeroAhead
    else {
      place = start
      throw problem("a value")
    }
    if number.isInfinite || digits.utf8.count > 15 && isRounded(digits, number) { rounded += 1 }
    return .number(number)
  }

  /// Whether a whole number is another one in 64 bits.
  private func isRounded(_ digits: Substring, _ number: Double) -> Bool {
    digits.utf8.allSatisfy { (48..<58).contains($0) }
      && UInt64(digits).flatMap { Double(exactly: $0) } != number.magnitude
  }

  private mutating func string() throws -> String {
    place += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 32 else { throw problem("the end of a string") }
      if place & 0xffff == 0 { try Cancellation.current.check() }
      place += 1
      if byte == UInt8(ascii: "\\") { text += try escape().utf8 } else { text.append(byte) }
    }
    guard next != nil else { throw problem("the end of a string") }
    place += 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func escape() throws -> String {
    guard let byte = next else { throw problem("an escaped character") }
    place += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return String(decoding: [byte], as: UTF8.self)
    case UInt8(ascii: "u"): return try unicode()
    default:
      place -= 1
      throw problem("an escaped character")
    }
  }

  /// Characters beyond 16 bits come as two escapes, a surrogate pair.
  private mutating func unicode() throws -> String {
    let first = try hexadecimal()
    if first & 0xfc00 == 0xd800, bytes[place...].starts(with: "\\u".utf8) {
      let back = place
      place += 2
      let second = try hexadecimal()
      if second & 0xfc00 == 0xdc00 {
        return String(decoding: [first, second], as: UTF16.self)
      }
      place = back
    }
    return String(decoding: [first], as: UTF16.self)
  }

  private mutating func hexadecimal() throws -> UInt16 {
    let digits = bytes[place..<min(place + 4, bytes.count)]
    guard digits.count == 4, let code = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw problem("four hexadecimal digits") }
    place += 4
    return code
  }
}
