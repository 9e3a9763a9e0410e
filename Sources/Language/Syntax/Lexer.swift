/// Source text to tokens.
///
/// It works on UTF-8 bytes and never fails: what it cannot read becomes a token of kind `invalid`
/// or `brokenString` and a diagnostic.
public struct Lexer {
  let source: Source
  let bytes: [UInt8]
  let keepsComments: Bool
  var position = 0
  var isAfterNewline = true
  var tokens: [Token] = []
  var diagnostics: [Diagnostic] = []
  /// The brackets that are open, as bytes; `{` of a value in a string is among them.
  var brackets: [UInt8] = []
  /// The strings that are open at a value in braces, outermost first.
  var strings: [OpenString] = []
  /// Whether the text ends inside a string that may have several lines.
  var endsInLongString = false
  /// Whether a comment of another language has been reported; once is enough.
  var hasReportedComment = false
  /// Whether a typographic quote has been reported.
  var hasReportedQuote = false
  /// The last quote that was not closed on its line, as far as no later one may close it.
  var openQuote: Int?
  /// On how many of the next lines such a quote may be closed.
  static let reachOfOpenQuote = 20
  /// What was meant as texts of several lines, between quotes that reach over one.
  var textOverLines: [Span] = []
  /// The mistake of a source whose bytes are no text, which alone is told.
  private(set) var encodingMistake: Diagnostic?

  /// A string that is interrupted by a value in braces.
  struct OpenString {
    var start: Int
    var brace: Int
    var isLong: Bool
    /// Its first token, to which it shrinks if it is not closed.
    var token: Int
    /// The open brackets around the value, its own brace included.
    var bracketCount: Int
  }

  /// The tokens of a source; the last is of kind `end`.
  public static func tokens(_ source: Source, keepingComments: Bool = false) -> [Token] {
    var lexer = Lexer(source, keepsComments: keepingComments)
    lexer.run()
    return lexer.tokens
  }

  init(_ source: Source, keepsComments: Bool = false) {
    self.source = source
    bytes = source.bytes
    self.keepsComments = keepsComments
    tokens.reserveCapacity(bytes.count / 4 + 8)
  }

  /// Reads the whole source.
  mutating func run() {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    while position < bytes.count { readToken() }
    closeStringsAtEnd()
    add(.end, from: position)
  }

  private mutating func readToken() {
    let byte = bytes[position]
    switch byte {
    case 0x20, 0x09, 0x0d: position += 1
    case 0x0a: readNewline()
    case UInt8(ascii: "#"): readComment()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      readName()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber()
    case UInt8(ascii: "\""): readString()
    case UInt8(ascii: "'"): readRawString()
    case 0x80...: readBeyondASCII()
    default: readSign(byte)
    }
  }

  private mutating func readNewline() {
    if !strings.isEmpty { closeStringsAtNewline() }
    isAfterNewline = true
    position += 1
  }

  private mutating func readComment() {
    let start = position
    skipLine()
    // A comment does not count as the first thing on its line.
    if keepsComments {
      tokens.append(Token(.comment, start, position, isAfterNewline: isAfterNewline))
    }
  }

  /// Moves to the end of the line.
  mutating func skipLine() {
    while position < bytes.count, bytes[position] != 0x0a { position += 1 }
  }

  /// Adds a token that ends here.
  mutating func add(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind, start, position, isAfterNewline: isAfterNewline))
    isAfterNewline = false
  }

  /// The byte so many places on, or 0 behind the end.
  func peek(_ distance: Int = 1) -> UInt8 {
    let place = position + distance
    return place < bytes.count ? bytes[place] : 0
  }

  /// Notes a mistake.
  mutating func report(
    _ message: String, _ span: Span, _ label: String = "", hint: String?,
    code: Diagnostic.Code = .malformed
  ) {
    guard diagnostics.count < Parser.diagnosticLimit else { return }
    diagnostics.append(
      Diagnostic(
        stage: .source, code: code, message, labels: [.init(source, span, label)], hint: hint))
  }
}

// MARK: - Names and numbers

extension Lexer {
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Whether an ASCII byte may stand inside a name.
  static func isNameByte(_ byte: UInt8) -> Bool {
    (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || isDigit(byte)
      || byte == 0x5f
  }

  private mutating func readName() {
    let start = position
    skipNameBytes()
    let length = position - start
    if length >= 2, length <= 8, bytes[start] >= 0x61,
      let keyword = Token.Kind.keywordsByLetters[Token.Kind.packed(bytes[start..<position])]
    {
      return add(keyword, from: start)
    }
    add(.name, from: start)
  }

  private mutating func skipNameBytes() {
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x80 {
        guard Lexer.isNameByte(byte) else { return }
        position += 1
      } else {
        let (scalar, length) = scalar(at: position)
        guard scalar.properties.isXIDContinue else { return }
        position += length
      }
    }
  }

