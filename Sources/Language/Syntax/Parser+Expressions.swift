/// How strongly operators bind, weakest first.
enum Binding: UInt8 {
  case none, pipe, or, and, not, comparison, range, sum, product, unary, power

  /// The next stronger one.
  var tighter: Binding { Binding(rawValue: rawValue + 1) ?? .power }
}

extension Token.Kind {
  /// How strongly it binds between two operands; `none` if it is no such operator.
  var binding: Binding {
    switch self {
    case .pipe: .pipe
    case .orKeyword, .doubleBar, .bar: .or
    case .andKeyword, .doubleAmpersand, .ampersand: .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .inKeyword,
      .notKeyword, .tildeAssign, .tripleEqual, .lessGreater:
      .comparison
    case .range, .closedRange: .range
    case .plus, .minus: .sum
    case .star, .slash, .floorDivide, .percent, .at: .product
    case .caret, .doubleStar: .power
    default: .none
    }
  }

  /// The operator that evaluates both of its operands.
  var binaryOperator: BinaryOperator? {
    switch self {
    case .plus: .add
    case .minus: .subtract
    case .star: .multiply
    case .slash: .divide
    case .floorDivide: .floorDivide
    case .percent: .remainder
    case .at: .matrixMultiply
    case .caret, .doubleStar: .power
    case .equal, .tripleEqual: .equal
    case .notEqual, .tildeAssign, .lessGreater: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .inKeyword: .isIn
    case .notKeyword: .isNotIn
    default: nil
    }
  }
}

extension Parser {
  /// Any expression, a lambda among them.
  mutating func parseExpression() throws(Abandoned) -> Expression {
    let left = try parseOperation(.pipe)
    switch continuation {
    case .arrow, .fatArrow: return try parseLambda(left)
    case .ifKeyword where !context.isInList && !token.isAfterNewline:
      return try parseForeignConditional(left)
    case .question, .colon: return try parseForeignContinuation(left)
    default: return left
    }
  }

  /// Operands and operators that bind at least so strongly.
  mutating func parseOperation(_ minimum: Binding) throws(Abandoned) -> Expression {
    var left = try parsePrefix(minimum)
    while true {
      let sign = continuation
      let binding = sign.binding
      if sign == .name || sign == .ellipsis, binding == .none,
        let joined = try parseForeignOperator(left, minimum)
      {
        left = joined
        continue
      }
      guard binding != .none, binding.rawValue >= minimum.rawValue else { break }
      if sign == .notKeyword, token(ahead: 1).kind != .inKeyword { break }
      let leftHeight = height
      left = try parseInfix(left, binding)
      try grow(over: max(leftHeight, height))
    }
    return left
  }

  private mutating func parseInfix(
    _ left: Expression, _ binding: Binding
  ) throws(Abandoned) -> Expression {
    switch binding {
    case .pipe: return try parsePipe(left)
    case .range: return try parseRange(left)
    case .comparison: return try parseComparison(left)
    case .or, .and:
      let sign = try acceptOperator()
      let right = try parseOperation(binding.tighter)
      return Expression(
        .logical(isAnd: binding == .and, left, right, sign), left.span.to(right.span))
    default:
      let kind = kind
      let sign = try acceptOperator()
      try rejectDoubled(sign, left)
      // A power takes its right neighbour first: 2^3^2 is 2^(3^2).
      guard binding == .power else {
        return joined(kind, left, try parseOperation(binding.tighter), sign)
      }
      try enter()
      let right = try parseOperation(.power)
      leave()
      return joined(kind, left, right, sign)
    }
  }

  private func joined(
    _ kind: Token.Kind, _ left: Expression, _ right: Expression, _ sign: Span
  ) -> Expression {
    Expression(
      .binary(kind.binaryOperator ?? .add, left, right, sign), left.span.to(right.span))
  }

  /// Moves over an operator; one of another language is reported.
  private mutating func acceptOperator() throws(Abandoned) -> Span {
    let sign = token
    reportForeignOperator()
    advance()
    if isAtEndOfLineWithoutOperand { throw unexpected(.operand(sign)) }
    return sign.span
  }

  /// Whether nothing can follow an operator here.
  var isAtEndOfLineWithoutOperand: Bool {
    kind == .end || kind.isCloser || kind == .semicolon || kind == .comma
      || (kind == .leftBrace && context.isInCondition)
  }

  private mutating func parseComparison(_ left: Expression) throws(Abandoned) -> Expression {
    let kind = kind
    var sign = try acceptOperator()
    if kind == .notKeyword {
      sign = sign.to(token.span)
      advance()
    }
    let right = try parseOperation(.range)
    let result = joined(kind, left, right, sign)
    guard continuation.binding == .comparison else { return result }
    if continuation == .notKeyword, token(ahead: 1).kind != .inKeyword { return result }
    return try parseChained(result, middle: right)
  }

  /// `a < b < c`: one report, then the parts are joined as they were meant.
  private mutating func parseChained(
    _ first: Expression, middle: Expression
  ) throws(Abandoned) -> Expression {
    let sign = token
    let isBroken = isStatementBroken
    try enter()
    let second = try parseComparison(middle)
    leave()
    isStatementBroken = isBroken
    report(
      "comparisons do not chain", at: sign.span,
      hint: "write \(source.text(first.span)) and \(source.text(second.span))")
    return Expression(
      .logical(isAnd: true, first, second, sign.span), first.span.to(second.span))
  }

