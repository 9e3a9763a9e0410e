extension Parser {
  mutating func parseStatement() throws(Abandoned) -> Statement {
    let start = token.start
    let kind = try parseStatementKind(start)
    return Statement(kind, span(from: start))
  }

  private mutating func parseStatementKind(_ start: Int) throws(Abandoned) -> Statement.Kind {
    switch kind {
    case .fnKeyword, .nativeKeyword: return try parseFunctionStatement(start)
    case .typeKeyword: return try .type(parseType(start))
    case .forKeyword: return try parseFor()
    case .whileKeyword: return try parseWhile()
    case .breakKeyword:
      advance()
      return .breakLoop
    case .continueKeyword:
      advance()
      return .continueLoop
    case .returnKeyword:
      advance()
      return .returnValue(isAtStatementEnd ? nil : try parseValue())
    case .useKeyword: return try .use(parseUse())
    case .assertKeyword: return try parseAssert()
    default: return try parseExpressionStatement()
    }
  }

  private mutating func parseFunctionStatement(
    _ start: Int
  ) throws(Abandoned) -> Statement.Kind {
    if kind == .fnKeyword, token(ahead: 1).kind == .leftParenthesis {
      return .expression(try parseExpression())
    }
    return .function(try parseFunction(start))
  }

  mutating func parseExpressionStatement() throws(Abandoned) -> Statement.Kind {
    if kind == .name || kind == .at || kind == .plus || kind == .minus {
      if let statement = try parseForeignStatement() { return statement }
    }
    let expression = try parseExpression()
    if kind == .comma { try acceptBareTuple(expression) }
    switch continuation {
    case .assign, .colonAssign:
      if kind == .colonAssign { reportColonAssign() }
      let target = try target(expression)
      advance()
      return .assign(target, try parseValue())
    case let sign where sign.updateOperator != nil:
      return try parseUpdate(expression)
    default:
      reportArrowAssignment(expression)
      return .expression(expression)
    }
  }

  private mutating func parseUpdate(
    _ expression: Expression
  ) throws(Abandoned) -> Statement.Kind {
    let sign = token
    guard let binary = sign.kind.updateOperator else { throw unexpected(.value) }
    let target = try target(expression)
    if case .pattern(.tuple(_, let span)) = target {
      report(
        "`\(text(sign))` changes one variable, not several at once", at: span, hint: nil)
    }
    advance()
    return .update(binary, target, try parseValue(), sign.span)
  }

  /// The right side of an assignment or `return`: an expression that is no list of values.
  private mutating func parseValue() throws(Abandoned) -> Expression {
    let sign = tokens[index - 1]
    if isAtEndOfLineWithoutOperand { throw unexpected(.operand(sign)) }
    let value = try parseExpression()
    if kind == .comma, !token.isAfterNewline, context.newlinesEnd {
      let rest = restOfLine()
      let written = source.text(value.span.to(rest))
      if written.isNumberWithCommas {
        throw failForeign(
          "a number has no commas", at: value.span.to(rest),
          hint: "write \(written.map { $0 == "," ? "_" : String($0) }.joined())")
      }
      throw fail(
        "several values need parentheses", at: value.span.to(rest),
        hint: "write (\(source.text(value.span.to(rest))))")
    }
    if continuation == .assign {
      if let unfinished = unfinishedLine() { throw unfinished }
      throw fail(
        "one `=` too many", at: token.span,
        hint: "assign one variable per statement; equality is written ==")
    }
    return value
  }

  /// `x = 3 +` before a line that is a statement of its own, of which the name is passed.
  private mutating func unfinishedLine() -> Abandoned? {
    let sign = tokens[max(index - 2, 0)]
    guard index >= 2, tokens[index - 1].isAfterNewline, tokens[index - 1].kind == .name,
      sign.kind == .assign || sign.kind.binding != .none || sign.kind.updateOperator != nil
    else { return nil }
    index -= 1
    return fail(
      "`\(text(sign))` lacks its right side", at: sign.span,
      hint: "the statement goes on in the next line where an operator ends the line")
  }

  private mutating func parseAssert() throws(Abandoned) -> Statement.Kind {
    advance()
    let condition = try parseCondition()
    guard continuation == .comma else { return .assert(condition, message: nil) }
    advance()
    return .assert(condition, message: try parseExpression())
  }
}

// MARK: - use

