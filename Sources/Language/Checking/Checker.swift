import Execution

/// Finds mistakes that are certain before anything runs: wrong calls, shapes that differ, fields
/// that are not there, statements that are never reached.
///
/// It goes through the statements in the order in which they run and keeps what is certain about
/// each name. Bodies of functions come last, when it is known which names of the module have only
/// one value. What a `try` may catch is not reported.
final class Checker {
  let session: Session
  let source: Source
  let module: Module
  private(set) var diagnostics: [Diagnostic] = []

  /// What is known of the names of the function, or of the module at its top.
  var names: [String: Knowledge] = [:]
  /// The names of what is around the function, outermost first.
  private var outer: [[String: Knowledge]] = []
  /// How often each name of the module is assigned.
  private var assignments: [String: Int] = [:]
  /// Where each name of the module is first assigned.
  private var definitions: [String: Span] = [:]
  /// Names that statements which cannot be read may change.
  private let unsure: Set<String>
  /// Functions at the top whose bodies wait for the end.
  private var waiting: [FunctionNode] = []
  private var functionDepth = 0
  private var attempts = 0
  /// How many branches are around, in which a guard may keep an index within its shape.
  var branches = 0
  /// For names that are defined by type, here or in files that are used: each definition.
  var methods: [String: [Signature]] = [:]
  /// The types of this program and of the files it uses.
  var types: Set<String> = []
  /// Whether a file that is used cannot be read, so that it might define anything.
  var hasUnknownModule = false

  /// - Parameter unsure: names of which nothing is certain.
  init(session: Session, module: Module, source: Source, unsure: Set<String> = []) {
    self.session = session
    self.unsure = unsure
    self.module = module
    self.source = source
  }

  /// Every mistake of a program that is certain.
  ///
  /// - Parameter own: the names that it assigns at its top.
  func check(_ program: Program, _ own: NameUse) -> [Diagnostic] {
    definitions = own.places
    collectMethods(program.statements, source)
    for statement in program.statements {
      guard case .use(let use) = statement.kind, use.isPath else { continue }
      collectMethods(of: use, from: module.folder)
    }
    checkTypes(program.statements)
    for (use, circle) in UseCircle.all(in: program, source.name) {
      let failure = circle.failure
      report(.unknownModule, failure.message, [label(use.moduleSpan)], hint: failure.hint)
    }
    _ = visit(program.statements)
    for (name, count) in assignments where count > 1 { names[name] = .unknown }
    for node in waiting { visitFunction(node) }
    return diagnostics
  }

  func report(
    _ code: Diagnostic.Code, _ message: String, _ labels: [Diagnostic.Label], hint: String? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    guard attempts == 0 || severity == .warning else { return }
    diagnostics.append(
      Diagnostic(severity, stage: .source, code: code, message, labels: labels, hint: hint))
  }

  func label(_ span: Span, _ text: String = "") -> Diagnostic.Label {
    Diagnostic.Label(source, span, text)
  }

  // MARK: - Statements

  /// Visits statements in order; whether what stands behind them is never reached.
  @discardableResult
  func visit(_ statements: [Statement]) -> Bool {
    var isOver = false
    for (place, statement) in statements.enumerated() {
      if isOver {
        let last = statements[statements.count - 1].span
        report(
          .unreachable, "this is never reached",
          [label(statement.span.firstLine(to: last, in: source))], severity: .warning)
        // What follows is looked at as if it were reached.
        return visitRest(statements[place...])
      }
      isOver = visit(statement)
    }
    return isOver
  }

  private func visitRest(_ statements: ArraySlice<Statement>) -> Bool {
    for statement in statements { _ = visit(statement) }
    return true
  }

