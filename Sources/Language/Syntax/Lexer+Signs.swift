extension Lexer {
  /// Reads an operator, a bracket or another sign.
  mutating func readSign(_ byte: UInt8) {
    let start = position
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): readOpener(byte)
    case UInt8(ascii: ")"), UInt8(ascii: "]"): readCloser(byte)
    case UInt8(ascii: "}"): readBrace()
    case UInt8(ascii: ":"): readColon()
    case UInt8(ascii: "."): readDots()
    case UInt8(ascii: "/"): readSlash()
    case UInt8(ascii: "%") where isComment: readForeignComment()
    case UInt8(ascii: ","): add(.comma, length: 1)
    case UInt8(ascii: ";"): add(.semicolon, length: 1)
    default:
      if let (kind, length) = operatorSign(byte) { return add(kind, length: length) }
      position += 1
      report(
        "`\(Lexer.shown(byte))` means nothing in rnr", Span(start, position), hint: nil)
      add(.invalid, from: start)
    }
  }

  private static func shown(_ byte: UInt8) -> String {
    byte < 0x20 || byte == 0x7f
      ? "\\u{" + String(byte, radix: 16) + "}" : String(Unicode.Scalar(byte))
  }

  private mutating func add(_ kind: Token.Kind, length: Int) {
    let start = position
    position += length
    add(kind, from: start)
  }

  /// The operator that begins here, the longest that fits.
  private func operatorSign(_ byte: UInt8) -> (Token.Kind, Int)? {
    let next = peek(1)
    let isAssigned = next == UInt8(ascii: "=")
    switch byte {
    case UInt8(ascii: "+"): return isAssigned ? (.plusAssign, 2) : (.plus, 1)
    case UInt8(ascii: "-"):
      if next == UInt8(ascii: ">") { return (.arrow, 2) }
      return isAssigned ? (.minusAssign, 2) : (.minus, 1)
    case UInt8(ascii: "*"):
      if next == byte { return (.doubleStar, 2) }
      return isAssigned ? (.starAssign, 2) : (.star, 1)
    case UInt8(ascii: "%"): return isAssigned ? (.percentAssign, 2) : (.percent, 1)
    case UInt8(ascii: "@"): return isAssigned ? (.atAssign, 2) : (.at, 1)
    case UInt8(ascii: "^"): return isAssigned ? (.caretAssign, 2) : (.caret, 1)
    case UInt8(ascii: "="):
      if isAssigned { return peek(2) == byte ? (.tripleEqual, 3) : (.equal, 2) }
      return next == UInt8(ascii: ">") ? (.fatArrow, 2) : (.assign, 1)
    case UInt8(ascii: "<"):
      if next == UInt8(ascii: ">") { return (.lessGreater, 2) }
      return isAssigned ? (.lessOrEqual, 2) : (.less, 1)
    case UInt8(ascii: ">"): return isAssigned ? (.greaterOrEqual, 2) : (.greater, 1)
    default: return foreignSign(byte, next)
    }
  }

  private func foreignSign(_ byte: UInt8, _ next: UInt8) -> (Token.Kind, Int)? {
    switch byte {
    case UInt8(ascii: "!"): next == UInt8(ascii: "=") ? (.notEqual, 2) : (.bang, 1)
    case UInt8(ascii: "|"):
      next == UInt8(ascii: ">") ? (.pipe, 2) : next == byte ? (.doubleBar, 2) : (.bar, 1)
    case UInt8(ascii: "&"): next == byte ? (.doubleAmpersand, 2) : (.ampersand, 1)
    case UInt8(ascii: "~"): next == UInt8(ascii: "=") ? (.tildeAssign, 2) : (.tilde, 1)
    case UInt8(ascii: "?"): (.question, 1)
    case UInt8(ascii: "\\"): (.backslash, 1)
    case UInt8(ascii: "$"): (.dollar, 1)
    default: nil
    }
  }

  private mutating func readDots() {
    guard peek(1) == UInt8(ascii: ".") else { return add(.dot, length: 1) }
    switch peek(2) {
    case UInt8(ascii: "."): add(.ellipsis, length: 3)
    case UInt8(ascii: "="): add(.closedRange, length: 3)
    default: add(.range, length: 2)
    }
  }
}

// MARK: - Brackets

