/// Turns the statements of a source into code, and reports what can never work.
final class Compiler {
  let session: Session
  let module: Module
  let source: Source
  private(set) var diagnostics: [Diagnostic] = []
  /// Whether names that nothing defines are errors inside functions too: so in scripts, not at the
  /// prompt, where they may be defined later.
  let isWhole: Bool
  /// Whether only mistakes are wanted, and no code.
  let onlyChecks: Bool
  /// The names that files give which the program uses; read when the first name is unknown.
  private(set) lazy var usedFiles = statements.compactMap(usedFile)
  private var statements: [Statement] = []
  /// The names that the program assigns and uses at its top.
  private(set) var names = NameUse([])

  init(
    session: Session, module: Module, source: Source, isWhole: Bool, onlyChecks: Bool = false
  ) {
    self.onlyChecks = onlyChecks
    self.session = session
    self.module = module
    self.source = source
    self.isWhole = isWhole
  }

  func report(
    _ code: Diagnostic.Code, _ message: String, _ span: Span, label: String = "",
    hint: String? = nil,
    others: [Diagnostic.Label] = [], severity: Diagnostic.Severity = .error
  ) {
    let label = Diagnostic.Label(source, span, label)
    diagnostics.append(
      Diagnostic(
        severity, stage: .source, code: code, message, labels: [label] + others, hint: hint))
  }

  /// Code for each statement of a program, to be run in order; none if only mistakes are wanted.
  func compile(_ program: Program) -> [Code] {
    statements = program.statements
    names = NameUse(program.statements)
    for statement in program.statements { declareMethods(statement) }
    methodNames.subtract(ownNames)
    for name in names.assigned where !methodNames.contains(name) { module.addSlot(name) }
    // At the prompt also names that are only used get places, below.
    let others = isWhole ? 0 : names.used.count
    guard module.slotCount + others < Module.slotLimit else {
      report(.limit, "a module may have at most \(Module.slotLimit) names", Span(0, 0))
      return []
    }
    if !isWhole {
      // What nothing defines yet may be defined by a later entry.
      for name in names.used where session.sharedIndex(of: name) == nil { module.addSlot(name) }
    }
    var assigned = Set(module.slots.values.filter { !module.storage[$0].isUnset })
    return program.statements.compactMap { statement -> Code? in
      let builder = FunctionBuilder(self, name: module.name, parent: nil)
      builder.beginTemporaries(at: module.slotCount)
      swap(&builder.assigned, &assigned)  // held once, so that it is not copied
      let value = builder.compile(statement, wantsValue: true)
      builder.finish(value, at: statement.span)
      assigned = builder.assigned
      return onlyChecks ? nil : builder.code
    }
  }

  /// Names whose definitions in this module add to the shared ones.
  ///
  /// Those are the names that are defined for a type here; a definition without a type then adds to
  /// them. In the library also names that other modules define for types are.
  private(set) var methodNames: Set<String> = []

  /// Names of the library that a file, or the prompt, defines without a type: for itself alone.
  private var ownNames: Set<String> = []

  /// Whether a definition without a type adds to definitions for types.
  func addsToMethods(_ name: String) -> Bool {
    methodNames.contains(name) || ownNames.contains(name) && module.methodNames.contains(name)
  }

  /// What a module defined without a type stays its own, and serves what has no definition by type.
  private func keepOwn(_ name: String) {
    guard case .function(let before)? = module.value(name) else { return }
    ownNames.insert(name)
    guard case .closure = before.kind else { return }
    session.addMethod(before, name: name, type: Generic.anyType, in: module)
  }

  private func declareMethods(_ statement: Statement) {
    guard case .function(let node) = statement.kind, let name = node.name else { return }
    if node.parameters.first?.type != nil {
      let place = session.declareShared(name)
      methodNames.insert(name)
      module.methodNames.insert(name)
      if session.keepsOwn(name, in: module) { return keepOwn(name) }
      // A definition without a type that came before serves all other types.
      if let before = module.removeFunction(name), case .closure = before.kind,
        session.shared[place].generic?.fallback == nil
      {
        session.addMethod(before, name: name, type: Generic.anyType)
      }
    } else if session.keepsOwn(name, in: module) {
      ownNames.insert(name)
    } else if module.isLibrary ? session.hasMethods(name) : module.methodNames.contains(name) {
      methodNames.insert(name)
    }
  }
}
