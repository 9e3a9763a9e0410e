import Execution
import Glibc
import Language

/// Lines of a file that is no terminal in the editor's hands.
struct LineBuffer {
  private var bytes: [UInt8] = []
  private var place = 0

  /// The next line without its newline, or nil at the end.
  ///
  /// - Throws: `Interrupted` if the user asks to stop while it waits.
  mutating func next(from descriptor: Int32) throws -> String? {
    var searched = place
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) { return take(to: end) }
      searched = bytes.count
      let chunk = try Self.chunk(from: descriptor)
      if chunk.isEmpty { return place < bytes.count ? take(to: bytes.count) : nil }
      bytes += chunk
    }
  }

  /// All that is left of a file.
  static func readToEnd(_ descriptor: Int32) throws -> String {
    var bytes: [UInt8] = []
    while true {
      let chunk = try chunk(from: descriptor)
      if chunk.isEmpty { return try Source.text(bytes, name: "<standard input>") }
      bytes += chunk
    }
  }

  private mutating func take(to end: Int) -> String {
    let line = String(decoding: bytes[place..<end], as: UTF8.self)
    place = min(end + 1, bytes.count)
    if place == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      place = 0
    }
    return line
  }

  private static func chunk(from descriptor: Int32) throws -> ArraySlice<UInt8> {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count >= 0 { return chunk[..<count] }
      if errno != EINTR { throw File.problem("cannot read", "standard input") }
      try Cancellation.current.check()
    }
  }
}
