import Execution

/// Finds the occurrences of one text in another, from left to right and not overlapping.
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
    return pieces + [text(start, bytes.count)]
  }

  private var letters: [String] {
    get throws {
      try text(0, bytes.count).map { letter in
        try Cancellation.current.check()
        return String(letter)
      }
    }
  }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private func place(of wanted: [UInt8], from start: Int) throws -> Int? {
    try Cancellation.current.check()
    guard let head = wanted.first else { return start }
    var place = start
    while place + wanted.count <= bytes.count {
      if place & 0xffff == 0 { try Cancellation.current.check() }
      if bytes[place] == head, bytes[place..<place + wanted.count].elementsEqual(wanted) {
        return place
      }
      place += 1
    }
    return nil
  }
}