  private func visit(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .expression(let expression): return visitForEffect(expression)
    case .assign(let target, let value):
      let known = evaluate(value)
      assign(target, known)
    case .update(let operation, let target, let value, let sign):
      visitUpdate(operation, target, value, sign)
    case .function(let node): define(node)
    case .type(let node): bind(node.name, .function([Signature(node, source)], library: nil))
    case .forLoop(let pattern, let items, let body):
      _ = evaluate(items)
      visitLoop(body) { self.bind(pattern, .unknown) }
    case .whileLoop(let condition, let body):
      forgetAssigned(in: body.statements)
      _ = evaluate(condition)
      visitLoop(body) {}
      if case .boolean(true) = condition.kind { return !body.statements.breaksOut }
    case .breakLoop, .continueLoop: return true
    case .returnValue(let value):
      if let value { _ = evaluate(value) }
      return true
    case .use(let use): visitUse(use)
    case .assert(let condition, let message):
      _ = evaluate(condition)
      if let message { _ = evaluate(message) }
    }
    return false
  }

  /// Visits an expression statement; whether it never ends.
  private func visitForEffect(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .conditional(let condition, let yes, let no):
      return visitConditional(condition, yes, no)
    case .block(let block): return visit(block.statements)
    case .call(let callee, _):
      _ = evaluate(expression)
      guard case .name(let name) = callee.kind, known(name) == nil else { return false }
      return ["fail", "quit"].contains(name) && session.sharedIndex(of: name) != nil
    default:
      _ = evaluate(expression)
      return false
    }
  }

  func visitConditional(_ condition: Expression, _ yes: Block, _ no: Block?) -> Bool {
    _ = evaluate(condition)
    branches += 1
    defer { branches -= 1 }
    let changed = Checker.assigned(in: yes.statements + (no?.statements ?? []))
    let before = values(of: changed)
    let yesIsOver = visit(yes.statements)
    let afterYes = values(of: changed)
    restore(before)
    let noIsOver = no.map { visit($0.statements) } ?? false
    if noIsOver {
      restore(afterYes)
    } else if !yesIsOver {
      for (name, value) in afterYes {
        guard let value, let other = names[name] else {
          names[name] = .unknown
          continue
        }
        names[name] = value.joined(other)
      }
    }
    return yesIsOver && noIsOver
  }

  /// What is known of some names, to be restored where another way is gone.
  func values(of some: some Sequence<String>) -> [(String, Knowledge?)] {
    some.map { ($0, names[$0]) }
  }

  func restore(_ values: [(String, Knowledge?)]) {
    for (name, value) in values { names[name] = value }
  }

  private func visitLoop(_ body: Block, _ begin: () -> Void) {
    forgetAssigned(in: body.statements)
    begin()
    _ = visit(body.statements)
    // The body may run, or not, or be left in its middle.
    forgetAssigned(in: body.statements)
  }

  func visitAttempt(_ body: Block, _ error: String, _ handler: Block) {
    attempts += 1
    _ = visit(body.statements)
    attempts -= 1
    forgetAssigned(in: body.statements)
    let hidden = names[error]
    names[error] = .unknown
    _ = visit(handler.statements)
    names[error] = hidden
    forgetAssigned(in: handler.statements)
  }

  private func forgetAssigned(in statements: [Statement]) {
    for name in Checker.assigned(in: statements) { names[name] = .unknown }
  }

  /// The names of which statements may change the value, or a part of it.
  private static func assigned(in statements: [Statement]) -> Set<String> {
    statements.changedPlaces.union(NameUse(statements).assigned)
  }

  // MARK: - Names

  private func bind(_ name: String, _ value: Knowledge) {
    if functionDepth == 0 { assignments[name, default: 0] += 1 }
    names[name] = unsure.contains(name) ? .unknown : value
  }

  private func bind(_ pattern: Pattern, _ value: Knowledge) {
    switch pattern {
    case .name(let name, _): bind(name, value)
    case .tuple(let parts, _): for part in parts { bind(part, .unknown) }
    }
  }

  private func assign(_ target: Target, _ value: Knowledge) {
    if case .pattern = target {} else if let (name, place) = target.root { readEarly(name, place) }
    switch target {
    case .pattern(let pattern): bind(pattern, value)
    case .index(let base, let items, let span):
      let keys = items.flatMap(\.expressions).map { evaluate($0) }
      if case .pattern(.name(let name, let place)) = base, case .tensor(let shape)? = names[name] {
        _ = selected(shape, items, keys, place, at: span)
      }
      forgetRoot(of: target)
    case .field: forgetRoot(of: target)
    }
  }

  /// A change of a part leaves a tensor's shape and an instance's fields as they are.
  private func forgetRoot(of target: Target) {
    guard let (name, _) = target.root else { return }
    switch names[name] {
    case .tensor?, .instance?: break
    default: bind(name, .unknown)
    }
  }

  private func visitUpdate(
    _ operation: BinaryOperator, _ target: Target, _ value: Expression, _ sign: Span
  ) {
    let right = evaluate(value)
    guard case .pattern(.name(let name, let span)) = target else {
      return assign(target, .unknown)
    }
    readEarly(name, span)
    let left = names[name] ?? .unknown
    bind(name, combine(operation, (left, span), (right, value.span), at: sign))
  }

  private func visitUse(_ use: Statement.Use) {
    let module = moduleNames(use)
    if use.names.isEmpty {
      for (name, _) in use.bindings { bind(name, module.map(Knowledge.module) ?? .unknown) }
      return
    }
    for (name, span) in use.names {
      guard let module else {
        bind(name, .unknown)
        continue
      }
      if module.values[name] == nil {
        let near = Text.nearest(name, in: module.values.keys).first
        report(
          .unknownName, "the module `\(module.name)` has no `\(name)`", [label(span)],
          hint: near.map { "did you mean `\($0)`?" })
      }
      bind(name, module.values[name] ?? .unknown)
    }
  }

  // MARK: - Functions

  private func define(_ node: FunctionNode) {
    guard let name = node.name else { return }
    if node.parameters.first?.type == nil, methods[name] == nil {
      bind(name, .function([Signature(name, node.parameters, source)], library: nil))
    }
    if functionDepth == 0 {
      waiting.append(node)
    } else {
      visitFunction(node)
    }
  }

  /// Visits a function, which knows what is known where it is made.
  func visitFunction(_ node: FunctionNode) {
    outer.append(names)
    functionDepth += 1
    names = [:]
    visitBody(node)
    functionDepth -= 1
    names = outer.removeLast()
  }

  private func visitBody(_ node: FunctionNode) {
    let body = node.body?.statements ?? []
    for parameter in node.parameters { names[parameter.name] = .unknown }
    for parameter in node.parameters {
      if let value = parameter.defaultValue { _ = evaluate(value) }
    }
    for name in node.names.assigned { names[name] = .unknown }
    _ = visit(body)
  }

  /// Reports a name of the module that is read where nothing has assigned it yet.
  func readEarly(_ name: String, _ place: Span) {
    guard functionDepth == 0, names[name] == nil, !unsure.contains(name), methods[name] == nil,
      let definition = definitions[name], session.sharedIndex(of: name) == nil
    else { return }
    names[name] = .unknown
    let isWithin = definition.start <= place.start
    report(
      .readEarly, "`\(name)` is not defined yet",
      [label(place)] + (isWithin ? [] : [label(definition, "only here, further down")]),
      hint: isWithin
        ? "it must have a value before this statement"
        : "a script runs from top to bottom: move the definition above, or this below")
  }

  /// What is known of a name that this program binds; nil if it binds none of the name.
  func known(_ name: String) -> Knowledge? {
    if unsure.contains(name) { return .unknown }
    if let value = names[name] { return value }
    for scope in outer.reversed() {
      if let value = scope[name] { return value }
    }
    return nil
  }
}

