import Execution

extension Checker {
  /// Looks at an expression and all its parts; what is certain about its value.
  @discardableResult
  func evaluate(_ expression: Expression) -> Knowledge {
    switch expression.kind {
    case .number(let number): return .number(number)
    case .name(let name):
      readEarly(name, expression.span)
      return knowledge(of: name)
    case .list(let elements): return list(elements)
    case .record(let elements): elements.forEach { evaluate($0.value) }
    case .comprehension(let comprehension): visit(comprehension)
    case .unary(let operation, let value): return unary(operation, evaluate(value))
    case .binary(let operation, let left, let right, let sign):
      return combine(
        operation, (evaluate(left), left.span), (evaluate(right), right.span), at: sign)
    case .range(let left, let right, _):
      evaluate(left)
      evaluate(right)
    case .logical(_, let left, let right, _):
      evaluate(left)
      branches += 1
      evaluate(right)
      branches -= 1
    case .call(let callee, let arguments): return call(callee, arguments, expression.span)
    case .index(let base, let items): return index(base, items, expression.span)
    case .field(let base, let name, let span): return field(base, name, span)
    case .lambda(let node):
      visitFunction(node)
      return .function([Signature("function", node.parameters, source)], library: nil)
    case .conditional(let condition, let yes, let no): _ = visitConditional(condition, yes, no)
    case .block(let block): visit(block.statements)
    case .attempt(let body, let error, let handler): visitAttempt(body, error, handler)
    case .interpolation(let segments):
      for case .value(let value, _) in segments { evaluate(value) }
    case .string, .boolean, .none: break
    }
    return .unknown
  }

  private func list(_ elements: [Expression.Element]) -> Knowledge {
    let items = elements.map { evaluate($0.value) }
    let isPlain = elements.allSatisfy { $0.form == .plain } && items.count <= 1000
    return isPlain ? .list(items) : .unknown
  }

  private func visit(_ comprehension: Expression.Comprehension) {
    let hidden = values(of: comprehension.clauses.flatMap(\.pattern.names))
    for clause in comprehension.clauses {
      evaluate(clause.items)
      for name in clause.pattern.names { names[name] = .unknown }
      for condition in clause.conditions { evaluate(condition) }
    }
    evaluate(comprehension.body)
    restore(hidden)
  }

  private func unary(_ operation: UnaryOperator, _ value: Knowledge) -> Knowledge {
    switch (operation, value) {
    case (.minus, .number(let number)): .number(number.map { -$0 })
    case (.plus, .number), (.minus, .tensor), (.plus, .tensor): value
    default: .unknown
    }
  }

  /// What an element or a part is; `span` is that of the whole expression.
  private func index(
    _ base: Expression, _ items: [Expression.IndexItem], _ span: Span
  ) -> Knowledge {
    let known = evaluate(base)
    let keys = items.flatMap(\.expressions).map { evaluate($0) }
    if case .tensor(let shape) = known {
      return selected(shape, items, keys, base.span, at: span)
    }
    guard items.count == 1, case .at = items[0], let place = keys[0].integer else {
      return .unknown
    }
    switch known {
    case .list(let items) where items.indices.contains(place): return items[place]
    default: return .unknown
    }
  }

  private func field(_ base: Expression, _ name: String, _ span: Span) -> Knowledge {
    switch evaluate(base) {
    case .tensor(let shape):
      if name == "T", shape.count == 2 { return .tensor(shape.reversed()) }
      if name == "shape" { return .list(shape.map { .number(Double($0)) }) }
    case .module(let module):
      if let value = module.values[name] { return value }
      reportMissing(name, span, of: "the module `\(module.name)`", Array(module.values.keys))
    case .instance(let type):
      let fields = type.parameters.map(\.name)
      if !fields.contains(name) { reportMissing(name, span, of: Value.article(type.name), fields) }
    default: break
    }
    return .unknown
  }

  private func reportMissing(_ name: String, _ span: Span, of owner: String, _ names: [String]) {
    let failure = Machine.missingField(name, of: owner, names: names.sorted())
    report(.unknownField, failure.message, [label(span)], hint: failure.hint)
  }
}