  private mutating func readBeyondASCII() {
    let start = position
    let (scalar, length) = scalar(at: position)
    if scalar.properties.isXIDStart { return readName() }
    position += length
    if scalar.properties.isWhitespace { return }
    if scalar == "\u{FFFD}", encodingMistake == nil {
      encodingMistake = Diagnostic(
        stage: .source, code: .malformed, "this is not text in UTF-8",
        labels: [Diagnostic.Label(source, Span(start, position))],
        hint: "save the file in UTF-8, or look whether it is a program at all")
    }
    let substitute = Lexer.substitutes[scalar]
    // Typographic quotes come in pairs: one report is enough.
    let isQuote = substitute == "\"" || substitute == "'"
    if !isQuote || !hasReportedQuote {
      report(
        "`\(scalar)` means nothing in rnr", Span(start, position),
        hint: substitute.map { "write \($0)" })
    }
    hasReportedQuote = hasReportedQuote || isQuote
    add(.invalid, from: start)
  }

  /// What is meant by signs that word processors and web pages put in.
  private static let substitutes: [Unicode.Scalar: String] = [
    "\u{201C}": "\"", "\u{201D}": "\"", "\u{2018}": "'", "\u{2019}": "'", "\u{2212}": "-",
    "\u{2013}": "-", "\u{00D7}": "*", "\u{00B7}": "*", "\u{00F7}": "/", "\u{2264}": "<=",
    "\u{221A}": "sqrt(x)", "\u{221E}": "infinity", "\u{2248}": "is_close(a, b)",
    "\u{2209}": "not in", "\u{00AC}": "not", "\u{2227}": "and", "\u{2228}": "or",
    "\u{22C5}": "*", "\u{2211}": "sum(x)", "\u{2026}": "...", "\u{00B3}": "^3",
    "\u{2265}": ">=", "\u{2260}": "!=", "\u{2192}": "->", "\u{2208}": "in", "\u{00B2}": "^2",
  ]

  /// The character that begins at a byte, and its length in bytes.
  private func scalar(at place: Int) -> (Unicode.Scalar, Int) {
    let head = bytes[place]
    let length = head >= 0xf0 ? 4 : head >= 0xe0 ? 3 : head >= 0xc0 ? 2 : 1
    let end = min(place + length, bytes.count)
    let text = String(decoding: bytes[place..<end], as: UTF8.self)
    return (text.unicodeScalars.first ?? "\u{FFFD}", end - place)
  }

  private mutating func readNumber() {
    let start = position
    skipDigits()
    if peek(0) == UInt8(ascii: "."), Lexer.isDigit(peek(1)) {
      position += 1
      skipDigits()
    }
    readExponent()
    if Lexer.isNameByte(peek(0)) { return readMisspelledNumber(start) }
    add(.number, from: start)
  }

  private mutating func skipDigits() {
    // A low line stands between digits only.
    while Lexer.isDigit(peek(0)) || peek(0) == UInt8(ascii: "_") && Lexer.isDigit(peek(1)) {
      position += 1
    }
  }

  private mutating func readExponent() {
    guard peek(0) | 0x20 == UInt8(ascii: "e") else { return }
    let isSigned = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+")
    guard Lexer.isDigit(peek(isSigned ? 2 : 1)) else { return }
    position += isSigned ? 2 : 1
    skipDigits()
  }

  private mutating func readMisspelledNumber(_ start: Int) {
    let digitsEnd = position
    skipNameBytes()
    let digits = String(decoding: bytes[start..<digitsEnd], as: UTF8.self)
    let rest = String(decoding: bytes[digitsEnd..<position], as: UTF8.self)
    report(
      "`\(digits)\(rest)` is neither a number nor a name", Span(start, position),
      hint: Lexer.hint(digits, rest))
    add(.invalid, from: start)
  }

  /// What digits with a rest of name characters behind them may have meant.
  private static func hint(_ digits: String, _ rest: String) -> String {
    switch rest.lowercased() {
    case "e": "an exponent has digits: 1e-4"
    case "j": "there are no complex numbers"
    case let rest where rest.hasPrefix("_"): "low lines stand between digits: 10_000"
    case let rest where digits == "0" && "xbo".contains(rest.prefix(1)):
      "numbers are decimal, such as 255, 1.5 or 1e-4"
    default: "a product is written \(digits) * \(rest)"
    }
  }
}