  private mutating func parseRange(_ left: Expression) throws(Abandoned) -> Expression {
    let sign = token
    advance()
    guard !isRangeEnd else {
      throw fail(
        "the range has no end", at: left.span.to(sign.span),
        hint: "write 0..10 (10 is left out) or 0..=10; in an index, x[2:] takes all from 2 on")
    }
    let right = try parseOperation(.sum)
    let isClosed = sign.kind == .closedRange
    let result = Expression(
      .range(left, right, isClosed: isClosed), left.span.to(right.span))
    guard continuation.binding == .range else { return result }
    throw fail(
      "a range has two ends", at: token.span,
      hint: "for steps write [k * 2 for k in 0..5], or x[0:10:2] in an index")
  }

  private var isRangeEnd: Bool {
    kind.isCloser || kind == .comma || kind == .leftBrace || kind == .end || kind == .semicolon
      || kind == .colon
  }

  // MARK: Before an operand

  private mutating func parsePrefix(_ minimum: Binding) throws(Abandoned) -> Expression {
    let sign = token
    switch sign.kind {
    case .minus, .plus:
      try rejectIncrement()
      advance()
      return try signed(sign.kind == .minus ? .minus : .plus, sign, .power)
    case .notKeyword, .bang, .tilde:
      if sign.kind != .notKeyword {
        report("`\(text(sign))` is not an operator", at: sign.span, hint: "write not")
      } else if minimum.rawValue > Binding.not.rawValue {
        report(
          "`not` binds weaker than the operator before it", at: sign.span,
          hint: "put it into parentheses: (not ...)")
      }
      advance()
      return try signed(.not, sign, sign.kind == .notKeyword ? .not : .power)
    default:
      return try parsePostfix(try parsePrimary())
    }
  }

  private mutating func signed(
    _ sign: UnaryOperator, _ token: Token, _ binding: Binding
  ) throws(Abandoned) -> Expression {
    if isAtEndOfLineWithoutOperand { throw unexpected(.operand(token)) }
    try enter()
    let operand = try parseOperation(binding)
    leave()
    try grow(over: height)
    return Expression(.unary(sign, operand), token.span.to(operand.span))
  }
}

// MARK: - Pipes and lambdas

extension Parser {
  private mutating func parsePipe(_ left: Expression) throws(Abandoned) -> Expression {
    let sign = token
    advance()
    if isAtEndOfLineWithoutOperand { throw unexpected(.operand(sign)) }
    let right = try parseOperation(.or)
    if continuation == .arrow || continuation == .fatArrow {
      let rest = source.text(right.span.to(restOfLine()))
      throw fail(
        "a lambda after |> stands in parentheses", at: right.span.to(token.span),
        hint: "write |> (\(rest))")
    }
    let span = left.span.to(right.span)
    let argument = Expression.Element(.plain, left, left.span)
    if case .call(let callee, let arguments) = right.kind, lastGroup != right.span {
      return Expression(.call(callee, [argument] + arguments), span)
    }
    reportUncallable(right)
    return Expression(.call(right, [argument]), span)
  }

  private mutating func reportUncallable(_ right: Expression) {
    guard lastGroup != right.span else { return }
    switch right.kind {
    case .name, .field, .index, .call, .lambda, .conditional, .block, .attempt: return
    default:
      report(
        "right of |> stands a function or a call", at: right.span,
        hint: "write x |> f, x |> f(k=1) or x |> (v -> ...)")
    }
  }

  /// `x -> ...`, `(a, b=2) -> ...`, where what stands left of the arrow is parsed already.
  private mutating func parseLambda(_ left: Expression) throws(Abandoned) -> Expression {
    let parameters = try lambdaParameters(left)
    if kind == .fatArrow {
      report("`=>` is not an operator", at: token.span, hint: "write ->")
    }
    let arrow = token
    advance()
    return try parseLambdaBody(parameters, left.span, after: arrow)
  }

  /// The body behind the arrow.
  mutating func parseLambdaBody(
    _ parameters: [Parameter], _ nameSpan: Span, after sign: Token
  ) throws(Abandoned) -> Expression {
    if isAtEndOfLineWithoutOperand || kind == .comma { throw unexpected(.operand(sign)) }
    try enter()
    let body: Block
    if kind == .leftBrace {
      body = try parseBlock()
    } else {
      let value = try parseExpression()
      body = Block([Statement(.expression(value), value.span)], value.span)
    }
    leave()
    try grow(over: height)
    let span = nameSpan.to(body.span)
    let node = FunctionNode(
      name: nil, parameters: parameters, body: body, documentation: nil, span: span,
      nameSpan: nameSpan)
    return Expression(.lambda(node), span)
  }

  private mutating func lambdaParameters(
    _ left: Expression
  ) throws(Abandoned) -> [Parameter] {
    switch left.kind {
    case .name(let name): return [Parameter(name: name, span: left.span)]
    case .record(let elements):
      var parameters: [Parameter] = []
      for element in elements { parameters.append(try lambdaParameter(element)) }
      checkParameters(parameters)
      return parameters
    default:
      let hint =
        switch left.kind {
        case .call: "a function with a name is written fn \(source.text(left.span)) { ... }"
        default: "put the lambda into parentheses: (x -> ...)"
        }
      throw fail(
        "left of -> stand the parameters of a lambda", at: left.span, hint: hint)
    }
  }

  private mutating func lambdaParameter(
    _ element: Expression.Element
  ) throws(Abandoned) -> Parameter {
    if case .named(let name, _) = element.form {
      return Parameter(name: name, defaultValue: element.value, span: element.span)
    }
    guard case .name(let name) = element.value.kind else {
      throw fail(
        "a parameter is a name", at: element.span,
        hint: "write (a, b) -> ...; take records apart inside the body")
    }
    return Parameter(name: name, isRest: element.form == .spread, span: element.span)
  }
}
