import Execution

extension Checker {
  /// What is known of a name: here, or in the library.
  func knowledge(of name: String) -> Knowledge {
    if let known = known(name) { return known }
    return shared(name)
  }

  /// What is known of a name that the library or a definition by type gives.
  private func shared(_ name: String) -> Knowledge {
    let library = librarySignatures(name)
    guard let own = methods[name] else {
      return library.isEmpty ? .unknown : .function(library, library: name)
    }
    return hasUnknownModule ? .unknown : .function(library + own, library: nil)
  }

  private func librarySignatures(_ name: String) -> [Signature] {
    guard session.library.definitions[name] != nil, let place = session.sharedIndex(of: name),
      let value = try? session.value(ofShared: place)
    else { return [] }
    return value.codes.map(Signature.init)
  }

  /// Looks at a call; what is certain about its value.
  func call(
    _ callee: Expression, _ arguments: [Expression.Element], _ span: Span
  ) -> Knowledge {
    let called = evaluate(callee)
    let values = arguments.map { evaluate($0.value) }
    guard case .function(let signatures, let library) = called, let first = signatures.first
    else { return .unknown }
    let mistakes = signatures.map { $0.mistake(in: arguments) }
    if mistakes.allSatisfy({ $0 != nil }) {
      report(mistakes.compactMap { $0 }, callee, arguments, span)
      return .unknown
    }
    guard signatures.count == 1 else { return .unknown }
    if first.isConstructor { return .instance(first) }
    guard let library else { return .unknown }
    let bound = first.bound(arguments).mapValues { (values[$0], arguments[$0]) }
    return result(of: library, BoundCall(arguments: bound, span: span))
  }

  private func report(
    _ mistakes: [Signature.Mistake], _ callee: Expression, _ arguments: [Expression.Element],
    _ span: Span
  ) {
    guard let first = mistakes.first else { return }
    if mistakes.count == 1 {
      let place = first.argument.map { label(arguments[$0].span, first.label) }
      return report(first.code, first.message, [place ?? label(span)], hint: first.hint)
    }
    let isOneKind = mistakes.allSatisfy { $0.code == first.code && $0.argument == first.argument }
    let place = isOneKind ? first.argument.map { arguments[$0].span } : nil
    report(
      first.code, "no definition of `\(source.text(callee.span))` takes these arguments",
      [label(place ?? span)],
      hint: "its forms: " + Set(mistakes.map(\.signatureText)).sorted().joined(separator: ", "))
  }

  // MARK: - Modules and types

  /// What the module of a `use` statement gives; nil if it cannot be found.
  func moduleNames(_ use: Statement.Use) -> Knowledge.ModuleNames? {
    use.isPath ? fileNames(use) : libraryNames(use)
  }

  private func libraryNames(_ use: Statement.Use) -> Knowledge.ModuleNames? {
    let modules = session.library.entries
    guard let place = modules.firstIndex(where: { $0.name == use.module }) else {
      let near = Text.nearest(use.module, in: modules.map(\.name)).first
      report(
        .unknownModule, "the library has no module `\(use.module)`", [label(use.moduleSpan)],
        hint: near.map { "did you mean `\($0)`?" }
          ?? (Parser.packages.contains(use.module)
            ? "leave it out: the functions of the library are known everywhere, as sqrt(x)"
            : "a file is named in quotes: use \"\(use.module).rnr\""))
      return nil
    }
    guard let module = try? session.loadLibrary(place) else { return nil }
    var values: [String: Knowledge] = [:]
    for name in module.boundNames {
      let codes = module.value(name)?.codes ?? []
      values[name] = codes.isEmpty ? .unknown : .function(codes.map(Signature.init), library: name)
    }
    // Functions by type are not bound in their module, but known everywhere.
    for name in session.sharedNames where values[name] == nil {
      if session.export(name, of: module) != nil { values[name] = shared(name) }
    }
    return Knowledge.ModuleNames(name: module.name, values: values)
  }

  private func fileNames(_ use: Statement.Use) -> Knowledge.ModuleNames? {
    guard let program = usable(use) else { return nil }
    var values: [String: Knowledge] = [:]
    for name in NameUse(program.statements).assigned { values[name] = .unknown }
    for (name, signatures) in program.signatures where signatures.count == 1 {
      values[name] = .function(signatures, library: nil)
    }
    for name in program.methodNames { values[name] = .unknown }
    let name = String(use.module.split(separator: "/").last ?? "module")
    return Knowledge.ModuleNames(name: name, values: values)
  }

