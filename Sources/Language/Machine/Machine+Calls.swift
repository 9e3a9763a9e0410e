import Execution

extension Machine {
  /// Puts the arguments of a call in order and gives the function to run.
  ///
  /// - Parameter base: the first of `count` argument registers, all given by place, which become
  ///   the callee's first ones.
  func enter(
    _ callee: Value, _ base: UnsafeMutablePointer<Value>, count: Int
  ) throws -> FunctionObject {
    let (code, function) = try chosen(callee, base, count: count, form: nil)
    try reserve(base, max(code.registerCount, count))
    if count != code.parameters.count || code.requiredCount < 0 {
      if count < code.requiredCount || count > code.parameters.count || code.requiredCount < 0
        || code.shapePlace >= 0
      {
        try bind(code, base, count: count, form: nil)
      } else {
        for place in count..<code.parameters.count { base[place] = .unset }
      }
    }
    Machine.copyCaptures(of: function, to: base + code.parameters.count)
    return function
  }

  /// The same for arguments that form number `form` of the caller describes.
  func enter(
    _ callee: Value, _ base: UnsafeMutablePointer<Value>, count: Int, form: Int, of caller: Code
  ) throws -> FunctionObject {
    let arguments = caller.callForms[form]
    let (code, function) = try chosen(callee, base, count: count, form: arguments)
    if caller.plan(form, for: code) {
      let plan = caller.prepared.pointee.firstPlan + form
      try arrange(plan, code.registerCount, base, count: count)
    } else {
      try reserve(base, max(code.registerCount, count))
      try bind(code, base, count: count, form: arguments)
    }
    Machine.copyCaptures(of: function, to: base + code.parameters.count)
    return function
  }

  /// Brings arguments into the order of the parameters by a plan.
  @inline(__always)
  func arrange(
    _ plan: UnsafeMutablePointer<CallPlan>, _ registerCount: Int,
    _ base: UnsafeMutablePointer<Value>, count: Int
  ) throws {
    guard plan.pointee.isAscending else {
      return try rearrange(plan, registerCount, base, count: count)
    }
    try reserve(base, max(registerCount, count))
    let sources = plan.pointee.sources
    var place = sources.count - 1
    while place >= 0 {
      let source = Int(sources[place])
      if source < 0 {
        base[place] = .unset
      } else if source != place {
        Machine.shift(from: base + source, to: base + place)
      }
      place -= 1
    }
  }

  /// The same where arguments change their order: they are put aside behind the registers.
  private func rearrange(
    _ plan: UnsafeMutablePointer<CallPlan>, _ registerCount: Int,
    _ base: UnsafeMutablePointer<Value>, count: Int
  ) throws {
    let aside = max(registerCount, count)
    try reserve(base, aside + count)
    for place in 0..<count { Machine.shift(from: base + place, to: base + aside + place) }
    for (place, source) in plan.pointee.sources.enumerated() {
      if source >= 0 {
        Machine.shift(from: base + aside + Int(source), to: base + place)
      } else {
        base[place] = .unset
      }
    }
  }

  /// The function that is called, among several for types the one for the first argument.
  private func chosen(
    _ callee: Value, _ base: UnsafeMutablePointer<Value>, count: Int,
    form: [Code.ArgumentForm]?
  ) throws -> (Code, FunctionObject) {
    var function: FunctionObject
    switch callee {
    case .function(let object): function = object
    case .type(let type): function = type.constructor
    default: throw notCallable(callee)
    }
    if case .generic(let generic) = function.kind {
      function = try choose(generic, base, count: count, form: form)
    }
    guard let code = function.code else { throw notCallable(callee) }
    return (code, function)
  }

  /// At the top of a module the registers are the module's: a call's arguments go to the stack.
  func movedToStack(
    _ arguments: UnsafeMutablePointer<Value>, count: Int
  ) throws -> UnsafeMutablePointer<Value> {
    try reserve(top, count + 1)
    for place in 0..<count { Machine.shift(from: arguments + place, to: top + place) }
    return top
  }

  private func notCallable(_ callee: Value) -> Failure {
    Failure(
      "\(callee.described) cannot be called", at: .position(0),
      "this is \(callee.described)", hint: callee.isIndexable ? "use [ ] to index" : nil)
  }

  private func choose(
    _ generic: Generic, _ base: UnsafeMutablePointer<Value>, count: Int,
    form: [Code.ArgumentForm]?
  ) throws -> FunctionObject {
    let first = firstArgument(of: generic, base, count: count, form: form)
    if let first, let method = generic.method(for: first.value.typeSymbol) { return method }
    if let fallback = generic.fallback { return fallback }
    let types = generic.methods.keys.map(\.name).sorted().joined(separator: ", ")
    guard let first else {
      throw Failure(
        "`\(generic.name)` needs a first argument, by whose type it is chosen",
        hint: "it is defined for: \(types)")
    }
    throw Failure(
      "`\(generic.name)` is not defined for \(first.value.described)",
      at: .position(first.place + 1), "this is \(first.value.described)",
      hint: "it is defined for: \(types)")
  }

