extension Parser {
  mutating func parseFor() throws(Abandoned) -> Statement.Kind {
    let keyword = token
    advance()
    if let loop = try parseForeignFor(keyword) { return loop }
    var pattern = try parsePattern()
    if kind == .comma { pattern = try acceptBarePattern(pattern) }
    if kind == .assign || kind == .colon || isWord("of") {
      reportForSign()
      advance()
    } else if !accept(.inKeyword) {
      throw unexpected(.forIn)
    }
    let first = try parseExpression()
    let items = try parseColonRange(first)
    return .forLoop(pattern, items, try parseBlock(after: keyword))
  }

  mutating func parseWhile() throws(Abandoned) -> Statement.Kind {
    let keyword = token
    advance()
    let condition = try parseCondition()
    return .whileLoop(condition, try parseBlock(after: keyword))
  }

  /// An expression that is tested; `=` in it is taken for `==` after a report.
  mutating func parseCondition() throws(Abandoned) -> Expression {
    if kind == .leftBrace {
      throw fail(
        "`\(text(tokens[index - 1]))` lacks its condition", at: tokens[index - 1].span, hint: nil)
    }
    let outer = context.isInCondition
    context.isInCondition = true
    defer { context.isInCondition = outer }
    let left = try parseExpression()
    guard continuation == .assign else { return left }
    let sign = token
    report("`=` assigns; a condition compares", at: sign.span, hint: "write == for equality")
    advance()
    let right = try parseExpression()
    return Expression(.binary(.equal, left, right, sign.span), left.span.to(right.span))
  }

  mutating func parseIf() throws(Abandoned) -> Expression {
    let keyword = token
    try enter()
    advance()
    let condition = try parseCondition()
    leave()
    var tallest = height
    let body = try parseBlock(after: keyword)
    tallest = max(tallest, height)
    let otherwise = try parseElse()
    try grow(over: max(tallest, otherwise == nil ? 0 : height))
    return Expression(
      .conditional(condition, body, otherwise), span(from: keyword.start))
  }

  private mutating func parseElse() throws(Abandoned) -> Block? {
    if kind == .name, let block = try parseForeignElse() { return block }
    guard kind == .elseKeyword else { return nil }
    if token.isAfterNewline, context.newlinesEnd { reportElseOnOwnLine() }
    let keyword = token
    advance()
    if kind == .ifKeyword {
      try enter()
      let nested = try parseIf()
      leave()
      return Block([Statement(.expression(nested), nested.span)], nested.span)
    }
    return try parseBlock(after: keyword)
  }

  mutating func parseTry() throws(Abandoned) -> Expression {
    let keyword = token
    advance()
    let body = try parseBlock(after: keyword)
    let tallest = height
    try expectElseOfTry()
    guard kind == .name else {
      throw fail(
        "`else` of a `try` names the error, but here is \(described(token))", at: token.span,
        hint: "write try { ... } else e { ... }; e says what went wrong")
    }
    let name = text(token)
    let nameToken = token
    advance()
    let handler = try parseBlock(after: nameToken)
    try grow(over: max(tallest, height))
    return Expression(.attempt(body, error: name, handler), span(from: keyword.start))
  }

  private mutating func expectElseOfTry() throws(Abandoned) {
    if kind == .elseKeyword, token.isAfterNewline, context.newlinesEnd { reportElseOnOwnLine() }
    if accept(.elseKeyword) { return }
    if isWord("catch") || isWord("except") || isWord("rescue") {
      report(
        "`\(text(token))` means nothing here", at: token.span,
        hint: "write try { ... } else e { ... }")
      return advance()
    }
    throw fail(
      "`try` without `else`", at: place,
      hint: "write try { ... } else e { ... }")
  }

  /// A `{ ... }` where nothing else may stand; `keyword` is what it belongs to.
  mutating func parseBlock(after keyword: Token) throws(Abandoned) -> Block {
    if kind == .leftBrace, !token.isAfterNewline || !context.newlinesEnd {
      return try parseBlock()
    }
    if let block = try parseForeignBlock(after: keyword) { return block }
    throw unexpected(.block(keyword))
  }

  /// The block that begins at the current `{`.
  mutating func parseBlock() throws(Abandoned) -> Block {
    let opener = OpenBracket(token: index, context: context)
    try enter()
    openers.append(opener)
    context = Context()
    advance()
    let statements = parseStatements()
    if kind.isCloser, kind != .rightBrace {
      reportOpenBrace(opener.token)
    } else {
      guard kind == .rightBrace else { throw failOpenBrace(opener.token) }
      advance()
    }
    openers.removeLast()
    context = opener.context
    leave()
    try grow(over: height)
    return Block(statements, Span(tokens[opener.token].start, previousEnd))
  }
}
