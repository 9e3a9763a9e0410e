extension Lexer {
  /// What ends a run of text inside a string.
  private enum Stop {
    case quote, brace, newline, end
  }

  /// Reads `"..."` or `"""..."""` up to its end or its first value.
  mutating func readString() {
    let start = position
    let isLong = peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"")
    position += isLong ? 3 : 1
    switch skipText(isLong: isLong) {
    case .quote:
      position += isLong ? 3 : 1
      add(isLong ? .longString : .string, from: start)
    case .brace: openInterpolation(start, isLong: isLong)
    case .newline, .end: breakString(start, isLong: isLong)
    }
  }

  private mutating func openInterpolation(_ start: Int, isLong: Bool) {
    let textEnd = position
    let first = tokens.count
    position = start + (isLong ? 3 : 1)
    add(isLong ? .longStringStart : .stringStart, from: start)
    addText(from: position, to: textEnd)
    openValue(OpenString(start: start, brace: 0, isLong: isLong, token: first, bracketCount: 0))
  }

  private mutating func addText(from start: Int, to end: Int) {
    position = end
    if start < end { add(.stringText, from: start) }
  }

  private mutating func openValue(_ string: OpenString) {
    var string = string
    string.brace = position
    brackets.append(UInt8(ascii: "{"))
    string.bracketCount = brackets.count
    strings.append(string)
    position += 1
    add(.interpolationStart, from: string.brace)
  }

  /// Goes on with a string behind the brace that ended a value.
  mutating func resumeString() {
    guard let string = strings.popLast() else { return }
    let start = position
    let stop = skipText(isLong: string.isLong)
    let end = position
    addText(from: start, to: end)
    switch stop {
    case .quote:
      position = end + (string.isLong ? 3 : 1)
      add(.stringEnd, from: end)
    case .brace: openValue(string)
    case .newline, .end: breakString(string)
    }
  }

  private mutating func skipText(isLong: Bool) -> Stop {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\\"): skipEscape(isLong: isLong)
      case UInt8(ascii: "{"): return .brace
      case 0x0a where !isLong: return .newline
      case UInt8(ascii: "\"") where !isLong || isTripleQuote: return .quote
      default: position += 1
      }
    }
    position = bytes.count
    return .end
  }

  /// The brace of `\u{3bb}` belongs to the escape; a newline is none.
  private mutating func skipEscape(isLong: Bool) {
    if peek(1) == UInt8(ascii: "u"), peek(2) == UInt8(ascii: "{") {
      position += 3
    } else {
      position += peek(1) == 0x0a && !isLong ? 1 : 2
    }
  }

  private var isTripleQuote: Bool {
    peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"")
  }

  /// Reads `'...'`, in which every character stands for itself.
  mutating func readRawString() {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "'"), bytes[position] != 0x0a {
      position += 1
    }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "'") else {
      reportOpenQuote(start)
      return add(.brokenString, from: start)
    }
    position += 1
    if endsInEscape { skipEscapedQuotes() }
    add(.rawString, from: start)
  }

  /// Whether the quote just passed was meant as `\'`: a word follows it, and another quote.
  private var endsInEscape: Bool {
    guard bytes[position - 2] == UInt8(ascii: "\\"), position < bytes.count,
      Lexer.isNameByte(bytes[position])
    else { return false }
    var place = position
    while place < bytes.count, bytes[place] != 0x0a {
      if bytes[place] == UInt8(ascii: "'") { return true }
      place += 1
    }
    return false
  }

  /// Notes `'it\'s'` once, and goes to its end.
  private mutating func skipEscapedQuotes() {
    report(
      "`\\'` does not put a quote into '...', which takes every sign as it is",
      Span(position - 2, position), hint: "a string with ' in it goes between double quotes",
      code: .foreign)
    while endsInEscape {
      while bytes[position] != UInt8(ascii: "'") { position += 1 }
      position += 1
    }
  }
}

// MARK: - Strings that are not closed

extension Lexer {
  /// Whether a quote that opens nothing more on its line may close the string that was begun on an
  /// earlier one: a text of several lines between single quotes is one mistake.
  private func mayCloseEarlier(_ start: Int) -> Bool {
    guard let openQuote, bytes[start] == bytes[openQuote],
      bytes[openQuote..<start].count(where: { $0 == 10 }) <= Lexer.reachOfOpenQuote
    else { return false }
    let rest = bytes[(start + 1)...].prefix { $0 != 10 }
    return rest.allSatisfy { " )]},;\r".utf8.contains($0) }
  }

  private mutating func reportOpenQuote(_ start: Int) {
    if mayCloseEarlier(start), let openQuote {
      textOverLines.append(Span(openQuote, start + 1))
      self.openQuote = nil
      return
    }
    openQuote = start
    let isTransposed =
      bytes[start] == UInt8(ascii: "'") && start > 0
      && (Lexer.isNameByte(bytes[start - 1]) || [0x29, 0x5d, 0x2e].contains(bytes[start - 1]))
    let quote = String(Unicode.Scalar(bytes[start]))
    report(
      "string not closed", Span(start, start + 1), "it begins here",
      hint: isTransposed
        ? "a transposed matrix is written x.T; text goes between double quotes"
        : "end it with \(quote) on the same line"
          + (quote == "\"" ? "; \"\"\" begins a string of several lines" : ""),
      code: .unclosed)
  }

  private mutating func breakString(_ start: Int, isLong: Bool) {
    if isLong {
      endsInLongString = true
      report(
        "string not closed", Span(start, start + 3), "it begins here",
        hint: "end it with \"\"\"", code: .unclosed)
    } else {
      reportOpenQuote(start)
    }
    add(.brokenString, from: start)
  }

  private mutating func breakString(_ string: OpenString) {
    shrink(string)
    breakString(string.start, isLong: string.isLong)
  }

  /// Takes back the parts of a string that will not be closed.
  private mutating func shrink(_ string: OpenString) {
    isAfterNewline = tokens[string.token].isAfterNewline
    tokens.removeLast(tokens.count - string.token)
  }

  /// At the end of a line, the outermost string of one line that is open at a value is broken.
  mutating func closeStringsAtNewline() {
    guard let outer = strings.firstIndex(where: { !$0.isLong }) else { return }
    breakAtBrace(outer)
  }

  /// At the end of the text, the outermost string that is open at a value is broken.
  mutating func closeStringsAtEnd() {
    guard let outer = strings.first else { return }
    endsInLongString = endsInLongString || outer.isLong
    breakAtBrace(0)
  }

  private mutating func breakAtBrace(_ place: Int) {
    let string = strings[place]
    strings.removeLast(strings.count - place)
    brackets.removeLast(max(0, brackets.count - string.bracketCount + 1))
    // An inner string that broke on the way has been reported at its own quote: this is the cause.
    diagnostics.removeAll { ($0.labels.first?.span.start ?? 0) > string.start }
    report(
      "`{` in a string is not closed", Span(string.brace, string.brace + 1),
      "a value begins here", hint: "end the value with }, or write \\{ for a plain brace",
      code: .unclosed)
    shrink(string)
    add(.brokenString, from: string.start)
  }
}
