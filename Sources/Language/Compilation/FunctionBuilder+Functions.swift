extension FunctionBuilder {
  /// Code of a function, and the registers of this builder that it captures.
  func compileFunction(_ node: FunctionNode, name: String) -> Code.Nested {
    let inner = FunctionBuilder(compiler, name: name, parent: self)
    inner.declareParameters(node)
    let captures = inner.declareCaptures(node, from: self)
    inner.declareLocals(node)
    inner.compileDefaults(node)
    if let body = node.body {
      let value = inner.compile(body.statements, wantsValue: true, span: body.span)
      inner.finish(value, at: body.span)
    }
    if !compiler.onlyChecks { LastUses.move(in: inner.code) }
    return Code.Nested(code: inner.code, captures: captures)
  }

  /// Gives back a value, or none.
  func finish(_ value: Int?, at span: Span) {
    let register = copied(value, at: span)
    emit(.giveBack, register, at: span)
    let tables = [
      code.recordShapes.count, code.formats.count, code.indexForms.count, code.paths.count,
      code.callForms.count, code.nested.count, code.uses.count, code.updates.count,
    ]
    if tables.contains(where: { $0 > FunctionBuilder.tableLimit }) {
      compiler.report(
        .limit,
        "this function is too long: at most \(FunctionBuilder.tableLimit) calls, records or "
          + "strings with values are possible in one", span)
    }
  }

  /// The register from which a value may be given away; none where there is no value.
  private func copied(_ value: Int?, at span: Span) -> Int {
    // The variables of a module outlive its statements.
    if let value, !isTopLevel || isTemporary(value) { return value }
    let register = newRegister()
    if let value {
      emit(.move, register, value, at: span)
    } else {
      emit(.constant, register, constant(.none, key: "none"), at: span)
    }
    return register
  }

  private func declareParameters(_ node: FunctionNode) {
    code.documentation = node.documentation
    code.definition = node.span
    for (place, parameter) in node.parameters.enumerated() {
      if locals[parameter.name] != nil {
        compiler.report(
          .duplicate, "the parameter `\(parameter.name)` is there twice", parameter.span)
      }
      if place > 0, parameter.defaultValue == nil, !parameter.isRest,
        node.parameters[place - 1].defaultValue != nil
      {
        compiler.report(
          .duplicate,
          "the parameter `\(parameter.name)` without a default follows one with a default",
          parameter.span, hint: "put parameters with defaults last")
      }
      locals[parameter.name] = place
      markAssigned(place)
      code.parameters.append(
        Code.Parameter(
          name: Symbol(parameter.name), hasDefault: parameter.defaultValue != nil,
          isRest: parameter.isRest, text: parameter.text(in: source)))
    }
  }

  private func declareCaptures(_ node: FunctionNode, from outer: FunctionBuilder) -> [Int] {
    // A top-level name is looked up at each call, and a name with types leads to all its
    // definitions.
    if !outer.isTopLevel, node.parameters.first?.type == nil { ownName = node.name }
    var captures: [Int] = []
    for name in node.free.sorted() where outer.isCapturable(name) {
      let register = code.parameters.count + captures.count
      locals[name] = register
      code.captureNames.append(name)
      if let register = outer.locals[name] {
        captures.append(register)
      } else {
        let own = outer.newRegister()
        outer.emit(.ownFunction, own, at: node.nameSpan)
        captures.append(own)
      }
    }
    code.captureCount = captures.count
    return captures
  }

  private func declareLocals(_ node: FunctionNode) {
    var register = code.parameters.count + code.captureCount
    let names = node.names
    boundNames = names.bound
    for name in names.assigned where locals[name] == nil {
      locals[name] = register
      register += 1
    }
    warnOfUnread(names, parameters: Set(node.parameters.map(\.name)))
    if let own = ownName, locals[own] != nil { ownName = nil }
    beginTemporaries(at: register)
  }

  private func warnOfUnread(_ names: NameUse, parameters: Set<String>) {
    for (name, span) in names.plain.sorted(by: { $0.value.start < $1.value.start })
    where !names.used.contains(name) && !parameters.contains(name) && !name.hasPrefix("_") {
      compiler.report(
        .unread, "`\(name)` is assigned but never read", span,
        hint: "leave it out, or call it `_\(name)`", severity: .warning)
    }
  }

  private func compileDefaults(_ node: FunctionNode) {
    // A default may use the parameters before it only: later ones may have no value yet.
    assigned.subtract(node.parameters.indices)
    for (place, parameter) in node.parameters.enumerated() {
      if let value = parameter.defaultValue {
        let skip = emit(.jumpIfSet, 0, place, at: value.span)
        compile(value, into: place)
        land(skip)
      }
      markAssigned(place)
    }
  }

  // MARK: - Definitions

  func compileDefinition(_ node: FunctionNode) {
    guard let name = node.name else { return }
    if node.body == nil { return compileNative(node, name: name) }
    define(makeClosure(node, name: name), node, name: name)
  }

  /// Binds a new function: to its name, or to the shared name for the type of its first parameter.
  private func define(_ register: Int, _ node: FunctionNode, name: String) {
    let type = node.parameters.first?.type
    if type != nil, !isTopLevel {
      compiler.report(
        .misplaced, "a function for a type stands at the top of a file", node.nameSpan)
    }
    if type != nil || (isTopLevel && compiler.addsToMethods(name)) {
      let (shared, typeName) = (constant(name), constant(type ?? Generic.anyType))
      emit(.method, register, shared, typeName, at: node.nameSpan)
      if let slot = compiler.module.slots[name], type == nil { markAssigned(slot) }
    } else if case .register(let variable) = place(of: name) {
      emit(.take, variable, register, at: node.nameSpan)
      markAssigned(variable)
    }
  }

  func makeClosure(_ node: FunctionNode, name: String) -> Int {
    let mark = self.mark
    code.nested.append(compileFunction(node, name: name))
    release(to: mark)
    let register = newRegister()
    emit(.closure, register, code.nested.count - 1, at: node.nameSpan)
    return register
  }

  private func compileNative(_ node: FunctionNode, name: String) {
    guard let native = compiler.session.native(name, in: compiler.module) else {
      compiler.report(
        .unknownName, "the program has no native function `\(name)`", node.nameSpan,
        hint: "native functions are declared in the library only")
      return
    }
    let inner = FunctionBuilder(compiler, name: name, parent: self)
    inner.declareParameters(node)
    inner.beginTemporaries(at: node.parameters.count)
    inner.compileDefaults(node)
    inner.code.native = native
    let result = inner.newRegister()
    inner.emit(.native, result, at: node.span)
    inner.emit(.giveBack, result, at: node.span)
    code.nested.append(Code.Nested(code: inner.code, captures: []))
    let register = newRegister()
    emit(.closure, register, code.nested.count - 1, at: node.nameSpan)
    define(register, node, name: name)
  }

  func compileType(_ node: TypeNode) {
    let constructor = FunctionNode(
      name: node.name, parameters: node.fields, body: nil, documentation: node.documentation,
      span: node.span, nameSpan: node.nameSpan)
    let inner = FunctionBuilder(compiler, name: node.name, parent: self)
    inner.declareParameters(constructor)
    inner.beginTemporaries(at: node.fields.count)
    inner.compileDefaults(constructor)
    let result = inner.newRegister()
    let function = FunctionObject(.closure(inner.code, captures: []))
    let type = TypeObject(
      name: Symbol(node.name), fields: node.fields.map { Symbol($0.name) }, constructor: function,
      documentation: node.documentation)
    inner.code.types.append(type)
    inner.emit(.instance, result, at: node.span)
    inner.emit(.giveBack, result, at: node.span)
    guard case .register(let variable) = place(of: node.name) else { return }
    emit(.constant, variable, constant(.type(type), key: "type\(node.name)"), at: node.nameSpan)
    markAssigned(variable)
  }
}
