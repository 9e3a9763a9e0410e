/// Noting mistakes, one for each, and finding the place to go on.
extension Parser {
  /// Notes a mistake after which the statement can still be read.
  mutating func report(
    _ message: String, at span: Span, _ label: String = "", hint: String?,
    also others: [Diagnostic.Label] = [], code: Diagnostic.Code = .syntax
  ) {
    defer { isStatementBroken = true }
    let isKnown = diagnostics.contains {
      $0.labels.first?.span == span
        || ($0.message == message && $0.place >= tokens[statementStart].start)
    }
    let isText = textOverLines.contains { $0.start < span.start && span.start < $0.end }
    guard !isKnown, !isText, !hasLexerMistake(upTo: max(span.end, token.end)) else { return }
    let labels = [Diagnostic.Label(source, span, label)] + others
    diagnostics.append(
      Diagnostic(stage: .source, code: code, message, labels: labels, hint: hint))
  }

  /// Notes a notation of another language that can be read as what was meant.
  mutating func reportForeign(_ message: String, at span: Span, hint: String?) {
    report(message, at: span, hint: hint, code: .foreign)
  }

  /// Notes a mistake and gives what to throw; further mistakes of a statement are not noted.
  mutating func fail(
    _ message: String, at span: Span, _ label: String = "", hint: String?,
    also others: [Diagnostic.Label] = [], code: Diagnostic.Code = .syntax
  ) -> Abandoned {
    if !isStatementBroken { report(message, at: span, label, hint: hint, also: others, code: code) }
    return Abandoned()
  }

  /// Notes a notation of another language and gives what to throw.
  mutating func failForeign(_ message: String, at span: Span, hint: String?) -> Abandoned {
    fail(message, at: span, hint: hint, code: .foreign)
  }

  /// Whether the lexer found a mistake in the statement under way: what follows comes from it.
  private func hasLexerMistake(upTo end: Int) -> Bool {
    guard !lexerDiagnostics.isEmpty else { return false }
    let start = tokens[statementStart].start
    return lexerDiagnostics.contains { $0.place >= start && $0.place < end }
  }

  /// Skips to the next statement at the nesting of the one that failed.
  mutating func recover(openerCount: Int) {
    let column = indentation(of: statementStart)
    var isUnclosed = false
    if openers.count > openerCount {
      let outermost = openers[openerCount].token
      openers.removeLast(openers.count - openerCount)
      if let partner = partner(of: outermost) {
        index = max(index, partner)
        advance()
      } else {
        isUnclosed = true
      }
    }
    if index == statementStart, kind != .rightBrace { skipOne() }
    while kind != .end, kind != .rightBrace {
      if kind == .semicolon, !isUnclosed { return }
      if token.isAfterNewline, !isUnclosed || isNewStatement(column) { return }
      skipOne()
    }
  }

  /// Moves over a token, or over a whole pair of brackets.
  private mutating func skipOne() {
    if kind.isOpener, let partner = partner(of: index) { index = partner }
    advance()
  }

  /// Whether a line inside a bracket that is never closed looks like a statement of its own.
  private func isNewStatement(_ column: Int) -> Bool {
    kind.beginsOnlyStatements || (indentation(of: index) <= column && !kind.isCloser)
  }

  // MARK: Lines

  /// How far the line of a token is indented, in bytes.
  func indentation(of place: Int) -> Int {
    let start = lineStart(tokens[place].start)
    var end = start
    while end < source.bytes.count, source.bytes[end] == 0x20 || source.bytes[end] == 0x09 {
      end += 1
    }
    return end - start
  }

  /// The first token of the line on which the current one stands.
  var firstOfLine: Int {
    var place = index
    while place > 0, !tokens[place].isAfterNewline { place -= 1 }
    return place
  }

  /// From the current token to the last one of its line that belongs to the statement.
  func restOfLine() -> Span {
    var last = index
    while last + 1 < tokens.count, !tokens[last + 1].isAfterNewline,
      ![.end, .semicolon, .leftBrace, .rightBrace].contains(tokens[last + 1].kind)
    {
      last += 1
    }
    return Span(token.start, tokens[last].end)
  }

  /// Skips what is indented deeper than a column, and the lines that go with it in languages that
  /// have no braces.
  mutating func skipIndentedBlock(deeperThan column: Int) {
    skipLine()
    while kind != .end {
      let isContinued = indentation(of: index) == column && isForeignContinuation
      guard indentation(of: index) > column || isContinued else { return }
      skipLine()
    }
  }

  private mutating func skipLine() {
    repeat { advance() } while kind != .end && !token.isAfterNewline
  }

  private var isForeignContinuation: Bool {
    if kind == .elseKeyword { return true }
    guard kind == .name else { return false }
    return [
      "elif", "elseif", "elsif", "end", "endif", "endfor", "endwhile", "endfunction", "except",
      "finally", "catch", "done", "fi",
    ].contains(text(token))
  }
}

extension Diagnostic {
  /// The first byte it speaks of.
  var place: Int { labels.first?.span.start ?? 0 }
}

// MARK: - Brackets without a partner

extension Parser {
  /// The token that closes the bracket at a token, if any does.
  mutating func partner(of opener: Int) -> Int? {
    let found = partners ?? findPartners()
    partners = found
    return found[opener]
  }

