import Execution
import Glibc

/// A string.
public final class StringObject {
  /// The characters but those that are still in `added`.
  private var stored: String
  /// Short texts that were put at the end one by one.
  private var added: TextBuilder?
  private var symbolNumber: Int32 = -1
  private var form = Form.unknown
  private var firstBytes: UInt64 = 0

  /// Whether each byte is a character of its own, so that places can be counted off.
  private enum Form {
    case unknown
    case bytes
    case characters
  }

  init(_ text: String) { stored = text }

  /// The characters.
  @inline(__always)
  public var text: String {
    if added != nil { settle() }
    return stored
  }

  /// Puts what was added where it belongs.
  @inline(never)
  private func settle() {
    guard let text = added?.text else { return }
    stored += text
    added = nil
  }

  /// The text as the name of a field; looked up once for each string.
  var symbol: Symbol {
    if symbolNumber >= 0 { return Symbol(id: symbolNumber) }
    let symbol = Symbol(text)
    symbolNumber = symbol.id
    return symbol
  }

  /// The bytes, if each of them is a character.
  @inline(__always)
  var hasByteCharacters: Bool {
    if form == .unknown { lookAtBytes() }
    return form == .bytes
  }

  /// The first eight bytes as a number, the first byte the highest and zeros behind the last one; nil
  /// if some byte of the text is no character by itself.
  ///
  /// Where two such numbers differ, the texts are ordered as they are.
  public var head: UInt64? { hasByteCharacters ? firstBytes : nil }

  @inline(never)
  private func lookAtBytes() {
    firstBytes = 0
    var text = text
    form = text.withUTF8 { bytes in
      for place in 0..<min(8, bytes.count) {
        firstBytes |= UInt64(bytes[place]) << UInt64(56 - 8 * place)
      }
      return StringObject.areCharacters(UnsafeRawBufferPointer(bytes)) ? .bytes : .characters
    }
  }

  /// Whether each byte is a character; a line feed behind a carriage return makes one with it.
  private static func areCharacters(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // Eight at a time: the text may have a billion.
    var place = 0
    while place + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      let returns = word ^ 0x0d0d_0d0d_0d0d_0d0d
      let zeros = (returns &- 0x0101_0101_0101_0101) & ~returns
      if (word | zeros) & 0x8080_8080_8080_8080 != 0 { return false }
      place += 8
    }
    return bytes[place...].allSatisfy { $0 < 128 && $0 != 13 }
  }

  /// How many bytes there are.
  @inline(__always)
  var byteCount: Int { stored.utf8.count + (added?.count ?? 0) }

  /// How many characters there are.
  public var count: Int { hasByteCharacters ? byteCount : text.count }

  /// The same for a text that may be long: it is walked if some character has several bytes.
  ///
  /// - Throws: what was thrown to stop work.
  public func checkedCount() throws -> Int {
    if hasByteCharacters { return byteCount }
    var (count, polling) = (0, Polling())
    for _ in text {
      try polling.check()
      count += 1
    }
    return count
  }

  /// How many characters bytes of UTF-8 are.
  public static func count(of bytes: UnsafeBufferPointer<UInt8>) throws -> Int {
    try StringObject(String(decoding: bytes, as: UTF8.self)).checkedCount()
  }

  /// The character at a place from 0 to below `count`.
  ///
  /// - Throws: what was thrown to stop work, as a long text may have to be walked.
  func character(at place: Int) throws -> String {
    if hasByteCharacters {
      return String(decoding: CollectionOfOne(byte(at: place)), as: UTF8.self)
    }
    let start = try StringObject.index(text, text.startIndex, place)
    return start < text.endIndex ? String(text[start]) : ""
  }

  /// The characters at some places, which lie side by side.
  ///
  /// - Throws: what was thrown to stop work.
  func part(_ places: Range<Int>) throws -> String {
    let start = try StringObject.index(text, text.startIndex, places.lowerBound)
    return String(text[start..<(try StringObject.index(text, start, places.count))])
  }

  /// The place so many characters behind another; at most the end.
  private static func index(
    _ text: String, _ start: String.Index, _ count: Int
  ) throws -> String.Index {
    var (place, left) = (start, count)
    while left > 0, place < text.endIndex {
      try Cancellation.current.check()
      let step = min(left, walkedAtOnce)
      place = text.index(place, offsetBy: step, limitedBy: text.endIndex) ?? text.endIndex
      left -= step
    }
    return place
  }

  /// Characters that are walked between two looks at the cancellation token.
  private static let walkedAtOnce = 1 << 16

  /// All characters.
  ///
  /// - Throws: what was thrown to stop work.
  var letters: [Character] {
    get throws {
      var polling = Polling()
      return try text.map { letter in
        try polling.check()
        return letter
      }
    }
  }

  /// Characters as one text.
  static func joined(_ letters: some Sequence<Character>) throws -> String {
    var (text, polling) = ("", Polling())
    for letter in letters {
      try polling.check()
      text.append(letter)
    }
    return text
  }

  /// Whether another text occurs in this one.
  ///
  /// - Throws: what was thrown to stop work.
  func contains(_ part: StringObject) throws -> Bool {
    var (whole, part) = (text, part.text)
    if part.isEmpty { return true }
    return try whole.withUTF8 { whole in
      try part.withUTF8 { try Needle($0).place(in: whole, from: 0) != nil }
    }
  }

  /// Two texts as one; long ones are copied in pieces, between which work can be stopped.
  static func joined(_ first: StringObject, _ second: StringObject) throws -> String {
    guard first.byteCount + second.byteCount > longTextLimit else {
      return first.text + second.text
    }
    var (a, b) = (first.text, second.text)
    return try a.withUTF8 { a in
      try b.withUTF8 { b in
        try String(unsafeUninitializedCapacity: a.count + b.count) { target in
          for (part, place) in [(a, 0), (b, a.count)] {
            for start in stride(from: 0, to: part.count, by: longTextLimit) {
              try Cancellation.current.check()
              guard let from = part.baseAddress, let to = target.baseAddress else { continue }
              memcpy(to + place + start, from + start, min(longTextLimit, part.count - start))
            }
          }
          return a.count + b.count
        }
      }
    }
  }

  /// Bytes from which a text is copied in pieces.
  static let longTextLimit = 1 << 24

  /// The character at a place from 0 to below `count`, if each byte is a character.
  @inline(__always)
  func byte(at place: Int) -> UInt8 {
    if added != nil { settle() }
    return stored.utf8[stored.utf8.index(stored.utf8.startIndex, offsetBy: place)]
  }

  /// Above this many bytes a text is put where it belongs at once.
  private static let shortTextLimit = 64

  /// Appends another text; only the sole holder may call it.
  func append(_ other: StringObject) {
    // What the bytes are stays known where it was, so that a growing text is not looked at anew.
    let staysPlain = form == .bytes && byteCount >= 8 && other.hasByteCharacters
    symbolNumber = -1
    form = staysPlain ? .bytes : .unknown
    if other.byteCount <= StringObject.shortTextLimit, other !== self {
      add(other)
    } else {
      settle()
      stored += other.text
    }
  }

  /// Gathering the bytes of short texts takes a fraction of what appending to a string does.
  @inline(__always)
  private func add(_ other: StringObject) {
    if added == nil { added = TextBuilder(capacity: 0) }
    added?.append(other)
  }
}
