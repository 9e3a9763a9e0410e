extension FunctionBuilder {
  /// Compiles a condition; gives the jumps to be taken where it is false.
  func compileCondition(_ condition: Expression) -> [Int] {
    switch condition.kind {
    case .binary(let operation, let left, let right, let span):
      if let step = Operation(jumpUnless: operation) {
        let first = operand(left)
        let second = comparand(right)
        return [emit(step, 0, first, second, at: span, operands: [left.span, right.span])]
      }
    case .logical(isAnd: true, let left, let right, _):
      let before = compileCondition(left)
      return before + compileCondition(right)
    default: break
    }
    let value = operand(condition)
    return [emit(.jumpIfFalse, 0, value, at: condition.span, operands: [condition.span])]
  }

  /// Compiles `if`; with a target, each branch puts its value there, none where it has none.
  func compileConditional(
    _ condition: Expression, _ yes: Block, _ no: Block?, into target: Int?, span: Span
  ) {
    let mark = self.mark
    let otherwise = compileCondition(condition)
    release(to: mark)
    let before = assigned
    compileBranch(yes, into: target)
    let afterYes = assigned
    assigned = before
    if no == nil && target == nil {
      otherwise.forEach(land)
      return
    }
    let end = emit(.jump, at: span)
    otherwise.forEach(land)
    compileBranch(no ?? Block([], span), into: target)
    land(end)
    assigned = afterYes.intersection(assigned)
  }

  private func compileBranch(_ block: Block, into target: Int?) {
    let mark = self.mark
    if let target {
      compileBlock(block, into: target)
    } else {
      _ = compile(block.statements, wantsValue: false, span: block.span)
    }
    release(to: mark)
  }

  /// Compiles a block whose last value comes to lie in `target`.
  func compileBlock(_ block: Block, into target: Int) {
    if let value = compile(block.statements, wantsValue: true, span: block.span) {
      if value != target {
        emit(isTemporary(value) ? .take : .move, target, value, at: block.span)
      }
    } else {
      emit(.constant, target, constant(.none, key: "none"), at: block.span)
    }
  }

  func compileAttempt(
    _ body: Block, _ name: String, _ handler: Block, into target: Int?, span: Span
  ) {
    let saved = (locals, scoped)
    let message = newRegister()
    scoped.insert(message)
    let start = emit(.attempt, 0, message, at: span)
    let before = assigned
    attempts += 1
    compileBranch(body, into: target)
    attempts -= 1
    let afterBody = assigned
    assigned = before
    emit(.endAttempt, at: span)
    let end = emit(.jump, at: span)
    land(start)
    locals[name] = message
    markAssigned(message)
    compileBranch(handler, into: target)
    land(end)
    assigned = afterBody.intersection(assigned)
    (locals, scoped) = saved
  }

  // MARK: - Calls

  func compileCall(
    _ callee: Expression, _ arguments: [Expression.Element], _ span: Span, into target: Int
  ) {
    let base = newRegister(arguments.count + 1)
    let isPlain = arguments.allSatisfy { $0.form == .plain }
    let named = isPlain ? globalCallee(callee) : nil
    if named == nil { compileCallee(callee, into: base) }
    for (place, argument) in arguments.enumerated() {
      compile(argument.value, into: base + 1 + place)
    }
    let spans = [callee.span] + arguments.map(\.span)
    if let named {
      emit(.callGlobal, base, arguments.count, named, at: span, operands: spans)
    } else if isPlain {
      emit(.call, base, arguments.count, at: span, operands: spans)
    } else {
      code.callForms.append(arguments.map(\.argumentForm))
      emit(.callNamed, base, arguments.count, code.callForms.count - 1, at: span, operands: spans)
    }
    emit(.take, target, base, at: span)
  }

  /// The number of a callee that is called by a name from outside of all functions; nil for others.
  private func globalCallee(_ callee: Expression) -> Int? {
    guard !isTopLevel, case .name(let name) = callee.kind else { return nil }
    let found: Code.Callee
    switch place(of: name) {
    case .global(let slot):
      let shared = compiler.session.sharedIndex(of: name) ?? -1
      found = Code.Callee(slot: Int32(slot), shared: Int32(shared), name: Int32(constant(name)))
    case .shared(let shared):
      found = Code.Callee(slot: -1, shared: Int32(shared), name: Int32(constant(name)))
    default: return nil
    }
    if let known = code.callees.firstIndex(of: found) { return known }
    code.callees.append(found)
    return code.callees.count - 1
  }

  /// In the place of a function a variable that is none is passed over: `bounds = bounds(D)` works.
  private func compileCallee(_ callee: Expression, into target: Int) {
    guard case .name(let name) = callee.kind else { return compile(callee, into: target) }
    let shared = compiler.session.sharedIndex(of: name)
    switch (place(of: name), shared) {
    case (.register(let register), _) where !isTopLevel && compiler.module.slots[name] != nil:
      emit(.move, target, register, at: callee.span)
      let found = emit(.jumpIfCallable, 0, target, at: callee.span)
      compileGlobalCallee(name, shared, callee.span, into: target)
      land(found)
    case (.register(let register), let shared?):
      emit(.callable, target, register, shared, at: callee.span)
    case (.global, _): compileGlobalCallee(name, shared, callee.span, into: target)
    default: compile(callee, into: target)
    }
  }

  private func compileGlobalCallee(
    _ name: String, _ shared: Int?, _ span: Span, into target: Int
  ) {
    guard let slot = compiler.module.slots[name] else { return }
    if let shared {
      emit(.globalCallable, target, slot, shared, at: span)
    } else {
      emit(.global, target, slot, constant(name), at: span)
    }
  }
}

extension Expression.Element {
  var argumentForm: Code.ArgumentForm {
    switch form {
    case .plain: .positional
    case .named(let name, _): .named(Symbol(name))
    case .spread: .spread
    }
  }
}

extension Operation {
  /// The jump that is taken where a comparison is false.
  init?(jumpUnless operation: BinaryOperator) {
    switch operation {
    case .less: self = .jumpUnlessLess
    case .lessOrEqual: self = .jumpUnlessLessOrEqual
    case .greater: self = .jumpUnlessGreater
    case .greaterOrEqual: self = .jumpUnlessGreaterOrEqual
    case .equal: self = .jumpUnlessEqual
    case .notEqual: self = .jumpUnlessNotEqual
    default: return nil
    }
  }
}
