/// Which names a piece of program assigns and which it uses; functions inside count as uses only.
struct NameUse: Sendable {
  private(set) var assigned: [String] = []
  private(set) var used: Set<String> = []
  /// Where each name is assigned first.
  private(set) var places: [String: Span] = [:]
  /// Those of the assigned names that are not only updated, as `x += 1` does.
  private(set) var bound: Set<String> = []
  /// Where names are first assigned by a plain `x = ...`.
  private(set) var plain: [String: Span] = [:]
  private var hidden: [String: Int] = [:]
  private var entersFunctions = true

  /// The names in statements.
  ///
  /// - Parameter entersFunctions: whether what functions inside need counts as used.
  init(_ statements: [Statement], entersFunctions: Bool = true) {
    self.entersFunctions = entersFunctions
    for statement in statements { visit(statement) }
  }

  /// The names that a function with this body takes from around it, its parameters and own
  /// variables excepted.
  func free(name: String?, _ parameters: [Parameter]) -> Set<String> {
    var all = self
    for parameter in parameters {
      if let value = parameter.defaultValue { all.visit(value) }
    }
    var free = all.used
    for name in all.assigned { free.remove(name) }
    for parameter in parameters { free.remove(parameter.name) }
    if let name { free.remove(name) }
    return free
  }

  private mutating func assign(_ name: String, _ span: Span, isUpdate: Bool = false) {
    guard hidden[name, default: 0] == 0 else { return }
    if !isUpdate { bound.insert(name) }
    guard places[name] == nil else { return }
    places[name] = span
    assigned.append(name)
  }

  private mutating func use(_ name: String) {
    if hidden[name, default: 0] == 0 { used.insert(name) }
  }

  private mutating func use(freeIn function: FunctionNode) {
    guard entersFunctions else { return }
    for name in function.free { use(name) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .expression(let expression): visit(expression)
    case .assign(let target, let value):
      visit(value)
      if case .pattern(.name(let name, let span)) = target, hidden[name, default: 0] == 0 {
        plain[name] = plain[name] ?? span
      }
      visit(target)
    case .update(_, let target, let value, _):
      visit(value)
      if case .pattern(.name(let name, let span)) = target {
        assign(name, span, isUpdate: true)
        use(name)
      } else {
        visit(target)
      }
    case .function(let node):
      use(freeIn: node)
      if let name = node.name, node.parameters.first?.type == nil { assign(name, node.nameSpan) }
    case .type(let node): assign(node.name, node.nameSpan)
    case .forLoop(let pattern, let items, let body):
      visit(items)
      visit(pattern)
      visit(body)
    case .whileLoop(let condition, let body):
      visit(condition)
      visit(body)
    case .breakLoop, .continueLoop: break
    case .returnValue(let value): if let value { visit(value) }
    case .use(let use):
      for (name, span) in use.bindings { assign(name, span) }
    case .assert(let condition, let message):
      visit(condition)
      if let message { visit(message) }
    }
  }

  private mutating func visit(_ block: Block) {
    for statement in block.statements { visit(statement) }
  }

  private mutating func visit(_ pattern: Pattern) {
    switch pattern {
    case .name(let name, let span): assign(name, span)
    case .tuple(let parts, _): for part in parts { visit(part) }
    }
  }

  private mutating func visit(_ target: Target) {
    switch target {
    case .pattern(let pattern): visit(pattern)
    case .index(let base, let items, _):
      visitRoot(base)
      visit(items)
    case .field(let base, _, _): visitRoot(base)
    }
  }

  /// The variable under `x[...] = v` is used, not assigned: it must exist.
  private mutating func visitRoot(_ target: Target) {
    if case .pattern(.name(let name, _)) = target { use(name) } else { visit(target) }
  }

  private mutating func visit(_ items: [Expression.IndexItem]) {
    for item in items {
      switch item {
      case .at(let expression): visit(expression)
      case .slice(let start, let stop, let step, _):
        for part in [start, stop, step] { if let part { visit(part) } }
      case .ellipsis: break
      }
    }
  }

  private mutating func visit(_ elements: [Expression.Element]) {
    for element in elements { visit(element.value) }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .number, .string, .boolean, .none: break
    case .interpolation(let segments):
      for case .value(let value, _) in segments { visit(value) }
    case .name(let name): use(name)
    case .list(let elements), .record(let elements): visit(elements)
    case .comprehension(let comprehension): visit(comprehension)
    case .unary(_, let operand): visit(operand)
    case .binary(_, let left, let right, _), .logical(_, let left, let right, _),
      .range(let left, let right, _):
      visit(left)
      visit(right)
    case .call(let callee, let arguments):
      visit(callee)
      visit(arguments)
    case .index(let base, let items):
      visit(base)
      visit(items)
    case .field(let base, _, _): visit(base)
    case .lambda(let node):
      use(freeIn: node)
    case .conditional(let condition, let yes, let no):
      visit(condition)
      visit(yes)
      if let no { visit(no) }
    case .block(let block): visit(block)
    case .attempt(let body, let name, let handler):
      visit(body)
      hidden[name, default: 0] += 1
      visit(handler)
      hidden[name, default: 0] -= 1
    }
  }

  private mutating func visit(_ comprehension: Expression.Comprehension) {
    var names: [String] = []
    for clause in comprehension.clauses {
      visit(clause.items)
      for name in clause.pattern.names {
        hidden[name, default: 0] += 1
        names.append(name)
      }
      for condition in clause.conditions { visit(condition) }
    }
    visit(comprehension.body)
    for name in names { hidden[name, default: 0] -= 1 }
  }
}

extension Pattern {
  /// The names that it binds.
  var names: [String] {
    switch self {
    case .name(let name, _): [name]
    case .tuple(let parts, _): parts.flatMap(\.names)
    }
  }

  var span: Span {
    switch self {
    case .name(_, let span), .tuple(_, let span): span
    }
  }
}

extension Statement.Use {
  /// The names that it binds, and where they stand.
  var bindings: [(name: String, span: Span)] {
    if !names.isEmpty { return names }
    var base = module.split(separator: "/").last.map(String.init) ?? module
    if base.hasSuffix(".rnr") { base.removeLast(4) }
    return [(base, moduleSpan)]
  }
}
