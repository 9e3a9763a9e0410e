import Execution

/// What a `use` statement of a file gives.
struct UsedFile {
  /// The path as it is written.
  var path: String
  /// What the module is called; nil where only some of its names are taken.
  var module: String?
  var names: Set<String>

  /// How to write one of its names.
  func hint(for name: String) -> String {
    let file = path.split(separator: "/").last ?? "the file"
    let own = "use \"\(path)\": \(name)"
    return "it is in \(file): " + (module.map { "write \($0).\(name), or \(own)" } ?? own)
  }
}

extension Compiler {
  /// Reports a name that nothing defines.
  func reportUnknown(_ name: String, _ span: Span, in builder: FunctionBuilder) {
    report(.unknownName, "`\(name)` is not defined", span, hint: hint(for: name, in: builder))
  }

  private func hint(for name: String, in builder: FunctionBuilder) -> String? {
    if let file = usedFiles.first(where: { $0.names.contains(name) }) {
      return file.hint(for: name)
    }
    var names = Set(module.slots.keys).union(session.sharedNames)
    var outer: FunctionBuilder? = builder
    while let here = outer {
      names.formUnion(here.locals.keys)
      outer = here.parent
    }
    return session.hint(forUnknown: name, among: names)
  }

  /// The names that the file of a `use` statement gives, if it is one and can be read.
  func usedFile(_ statement: Statement) -> UsedFile? {
    guard case .use(let use) = statement.kind, use.isPath,
      let (program, _) = Checker.program(of: use, from: module.folder)
    else { return nil }
    return UsedFile(
      path: use.module, module: use.names.isEmpty ? use.bindings.first?.name : nil,
      names: Set(NameUse(program.statements).assigned))
  }
}
