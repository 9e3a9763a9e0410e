/// Builds the code of one function, or of one statement at the top of a module.
final class FunctionBuilder {
  /// Where a name leads.
  enum Place {
    case register(Int)
    case global(Int)
    case shared(Int)
    case ownFunction
    case unknown
  }

  /// A loop under construction: jumps that leave it or begin its next turn.
  struct Loop {
    var breaks: [Int] = []
    var continues: [Int] = []
    /// The `try` blocks around it, which a jump inside deeper ones must end.
    var attempts: Int
  }

  /// A register must fit into 15 bits; a function with more is refused.
  static let registerLimit = 32_000
  /// The number of a record form, call form and the like must fit into 16 bits.
  static let tableLimit = 65_000
  /// A jump must fit into 15 bits.
  static let jumpLimit = 32_000

  let compiler: Compiler
  let parent: FunctionBuilder?
  let code: Code
  var isTopLevel: Bool { parent == nil }
  var source: Source { compiler.source }

  var locals: [String: Int] = [:]
  /// Registers that certainly have a value here.
  var assigned: Set<Int> = []
  /// Names that the function binds, not only updates as `x += 1` does.
  var boundNames: Set<String> = []
  /// The name by which the function may call itself.
  var ownName: String?
  var loops: [Loop] = []
  /// How many `try` blocks are open here.
  var attempts = 0
  private var firstTemporary = 0
  private var nextRegister = 0
  private var constantPlaces: [ConstantKey: Int] = [:]

  init(_ compiler: Compiler, name: String, parent: FunctionBuilder?) {
    self.compiler = compiler
    self.parent = parent
    code = Code(name: name, module: compiler.module, source: compiler.source)
  }

  // MARK: - Registers

  /// Fixes the registers of variables; temporaries come behind them.
  func beginTemporaries(at register: Int) {
    firstTemporary = register
    nextRegister = register
    code.registerCount = register
    if isTopLevel { code.ownRegisters = register }
  }

  func newRegister(_ count: Int = 1) -> Int {
    let register = nextRegister
    nextRegister += count
    code.registerCount = max(code.registerCount, nextRegister)
    if nextRegister > FunctionBuilder.registerLimit {
      compiler.report(.limit, "this function needs more than 32000 registers", Span(0, 0))
      nextRegister = firstTemporary
    }
    return register
  }

  func isTemporary(_ register: Int) -> Bool { register >= firstTemporary && !isVariable(register) }

  private func isVariable(_ register: Int) -> Bool { scoped.contains(register) }
  /// Registers of comprehension and handler variables, which lie among the temporaries.
  var scoped: Set<Int> = []

  var mark: Int { nextRegister }
  func release(to mark: Int) { nextRegister = mark }

  // MARK: - Instructions

  @discardableResult
  func emit(
    _ operation: Operation, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, at span: Span,
    operands: [Span] = []
  ) -> Int {
    code.instructions.append(Instruction(operation, a, b, c))
    code.places.append(Code.Place(span: span, operands: operands))
    return code.instructions.count - 1
  }

  /// Lets the jump at `place` lead to the next instruction.
  func land(_ place: Int) {
    let distance = code.instructions.count - place - 1
    if distance > FunctionBuilder.jumpLimit {
      compiler.report(
        .limit,
        "this function is too long: a jump passes over \(distance) steps, at most "
          + "\(FunctionBuilder.jumpLimit) are possible", code.places[place].span)
    }
    code.instructions[place].distance = distance
  }

  /// Lets the jump at `place` lead back to `target`.
  func back(_ place: Int, to target: Int, _ span: Span) {
    let distance = target - place - 1
    if -distance > FunctionBuilder.jumpLimit {
      compiler.report(
        .limit,
        "this loop is too long: it has \(-distance) steps, at most "
          + "\(FunctionBuilder.jumpLimit) are possible", span)
    }
    code.instructions[place].distance = distance
  }

  // MARK: - Constants

  /// What tells one constant from another.
  private enum ConstantKey: Hashable {
    case number(UInt64)
    case text(String)
    case other(String)
  }

  func constant(_ value: Value, key: String) -> Int { constant(value, .other(key)) }

  private func constant(_ value: @autoclosure () -> Value, _ key: ConstantKey) -> Int {
    if let known = constantPlaces[key] { return known }
    code.constants.append(value())
    constantPlaces[key] = code.constants.count - 1
    if code.constants.count > 65_000 {
      compiler.report(.limit, "a function has at most 65000 constants", Span(0, 0))
    }
    return code.constants.count - 1
  }

  func constant(_ number: Double) -> Int { constant(.number(number), .number(number.bitPattern)) }
  func constant(_ text: String) -> Int { constant(.string(.written(text)), .text(text)) }

  // MARK: - Names

  /// Where a name leads from here.
  func place(of name: String) -> Place {
    if let register = locals[name] { return .register(register) }
    if name == ownName { return .ownFunction }
    if let slot = compiler.module.slots[name] {
      return isTopLevel ? .register(slot) : .global(slot)
    }
    if let shared = compiler.session.sharedIndex(of: name) { return .shared(shared) }
    return .unknown
  }

  /// Whether the name is a variable of an enclosing function, and so captured.
  func isCapturable(_ name: String) -> Bool {
    locals[name] != nil || (!isTopLevel && name == ownName)
  }

  /// Remembers that a register has a value from here on.
  func markAssigned(_ register: Int) { assigned.insert(register) }
}
