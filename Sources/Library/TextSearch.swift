import Execution
import Glibc

/// Finds the occurrences of one text in another, from left to right and not overlapping.
///
/// It works on bytes: one whole text within another begins and ends where characters of theirs do.
struct TextSearch {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The letters before the first occurrence of a part, or nil if there is none.
  func first(_ part: String) throws -> Int? {
    guard let place = try place(of: Array(part.utf8), from: 0) else { return nil }
    return text(0, place).count
  }

  /// The pieces between occurrences of a separator; an empty one parts the text into letters.
  func pieces(_ separator: String) throws -> [String] {
    let wanted = Array(separator.utf8)
    if wanted.isEmpty { return try letters }
    var pieces: [String] = []
    var start = 0
    while let place = try place(of: wanted, from: start) {
      pieces.append(text(start, place))
      start = place + wanted.count
    }
    pieces.append(text(start, bytes.count))
    return pieces
  }

  /// The text with another one in place of each occurrence; an empty one lies between all letters.
  func replacing(_ part: String, with replacement: String) throws -> String {
    let (wanted, new) = (Array(part.utf8), Array(replacement.utf8))
    if wanted.isEmpty { return try letters.joined(separator: replacement) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var start = 0
    while let place = try place(of: wanted, from: start) {
      result += bytes[start..<place]
      result += new
      start = place + wanted.count
    }
    result += bytes[start...]
    return String(decoding: result, as: UTF8.self)
  }

  /// The words between white space; nil for texts of more than ASCII, whose letters are several
  /// bytes.
  var words: [String]? {
    get throws {
      guard bytes.allSatisfy({ $0 < 128 }) else { return nil }
      var words: [String] = []
      var start = 0
      for place in bytes.indices where TextSearch.isSpace(bytes[place]) {
        if place > start { words.append(text(start, place)) }
        start = place + 1
        try Cancellation.current.check()
      }
      if bytes.count > start { words.append(text(start, bytes.count)) }
      return words
    }
  }

  /// A blank, or tabulator to carriage return.
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte >= 9 && byte <= 13 }

  private var letters: [String] {
    get throws {
      try text(0, bytes.count).map { letter in
        try Cancellation.current.check()
        return String(letter)
      }
    }
  }

  private func text(_ start: Int, _ end: Int) -> String {
    bytes.withUnsafeBufferPointer { buffer in
      String(decoding: UnsafeBufferPointer(rebasing: buffer[start..<end]), as: UTF8.self)
    }
  }

  private func place(of wanted: [UInt8], from start: Int) throws -> Int? {
    try Cancellation.current.check()
    guard !wanted.isEmpty else { return start }
    return bytes.withUnsafeBytes { bytes in
      wanted.withUnsafeBytes { wanted in TextSearch.place(of: wanted, in: bytes, from: start) }
    }
  }

  private static func place(
    of wanted: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer, from start: Int
  ) -> Int? {
    guard let base = bytes.baseAddress, let sought = wanted.baseAddress else { return nil }
    var place = start
    while place + wanted.count <= bytes.count {
      let room = bytes.count - wanted.count + 1 - place
      guard let found = memchr(base + place, Int32(wanted[0]), room) else { return nil }
      place = UnsafeRawPointer(found) - base
      if memcmp(base + place, sought, wanted.count) == 0 { return place }
      place += 1
    }
    return nil
  }
}
