import Execution

extension Compiler {
  /// Reports a name that nothing defines.
  func reportUnknown(_ name: String, _ span: Span, in builder: FunctionBuilder) {
    report("`\(name)` is not defined", span, hint: hint(for: name, in: builder))
  }

  private func hint(for name: String, in builder: FunctionBuilder) -> String? {
    var names = Set(module.slots.keys).union(session.sharedNames)
    var outer: FunctionBuilder? = builder
    while let here = outer {
      names.formUnion(here.locals.keys)
      outer = here.parent
    }
    if let module = session.moduleDefining(name) {
      return "it is in a module of the library: use \(module): \(name)"
    }
    if let here = ForeignNames.here(name) { return "here it is called `\(here)`" }
    return Text.nearest(name, in: names).first.map { "did you mean `\($0)`?" }
  }
}
