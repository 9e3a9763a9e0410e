extension Parser {
  /// The smallest expressions, and those in brackets.
  mutating func parsePrimary() throws(Abandoned) -> Expression {
    let start = token
    switch start.kind {
    case .name: return try parseName()
    case .number: return try parseNumber()
    case .string, .rawString, .longString: return try parsePlainString()
    case .brokenString:
      advance()
      return leaf(.string(""), start.span)
    case .stringStart, .longStringStart: return try parseInterpolation()
    case .trueKeyword, .falseKeyword:
      advance()
      return leaf(.boolean(start.kind == .trueKeyword), start.span)
    case .noneKeyword:
      advance()
      return leaf(.none, start.span)
    case .leftParenthesis: return try parseParentheses()
    case .leftBracket: return try parseList()
    case .leftBrace:
      if index > statementStart, token(ahead: 1).kind == .rightBrace { reportEmptyBraces() }
      let block = try parseBlock()
      return Expression(.block(block), block.span)
    case .pipe where index == 0:
      // At the prompt a leading |> goes on from the last value.
      return leaf(.name("ans"), Span(start.start, start.start))
    case .ifKeyword: return try parseIf()
    case .tryKeyword: return try parseTry()
    default: return try parseForeignPrimary()
    }
  }

  /// An expression without parts.
  mutating func leaf(_ kind: Expression.Kind, _ span: Span) -> Expression {
    height = 1
    return Expression(kind, span)
  }

  private mutating func parseName() throws(Abandoned) -> Expression {
    let start = token
    let name = text(start)
    if let expression = try parseForeignName(name) { return expression }
    advance()
    return leaf(.name(name), start.span)
  }

  // MARK: Behind an operand

  /// Calls, indices and fields behind an operand.
  mutating func parsePostfix(_ operand: Expression) throws(Abandoned) -> Expression {
    var operand = operand
    while true {
      let kind = continuation
      // A bracket on a new line begins something new, even inside another bracket.
      if token.isAfterNewline, kind != .dot { return operand }
      switch kind {
      case .leftParenthesis: operand = try parseCall(operand)
      case .leftBracket: operand = try parseIndex(operand)
      case .dot: operand = try parseField(operand)
      default:
        if isAdjacent { try rejectAdjacent(operand) }
        return operand
      }
    }
  }

  private mutating func parseCall(_ callee: Expression) throws(Abandoned) -> Expression {
    let calleeHeight = height
    let arguments = try parseElements(.call)
    try grow(over: max(calleeHeight, height))
    return Expression(.call(callee, arguments.elements), span(from: callee.span.start))
  }

  private mutating func parseField(_ base: Expression) throws(Abandoned) -> Expression {
    let dot = token
    let baseHeight = height
    advance()
    guard isAdjacent || !context.newlinesEnd, kind == .name || kind.isKeyword else {
      throw failField(base, dot)
    }
    let name = token
    advance()
    try grow(over: baseHeight)
    return Expression(
      .field(base, text(name), name.span), Span(base.span.start, name.end))
  }

  // MARK: Brackets

  /// `(x)`, `(a, b)`, `(a=1)`, `()`.
  private mutating func parseParentheses() throws(Abandoned) -> Expression {
    let start = token.start
    let (elements, hasComma) = try parseElements(.record)
    let span = span(from: start)
    if elements.count == 1, !hasComma, elements[0].form == .plain {
      lastGroup = span
      return Expression(elements[0].value.kind, span)
    }
    try grow(over: height)
    return Expression(.record(elements), span)
  }

  /// `[1, 2]`, `[..xs, 1]`, `[f(x) for x in xs if c]`.
  private mutating func parseList() throws(Abandoned) -> Expression {
    let opener = index
    let start = token.start
    let (elements, _) = try parseElements(.list)
    if kind == .forKeyword, elements.count == 1, openers.last?.token == opener {
      return try parseComprehension(elements[0].value, opener)
    }
    try grow(over: height)
    return Expression(.list(elements), span(from: start))
  }

  private mutating func parseComprehension(
    _ body: Expression, _ opener: Int
  ) throws(Abandoned) -> Expression {
    var tallest = height
    var clauses: [Expression.Comprehension.Clause] = []
    while kind == .forKeyword {
      clauses.append(try parseClause())
      tallest = max(tallest, height)
    }
    try close(opener)
    try grow(over: tallest)
    let comprehension = Expression.Comprehension(body: body, clauses: clauses)
    return Expression(.comprehension(comprehension), span(from: tokens[opener].start))
  }

  private mutating func parseClause() throws(Abandoned) -> Expression.Comprehension.Clause {
    advance()
    var pattern = try parsePattern()
    if kind == .comma { pattern = try acceptBarePattern(pattern) }
    guard accept(.inKeyword) else { throw unexpected(.forIn) }
    let items = try parseExpression()
    var tallest = height
    var conditions: [Expression] = []
    while accept(.ifKeyword) {
      conditions.append(try parseCondition())
      tallest = max(tallest, height)
    }
    height = tallest
    return .init(pattern: pattern, items: items, conditions: conditions)
  }
}