extension Lexer {
  private mutating func readOpener(_ byte: UInt8) {
    brackets.append(byte)
    add(
      byte == UInt8(ascii: "(")
        ? .leftParenthesis : byte == UInt8(ascii: "[") ? .leftBracket : .leftBrace, length: 1)
  }

  private mutating func readCloser(_ byte: UInt8) {
    let opener = byte == UInt8(ascii: ")") ? UInt8(ascii: "(") : UInt8(ascii: "[")
    if let last = brackets.last, last != UInt8(ascii: "{"), last == opener || !hasOpen(opener) {
      brackets.removeLast()
    } else if hasOpen(opener) {
      while brackets.popLast() != opener {}
    }
    add(byte == UInt8(ascii: ")") ? .rightParenthesis : .rightBracket, length: 1)
  }

  /// Whether a bracket of this form is open since the last brace.
  private func hasOpen(_ opener: UInt8) -> Bool {
    for bracket in brackets.reversed() {
      if bracket == opener { return true }
      if bracket == UInt8(ascii: "{") { return false }
    }
    return false
  }

  private mutating func readBrace() {
    if let string = strings.last, !hasOpenBrace(above: string.bracketCount) {
      brackets.removeLast(brackets.count - string.bracketCount + 1)
      add(.interpolationEnd, length: 1)
      return resumeString()
    }
    while let bracket = brackets.popLast(), bracket != UInt8(ascii: "{") {}
    add(.rightBrace, length: 1)
  }

  private func hasOpenBrace(above count: Int) -> Bool {
    brackets[min(count, brackets.count)...].contains(UInt8(ascii: "{"))
  }

  private mutating func readColon() {
    if let string = strings.last, brackets.count == string.bracketCount { return readFormat() }
    if peek(1) == UInt8(ascii: "=") { return add(.colonAssign, length: 2) }
    add(.colon, length: 1)
  }

  /// `:.4f` up to the brace that ends the value.
  private mutating func readFormat() {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "\"") || byte == 0x0a { break }
      position += 1
    }
    add(.format, from: start)
  }
}

// MARK: - Comments of other languages

extension Lexer {
  /// Whether a sign at the start of a line can only begin a comment.
  private var isComment: Bool {
    isAfterNewline && strings.isEmpty && (brackets.last ?? UInt8(ascii: "{")) == UInt8(ascii: "{")
  }

  private mutating func readSlash() {
    let next = peek(1)
    if next == UInt8(ascii: "*") { return readBlockComment() }
    if next == UInt8(ascii: "/") {
      if isComment { return readForeignComment() }
      let isAssigned = peek(2) == UInt8(ascii: "=")
      return add(isAssigned ? .floorDivideAssign : .floorDivide, length: isAssigned ? 3 : 2)
    }
    let isAssigned = next == UInt8(ascii: "=")
    add(isAssigned ? .slashAssign : .slash, length: isAssigned ? 2 : 1)
  }

  private mutating func readForeignComment() {
    let start = position
    while peek(0) == bytes[start] { position += 1 }
    let sign = Span(start, position)
    if let command = foreignCommand() {
      report(
        "`\(source.text(Span(start, command.end)))` is no command of rnr", Span(start, command.end),
        hint: command.hint, code: .foreign)
    } else {
      reportComment(sign)
    }
    skipLine()
  }

  /// A command of IPython behind its `%`: where it ends, and what to type.
  private func foreignCommand() -> (end: Int, hint: String)? {
    var end = position
    while end < bytes.count, Lexer.isNameByte(bytes[end]) { end += 1 }
    let hints = [
      "timeit": ":time expr", "time": ":time expr", "prun": ":profile expr", "run": ":load file",
      "load": ":load file", "save": ":save file", "reset": ":reset", "who": ":vars",
      "whos": ":vars", "history": ":history", "pdoc": "?name", "psource": "??name",
    ]
    let word = String(decoding: bytes[position..<end], as: UTF8.self)
    return hints[word].map { (end, "at the prompt: \($0)") }
  }

  private mutating func readBlockComment() {
    let start = position
    position += 2
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") { break }
      position += 1
    }
    if position < bytes.count {
      position += 2
    } else {
      position = start + 2
      skipLine()
    }
    reportComment(Span(start, start + 2))
  }

  private mutating func reportComment(_ sign: Span) {
    guard !hasReportedComment else { return }
    hasReportedComment = true
    report(
      "`\(source.text(sign))` does not begin a comment", sign,
      hint: "write #, which makes the rest of the line a comment", code: .foreign)
  }
}
