/// Values given to names, patterns and parts of values.
extension FunctionBuilder {
  func compileAssignment(_ target: Target, _ value: Expression) {
    guard case .pattern(let pattern) = target else {
      return compilePathAssignment(target) { self.operand(value) }
    }
    if case .name(let name, let span) = pattern, case .register(let register) = variable(name, span)
    {
      compile(value, into: register)
      markAssigned(register)
    } else {
      bind(pattern, to: operand(value), from: value.span)
    }
  }

  /// The register of a name that is assigned here.
  func variable(_ name: String, _ span: Span) -> Place {
    let place = self.place(of: name)
    if case .register = place { return place }
    compiler.report(.misplaced, "`\(name)` cannot be assigned here", span)
    return .unknown
  }

  /// Binds the names of a pattern to the value in a register.
  func bind(_ pattern: Pattern, to register: Int, from source: Span? = nil) {
    switch pattern {
    case .name(let name, let span):
      guard case .register(let variable) = variable(name, span) else { return }
      emit(isTemporary(register) ? .take : .move, variable, register, at: span)
      markAssigned(variable)
    case .tuple(let parts, let span):
      let first = newRegister(parts.count)
      emit(.unpack, first, register, parts.count, at: span, operands: [span, source ?? span])
      // What still held the whole would be a second holder of each part.
      if isTemporary(register) { emit(.clear, register, at: span) }
      for (place, part) in parts.enumerated() { bind(part, to: first + place) }
    }
  }

  func compileUpdate(
    _ operation: BinaryOperator, _ target: Target, _ value: Expression, _ span: Span
  ) {
    guard case .pattern(.name(let name, let nameSpan)) = target else {
      return compilePathUpdate(operation, target, value, span)
    }
    guard case .register(let register) = place(of: name), checkOwn(name, register, nameSpan) else {
      return
    }
    let mark = self.mark
    if let value = singleItem(operation, value) {
      let item = newRegister()
      compile(value, into: item)
      emit(.append, register, item, at: span, operands: [nameSpan, value.span])
      return release(to: mark)
    }
    if let (step, place) = constantStep(operation, value) {
      emit(step, register, register, place, at: span, operands: [nameSpan, value.span])
      return
    }
    let new = operand(value)
    emit(
      Operation(operation), register, register, new, at: span, operands: [nameSpan, value.span])
    release(to: mark)
  }

  /// The item of `x += [item]`.
  private func singleItem(_ operation: BinaryOperator, _ value: Expression) -> Expression? {
    guard operation == .add, case .list(let elements) = value.kind, elements.count == 1,
      elements[0].form == .plain
    else { return nil }
    return elements[0].value
  }

  /// `x[...] += v`: the keys are computed once, though they serve twice.
  private func compilePathUpdate(
    _ operation: BinaryOperator, _ target: Target, _ value: Expression, _ span: Span
  ) {
    let mark = self.mark
    let saved = locals
    let target = target.mappingKeys { key in
      if case .number = key.kind { return key }
      let register = self.newRegister()
      self.compile(key, into: register)
      let name = "key \(register)"  // no name of a program has a blank
      self.locals[name] = register
      self.markAssigned(register)
      return Expression(.name(name), key.span)
    }
    var done: [Int] = []
    compilePathAssignment(target) {
      let new = self.newRegister()
      let item = self.singleItem(operation, value)
      self.compile(item ?? value, into: new)
      let quick = item == nil ? Operation(operation) : .append
      done = self.compileQuickUpdate(quick, target, new, span)
      if item != nil { self.emit(.list, new, new, 1, at: value.span) }
      let old = self.read(target)
      self.emit(
        Operation(operation), old, old, new, at: span, operands: [target.span, value.span])
      return old
    }
    done.forEach(land)
    locals = saved
    release(to: mark)
  }

  /// Tries the update in place; gives the jumps that are taken where that worked.
  private func compileQuickUpdate(
    _ operation: Operation, _ target: Target, _ value: Int, _ span: Span
  ) -> [Int] {
    guard let (name, _) = target.root, case .register(let variable) = place(of: name) else {
      return []
    }
    var steps: [Code.PathStep] = []
    var keys: [Expression] = []
    target.collect(&steps, &keys)
    let mark = self.mark
    let first = newRegister(keys.count + 1)
    emit(.move, first, value, at: span)
    for (place, key) in keys.enumerated() { compile(key, into: first + 1 + place) }
    var done: [Int] = []
    if operation == .add, steps.count == 1 {
      // Numbers are so frequent that they have steps of their own.
      if case .field(let name) = steps[0] {
        emit(.addToField, variable, first, constant(name.name), at: span)
        done.append(emit(.jump, at: span))
      } else if keys.count == 1 {
        emit(.addToItem, variable, first, at: span)
        done.append(emit(.jump, at: span))
      }
    }
    if operation == .append, steps.count == 1, case .field(let name) = steps[0] {
      emit(.appendToField, variable, first, constant(name.name), at: span)
      done.append(emit(.jump, at: span))
    }
    code.updates.append((operation, steps))
    emit(.updatePath, variable, first, code.updates.count - 1, at: span)
    release(to: mark)
    return done + [emit(.jump, at: span)]
  }

  /// A function changes only its own variables: refuses `total += x` for an outer `total`.
  private func checkOwn(_ name: String, _ register: Int, _ span: Span) -> Bool {
    if assigned.contains(register) { return true }
    let isCaptured =
      register >= code.parameters.count && register < code.parameters.count + code.captureCount
    if isCaptured || !isTopLevel && !boundNames.contains(name) && isOuter(name) {
      reportOuter(name, span)
      return false
    }
    checkSet(register, name, span)
    return true
  }