  /// The argument by whose type a function is chosen: the first by place, else the one that is
  /// named as a first parameter is.
  private func firstArgument(
    of generic: Generic, _ base: UnsafeMutablePointer<Value>, count: Int, form: [Code.ArgumentForm]?
  ) -> (value: Value, place: Int)? {
    guard let form else { return count > 0 ? (base[0], 0) : nil }
    for (place, argument) in form.enumerated() {
      switch (argument, base[place]) {
      case (.positional, let value): return (value, place)
      case (.spread, .list(let list)):
        if let value = list.items.first { return (value, place) }
      case (.spread, .record(let record)) where record.isTuple: return (record.values[0], place)
      default: break
      }
    }
    let names = Set(generic.methods.values.compactMap { $0.parameters?.first?.name })
    for (place, argument) in form.enumerated() {
      if case .named(let name) = argument, names.contains(name) { return (base[place], place) }
      if case .record(let record) = base[place], case .spread = argument,
        let field = record.names.firstIndex(where: names.contains)
      {
        return (record.values[field], place)
      }
    }
    return nil
  }

  /// Brings arguments into the order of the parameters; those that are missing become unset.
  private func bind(
    _ code: Code, _ base: UnsafeMutablePointer<Value>, count: Int, form: [Code.ArgumentForm]?
  ) throws {
    var positional: [Value] = []
    var named: [(name: Symbol, value: Value, place: Int)] = []
    var spreads: [Int] = []
    var lastPositional = -1
    for place in 0..<count {
      let value = (base + place).move()
      (base + place).initialize(to: .unset)
      switch form?[place] ?? .positional {
      case .positional:
        positional.append(value)
        lastPositional = place
      case .named(let name): named.append((name, value, place))
      case .spread:
        spreads.append(place)
        try spread(value, place, &positional, &named)
      }
    }
    if code.shapePlace >= 0 {
      try openShape(of: code, &positional, at: lastPositional, &named, &spreads)
    }
    var values = [Value](repeating: .unset, count: code.parameters.count)
    try bindPositional(positional, code, &values)
    let others = code.parameters.firstIndex { $0.isRest && $0.hasDefault }
    // As in a record, what is named behind a spread takes the place of what was spread.
    let written = named.filter { !spreads.contains($0.place) }
    named.removeAll { one in
      spreads.contains(one.place)
        && written.contains { $0.name == one.name && $0.place > one.place }
    }
    if code.takesShape { try gatherShape(for: code, &named) }
    var further: [(String, Value)] = []
    for (name, value, place) in named {
      guard let parameter = code.parameters.firstIndex(where: { $0.name == name && !$0.isRest })
      else {
        guard others != nil else { throw unknownKeyword(name, place, code) }
        if further.contains(where: { $0.0 == name.name }) {
          throw Failure(
            "`\(code.name)` gets `\(name.name)` twice", at: .position(place + 1),
            hint: code.signature)
        }
        further.append((name.name, value))
        continue
      }
      guard values[parameter].isUnset else {
        throw Failure(
          "`\(code.name)` gets `\(name.name)` twice", at: .position(place + 1),
          hint: code.signature)
      }
      values[parameter] = value
    }
    if let others, !further.isEmpty { values[others] = .fields(further) }
    for (place, parameter) in code.parameters.enumerated() where values[place].isUnset {
      if parameter.isRest {
        if !parameter.hasDefault { values[place] = .items([]) }
      } else if !parameter.hasDefault {
        throw Failure(
          "`\(code.name)` is called without `\(parameter.name.name)`",
          hint: shapeHint(code, values) ?? code.signature)
      }
    }
    for (place, value) in values.enumerated() { base[place] = value }
  }

  private func bindPositional(_ positional: [Value], _ code: Code, _ values: inout [Value]) throws {
    let room = code.parameters.firstIndex(where: \.isRest) ?? code.parameters.count
    for (place, value) in positional.prefix(room).enumerated() { values[place] = value }
    if let rest = code.parameters.firstIndex(where: { $0.isRest && !$0.hasDefault }) {
      values[rest] = .items(Array(positional.dropFirst(room)))
    } else if positional.count > room {
      throw Failure(
        "`\(code.name)` takes \(Text.count(room, "argument")), but \(positional.count) are given",
        at: .position(room + 1), "one too many", hint: code.signature)
    }
  }

  func spread(
    _ value: Value, _ place: Int, _ positional: inout [Value],
    _ named: inout [(name: Symbol, value: Value, place: Int)]
  ) throws {
    switch value {
    case .list(let list): positional += list.items
    case .record(let record) where record.isTuple: positional += record.values
    case .record(let record):
      for (name, value) in zip(record.names, record.values) { named.append((name, value, place)) }
    default:
      throw Failure(
        "only a list or a record can be spread, not \(value.described)", at: .position(place + 1))
    }
  }

