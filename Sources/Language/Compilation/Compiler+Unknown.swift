import Execution

extension Compiler {
  /// Reports a name that nothing defines.
  func reportUnknown(_ name: String, _ span: Span, in builder: FunctionBuilder) {
    report(.unknownName, "`\(name)` is not defined", span, hint: hint(for: name, in: builder))
  }

  private func hint(for name: String, in builder: FunctionBuilder) -> String? {
    var names = Set(module.slots.keys).union(session.sharedNames)
    var outer: FunctionBuilder? = builder
    while let here = outer {
      names.formUnion(here.locals.keys)
      outer = here.parent
    }
    return session.hint(forUnknown: name, among: names)
  }
}