extension Span {
  /// From here to the end of another stretch, or of the line if that comes first.
  fileprivate func firstLine(to last: Span, in source: Source) -> Span {
    let bytes = source.bytes
    var end = start
    while end < last.end, end < bytes.count, bytes[end] != 10 { end += 1 }
    return Span(start, Swift.max(end, Swift.min(self.end, end)))
  }
}

extension [Statement] {
  /// Whether a `break` in these statements leaves the loop around them.
  fileprivate var breaksOut: Bool {
    contains { statement in
      switch statement.kind {
      case .breakLoop: true
      case .expression(let expression), .assign(_, let expression),
        .update(_, _, let expression, _):
        expression.breaksOut
      default: false
      }
    }
  }

  /// The variables of which a part is assigned, as by `x[0] = 1`.
  fileprivate var changedPlaces: Set<String> {
    var found: Set<String> = []
    for statement in self {
      switch statement.kind {
      case .assign(let target, _), .update(_, let target, _, _):
        if let (name, _) = target.root { found.insert(name) }
      case .forLoop(_, _, let body), .whileLoop(_, let body):
        found.formUnion(body.statements.changedPlaces)
      case .expression(let expression):
        for block in expression.blocks { found.formUnion(block.statements.changedPlaces) }
      default: break
      }
    }
    return found
  }
}

extension Expression {
  fileprivate var breaksOut: Bool { blocks.contains { $0.statements.breaksOut } }

  /// The blocks of an `if`, a `try` or a bare block.
  fileprivate var blocks: [Block] {
    switch kind {
    case .conditional(_, let yes, let no): [yes] + (no.map { [$0] } ?? [])
    case .block(let block): [block]
    case .attempt(let body, _, let handler): [body, handler]
    default: []
    }
  }
}
