/// Expressions as other languages write them: one report each, with what to write in rnr.
extension Parser {
  // MARK: Operators

  /// Notes an operator of another language, which is then read as the one that was meant.
  mutating func reportForeignOperator() {
    let hint: String
    switch kind {
    case .doubleStar where token(ahead: 1).kind == .assign && token(ahead: 1).start == token.end:
      return reportForeign(
        "`**=` is not an operator", at: token.span.to(token(ahead: 1).span), hint: "write ^=")
    case .doubleStar: hint = "a power is written x^2"
    case .doubleAmpersand, .ampersand: hint = "write and"
    case .doubleBar, .bar: hint = "write or"
    case .tildeAssign, .lessGreater: hint = "write !="
    case .tripleEqual: hint = "write =="
    default: return
    }
    reportForeign("`\(text(token))` is not an operator", at: token.span, hint: hint)
  }

  /// `x++` and `x--` behind their variable; the first sign is passed already.
  mutating func rejectDoubled(_ sign: Span, _ left: Expression) throws(Abandoned) {
    guard kind == .plus || kind == .minus, token.start == sign.end,
      source.bytes[sign.start] == source.bytes[token.start]
    else { return }
    let next = token(ahead: 1)
    guard next.isAfterNewline || next.kind.isCloser || next.kind == .end || next.kind == .semicolon
    else { return }
    throw failIncrement(sign.to(token.span), source.text(left.span))
  }

  /// `++x` and `--x`, on nothing else than a variable.
  mutating func rejectIncrement() throws(Abandoned) {
    let second = token(ahead: 1)
    guard second.kind == kind, second.start == token.end, index == statementStart,
      token(ahead: 2).kind == .name, token(ahead: 2).start == second.end
    else { return }
    throw failIncrement(token.span.to(second.span), text(token(ahead: 2)))
  }

  private mutating func failIncrement(_ span: Span, _ name: String) -> Abandoned {
    let sign = source.text(Span(span.start, span.start + 1))
    return failForeign(
      "`\(source.text(span))` is not an operator", at: span, hint: "write \(name) \(sign)= 1")
  }

  /// `x is y`, `x is not y`, `0...10` and `xs...`, or nil if none of them stands here.
  mutating func parseForeignOperator(
    _ left: Expression, _ minimum: Binding
  ) throws(Abandoned) -> Expression? {
    if kind == .ellipsis { return try parseEllipsis(left, minimum) }
    guard isWord("is"), minimum.rawValue <= Binding.comparison.rawValue else { return nil }
    let isNegated = token(ahead: 1).kind == .notKeyword
    let sign = isNegated ? token.span.to(token(ahead: 1).span) : token.span
    reportForeign(
      "`\(isNegated ? "is not" : "is")` is not an operator", at: sign,
      hint: isNegated ? "write !=" : "write ==")
    advance()
    if isNegated { advance() }
    let right = try parseOperation(.range)
    return Expression(
      .binary(isNegated ? .notEqual : .equal, left, right, sign), left.span.to(right.span))
  }

  private mutating func parseEllipsis(
    _ left: Expression, _ minimum: Binding
  ) throws(Abandoned) -> Expression? {
    guard minimum.rawValue <= Binding.range.rawValue, !token.isAfterNewline else { return nil }
    let sign = token
    let next = token(ahead: 1)
    if next.kind.isCloser || next.kind == .comma {
      reportForeign(
        "`...` does not spread", at: sign.span, hint: "write ..\(source.text(left.span))")
      advance()
      return left
    }
    let start = source.text(left.span)
    let end = next.kind == .number || next.kind == .name ? text(next) : "n"
    reportForeign(
      "`...` is not an operator", at: sign.span,
      hint: "write \(start)..\(end), or \(start)..=\(end) to include \(end)")
    advance()
    let right = try parseOperation(.sum)
    return Expression(.range(left, right, isClosed: true), left.span.to(right.span))
  }

  // MARK: Behind an operand

