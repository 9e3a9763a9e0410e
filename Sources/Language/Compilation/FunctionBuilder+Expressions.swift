extension FunctionBuilder {
  /// The register in which an expression's value lies: a variable's own, or a new one.
  func operand(_ expression: Expression) -> Int {
    if case .name(let name) = expression.kind, case .register(let register) = place(of: name) {
      checkSet(register, name, expression.span)
      return register
    }
    let register = newRegister()
    compile(expression, into: register)
    return register
  }

  /// The step for an operator whose right side is written out, and the constant as its operand.
  func constantStep(
    _ operation: BinaryOperator, _ right: Expression
  ) -> (step: Operation, operand: Int)? {
    switch (operation, right.kind) {
    case (.add, .number(let number)): (.addConstant, constant(number))
    case (.subtract, .number(let number)): (.subtractConstant, constant(number))
    case (.multiply, .number(let number)): (.multiplyConstant, constant(number))
    case (.divide, .number(let number)): (.divideConstant, constant(number))
    case (.add, .string(let text)): (.addConstant, constant(text))
    default:
      operation.takesConstant ? constantOperand(right).map { (Operation(operation), $0) } : nil
    }
  }

  /// The right side of a comparison: a constant, or a register as for `operand`.
  func comparand(_ expression: Expression) -> Int {
    constantOperand(expression) ?? operand(expression)
  }

  /// A number or string that is written out, as an operand that may be a constant.
  private func constantOperand(_ expression: Expression) -> Int? {
    let place: Int
    switch expression.kind {
    case .number(let number): place = constant(number)
    case .string(let text): place = constant(text)
    default: return nil
    }
    return place < Instruction.constantFlag ? Instruction.constantFlag | place : nil
  }

  func checkSet(_ register: Int, _ name: String, _ span: Span) {
    guard !assigned.contains(register) else { return }
    if isTopLevel, !scoped.contains(register), let shared = compiler.session.sharedIndex(of: name) {
      // An own variable of a library name that has no value yet: the library's serves until then.
      emit(.jumpIfSet, 1, register, at: span)
      emit(.shared, register, shared, at: span)
      return
    }
    let hidesOuter = !isTopLevel && !scoped.contains(register) && isOuter(name)
    emit(.checkSet, register, constant(name), hidesOuter ? 1 : 0, at: span)
  }

  /// Whether the name also is a variable around this function.
  func isOuter(_ name: String) -> Bool {
    compiler.module.slots[name] != nil || parent?.isCapturable(name) == true
  }

  /// Compiles an expression so that its value comes to lie in `target`.
  func compile(_ expression: Expression, into target: Int) {
    let mark = self.mark
    let span = expression.span
    switch expression.kind {
    case .number(let number): emit(.constant, target, constant(number), at: span)
    case .string(let text): emit(.constant, target, constant(text), at: span)
    case .boolean(let truth):
      emit(.constant, target, constant(.boolean(truth), key: "\(truth)"), at: span)
    case .none: emit(.constant, target, constant(.none, key: "none"), at: span)
    case .name(let name): compileName(name, span, into: target)
    case .interpolation(let segments): compileInterpolation(segments, span, into: target)
    case .list(let elements): compileList(elements, span, into: target)
    case .record(let elements): compileRecord(elements, span, into: target)
    case .comprehension(let comprehension):
      compileComprehension(comprehension, span, into: target)
    case .unary(let operation, let operand): compileUnary(operation, operand, span, into: target)
    case .binary(let operation, let left, let right, let place):
      compileBinary(operation, left, right, place, into: target)
    case .logical(let isAnd, let left, let right, let place):
      compileLogical(isAnd, left, right, place, into: target)
    case .call(let callee, let arguments): compileCall(callee, arguments, span, into: target)
    case .index(let base, let items): compileIndex(base, items, span, into: target)
    case .field(let base, let name, let nameSpan):
      let value = operand(base)
      emit(.field, target, value, constant(name), at: nameSpan, operands: [base.span])
      if isTemporary(value), value != target { emit(.clear, value, at: span) }
    case .lambda(let node):
      let function = makeClosure(node, name: "function")
      emit(.take, target, function, at: span)
    case .range(let start, let stop, let isClosed):
      let operands = self.operands(start, stop)
      let sign = Span(start.span.end, stop.span.start)
      emit(
        isClosed ? .closedRange : .range, target, operands.0, operands.1, at: sign,
        operands: [start.span, stop.span])
    case .conditional(let condition, let yes, let no):
      compileConditional(condition, yes, no, into: target, span: span)
    case .block(let block): compileBlock(block, into: target)
    case .attempt(let body, let name, let handler):
      compileAttempt(body, name, handler, into: target, span: span)
    }
    release(to: mark)
  }

  private func compileName(_ name: String, _ span: Span, into target: Int) {
    switch place(of: name) {
    case .register(let register):
      checkSet(register, name, span)
      if register != target { emit(.move, target, register, at: span) }
    case .global(let slot): emit(.global, target, slot, constant(name), at: span)
    case .shared(let shared): emit(.shared, target, shared, at: span)
    case .ownFunction: emit(.ownFunction, target, at: span)
    case .unknown: compiler.reportUnknown(name, span, in: self)
    }
  }

  /// Two operands, the left one kept apart if the right one may assign to it.
  private func operands(_ left: Expression, _ right: Expression) -> (Int, Int) {
    var first = operand(left)
    if right.mayAssign, !isTemporary(first) {
      let copy = newRegister()
      emit(.move, copy, first, at: left.span)
      first = copy
    }
    return (first, operand(right))
  }

  private func compileUnary(
    _ operation: UnaryOperator, _ value: Expression, _ span: Span, into target: Int
  ) {
    if operation == .minus, case .number(let number) = value.kind {
      emit(.constant, target, constant(-number), at: span)
      return
    }
    let register = operand(value)
    let step: Operation =
      switch operation {
      case .minus: .negate
      case .plus: .plus
      case .not: .not
      }
    emit(step, target, register, at: span, operands: [value.span])
  }

  private func compileBinary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ span: Span,
    into target: Int
  ) {
    let spans = [left.span, right.span]
    if let (step, place) = constantStep(operation, right) {
      emit(step, target, operand(left), place, at: span, operands: spans)
      return
    }
    let (first, second) = operands(left, right)
    emit(Operation(operation), target, first, second, at: span, operands: spans)
  }

  private func compileLogical(
    _ isAnd: Bool, _ left: Expression, _ right: Expression, _ span: Span, into target: Int
  ) {
    let first = newRegister()
    compile(left, into: first)
    let spans = [left.span, right.span]
    let short = emit(isAnd ? .shortAnd : .shortOr, 0, first, at: span, operands: spans)
    let before = assigned
    let second = operand(right)
    assigned = before
    emit(isAnd ? .combineAnd : .combineOr, first, first, second, at: span, operands: spans)
    land(short)
    emit(.take, target, first, at: span)
  }

  // MARK: - Collections

  /// Compiles elements into fresh neighbouring registers; gives the first.
  private func row(_ elements: [Expression.Element]) -> Int {
    let first = newRegister(elements.count)
    for (place, element) in elements.enumerated() { compile(element.value, into: first + place) }
    return first
  }

  private func compileList(_ elements: [Expression.Element], _ span: Span, into target: Int) {
    if elements.allSatisfy({ $0.form == .plain }), elements.count < 1000 {
      emit(.list, target, row(elements), elements.count, at: span)
      return
    }
    let list = newRegister()
    emit(.list, list, list, 0, at: span)
    for element in elements {
      let mark = self.mark
      let item = newRegister()
      compile(element.value, into: item)
      emit(
        element.form == .spread ? .extend : .push, list, item, at: element.span,
        operands: [element.span])
      if element.form == .spread { emit(.clear, item, at: element.span) }
      release(to: mark)
    }
    emit(.take, target, list, at: span)
  }

  private func compileRecord(_ elements: [Expression.Element], _ span: Span, into target: Int) {
    let names = elements.enumerated().map { element in
      if case .named(let name, _) = element.1.form { return Symbol(name) }
      return Symbol.place(element.0)
    }
    checkFieldNames(elements, names)
    if !elements.contains(where: { $0.form == .spread }) {
      let first = row(elements)
      code.recordShapes.append(names)
      emit(.record, target, first, code.recordShapes.count - 1, at: span)
      return
    }
    let record = newRegister()
    code.recordShapes.append([])
    emit(.record, record, record, code.recordShapes.count - 1, at: span)
    for (element, name) in zip(elements, names) {
      let mark = self.mark
      let value = newRegister()
      compile(element.value, into: value)
      if element.form == .spread {
        emit(.merge, record, value, at: element.span, operands: [element.value.span])
      } else if case .named = element.form {
        emit(.put, record, value, constant(name.name), at: element.span)
      } else {
        emit(.put, record, value, constant(.none, key: "none"), at: element.span)
      }
      emit(.clear, value, at: element.span)
      release(to: mark)
    }
    emit(.take, target, record, at: span)
  }

  private func checkFieldNames(_ elements: [Expression.Element], _ names: [Symbol]) {
    var seen: Set<Symbol> = []
    for (element, name) in zip(elements, names) where element.form != .spread {
      if !seen.insert(name).inserted {
        compiler.report(.duplicate, "the field `\(name.name)` is there twice", element.span)
      }
    }
  }

  private func compileInterpolation(
    _ segments: [Expression.Segment], _ span: Span, into target: Int
  ) {
    var pieces: [Code.FormatPiece] = []
    var values: [Expression] = []
    for segment in segments {
      switch segment {
      case .text(let text): pieces.append(.text(text))
      case .value(let value, let format):
        pieces.append(.value(layout(format, value.span)))
        values.append(value)
      }
    }
    let first = newRegister(max(1, values.count))
    for (place, value) in values.enumerated() { compile(value, into: first + place) }
    code.formats.append(pieces)
    emit(
      .format, target, first, code.formats.count - 1, at: span, operands: values.map(\.span))
  }

  private func layout(_ text: String, _ span: Span) -> Layout? {
    if text.isEmpty { return nil }
    do {
      return try Layout(text)
    } catch {
      let failure = Machine.failure(error)
      compiler.report(.malformed, failure.message, span, hint: failure.hint)
      return nil
    }
  }

  private func compileComprehension(
    _ comprehension: Expression.Comprehension, _ span: Span, into target: Int
  ) {
    let saved = (locals, assigned, loops, scoped)
    let list = newRegister()
    emit(.list, list, list, 0, at: span)
    compileClauses(comprehension.clauses[...], comprehension.body, list: list, span)
    (locals, assigned, loops, scoped) = saved
    emit(.take, target, list, at: span)
  }

  private func compileClauses(
    _ clauses: ArraySlice<Expression.Comprehension.Clause>, _ body: Expression, list: Int,
    _ span: Span
  ) {
    guard let clause = clauses.first else {
      let mark = self.mark
      let item = newRegister()
      compile(body, into: item)
      emit(.push, list, item, at: body.span)
      release(to: mark)
      return
    }
    let source = newRegister()
    compile(clause.items, into: source)
    declareScoped(clause.pattern)
    let items = "comprehension items"  // no name of a program has a blank
    locals[items] = source
    markAssigned(source)
    compileFor(clause.pattern, Expression(.name(items), clause.items.span), span) {
      let skips = clause.conditions.flatMap { condition in
        let mark = self.mark
        let jumps = self.compileCondition(condition)
        self.release(to: mark)
        return jumps
      }
      self.compileClauses(clauses.dropFirst(), body, list: list, span)
      skips.forEach(self.land)
    }
    emit(.clear, source, at: clause.items.span)
  }

  /// Gives the names of a pattern registers of their own, which hide outer names.
  func declareScoped(_ pattern: Pattern) {
    for name in pattern.names {
      let register = newRegister()
      scoped.insert(register)
      locals[name] = register
      assigned.remove(register)
    }
  }

  // MARK: - Index

  private func compileIndex(
    _ base: Expression, _ items: [Expression.IndexItem], _ span: Span, into target: Int
  ) {
    let spans = [base.span] + items.map(\.span)
    if items.count == 1, case .at(let key) = items[0] {
      let (first, second) = operands(base, key)
      emit(.index, target, first, second, at: span, operands: spans)
      if isTemporary(first), first != target { emit(.clear, first, at: span) }
      return
    }
    if items.count == 1, case .slice(let start, let stop, nil, _) = items[0] {
      return compileSlice(base, [start, stop], span, spans, into: target)
    }
    let keys = items.flatMap(\.expressions)
    let first = newRegister(keys.count + 1)
    compile(base, into: first)
    for (place, key) in keys.enumerated() { compile(key, into: first + 1 + place) }
    code.indexForms.append(items.map(\.piece))
    emit(.indexMany, target, first, code.indexForms.count - 1, at: span, operands: spans)
    if first != target { emit(.clear, first, at: span) }
  }

  /// A slice without a step; bounds that are not given are unset.
  private func compileSlice(
    _ base: Expression, _ bounds: [Expression?], _ span: Span, _ spans: [Span], into target: Int
  ) {
    let mayChange = bounds.contains { $0?.mayAssign == true }
    let source = mayChange ? newRegister() : operand(base)
    if mayChange { compile(base, into: source) }
    let first = newRegister(bounds.count)
    for (place, bound) in bounds.enumerated() {
      if let bound {
        compile(bound, into: first + place)
      } else {
        emit(.clear, first + place, at: span)
      }
    }
    emit(.slice, target, source, first, at: span, operands: spans)
    if isTemporary(source), source != target { emit(.clear, source, at: span) }
  }
}

