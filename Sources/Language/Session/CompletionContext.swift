/// What stands before the cursor, read from the bytes alone, however unfinished the text is.
struct CompletionContext {
  /// What the cursor stands in.
  enum Place: Equatable {
    case code
    case comment
    /// A string whose text begins at a byte.
    case string(start: Int)
  }

  /// A bracket, or string, that is open at the cursor.
  private struct Opener {
    var byte: UInt8
    var place: Int
    /// Whether it is a string of several lines.
    var isLong = false
  }

  let bytes: [UInt8]
  let place: Place
  /// Where the word under the cursor begins.
  let wordStart: Int
  private let openers: [Opener]

  /// The context of the end of a text.
  init(_ text: [UInt8]) {
    bytes = text
    (place, openers) = CompletionContext.scan(text)
    var start = text.count
    while start > 0, CompletionContext.isNameByte(text[start - 1]) { start -= 1 }
    wordStart = start
  }

  var word: String { String(decoding: bytes[wordStart...], as: UTF8.self) }

  static func isNameByte(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
      || byte == UInt8(ascii: "_") || byte >= 128
  }

  private static let double = UInt8(ascii: "\"")
  private static let single = UInt8(ascii: "'")

  private static func scan(_ bytes: [UInt8]) -> (Place, [Opener]) {
    var open: [Opener] = []
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if let string = open.last, string.byte == double || string.byte == single {
        place += step(in: string, bytes, place, &open)
      } else if byte == UInt8(ascii: "#") {
        while place < bytes.count, bytes[place] != 10 { place += 1 }
        if place == bytes.count { return (.comment, open) }
      } else if byte == double || byte == single {
        let isLong = byte == double && bytes[place...].starts(with: "\"\"\"".utf8)
        place += isLong ? 3 : 1
        open.append(Opener(byte: byte, place: place, isLong: isLong))
      } else {
        if "([{".utf8.contains(byte) { open.append(Opener(byte: byte, place: place)) }
        if ")]}".utf8.contains(byte), !open.isEmpty { open.removeLast() }
        place += 1
      }
    }
    if let string = open.last, string.byte == double || string.byte == single {
      return (.string(start: string.place), open)
    }
    return (.code, open)
  }

  /// How far to go inside a string.
  private static func step(
    in string: Opener, _ bytes: [UInt8], _ place: Int, _ open: inout [Opener]
  ) -> Int {
    let byte = bytes[place]
    if byte == UInt8(ascii: "\\"), string.byte == double { return 2 }
    if byte == UInt8(ascii: "{"), string.byte == double {
      open.append(Opener(byte: byte, place: place))
      return 1
    }
    if string.isLong {
      guard bytes[place...].starts(with: "\"\"\"".utf8) else { return 1 }
      open.removeLast()
      return 3
    }
    if byte == string.byte || byte == 10 { open.removeLast() }
    return 1
  }
}

// MARK: - Words before a place

extension CompletionContext {
  /// The place behind the last byte before `end` that is no blank.
  func skippingBlanks(before end: Int) -> Int {
    var end = end
    while end > 0, bytes[end - 1] == 32 || bytes[end - 1] == 10 || bytes[end - 1] == 9 { end -= 1 }
    return end
  }

  /// The name that ends at a place.
  func name(endingAt end: Int) -> (text: String, start: Int)? {
    var start = end
    while start > 0, CompletionContext.isNameByte(bytes[start - 1]) { start -= 1 }
    guard start < end else { return nil }
    return (String(decoding: bytes[start..<end], as: UTF8.self), start)
  }

  /// The names between dots that end at a place, first one first, and where they begin.
  func path(endingAt end: Int) -> (names: [String], start: Int)? {
    guard let last = name(endingAt: end) else { return nil }
    guard last.start > 0, bytes[last.start - 1] == UInt8(ascii: ".") else {
      return ([last.text], last.start)
    }
    guard let head = path(endingAt: last.start - 1) else { return nil }
    return (head.names + [last.text], head.start)
  }

  /// The bracket that is closed right before `end`: where it opens.
  func opening(closedBefore end: Int) -> Int? {
    var depth = 0
    var place = end
    while place > 0 {
      place -= 1
      if ")]}".utf8.contains(bytes[place]) { depth += 1 }
      if "([{".utf8.contains(bytes[place]) {
        depth -= 1
        if depth == 0 { return place }
      }
    }
    return nil
  }
}

// MARK: - Calls

extension CompletionContext {
  /// The call in whose parentheses the cursor stands.
  struct Call {
    /// The function's name, behind dots the name of its module.
    var path: [String]
    /// The keywords that are given already.
    var keywords: Set<String>
    /// How many arguments stand before the cursor's, a value piped in counted.
    var position: Int
    /// Whether the cursor stands where an argument begins.
    var isAtArgument: Bool
  }

  /// The innermost call around the cursor; nil inside other brackets.
  var call: Call? {
    let brackets = openers.filter { "([{".utf8.contains($0.byte) }
    guard let bracket = brackets.last, bracket.byte == UInt8(ascii: "("),
      let function = path(endingAt: bracket.place)
    else { return nil }
    let text = Array(bytes[(bracket.place + 1)..<wordStart])
    let given = CompletionContext.arguments(text)
    let words = given.dropLast().compactMap(CompletionContext.keyword)
    let last = given.last ?? []
    let before = skippingBlanks(before: function.start)
    let isPiped = before >= 2 && bytes[(before - 2)..<before].elementsEqual("|>".utf8)
    return Call(
      path: function.names, keywords: Set(words),
      position: given.count - 1 - words.count + (isPiped ? 1 : 0),
      isAtArgument: last.allSatisfy { $0 == 32 || $0 == 10 })
  }

  /// The pieces of a text between commas outside of brackets and strings.
  private static func arguments(_ text: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var depth = 0
    var quote: UInt8?
    for byte in text {
      if quote != nil {
        if byte == quote { quote = nil }
      } else if byte == double || byte == single {
        quote = byte
      } else if "([{".utf8.contains(byte) {
        depth += 1
      } else if ")]}".utf8.contains(byte) {
        depth -= 1
      } else if byte == UInt8(ascii: ","), depth == 0 {
        parts.append([])
        continue
      }
      parts[parts.count - 1].append(byte)
    }
    return parts
  }

  private static func keyword(_ argument: [UInt8]) -> String? {
    let text = argument.drop { $0 == 32 || $0 == 10 }
    let name = text.prefix(while: isNameByte)
    let rest = text.dropFirst(name.count).drop { $0 == 32 }
    guard !name.isEmpty, rest.first == UInt8(ascii: "="), rest.dropFirst().first != rest.first
    else { return nil }
    return String(decoding: name, as: UTF8.self)
  }
}