  /// `.*`, `.5`, `1.`, `x.'`: what is wrong behind a dot.
  mutating func failField(_ base: Expression, _ dot: Token) -> Abandoned {
    let (span, sign) = (dot.span.to(token.span), text(token))
    if isAdjacent {
      switch kind {
      case .star, .slash, .caret, .plus, .minus, .doubleStar, .starAssign, .slashAssign:
        return failForeign(
          "`.\(sign)` is not an operator", at: span,
          hint: "\(sign) works element by element; the product of matrices is @")
      case .rawString, .brokenString:
        isStatementBroken = isStatementBroken || kind == .brokenString
        return failForeign(
          "`.'` is not an operator", at: Span(dot.start, dot.end + 1),
          hint: "a transposed matrix is written x.T")
      case .number:
        return failForeign(
          "a field has a name, not a number", at: span,
          hint: "an item is taken with \(source.text(base.span))[\(sign)]")
      default: break
      }
    }
    if case .number = base.kind {
      return failForeign(
        "a number does not end with a point", at: base.span.to(dot.span),
        hint: "write \(source.text(base.span)).0")
    }
    if let unclosed = unclosedBracket() { return unclosed }
    return failForeign("expected the name of a field behind the dot", at: dot.span, hint: nil)
  }

  /// `x'`, `f"..."`, `'it''s'`: a string that directly follows an operand.
  mutating func rejectAdjacent(_ operand: Expression) throws(Abandoned) {
    switch kind {
    case .rawString, .brokenString, .string, .stringStart, .longString, .longStringStart: break
    default: return
    }
    let before = tokens[index - 1]
    let isQuote = source.bytes[token.start] == UInt8(ascii: "'")
    if before.kind == .rawString || before.kind == .string || before.kind == .stringEnd {
      throw failForeign(
        "two strings side by side", at: before.span.to(token.span),
        hint: before.kind == .rawString && isQuote
          ? "a string with ' in it goes between double quotes" : "join strings with +")
    }
    if before.kind == .name, ["f", "r", "b", "u"].contains(text(before).lowercased()) {
      throw failForeign(
        "a string has no letter before its quote", at: before.span,
        hint: text(before).lowercased() == "r"
          ? "'...' takes every sign as it is" : "every \"...\" replaces {x} by the value of x")
    }
    if isQuote, before.kind == .name || before.kind.isCloser {
      throw failForeign(
        "`'` is not an operator", at: Span(token.start, token.start + 1),
        hint: "a transposed matrix is written \(source.text(operand.span)).T")
    }
  }

  /// `a if c else b`.
  mutating func parseForeignConditional(_ value: Expression) throws(Abandoned) -> Expression {
    throw failConditionBehindValue(source.text(value.span))
  }

  mutating func failConditionBehindValue(_ value: String = "a") -> Abandoned {
    var place = index
    var depth = 0
    while ![.elseKeyword, .end].contains(tokens[place].kind), !tokens[place + 1].isAfterNewline,
      tokens[place + 1].kind != .end
    {
      // What closes a bracket around the value ends the condition.
      if tokens[place + 1].kind.isOpener { depth += 1 }
      if tokens[place + 1].kind.isCloser { depth -= 1 }
      if depth < 0 { break }
      place += 1
    }
    let hasElse = tokens[place].kind == .elseKeyword
    let condition = source.text(
      Span(token.end, hasElse ? tokens[place].start : tokens[place].end))
    let trimmed = condition.split(separator: " ").joined(separator: " ")
    let head = Parser.brief(trimmed, or: "c")
    let other = hasElse ? Parser.brief(text(behind: place), or: "b") : "b"
    let first = other == "b" ? "a" : Parser.brief(value, or: "a")
    return failForeign(
      "`if` stands before its value", at: token.span,
      hint: hasElse
        ? "write if \(head) { \(first) } else { \(other) }" : "write if \(head) { ... }")
  }

  /// A text as a hint repeats it; another one where it is long, or nothing.
  private static func brief(_ text: String, or other: String) -> String {
    text.isEmpty || text.utf8.count > 40 || text.contains("\n") ? other : text
  }

  /// What stands between a token and the end of its line, or the bracket around it.
  private func text(behind place: Int) -> String {
    var last = place
    var depth = 0
    while last + 1 < tokens.count, !tokens[last + 1].isAfterNewline {
      let next = tokens[last + 1].kind
      if next.isOpener { depth += 1 }
      if next.isCloser { depth -= 1 }
      let ends: [Token.Kind] = [.comma, .semicolon, .forKeyword]
      if depth < 0 || next == .end || (depth == 0 && ends.contains(next)) {
        break
      }
      last += 1
    }
    guard last > place else { return "" }
    return source.text(Span(tokens[place + 1].start, tokens[last].end))
  }