  private func unknownKeyword(_ name: Symbol, _ place: Int, _ code: Code) -> Failure {
    let names = code.parameters.map(\.name.name)
    let near =
      ForeignNames.parameter(name.name, among: names).map { "did you mean `\($0)`? " } ?? ""
    return Failure(
      "`\(code.name)` has no argument `\(name.name)`", at: .position(place + 1),
      hint: near + code.signature)
  }

  // MARK: - Functions

  func closure(_ nested: Code.Nested, _ r: UnsafeMutablePointer<Value>) -> Value {
    .function(
      FunctionObject(.closure(nested.code, captures: nested.captures.map { r[$0] })))
  }

  func addMethod(_ function: Value, _ name: Value, _ type: Value) {
    guard case .function(let function) = function, case .string(let name) = name,
      case .string(let type) = type
    else { return }
    session.addMethod(function, name: name.text, type: type.text)
  }

  func callNative(
    _ entry: UnsafeMutablePointer<Code.Fixed>, _ r: UnsafeMutablePointer<Value>
  ) throws -> Value {
    guard entry.pointee.native.count == 1, let native = entry.pointee.native.baseAddress else {
      return .none
    }
    let saved = top
    top = r + entry.pointee.registerCount
    defer { top = saved }
    let arguments = Arguments(r, entry, machine: self)
    let result =
      native.pointee.isStoppable
      ? try cancellation.stoppable { try native.pointee.body(arguments) }
      : try native.pointee.body(arguments)
    if cancellation.isExhausted { throw cancellation.reason }
    let checked =
      native.pointee.isComputing
      ? try checked(result, of: native.pointee.name, arguments) : result
    guard case .tensor = checked else { return checked }
    return Masks.marked(checked, native.pointee.maskRule, arguments)
  }

  // MARK: - Names

  func sharedValue(
    _ index: Int, top newTop: UnsafeMutablePointer<Value>
  ) throws -> Value {
    let ready = session.readyValues.base[index]
    if !ready.isUnset { return ready }
    let saved = top
    top = newTop
    defer { top = saved }
    return try session.value(ofShared: index)
  }

  /// The function that a callee names; others than functions are passed over for shared ones.
  func value(
    of callee: Code.Callee, _ entry: UnsafeMutablePointer<Code.Fixed>,
    top newTop: UnsafeMutablePointer<Value>
  ) throws -> Value {
    if callee.slot >= 0 {
      let value = entry.pointee.globals[Int(callee.slot)]
      if value.isCallable { return value }
      if callee.shared < 0 {
        if !value.isUnset { return value }
        return try sharedValue(named: entry.pointee.firstConstant[Int(callee.name)], top: newTop)
      }
    }
    return try sharedValue(Int(callee.shared), top: newTop)
  }

  /// Where the value of a callee lies if it is at hand.
  @inline(__always)
  func register(
    of callee: UnsafeMutablePointer<Code.Callee>, _ entry: UnsafeMutablePointer<Code.Fixed>
  ) -> UnsafeMutablePointer<Value> {
    if callee.pointee.slot >= 0 { return entry.pointee.globals + Int(callee.pointee.slot) }
    return readyValues.base + Int(callee.pointee.shared)
  }

  func sharedValue(
    named name: Value, top newTop: UnsafeMutablePointer<Value>
  ) throws -> Value {
    guard case .string(let text) = name, let index = session.sharedIndex(of: text.text) else {
      throw unsetName(name, hidesOuter: false)
    }
    return try sharedValue(index, top: newTop)
  }

  /// The error about a variable without a value.
  ///
  /// - Parameter hidesOuter: whether the function's own variable hides one outside of it.
  func unsetName(_ name: Value, hidesOuter: Bool) -> Failure {
    guard case .string(let name) = name else { return Failure("a variable has no value yet") }
    if hidesOuter {
      return Failure(
        "`\(name.text)` has no value yet",
        hint: "as the function assigns to it, it is the function's own; take the outer one as an"
          + " argument")
    }
    return session.missing(name.text)
  }

  func use(
    _ form: Code.UseForm, in user: Code, _ r: UnsafeMutablePointer<Value>,
    top newTop: UnsafeMutablePointer<Value>
  ) throws {
    let saved = top
    top = newTop
    defer { top = saved }
    let module: Module
    do {
      module = try session.load(form.use, from: user.module)
    } catch var mistake as Diagnostic {
      mistake.frames.append(
        Diagnostic.Frame(
          function: "use", source: user.source, span: form.use.moduleSpan))
      throw mistake
    }
    guard !form.use.names.isEmpty else {
      r[form.registers[0]] = .module(module)
      return
    }
    for (place, name) in form.use.names.enumerated() {
      guard let value = session.export(name.name, of: module) else {
        if let circle = session.circle(to: module) { throw circle.failure }
        let near = Text.nearest(name.name, in: module.boundNames).first
        throw Failure(
          "the module `\(module.name)` has no `\(name.name)`", at: .position(place),
          hint: near.map { "did you mean `\($0)`?" })
      }
      if form.registers[place] >= 0 { r[form.registers[place]] = value }
    }
  }
}
