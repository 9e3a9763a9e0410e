/// A piece of program text with a name: a file, an entry at the prompt, a module of the library.
public final class Source: Sendable {
  /// What messages call it: a path, `<entry 3>`, `<command line>`.
  public let name: String
  /// The text as UTF-8.
  public let bytes: [UInt8]

  /// A text with a name.
  public init(name: String, text: String) {
    self.name = name
    bytes = Array(text.utf8)
  }

  /// The text between two byte offsets.
  public func text(_ span: Span) -> String {
    let end = min(span.end, bytes.count)
    return String(decoding: bytes[min(span.start, end)..<end], as: UTF8.self)
  }

  /// The line (from 1) and the column in characters (from 1) of a byte offset.
  public func position(of offset: Int) -> (line: Int, column: Int) {
    let end = min(offset, bytes.count)
    var line = 1
    var lineStart = 0
    for place in 0..<end where bytes[place] == 10 {
      line += 1
      lineStart = place + 1
    }
    return (line, String(decoding: bytes[lineStart..<end], as: UTF8.self).count + 1)
  }

  /// The text of a line (from 1), without its newline.
  public func line(_ number: Int) -> String {
    var line = 1
    var start = 0
    for place in 0..<bytes.count where bytes[place] == 10 {
      if line == number { return String(decoding: bytes[start..<place], as: UTF8.self) }
      line += 1
      start = place + 1
    }
    return line == number ? String(decoding: bytes[start...], as: UTF8.self) : ""
  }
}

/// A stretch of a source: byte offsets, the end not included.
public struct Span: Hashable, Sendable {
  private let lower: UInt32
  private let upper: UInt32

  /// The stretch between two byte offsets.
  public init(_ start: Int, _ end: Int) {
    lower = UInt32(clamping: start)
    upper = UInt32(clamping: max(start, end))
  }

  /// The first byte.
  public var start: Int { Int(lower) }
  /// One past the last byte.
  public var end: Int { Int(upper) }

  /// The stretch from the start of this to the end of another.
  public func to(_ other: Span) -> Span { Span(start, other.end) }
}
