import Execution

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
      // A line feed behind a carriage return makes one character with it.
      return bytes.allSatisfy { $0 < 128 && $0 != 13 } ? .bytes : .characters
    }
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
  func character(at place: Int) -> String {
    if hasByteCharacters {
      return String(decoding: CollectionOfOne(byte(at: place)), as: UTF8.self)
    }
    return String(text[text.index(text.startIndex, offsetBy: place)])
  }

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