  /// `c ? a : b` and `1:10` outside of an index.
  mutating func parseForeignContinuation(_ left: Expression) throws(Abandoned) -> Expression {
    if kind == .question {
      let next = token(ahead: 1)
      let isWhole = left.span.start == tokens[statementStart].start
      if isWhole, next.isAfterNewline || next.kind == .end || next.kind == .question {
        throw failForeign(
          "`?` stands before what is asked for", at: token.span,
          hint:
            "at the prompt: ?\(source.text(left.span)), or ??\(source.text(left.span)) for its text"
        )
      }
      throw failForeign(
        "`?` is not an operator", at: token.span,
        hint: "write if \(source.text(left.span)) { a } else { b }")
    }
    if context.isInIndex || context.isInCondition { return left }
    return try parseColonRange(left)
  }

  // MARK: Words for values

  /// `None`, `lambda x: ...`, `end`, `new T(...)`, or nil if the name is just a name.
  mutating func parseForeignName(_ name: String) throws(Abandoned) -> Expression? {
    switch name.utf8.first {
    case UInt8(ascii: "N"), UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "n"),
      UInt8(ascii: "u"), UInt8(ascii: "l"), UInt8(ascii: "f"), UInt8(ascii: "e"):
      break
    default: return nil
    }
    let span = token.span
    switch name {
    case "None", "null", "nil", "NULL", "Null", "undefined", "nothing":
      return foreignConstant("none", .none, span)
    case "True", "TRUE": return foreignConstant("true", .boolean(true), span)
    case "False", "FALSE": return foreignConstant("false", .boolean(false), span)
    case "lambda": return try parseForeignLambda()
    case "function", "func": return try parseForeignFunctionValue()
    case "new" where token(ahead: 1).kind == .name && !token(ahead: 1).isAfterNewline:
      reportForeign("`new` is not needed", at: span, hint: "call the type: T(...)")
      advance()
      try enter()
      let value = try parsePrimary()
      leave()
      return value
    case "end" where context.isInIndex:
      reportForeign(
        "`end` means nothing in an index", at: span,
        hint: "the last item is x[-1]; a slice to the end leaves it out: x[2:]")
      advance()
      return leaf(.number(-1), span)
    default: return nil
    }
  }

  private mutating func foreignConstant(
    _ word: String, _ value: Expression.Kind, _ span: Span
  ) -> Expression {
    reportForeign("`\(text(token))` is not a value of rnr", at: span, hint: "write \(word)")
    advance()
    return leaf(value, span)
  }

  /// `lambda x, y: x + y`.
  private mutating func parseForeignLambda() throws(Abandoned) -> Expression? {
    let next = token(ahead: 1)
    guard !next.isAfterNewline, next.kind == .name || next.kind == .colon else { return nil }
    let keyword = token
    var colon = index + 1
    while [.name, .comma].contains(tokens[colon].kind) { colon += 1 }
    let names = source.text(Span(next.start, tokens[colon].start))
      .split(separator: " ").joined(separator: " ")
    let isPlain = next.kind == .name && colon == index + 2
    let body = Parser.brief(tokens[colon].kind == .colon ? text(behind: colon) : "", or: "...")
    reportForeign(
      "a lambda is written with `->`", at: keyword.span,
      hint: "write " + (isPlain ? names : "(\(names))") + " -> " + body)
    guard tokens[colon].kind == .colon else { throw Abandoned() }
    index = colon
    advance()
    return try parseLambdaBody([], keyword.span, after: tokens[colon])
  }

  /// `function(x) { ... }` and `fn(x) { ... }`.
  private mutating func parseForeignFunctionValue() throws(Abandoned) -> Expression? {
    guard token(ahead: 1).kind == .leftParenthesis, let closer = partner(of: index + 1),
      tokens[closer + 1].kind == .leftBrace, !tokens[closer + 1].isAfterNewline
    else { return nil }
    throw failFunctionValue()
  }

  private mutating func failFunctionValue() -> Abandoned {
    var parameters = "(x)"
    if let closer = partner(of: index + 1) {
      parameters = source.text(token(ahead: 1).span.to(tokens[closer].span))
    }
    return failForeign(
      "a function without a name is a lambda", at: token.span,
      hint: "write \(parameters) -> { ... }")
  }

  /// What cannot begin an expression.
  mutating func parseForeignPrimary() throws(Abandoned) -> Expression {
    switch kind {
    case .dot where token(ahead: 1).kind == .number && token(ahead: 1).start == token.end:
      let number = token(ahead: 1)
      reportForeign(
        "a number begins with a digit", at: token.span.to(number.span),
        hint: "write 0.\(text(number))")
      advance()
      return try parseNumber()
    case .fnKeyword where token(ahead: 1).kind == .leftParenthesis: throw failFunctionValue()
    case .at where token(ahead: 1).kind == .leftParenthesis && token(ahead: 1).start == token.end:
      throw failForeign(
        "`@` begins no function", at: token.span,
        hint: "a lambda is written x -> x^2, (a, b) -> a + b")
    case .bar where token(ahead: 1).kind == .name, .doubleBar:
      throw failForeign(
        "`\(text(token))` begins no function", at: token.span,
        hint: "a lambda is written x -> x^2, (a, b) -> a + b, () -> 1")
    case .elseKeyword: throw failElse()
    case .forKeyword where unclosedBracket() == nil:
      throw failForeign(
        "`for` has no value", at: token.span,
        hint: "a list is made with [f(x) for x in xs]")
    case .range, .closedRange:
      throw failForeign(
        "the range has no beginning", at: token.span,
        hint: "write 0..10; in an index, x[:10] takes all before 10")
    case .arrow, .fatArrow:
      throw failForeign(
        "`\(text(token))` lacks its parameters", at: token.span,
        hint: "a lambda without parameters is written () -> ...")
    case .ellipsis, .question, .dollar, .backslash:
      throw failForeignSign()
    case .rightParenthesis where index == statementStart,
      .rightBracket where index == statementStart:
      throw failForeign("this \(text(token)) closes nothing", at: token.span, hint: nil)
    default: throw failValue()
    }
  }

  private mutating func failForeignSign() -> Abandoned {
    if let unclosed = unclosedBracket() { return unclosed }
    return failForeign(
      "`\(text(token))` is no value", at: token.span,
      hint: kind == .ellipsis ? "`...` stands only inside an index" : foreignSignHint)
  }

  private mutating func failValue() -> Abandoned {
    let isStatementWord = kind.beginsOnlyStatements && !token.isAfterNewline
    guard isStatementWord, openers.isEmpty || partner(of: openers[openers.count - 1].token) != nil
    else { return unexpected(.value) }
    return failForeign(
      "`\(text(token))` begins a statement and has no value", at: token.span, hint: nil)
  }

  // MARK: Between brackets

  mutating func failBareComprehension(_ opener: Int) -> Abandoned {
    failForeign(
      "a comprehension stands in brackets", at: token.span,
      hint: "write [... for x in xs]")
  }

  /// Whether `...xs`, `*xs` or `**xs` begins here.
  var isForeignSpread: Bool {
    switch kind {
    case .ellipsis, .star, .doubleStar:
      token(ahead: 1).start == token.end && token(ahead: 1).kind.beginsValue
    default: false
    }
  }

  mutating func reportForeignSpread() {
    reportForeign(
      "`\(text(token))` does not spread", at: token.span,
      hint: "write ..\(text(token(ahead: 1)))")
  }

  /// `f(k: 1)`, `("k": 1)`.
  mutating func reportColonElement(_ name: Token, _ sign: Token) {
    let label = name.kind == .string ? String(text(name).dropFirst().dropLast()) : text(name)
    reportForeign(
      sign.kind == .assign
        ? "the name of a value has no quotes" : "`\(text(sign))` does not name a value",
      at: sign.kind == .assign ? name.span : sign.span, hint: "write \(label)=...")
  }

  /// `x = {}`.
  mutating func reportEmptyBraces() {
    reportForeign(
      "`{}` is an empty block, and no value", at: token.span.to(token(ahead: 1).span),
      hint: "an empty record is written ()")
  }

  mutating func reportEmptyIndex(_ opener: Int) {
    reportForeign(
      "the index is empty", at: tokens[opener].span.to(token.span),
      hint: "x[:] takes everything")
  }

  mutating func reportSliceEnd() {
    reportForeign(
      "`end` means nothing in an index", at: token.span, hint: "leave it out: x[1:]")
  }
}
