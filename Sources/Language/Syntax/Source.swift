/// A piece of program text with a name: a file, an entry at the prompt, a module of the library.
public final class Source: Sendable {
  /// What messages call it: a path, `<entry 3>`, `<command line>`.
  public let name: String
  /// The text as UTF-8.
  public let bytes: [UInt8]
  /// The byte at which each line begins.
  private let lineStarts: [UInt32]

  /// Whether it is a module of the library.
  public let isLibrary: Bool

  /// A text with a name.
  public init(name: String, text: String, isLibrary: Bool = false) {
    self.name = name
    self.isLibrary = isLibrary
    bytes = Array(text.utf8)
    var starts: [UInt32] = [0]
    for (place, byte) in bytes.enumerated() where byte == 10 {
      starts.append(UInt32(truncatingIfNeeded: place + 1))
    }
    lineStarts = starts
  }

  /// The text between two byte offsets.
  public func text(_ span: Span) -> String {
    let end = min(span.end, bytes.count)
    return String(decoding: bytes[min(span.start, end)..<end], as: UTF8.self)
  }

  /// The line (from 1) and the column in characters (from 1) of a byte offset.
  public func position(of offset: Int) -> (line: Int, column: Int) {
    let end = min(offset, bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= end { low = middle } else { high = middle }
    }
    return (low + 1, String(decoding: bytes[Int(lineStarts[low])..<end], as: UTF8.self).count + 1)
  }

  /// The text of a line (from 1), without its newline.
  public func line(_ number: Int) -> String {
    guard lineStarts.indices.contains(number - 1) else { return "" }
    let start = Int(lineStarts[number - 1])
    let end = number < lineStarts.count ? Int(lineStarts[number]) - 1 : bytes.count
    return String(decoding: bytes[start..<end], as: UTF8.self)
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
