extension FunctionBuilder {
  /// Compiles statements; gives the register of the last one's value if it is wanted and there is
  /// one.
  func compile(_ statements: [Statement], wantsValue: Bool, span: Span) -> Int? {
    guard let last = statements.last else { return nil }
    for statement in statements.dropLast() {
      let mark = self.mark
      _ = compile(statement, wantsValue: false)
      release(to: mark)
    }
    return compile(last, wantsValue: wantsValue)
  }

  /// Compiles one statement; gives the register of its value if it is wanted and there is one.
  func compile(_ statement: Statement, wantsValue: Bool) -> Int? {
    switch statement.kind {
    case .expression(let expression):
      if wantsValue { return operand(expression) }
      compileForEffect(expression)
    case .assign(let target, let value): compileAssignment(target, value)
    case .update(let operation, let target, let value, let span):
      compileUpdate(operation, target, value, span)
    case .function(let node): compileDefinition(node)
    case .type(let node): compileType(node)
    case .forLoop(let pattern, let items, let body):
      compileFor(pattern, items, statement.span) { self.compileBody(body) }
    case .whileLoop(let condition, let body): compileWhile(condition, body, statement.span)
    case .breakLoop, .continueLoop: compileLeave(statement)
    case .returnValue(let value): compileReturn(value, statement.span)
    case .use(let use): compileUse(use, statement.span)
    case .assert(let condition, let message):
      compileAssertion(condition, message, statement.span)
    }
    return nil
  }

  private func compileBody(_ block: Block) {
    let mark = self.mark
    _ = compile(block.statements, wantsValue: false, span: block.span)
    release(to: mark)
  }

  /// Compiles an expression whose value nobody wants.
  func compileForEffect(_ expression: Expression) {
    switch expression.kind {
    case .conditional(let condition, let yes, let no):
      compileConditional(condition, yes, no, into: nil, span: expression.span)
    case .block(let block): compileBody(block)
    case .attempt(let body, let name, let handler):
      compileAttempt(body, name, handler, into: nil, span: expression.span)
    default: _ = operand(expression)
    }
  }

  // MARK: - Loops

  func compileFor(_ pattern: Pattern, _ items: Expression, _ span: Span, body: () -> Void) {
    let mark = self.mark
    let state = newRegister(2)
    let source = operand(items)
    emit(.iterate, state, source, at: items.span, operands: [items.span])
    let before = assigned
    let item: Int
    if case .name(let name, _) = pattern, case .register(let variable) = place(of: name) {
      item = variable
    } else {
      item = newRegister()
    }
    let leave = emit(.next, 0, state, item, at: items.span)
    let start = code.instructions.count
    if case .name = pattern {
      markAssigned(item)
    } else {
      bind(pattern, to: item, from: items.span)
    }
    loops.append(Loop(attempts: attempts))
    body()
    let loop = loops.removeLast()
    loop.continues.forEach(land)
    back(emit(.nextTurn, 0, state, item, at: items.span), to: start, span)
    land(leave)
    loop.breaks.forEach(land)
    emit(.clear, state, at: span)
    assigned = before
    release(to: mark)
  }

  private func compileWhile(_ condition: Expression, _ body: Block, _ span: Span) {
    let before = assigned
    let start = code.instructions.count
    let mark = self.mark
    let leave = compileCondition(condition)
    release(to: mark)
    loops.append(Loop(attempts: attempts))
    compileBody(body)
    let loop = loops.removeLast()
    loop.continues.forEach(land)
    back(emit(.loop, at: condition.span), to: start, condition.span)
    leave.forEach(land)
    loop.breaks.forEach(land)
    assigned = before
  }

  private func compileLeave(_ statement: Statement) {
    let isBreak: Bool
    if case .breakLoop = statement.kind { isBreak = true } else { isBreak = false }
    guard !loops.isEmpty else {
      compiler.report(
        .misplaced, "`\(isBreak ? "break" : "continue")` stands outside a loop", statement.span)
      return
    }
    for _ in loops[loops.count - 1].attempts..<attempts { emit(.endAttempt, at: statement.span) }
    let jump = emit(.jump, at: statement.span)
    if isBreak {
      loops[loops.count - 1].breaks.append(jump)
    } else {
      loops[loops.count - 1].continues.append(jump)
    }
  }

  private func compileReturn(_ value: Expression?, _ span: Span) {
    if isTopLevel {
      return compiler.report(
        .misplaced, "`return` stands outside a function", span, hint: "quit() ends a script")
    }
    finish(value.map(operand), at: span)
  }

  // MARK: - Others

  private func compileUse(_ use: Statement.Use, _ span: Span) {
    if !isTopLevel {
      return compiler.report(
        .misplaced, "`use` stands at the top of a file, not in a function", span)
    }
    var registers: [Int] = []
    for (name, span) in use.bindings {
      if compiler.methodNames.contains(name), !use.names.isEmpty {
        registers.append(-1)  // known everywhere: this module adds definitions of its own
        continue
      }
      guard case .register(let register) = variable(name, span) else { return }
      registers.append(register)
      markAssigned(register)
    }
    code.uses.append(Code.UseForm(use: use, registers: registers))
    emit(.use, 0, 0, code.uses.count - 1, at: use.moduleSpan, operands: use.names.map(\.span))
  }

  private func compileAssertion(_ condition: Expression, _ message: Expression?, _ span: Span) {
    let mark = self.mark
    let value = operand(condition)
    let holds = emit(.jumpIfTrue, 0, value, at: condition.span, operands: [condition.span])
    let text = constant(source.text(condition.span))
    let said = message.map(operand)
    emit(
      .assertionFailed, said == nil ? 0 : 1, text, said ?? 0, at: condition.span,
      operands: [condition.span])
    land(holds)
    release(to: mark)
  }
}
