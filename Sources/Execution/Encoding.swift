/// Whether bytes are UTF-8, the only encoding that texts have here.
public enum Encoding {
  /// The place of the first byte that no UTF-8 has there; nil if all is well.
  public static func invalidPlace(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var place = 0
    while place < bytes.count {
      if bytes[place] < 0x80 {
        place += 1
        continue
      }
      let length = length(of: bytes, at: place)
      if length == 0 { return place }
      place += length
    }
    return nil
  }

  /// The same of an array.
  public static func invalidPlace(in bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer(invalidPlace)
  }

  /// The bytes of the character that begins at a place, 0 if none does.
  private static func length(of bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Int {
    let second: ClosedRange<UInt8>
    let length: Int
    switch bytes[place] {
    case 0xc2...0xdf: (second, length) = (0x80...0xbf, 2)
    case 0xe0: (second, length) = (0xa0...0xbf, 3)
    case 0xed: (second, length) = (0x80...0x9f, 3)
    case 0xe1...0xef: (second, length) = (0x80...0xbf, 3)
    case 0xf0: (second, length) = (0x90...0xbf, 4)
    case 0xf4: (second, length) = (0x80...0x8f, 4)
    case 0xf1...0xf3: (second, length) = (0x80...0xbf, 4)
    default: return 0
    }
    guard place + length <= bytes.count, second.contains(bytes[place + 1]) else { return 0 }
    for next in 2..<max(length, 2) where !(0x80...0xbf).contains(bytes[place + next]) { return 0 }
    return length
  }

  /// Throws if bytes are no UTF-8, with the place and what they probably are.
  public static func check(_ bytes: UnsafeBufferPointer<UInt8>, name: String) throws {
    guard let place = invalidPlace(in: bytes) else { return }
    var (line, begin) = (1, 0)
    for index in 0..<place where bytes[index] == 10 {
      line += 1
      begin = index + 1
    }
    throw Failure(
      "\(name) is no UTF-8: byte \(place - begin + 1) of line \(line) is \(text(bytes[place]))",
      hint: hint(bytes))
  }

  /// A byte as messages write it.
  public static func text(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  /// What bytes that are no UTF-8 probably are, and what to do about it.
  public static func hint(_ bytes: some Collection<UInt8>) -> String {
    let marks: [[UInt8]] = [[0xff, 0xfe], [0xfe, 0xff]]
    let isWide = marks.contains { bytes.starts(with: $0) }
    let name = isWide ? "UTF-16" : "WINDOWS-1252"
    return (isWide ? "it begins like UTF-16" : "it may be Latin-1 or Windows-1252")
      + ": iconv -f \(name) -t UTF-8 converts it"
  }

  /// The bytes behind the mark with which some programs begin a text.
  public static func withoutMark(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes
  }
}