  /// The program in the file of a `use` statement; reports why there is none.
  private func usable(_ use: Statement.Use) -> Program? {
    let path = Checker.path(of: use, from: module.folder)
    do {
      let (program, problems) = Parser.parse(
        Source(name: path, text: try Source.text(ofFile: path)))
      guard let problem = problems.first else { return program }
      report(
        .unknownModule, "\"\(use.module)\" cannot be used: \(problem.message)",
        [label(use.moduleSpan)], hint: "rnr check \(path) shows where")
    } catch let mistake as Diagnostic {
      report(
        .unknownModule, "\"\(use.module)\" cannot be used: \(mistake.message)",
        [label(use.moduleSpan)], hint: mistake.hint)
    } catch {
      let failure = Machine.failure(error)
      report(.unknownModule, failure.message, [label(use.moduleSpan)], hint: failure.hint)
    }
    return nil
  }

  /// Where the file of a `use` statement lies.
  static func path(of use: Statement.Use, from folder: String) -> String {
    use.module.hasPrefix("/") || folder == "." ? use.module : "\(folder)/\(use.module)"
  }

  /// The program in the file of a `use` statement, if it has no mistakes.
  static func program(
    of use: Statement.Use, from folder: String
  ) -> (Program, path: String)? {
    let path = path(of: use, from: folder)
    guard let text = try? Source.text(ofFile: path) else { return nil }
    let (program, problems) = Parser.parse(Source(name: path, text: text))
    return problems.isEmpty ? (program, path) : nil
  }

  /// Collects the definitions by type in a program.
  func collectMethods(_ statements: [Statement], _ source: Source) {
    let names = statements.methodNames
    for statement in statements {
      guard case .function(let node) = statement.kind, let name = node.name, names.contains(name)
      else { continue }
      methods[name, default: []].append(Signature(name, node.parameters, source))
    }
  }

  /// Collects those in the file of a `use` statement, and in the files that it uses.
  func collectMethods(of use: Statement.Use, from folder: String) {
    var seen: Set<String> = []
    collectMethods(of: use, from: folder, &seen)
  }

  private func collectMethods(
    of use: Statement.Use, from folder: String, _ seen: inout Set<String>
  ) {
    guard let (program, path) = Checker.program(of: use, from: folder) else {
      hasUnknownModule = true
      return
    }
    guard seen.insert(path).inserted else { return }
    types.formUnion(program.typeNames)
    collectMethods(program.statements, program.source)
    for statement in program.statements {
      if case .use(let inner) = statement.kind, inner.isPath {
        collectMethods(of: inner, from: File.folder(of: path), &seen)
      }
    }
  }

  /// The types of values that no program declares.
  static let builtInTypes: Set<String> = [
    "boolean", "bounds", "column", "family", "figure", "function", "function_set", "gru",
    "language", "list",
    "lstm", "machine_set", "machine_strategy", "mealy", "module", "nets", "none", "number",
    "optimizer", "oracle", "outputs", "range", "record", "rnn", "scores", "strategy", "string",
    "tensor", "transcript", "type", "zoo", "zoo_status",
  ]

  /// Warns of functions for a type that nothing is called.
  func checkTypes(_ statements: [Statement]) {
    types.formUnion(statements.typeNames)
    for statement in statements {
      guard case .function(let node) = statement.kind, let parameter = node.parameters.first,
        let type = parameter.type, !types.contains(type), !hasUnknownModule,
        !Checker.builtInTypes.contains(type), session.sharedIndex(of: type) == nil
      else { continue }
      let near = Text.nearest(type, in: types.union(Checker.builtInTypes)).first
      report(
        .unknownType, "there is no type `\(type)`, so nothing calls this function",
        [label(parameter.span)],
        hint: near.map { "did you mean `\($0)`?" }
          ?? "a type is declared: type \(type)(first, second)",
        severity: .warning)
    }
  }
}

extension Signature.Mistake {
  /// The signature that a hint ends with.
  fileprivate var signatureText: String {
    guard hint.hasPrefix("did you mean"), let mark = hint.firstIndex(of: "?") else { return hint }
    return hint[hint.index(after: mark)...].trimmed
  }
}

extension Program {
  /// The functions and types at the top, with their forms.
  fileprivate var signatures: [String: [Signature]] {
    var found: [String: [Signature]] = [:]
    for statement in statements {
      switch statement.kind {
      case .function(let node):
        guard let name = node.name else { continue }
        found[name, default: []].append(Signature(name, node.parameters, source))
      case .type(let node): found[node.name, default: []].append(Signature(node, source))
      default: break
      }
    }
    for name in NameUse(statements).plain.keys { found[name] = nil }
    return found
  }

  fileprivate var methodNames: Set<String> { statements.methodNames }
  fileprivate var typeNames: Set<String> { statements.typeNames }
}

extension [Statement] {
  /// The names that are defined for a type here.
  fileprivate var methodNames: Set<String> {
    var found: Set<String> = []
    for statement in self {
      if case .function(let node) = statement.kind, let name = node.name,
        node.parameters.first?.type != nil
      {
        found.insert(name)
      }
    }
    return found
  }

  fileprivate var typeNames: Set<String> {
    Set(
      compactMap { statement in
        if case .type(let node) = statement.kind { node.name } else { nil }
      })
  }
}
