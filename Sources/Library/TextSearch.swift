import Execution
import Glibc
import Language

/// Finds the occurrences of one text in another, from left to right and not overlapping.
///
/// It works on bytes: one whole text within another begins and ends where characters of theirs do.
struct TextSearch {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The letters before the first occurrence of a part, or nil if there is none.
  func first(_ part: String) throws -> Int? {
    if part.isEmpty { return 0 }
    var place: Int?
    try eachPiece(between: Array(part.utf8)) { piece, isLast in
      if !isLast { place = try StringObject.count(of: piece) }
      return false
    }
    return place
  }

  /// How often a part of one letter or more occurs.
  func count(_ part: String) throws -> Int {
    var count = -1
    try eachPiece(between: Array(part.utf8)) { _, _ in
      count += 1
      return true
    }
    return count
  }

  /// The pieces between occurrences of a separator; an empty one parts the text into letters.
  func pieces(_ separator: String) throws -> ListItems {
    if separator.isEmpty { return ListItems(try letters.map { .text($0) }) }
    var words = WordCache()
    return try ListItems(capacity: 0) { append in
      try eachPiece(between: Array(separator.utf8)) { piece, _ in
        append(words.value(piece))
        return true
      }
    }
  }

  /// The text with another one in place of each occurrence; an empty one lies between all letters.
  func replacing(_ part: String, with replacement: String) throws -> String {
    if part.isEmpty {
      let letters = try letters
      try Value.checkTextLength(bytes.count + letters.count * replacement.utf8.count)
      return letters.joined(separator: replacement)
    }
    let new = Array(replacement.utf8)
    var result = TextBuilder(capacity: bytes.count + bytes.count / 4)
    try new.withUnsafeBufferPointer { new in
      try eachPiece(between: Array(part.utf8)) { piece, isLast in
        result.append(piece)
        if !isLast { result.append(new) }
        try Value.checkTextLength(result.count)
        return true
      }
    }
    return result.text
  }

  /// The words between white space; nil for texts of more than ASCII, whose letters are several
  /// bytes.
  var words: ListItems? {
    get throws {
      guard try !bytes.containsInStretches(where: { $0 >= 128 }) else { return nil }
      return try ListItems(capacity: 0) { append in
        try bytes.withUnsafeBufferPointer { bytes in
          var (start, cache, polling) = (0, WordCache(), Polling())
          for place in 0...bytes.count
          where place == bytes.count || TextSearch.isSpace(bytes[place]) {
            if place > start {
              append(cache.value(UnsafeBufferPointer(rebasing: bytes[start..<place])))
            }
            start = place + 1
            try polling.check()
          }
        }
      }
    }
  }

  /// A blank, or tabulator to carriage return.
  @inline(__always)
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte >= 9 && byte <= 13 }

  private var letters: [String] {
    get throws {
      var polling = Polling()
      return try String(decoding: bytes, as: UTF8.self).map { letter in
        try polling.check()
        return String(letter)
      }
    }
  }

  /// Visits the pieces between the occurrences of a separator in order, until told to stop.
  @inline(__always)
  private func eachPiece(
    between separator: [UInt8],
    _ visit: (_ piece: UnsafeBufferPointer<UInt8>, _ isLast: Bool) throws -> Bool
  ) throws {
    try bytes.withUnsafeBufferPointer { bytes in
      try separator.withUnsafeBufferPointer { separator in
        var (start, polling) = (0, Polling())
        let needle = try Needle(separator)
        while let place = try needle.place(in: bytes, from: start) {
          try polling.check()
          let piece = UnsafeBufferPointer(rebasing: bytes[start..<place])
          guard try visit(piece, false) else { return }
          start = place + separator.count
        }
        _ = try visit(UnsafeBufferPointer(rebasing: bytes[start...]), true)
      }
    }
  }
}

/// Gives equal short words of a text one value, as texts repeat their words.
struct WordCache {
  private struct Entry {
    var head: UInt64 = 0
    var tail: UInt64 = 0
    var value = Value.none
  }

  /// The last word for each number that words are reduced to.
  private var entries = [Entry](repeating: Entry(), count: 256)

  /// A word of at most so many bytes is looked for.
  private static let longest = 15

  /// The bytes of a word as a string.
  mutating func value(_ bytes: UnsafeBufferPointer<UInt8>) -> Value {
    guard !bytes.isEmpty, bytes.count <= WordCache.longest else { return WordCache.made(bytes) }
    // The words as two numbers; the upper byte of the second is the length.
    var (head, tail) = (UInt64(0), UInt64(bytes.count) << 56)
    for place in 0..<min(8, bytes.count) { head |= UInt64(bytes[place]) << UInt64(8 * place) }
    for place in 8..<max(8, bytes.count) { tail |= UInt64(bytes[place]) << UInt64(8 * place - 64) }
    // Knuth's multiplicative hash.
    let slot = Int(((head ^ tail &* 31) &* 0x9e37_79b9_7f4a_7c15) >> 56)
    return entries.withUnsafeMutableBufferPointer { entries in
      if entries[slot].head != head || entries[slot].tail != tail {
        entries[slot] = Entry(head: head, tail: tail, value: WordCache.made(bytes))
      }
      return entries[slot].value
    }
  }

  private static func made(_ bytes: UnsafeBufferPointer<UInt8>) -> Value {
    .text(String(decoding: bytes, as: UTF8.self))
  }
}