extension Expression {
  /// Whether evaluating this may assign to a variable of the function in which it stands.
  var mayAssign: Bool {
    switch kind {
    case .block, .conditional, .attempt: true
    case .binary(_, let left, let right, _), .logical(_, let left, let right, _),
      .range(let left, let right, _):
      left.mayAssign || right.mayAssign
    case .unary(_, let value), .field(let value, _, _): value.mayAssign
    case .call(let callee, let arguments):
      callee.mayAssign || arguments.contains { $0.value.mayAssign }
    case .list(let elements), .record(let elements): elements.contains { $0.value.mayAssign }
    case .index(let base, let items):
      base.mayAssign || items.flatMap(\.expressions).contains(where: \.mayAssign)
    default: false
    }
  }
}

extension BinaryOperator {
  /// Whether the right side in its step may be a constant as well as a register.
  fileprivate var takesConstant: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .floorDivide,
      .remainder, .power:
      true
    default: false
    }
  }
}

extension Operation {
  init(_ operation: BinaryOperator) {
    self =
      switch operation {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      case .floorDivide: .floorDivide
      case .remainder: .remainder
      case .power: .power
      case .matrixMultiply: .matrixMultiply
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      case .isIn: .isIn
      case .isNotIn: .isNotIn
      }
  }
}