extension Parser {
  private mutating func parseUse() throws(Abandoned) -> Statement.Use {
    advance()
    let (module, isPath, moduleSpan) = try parseModule()
    var names: [(name: String, span: Span)] = []
    if continuation == .colon {
      advance()
      names.append(try parseUsedName())
      while continuation == .comma {
        advance()
        names.append(try parseUsedName())
      }
    } else if continuation == .dot || isWord("as") {
      throw fail(
        "`use` takes the name of a module or a path in quotes", at: token.span,
        hint: "write use plot, use plot: scatter, line, or use \"mine.rnr\"")
    }
    return Statement.Use(module: module, isPath: isPath, names: names, moduleSpan: moduleSpan)
  }

  private mutating func parseModule() throws(Abandoned) -> (String, Bool, Span) {
    let token = token
    switch continuation {
    case .name:
      advance()
      return (text(token), false, token.span)
    case .string, .rawString:
      advance()
      return (decodedString(token), true, token.span)
    default:
      throw unexpected(.module)
    }
  }

  private mutating func parseUsedName() throws(Abandoned) -> (name: String, span: Span) {
    let token = token
    guard token.kind == .name else { throw unexpected(.name) }
    advance()
    return (text(token), token.span)
  }
}

// MARK: - Targets of assignments

extension Token.Kind {
  /// The operator of `+=` and its like.
  var updateOperator: BinaryOperator? {
    switch self {
    case .plusAssign: .add
    case .minusAssign: .subtract
    case .starAssign: .multiply
    case .slashAssign: .divide
    case .floorDivideAssign: .floorDivide
    case .percentAssign: .remainder
    case .atAssign: .matrixMultiply
    case .caretAssign: .power
    default: nil
    }
  }
}

extension Parser {
  /// What an expression left of `=` stands for.
  mutating func target(_ expression: Expression) throws(Abandoned) -> Target {
    switch expression.kind {
    case .index(let base, let items):
      return .index(try chainTarget(base), items, expression.span)
    case .field(let base, let name, _):
      return .field(try chainTarget(base), name, expression.span)
    default:
      return .pattern(try pattern(expression))
    }
  }

  /// What stands left of a field or an index that is assigned to.
  private mutating func chainTarget(_ base: Expression) throws(Abandoned) -> Target {
    let target = try target(base)
    if case .pattern(.tuple(_, let span)) = target {
      throw fail(
        "only a variable, its fields and its items can be assigned to", at: span, hint: nil)
    }
    return target
  }

  private mutating func pattern(_ expression: Expression) throws(Abandoned) -> Pattern {
    switch expression.kind {
    case .name(let name): return .name(name, expression.span)
    case .record(let elements) where !elements.isEmpty:
      var parts: [Pattern] = []
      for element in elements {
        guard element.form == .plain else { throw failTarget(element.span) }
        parts.append(try pattern(element.value))
      }
      return .tuple(parts, expression.span)
    default: throw failTarget(expression.span)
    }
  }

  private mutating func failTarget(_ span: Span) -> Abandoned {
    let left = source.text(span)
    let isCall = left.hasSuffix(")") && !left.hasPrefix("(")
    return fail(
      "this cannot be assigned to", at: span,
      hint: isCall
        ? "a function is defined as fn \(left) { ... }; equality is written =="
        : "assign to a name, (a, b), a field or an item; equality is written ==")
  }

  /// The names that `for` binds: `x`, `(a, b)`.
  mutating func parsePattern() throws(Abandoned) -> Pattern {
    let start = token
    if start.kind == .name {
      advance()
      return .name(text(start), start.span)
    }
    guard start.kind == .leftParenthesis else { throw unexpected(.name) }
    try enter()
    advance()
    var parts: [Pattern] = []
    while kind != .rightParenthesis {
      parts.append(try parsePattern())
      if !accept(.comma) { break }
    }
    guard accept(.rightParenthesis) else { throw unexpected(.closer(start)) }
    leave()
    if parts.count == 1, tokens[index - 2].kind != .comma { return parts[0] }
    return .tuple(parts, span(from: start.start))
  }
}

extension String {
  /// Whether it is a number whose digits are parted by commas in groups of three.
  fileprivate var isNumberWithCommas: Bool {
    let groups = split(separator: ",", omittingEmptySubsequences: false)
    guard groups.count > 1, let first = groups.first, (1...3).contains(first.count) else {
      return false
    }
    return groups.allSatisfy { $0.allSatisfy(\.isNumber) }
      && groups.dropFirst().allSatisfy { $0.count == 3 }
  }
}