// MARK: - Elements between brackets

extension Parser {
  /// What a pair of brackets holds.
  enum Bracket {
    case call, record, list, index
  }

  /// `a, k=1, ..rest` with the brackets around it; a list stops before a `for` behind its first
  /// element, its bracket still open.
  mutating func parseElements(
    _ bracket: Bracket
  ) throws(Abandoned) -> (elements: [Expression.Element], hasComma: Bool) {
    let opener = try open(bracket)
    var elements: [Expression.Element] = []
    var hasComma = false
    var tallest = 0
    while kind != tokens[opener].kind.closer {
      elements.append(try parseElement(bracket))
      tallest = max(tallest, height)
      if kind == .forKeyword, elements.count == 1 {
        height = tallest
        if bracket == .list { return (elements, hasComma) }
        throw failBareComprehension(opener)
      }
      guard try separated(opener) else { break }
      hasComma = true
    }
    try close(opener)
    height = tallest
    return (elements, hasComma)
  }

  /// Moves over the comma behind an element; false where the bracket closes.
  private mutating func separated(_ opener: Int) throws(Abandoned) -> Bool {
    if accept(.comma) { return true }
    if kind == tokens[opener].kind.closer { return false }
    try rejectElementEnd(opener)
    return false
  }

  private mutating func parseElement(_ bracket: Bracket) throws(Abandoned) -> Expression.Element {
    let start = token
    if start.kind == .range || isForeignSpread {
      if start.kind != .range { reportForeignSpread() }
      advance()
      let value = try parseExpression()
      return Expression.Element(.spread, value, span(from: start.start))
    }
    let next = token(ahead: 1).kind
    if next == .assign || next == .colon || next == .colonAssign,
      start.kind == .name || start.kind.isKeyword || start.kind == .string
    {
      if let element = try parseNamedElement(bracket, start) { return element }
    }
    let value = try parseExpression()
    return Expression.Element(.plain, value, value.span)
  }

  private mutating func parseNamedElement(
    _ bracket: Bracket, _ name: Token
  ) throws(Abandoned) -> Expression.Element? {
    let sign = token(ahead: 1)
    if bracket == .list {
      guard sign.kind == .assign else { return nil }
      throw fail(
        "the items of a list have no names", at: name.span.to(sign.span),
        hint: "a record has parentheses: (\(text(name))=...); equality is written ==")
    }
    if sign.kind != .assign || name.kind == .string { reportColonElement(name, sign) }
    let label = name.kind == .string ? decodedString(name) : text(name)
    advance()
    advance()
    if kind == .comma || kind.isCloser { throw unexpected(.operand(sign)) }
    let value = try parseExpression()
    return Expression.Element(.named(label, name.span), value, span(from: name.start))
  }

  /// Moves over an opening bracket, inside which newlines mean nothing; gives its token.
  mutating func open(_ bracket: Bracket) throws(Abandoned) -> Int {
    try enter()
    openers.append(OpenBracket(token: index, context: context))
    context = Context(
      newlinesEnd: false, isInIndex: bracket == .index, isInList: bracket == .list)
    advance()
    return index - 1
  }

  /// Moves over the bracket that closes an open one.
  mutating func close(_ opener: Int) throws(Abandoned) {
    guard kind == tokens[opener].kind.closer else { throw unexpected(.closer(tokens[opener])) }
    advance()
    if let bracket = openers.popLast() { context = bracket.context }
    leave()
  }
}

// MARK: - Indices

extension Parser {
  private mutating func parseIndex(_ base: Expression) throws(Abandoned) -> Expression {
    let baseHeight = height
    let opener = try open(.index)
    var items: [Expression.IndexItem] = []
    var tallest = baseHeight
    while kind != .rightBracket {
      height = 0
      items.append(try parseIndexItem())
      tallest = max(tallest, height)
      guard try separated(opener) else { break }
    }
    if items.isEmpty { reportEmptyIndex(opener) }
    try close(opener)
    try grow(over: tallest)
    return Expression(.index(base, items), span(from: base.span.start))
  }

  private mutating func parseIndexItem() throws(Abandoned) -> Expression.IndexItem {
    let start = token
    if start.kind == .ellipsis {
      advance()
      return .ellipsis(start.span)
    }
    let first = kind == .colon ? nil : try parseExpression()
    if kind != .colon, let first { return .at(first) }
    advance()
    let (stop, stopHeight) = (try parseSliceEnd(), height)
    var step: Expression?
    if accept(.colon) { step = try parseSliceEnd() }
    height = max(height, stopHeight)
    return .slice(first, stop, step, span(from: start.start))
  }

  private mutating func parseSliceEnd() throws(Abandoned) -> Expression? {
    if kind == .colon || kind == .comma || kind == .rightBracket { return nil }
    if isWord("end"), [.rightBracket, .comma, .colon].contains(token(ahead: 1).kind) {
      reportSliceEnd()
      advance()
      return nil
    }
    return try parseExpression()
  }
}