  private func findPartners() -> [Int: Int] {
    var partners: [Int: Int] = [:]
    var open: [Int] = []
    for (place, token) in tokens.enumerated() {
      if token.isAfterNewline, let opener = open.last, beginsAnew(place, inside: opener) {
        // Brackets that are open here stay so, up to the block around them.
        open.removeLast(open.reversed().prefix { tokens[$0].kind.isListOpener }.count)
      }
      if token.kind.isOpener {
        open.append(place)
      } else if token.kind.isCloser, let depth = partnerDepth(token.kind, open),
        tokens[open[depth]].kind.closer == token.kind || !isStray(place, open[depth])
      {
        partners[open[depth]] = place
        open.removeLast(open.count - depth)
      }
    }
    return partners
  }

  /// Whether the first token of a line inside a bracket begins a statement for certain: an
  /// assignment that stands no further right than the line of the bracket, behind no comma.
  private func beginsAnew(_ place: Int, inside opener: Int) -> Bool {
    guard tokens[opener].kind.isListOpener, opener < place - 1, tokens[place - 1].kind != .comma
    else { return false }
    let isAssignment =
      tokens[place].kind == .name && place + 1 < tokens.count && tokens[place + 1].kind == .assign
    return (isAssignment || tokens[place].kind.beginsOnlyStatements)
      && indentation(of: place) <= indentation(of: opener)
  }

  /// Which of the open brackets a closing one ends: braces reach over brackets, not the reverse.
  private func partnerDepth(_ closer: Token.Kind, _ open: [Int]) -> Int? {
    let isBrace = closer == .rightBrace || closer == .interpolationEnd
    for depth in open.indices.reversed() {
      let opener = tokens[open[depth]].kind
      if opener.closer == closer { return depth }
      if !isBrace, opener == .leftBrace || opener == .interpolationStart { break }
    }
    guard !isBrace, let last = open.last, tokens[last].kind != .leftBrace,
      tokens[last].kind != .interpolationStart
    else { return nil }
    return open.count - 1
  }

  /// Whether a closing bracket of the wrong form is one too many, as the right one follows.
  private func isStray(_ closer: Int, _ opener: Int) -> Bool {
    let wanted = tokens[opener].kind.closer
    var depth = 0
    for token in tokens[(closer + 1)...].prefix(Parser.strayReach) {
      if token.kind.isOpener {
        depth += 1
      } else if token.kind.isCloser {
        if depth == 0 { return token.kind == wanted }
        depth -= 1
      }
    }
    return false
  }

  /// How many tokens behind a wrong bracket the right one is looked for.
  private static let strayReach = 500

  /// Whether the current token closes a bracket that is open somewhere before it.
  private mutating func closesSomething() -> Bool {
    let found = partners ?? findPartners()
    partners = found
    return found.values.contains(index)
  }

  /// Skips the `}` of a block whose `{` is missing, where it stands below the block's beginning.
  mutating func skipLoneBrace(at column: Int) {
    guard kind == .rightBrace, token.isAfterNewline, indentation(of: index) == column,
      !closesSomething()
    else { return }
    advance()
  }

  /// The mistake at hand as one about a bracket that is never closed, if that is its cause.
  mutating func unclosedBracket() -> Abandoned? {
    guard let opener = openers.last(where: { tokens[$0.token].kind != .leftBrace })?.token,
      opener >= statementStart, partner(of: opener) == nil
    else { return nil }
    let first = firstOfLine
    let isLaterLine = first > opener && indentation(of: first) <= indentation(of: opener)
    guard isLaterLine || token.isAfterNewline || kind == .end || kind == .rightBrace else {
      return nil
    }
    if first > opener { index = first }
    let end = tokens[index - 1].end
    let closer = tokens[opener].kind == .leftBracket ? "]" : ")"
    return fail(
      "`\(text(tokens[opener]))` is not closed", at: tokens[opener].span, hint: nil,
      also: end > tokens[opener].end && kind != .end
        ? [.init(source, Span(end, end), "\(closer) is missing, perhaps here")] : [],
      code: .unclosed)
  }

  /// Whether the current token closes a bracket around the block under way.
  var closesOuterBracket: Bool {
    kind.isCloser && kind != .rightBrace
      && openers.contains { tokens[$0.token].kind.closer == kind }
  }

  /// Notes a block that lacks its `}` before a bracket around it closes.
  mutating func reportOpenBrace(_ opener: Int) {
    report(
      "`{` is not closed", at: tokens[opener].span, hint: nil,
      also: [.init(source, token.span, "} is missing, perhaps before this")], code: .unclosed)
  }

  /// The mistake of a block that reaches the end of the text.
  ///
  /// The brace that lacks its partner is often not the outermost: where a `}` stands further left
  /// than the line of the `{` it closes, that `{` is the one.
  mutating func failOpenBrace(_ opener: Int) -> Abandoned {
    for place in opener..<tokens.count where tokens[place].kind == .leftBrace {
      guard let closer = partner(of: place), tokens[closer].isAfterNewline,
        indentation(of: closer) < indentation(of: place)
      else { continue }
      return fail(
        "`{` is not closed", at: tokens[place].span, hint: nil,
        also: [.init(source, tokens[closer].span, "this } stands further left than its line")],
        code: .unclosed)
    }
    return fail("`{` is not closed", at: tokens[opener].span, hint: nil, code: .unclosed)
  }
}

extension Token.Kind {
  /// Whether it opens a list of values or arguments, and no block.
  fileprivate var isListOpener: Bool { self == .leftParenthesis || self == .leftBracket }
}
