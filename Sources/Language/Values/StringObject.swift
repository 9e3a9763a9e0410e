/// A string.
public final class StringObject {
  /// The characters.
  public private(set) var text: String
  private var symbolNumber: Int32 = -1
  private var form = Form.unknown
  private var firstBytes: UInt64 = 0

  /// Whether each byte is a character of its own, so that places can be counted off.
  private enum Form {
    case unknown
    case bytes
    case characters
  }

  init(_ text: String) { self.text = text }

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
  var byteCount: Int { text.utf8.count }

  /// How many characters there are.
  public var count: Int { hasByteCharacters ? byteCount : text.count }

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
    text.utf8[text.utf8.index(text.utf8.startIndex, offsetBy: place)]
  }

  /// Appends another text; only the sole holder may call it.
  func append(_ other: StringObject) {
    // What the bytes are stays known where it was, so that a growing text is not looked at anew.
    let staysPlain = form == .bytes && byteCount >= 8 && other.hasByteCharacters
    text += other.text
    symbolNumber = -1
    form = staysPlain ? .bytes : .unknown
  }
}
