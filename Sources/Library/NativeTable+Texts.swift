import Execution
import Language

extension NativeTable {
  static let texts: [NativeFunction] =
    changes
    + [
      NativeFunction("text") { call in
        if call.isNone(1) { return .text(call.session.text(call[0])) }
        let layout = try call.string(1)
        do { return .text(try call.session.text(call[0], layout: layout)) } catch let failure
          as Failure
        {
          throw Failure(failure.message, at: .position(1), hint: failure.hint)
        }
      },
      NativeFunction("number") { call in
        guard case .string(let text) = call[0] else { return .number(try call.number(0)) }
        let written = try text.text.filter { letter in
          try Cancellation.current.check()
          return letter != "_"
        }
        guard let number = Double(try trimmed(written[...]) { $0.isWhitespace }) else {
          if !call.isNone(1) { return call[1] }
          throw call.wrongValue(
            0, expected: "the text of a number",
            hint: "a second argument is the value for texts that say none")
        }
        return .number(number)
      },
      NativeFunction("join") { call in
        let separator = try call.string(1)
        return .text(try call.joined(try items(call, 0), separator: separator))
      },
      NativeFunction("words") { call in
        let text = try call.string(0)
        if call.isNone(1) {
          if let words = try TextSearch(text).words { return .items(words) }
          let words = try text.split(whereSeparator: isSpace)
          return .items(try ListItems(polling: words.lazy.map { .text(String($0)) }))
        }
        return .items(try TextSearch(text).pieces(try call.string(1)))
      },
      NativeFunction("lines") { call in
        let text = try call.string(0)
        var lines = try text.split(omittingEmptySubsequences: false, whereSeparator: isLineEnd)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return .items(try ListItems(polling: lines.lazy.map { .text(String($0)) }))
      },
      NativeFunction("starts_with") { call in
        .boolean(try call.string(0).hasPrefix(try call.string(1)))
      },
      NativeFunction("ends_with") { call in
        .boolean(try call.string(0).hasSuffix(try call.string(1)))
      },
      NativeFunction("ord") { call in
        let scalars = try call.string(0).unicodeScalars
        guard let scalar = scalars.first, scalars.dropFirst().isEmpty else {
          throw call.wrongValue(0, expected: "one character")
        }
        return .integer(Int(scalar.value))
      },
      NativeFunction("chr") { call in
        let code = try call.integer(0, 0...0x10ffff)
        guard let scalar = Unicode.Scalar(UInt32(code)) else {
          throw call.wrongValue(0, expected: "the number of a character")
        }
        return .text(String(Character(scalar)))
      },
    ]

  private static let changes: [NativeFunction] = [
    NativeFunction("replace") { call in
      let search = TextSearch(try call.string(0))
      return .text(try search.replacing(try call.string(1), with: try call.string(2)))
    },
    NativeFunction("upper") { call in .text(try inPieces(try call.string(0)) { $0.uppercased() }) },
    NativeFunction("lower") { call in .text(try inPieces(try call.string(0)) { $0.lowercased() }) },
    NativeFunction("trim") { call in
      let (text, unwanted) = try trimming(call)
      return .text(String(try trimmed(text[...], unwanted)))
    },
    NativeFunction("trim_start") { call in
      let (text, unwanted) = try trimming(call)
      return .text(String(try trimmedStart(text[...], unwanted)))
    },
    NativeFunction("trim_end") { call in
      let (text, unwanted) = try trimming(call)
      return .text(String(try trimmedEnd(text[...], unwanted)))
    },
    NativeFunction("pad_left") { call in
      let padding = try padding(call)
      return padding.isEmpty ? call[0] : .text(padding + (try call.string(0)))
    },
    NativeFunction("pad_right") { call in
      let padding = try padding(call)
      return padding.isEmpty ? call[0] : .text(try call.string(0) + padding)
    },
  ]

  /// Long texts are worked on in pieces of so many characters, between which work can be stopped.
  private static let pieceLength = 1 << 16

  /// Changes a text piece by piece.
  private static func inPieces(_ text: String, _ change: (Substring) -> String) throws -> String {
    var result = ""
    var rest = text[...]
    while !rest.isEmpty {
      try Cancellation.current.check()
      let piece = rest.prefix(pieceLength)
      result += change(piece)
      rest = rest[piece.endIndex...]
    }
    return result
  }

  private static func isSpace(_ character: Character) throws -> Bool {
    try Cancellation.current.check()
    return character.isWhitespace
  }

  private static func isLineEnd(_ character: Character) throws -> Bool {
    try Cancellation.current.check()
    return character.isNewline
  }

  private static func trimmed(
    _ text: Substring, _ unwanted: (Character) -> Bool
  ) throws -> Substring {
    try trimmedEnd(try trimmedStart(text, unwanted), unwanted)
  }

  private static func trimmedStart(
    _ text: Substring, _ unwanted: (Character) -> Bool
  ) throws -> Substring {
    try text.drop { letter in
      try Cancellation.current.check()
      return unwanted(letter)
    }
  }

  private static func trimmedEnd(
    _ text: Substring, _ unwanted: (Character) -> Bool
  ) throws -> Substring {
    var rest = text
    while let letter = rest.last, unwanted(letter) {
      try Cancellation.current.check()
      rest.removeLast()
    }
    return rest
  }

  /// A text, and which characters at its ends are to go: white space unless others are named.
  private static func trimming(_ call: Arguments) throws -> (String, (Character) -> Bool) {
    let text = try call.string(0)
    if call.isNone(1) { return (text, { $0.isWhitespace }) }
    let characters = Set(try call.string(1))
    return (text, { characters.contains($0) })
  }

  /// What is missing for a text to have its width.
  private static func padding(_ call: Arguments) throws -> String {
    guard case .string(let text) = call[0] else { throw call.wrong(0, expected: "a string") }
    let missing = try call.integer(1, 0...10_000_000) - (try text.checkedCount())
    let fill = try call.string(2)
    guard fill.count == 1 else { throw call.wrongValue(2, expected: "one character") }
    return String(repeating: fill, count: max(0, missing))
  }
}
