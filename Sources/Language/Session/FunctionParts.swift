/// What a function is made of, by which one is told from another of a later run.
public struct FunctionParts {
  /// The text of its definition; the name alone of what the library defines.
  public var text: String
  /// What it captured, by name.
  public var captured: [(name: String, value: Value)] = []
  /// The global variables that it uses, as they are now; what belongs to the library is left out.
  public var globals: [(name: String, value: Value)] = []
  /// A number that no other code of this session has.
  public var number: Int
}

extension Session {
  /// The parts of a function; those of each definition where types choose among several.
  public func parts(of function: FunctionObject) -> [FunctionParts] {
    switch function.kind {
    case .closure(let code, let captures): [parts(of: code, captures)]
    case .generic(let generic):
      (generic.methods.sorted { $0.key.name < $1.key.name }.map(\.value)
        + [generic.fallback].compactMap { $0 }).flatMap { parts(of: $0) }
    }
  }

  private func parts(of code: Code, _ captures: [Value]) -> FunctionParts {
    let name = FunctionParts(text: code.name, number: code.number)
    guard let span = code.definition, !code.isNativeBody else { return name }
    // What the library defines at its top changes with the version alone.
    if code.module.isLibrary, code.captureNames.isEmpty { return name }
    var parts = name
    parts.text = code.source.text(span)
    parts.captured = zip(code.captureNames, captures).map { (name: $0, value: $1) }
    var seen: Set<String> = []
    parts.globals = globals(of: code).filter { seen.insert($0.name).inserted }
    return parts
  }

  /// The global variables that code uses, and the functions inside it.
  private func globals(of code: Code) -> [(name: String, value: Value)] {
    var found: [(name: String, value: Value)] = []
    for instruction in code.instructions {
      let (b, c) = (Int(instruction.b), Int(instruction.c))
      switch instruction.operation {
      case .global: found += global(b, of: code)
      case .globalCallable:
        let own = global(b, of: code).filter { $0.value.isCallable }
        found += own.isEmpty ? methods(ofShared: c) : own
      case .callGlobal:
        let callee = code.callees[c]
        let own = callee.slot < 0 ? [] : global(Int(callee.slot), of: code)
        found += own.isEmpty && callee.shared >= 0 ? methods(ofShared: Int(callee.shared)) : own
      case .shared: found += methods(ofShared: b)
      case .callable: found += methods(ofShared: c)
      default: break
      }
    }
    return found + code.nested.flatMap { globals(of: $0.code) }
  }

  /// A variable of the code's module; none if it is the library's own.
  private func global(_ slot: Int, of code: Code) -> [(name: String, value: Value)] {
    guard !code.module.isLibrary, slot < code.module.slotCount,
      let name = code.module.slots.first(where: { $0.value == slot })?.key,
      let value = code.module.value(name)
    else { return [] }
    return [(name, value)]
  }

  /// What files other than the library's define under a shared name.
  private func methods(ofShared place: Int) -> [(name: String, value: Value)] {
    guard place < shared.count, let generic = shared[place].generic else { return [] }
    let methods = generic.methods.sorted { $0.key.name < $1.key.name }.map(\.value)
    return (methods + [generic.fallback].compactMap { $0 }).compactMap { function in
      guard let code = function.code, !code.module.isLibrary else { return nil }
      let type = code.parameters.first.map { "(\($0.text))" } ?? ""
      return (name: shared[place].name + type, value: .function(function))
    }
  }
}

extension Module {
  /// The variables of a file that a script uses, by name; none of the library's.
  public var variables: [(name: String, value: Value)] {
    isLibrary ? [] : boundNames.sorted().compactMap { name in value(name).map { (name, $0) } }
  }
}