  private func reportOuter(_ name: String, _ span: Span) {
    compiler.report(
      .outerVariable, "a function cannot change the outer variable `\(name)`", span,
      hint:
        "return the new value and assign it where the function is called: `\(name) = f(\(name))`")
  }

  /// Assigns to `x[...]`, `x.name` and chains of them: keys first, then the value.
  private func compilePathAssignment(_ target: Target, _ value: () -> Int) {
    guard let (name, nameSpan) = target.root else { return }
    guard case .register(let variable) = place(of: name), parameterOrOwn(name, variable) else {
      if case .unknown = place(of: name) {
        compiler.reportUnknown(name, nameSpan, in: self)
      } else if isTopLevel {
        compiler.report(
          .misplaced, "`\(name)` is of the library, and no variable of this script", nameSpan,
          hint: "give it a value first: \(name) = ...")
      } else {
        reportOuter(name, nameSpan)
      }
      return
    }
    if !assigned.contains(variable) { emit(.checkSet, variable, constant(name), at: nameSpan) }
    let mark = self.mark
    let computed = value()
    var steps: [Code.PathStep] = []
    var keys: [Expression] = []
    target.collect(&steps, &keys)
    let operands = [target.baseSpan, target.span]
    if steps.count == 1, case .field(let name) = steps[0] {
      emit(
        isTemporary(computed) ? .setField : .copyToField, variable, computed, constant(name.name),
        at: target.span, operands: operands)
      return release(to: mark)
    }
    let first = newRegister(keys.count + 1)
    emit(isTemporary(computed) ? .take : .move, first, computed, at: target.span)
    for (place, key) in keys.enumerated() { compile(key, into: first + 1 + place) }
    if steps.count == 1, case .index(let form) = steps[0], form.count == 1,
      case .value = form[0]
    {
      emit(.setItem, variable, first, at: target.span, operands: operands)
    } else {
      code.paths.append(steps)
      emit(
        .assignPath, variable, first, code.paths.count - 1, at: target.span, operands: operands)
    }
    release(to: mark)
  }

  /// Whether the variable is this function's own: assigned in it or a parameter.
  private func parameterOrOwn(_ name: String, _ register: Int) -> Bool {
    isTopLevel || register < code.parameters.count
      || register >= code.parameters.count + code.captureCount
  }

  /// The value that a target has now, in a new register.
  private func read(_ target: Target) -> Int {
    let register = newRegister()
    compile(target.expression, into: register)
    return register
  }
}

extension Target {
  /// The variable at the bottom of a chain.
  var root: (String, Span)? {
    switch self {
    case .pattern(.name(let name, let span)): (name, span)
    case .pattern: nil
    case .index(let base, _, _), .field(let base, _, _): base.root
    }
  }

  var span: Span {
    switch self {
    case .pattern(let pattern): pattern.span
    case .index(let base, _, let span), .field(let base, _, let span): base.span.to(span)
    }
  }

  /// What the last step is taken from.
  var baseSpan: Span {
    switch self {
    case .pattern(let pattern): pattern.span
    case .index(let base, _, _), .field(let base, _, _): base.span
    }
  }

  /// The same place as an expression that reads it.
  var expression: Expression {
    switch self {
    case .pattern(.name(let name, let span)): Expression(.name(name), span)
    case .pattern(let pattern): Expression(.none, pattern.span)
    case .index(let base, let items, _): Expression(.index(base.expression, items), span)
    case .field(let base, let name, let span):
      Expression(.field(base.expression, name, span), self.span)
    }
  }

  /// The same place with each key replaced.
  func mappingKeys(_ replace: (Expression) -> Expression) -> Target {
    switch self {
    case .pattern: self
    case .field(let base, let name, let span): .field(base.mappingKeys(replace), name, span)
    case .index(let base, let items, let span):
      .index(base.mappingKeys(replace), items.map { $0.mapping(replace) }, span)
    }
  }

  func collect(_ steps: inout [Code.PathStep], _ keys: inout [Expression]) {
    switch self {
    case .pattern: break
    case .field(let base, let name, _):
      base.collect(&steps, &keys)
      steps.append(.field(Symbol(name)))
    case .index(let base, let items, _):
      base.collect(&steps, &keys)
      steps.append(.index(items.map(\.piece)))
      keys += items.flatMap(\.expressions)
    }
  }
}

extension Expression.IndexItem {
  /// The same item with each expression replaced.
  func mapping(_ replace: (Expression) -> Expression) -> Expression.IndexItem {
    switch self {
    case .at(let key): .at(replace(key))
    case .slice(let start, let stop, let step, let span):
      .slice(start.map(replace), stop.map(replace), step.map(replace), span)
    case .ellipsis: self
    }
  }

  var span: Span {
    switch self {
    case .at(let expression): expression.span
    case .slice(_, _, _, let span), .ellipsis(let span): span
    }
  }

  /// Its form, and with `expressions` what fills it.
  var piece: Code.IndexPiece {
    switch self {
    case .at: .value
    case .slice(let start, let stop, let step, _):
      .slice(start: start != nil, stop: stop != nil, step: step != nil)
    case .ellipsis: .ellipsis
    }
  }

  var expressions: [Expression] {
    switch self {
    case .at(let expression): [expression]
    case .slice(let start, let stop, let step, _): [start, stop, step].compactMap { $0 }
    case .ellipsis: []
    }
  }
}
