import Execution

/// Runs compiled code: registers on one stack, one loop for all functions of the language.
final class Machine {
  /// Calls within calls before an error; well below what the stack of the process can bear.
  static let callDepthLimit = 20_000
  /// Calls of functions by native functions within each other: each needs stack of the process.
  static let nestingLimit = 400
  /// Registers of all calls under way together.
  static let stackLimit = 1 << 20

  /// Items of a list that is made in one step.
  static let listLimit = 1 << 27

  /// Refuses a list that would fill the memory.
  static func checkListLength(_ count: Double) throws {
    guard count > Double(listLimit) else {
      return try Memory.reserve(
        Int(count), of: MemoryLayout<Value>.stride,
        for: "a list of \(Value.text(of: count)) items")
    }
    throw Failure(
      "a list of \(Value.text(of: count)) items is too long",
      hint: "a list holds at most \(listLimit) items, a range any number")
  }

  /// A call under way, while another one runs.
  ///
  /// The register of the caller from which the function was called keeps function and code alive.
  struct Frame {
    var entry: UnsafeMutablePointer<Code.Fixed>
    var function: Unmanaged<FunctionObject>?
    var next: UnsafeMutablePointer<Instruction>
    var registers: UnsafeMutablePointer<Value>
    /// The caller's register for the result.
    var result: Int

    var code: Code { entry.pointee.code.takeUnretainedValue() }
  }

  /// Where to go on if something fails.
  struct Handler {
    var depth: Int
    var target: UnsafeMutablePointer<Instruction>
    var registers: UnsafeMutablePointer<Value>
    var message: Int
    /// The calls that the profile had under way.
    var profiled: Int
  }

  /// The session, which owns the machine and lives longer.
  unowned(unsafe) let session: Session
  let readyValues: ReadyValues
  let cancellation: Cancellation
  let stack: UnsafeMutablePointer<Value>
  let stackEnd: UnsafeMutablePointer<Value>
  /// Registers below are initialised; those above were never used.
  private var initialized: UnsafeMutablePointer<Value>
  /// The first register that no call under way uses; kept when a step may call back.
  var top: UnsafeMutablePointer<Value>
  var frames = FrameStack()
  var handlers: [Handler] = []
  var nesting = 0
  /// The machine that waits for this one, which helps it with a piece of its work.
  unowned(unsafe) var parent: Machine?
  /// The strings of one ASCII character, which indexing and loops give.
  let letters: [Value] = (UInt8(0)..<128).map { .string(.written(String(UnicodeScalar($0)))) }
  /// What measures where the time goes, while it is asked for.
  var profile: Profile?

  init(session: Session, cancellation: Cancellation) {
    self.session = session
    readyValues = session.readyValues
    self.cancellation = cancellation
    stack = .allocate(capacity: Machine.stackLimit)
    stackEnd = stack + Machine.stackLimit
    initialized = stack
    top = stack
  }

  deinit {
    stack.deinitialize(count: initialized - stack)
    stack.deallocate()
    frames.deallocate()
  }

  /// Makes sure that `count` registers from `base` can be used.
  @inline(__always)
  func reserve(_ base: UnsafeMutablePointer<Value>, _ count: Int) throws {
    let end = base + count
    if end > initialized { try extend(to: end) }
  }

  @inline(never)
  private func extend(to end: UnsafeMutablePointer<Value>) throws {
    guard end <= stackEnd else { throw tooDeep }
    let target = min(end + 256, stackEnd)
    initialized.initialize(repeating: .unset, count: target - initialized)
    initialized = target
  }

  var tooDeep: Failure {
    Failure(
      "calls are nested too deeply",
      hint: "does the recursion end? at most \(Machine.callDepthLimit) calls may be under way")
  }

  // MARK: - Calls from outside

  /// Runs the code of one statement at the top of a module.
  func run(top code: Code) throws -> Value {
    try nested { try self.execute(code.prepared, function: nil, registers: code.module.storage) }
  }

  /// Calls a function with positional arguments.
  func call(_ callee: Value, _ arguments: [Value]) throws -> Value {
    try call(callee, count: arguments.count) { base in
      for (place, argument) in arguments.enumerated() { base[place] = argument }
    }
  }

  /// Calls a function with so many positional arguments, which `fill` puts into registers.
  @inline(__always)
  func call(
    _ callee: Value, count: Int, fill: (UnsafeMutablePointer<Value>) -> Void
  ) throws -> Value {
    // A native function that calls back over and over can be stopped between two calls.
    if cancellation.isRequested { throw cancellation.reason }
    guard nesting < Machine.nestingLimit else { throw tooDeep }
    let base = top
    try reserve(base, count + 1)
    fill(base)
    nesting += 1
    defer {
      nesting -= 1
      top = base
    }
    if case .function(let function) = callee, function.plainCount == count,
      let entry = function.entry
    {
      try reserve(base, entry.pointee.registerCount)
      if entry.pointee.captureCount > 0 { Machine.copyCaptures(of: function, to: base + count) }
      return try execute(entry, function: .passUnretained(function), registers: base)
    }
    let function = try entered(callee, base, count: count)
    defer { withExtendedLifetime(function) {} }
    return try execute(function.readyEntry, function: .passUnretained(function), registers: base)
  }

  private func entered(
    _ callee: Value, _ base: UnsafeMutablePointer<Value>, count: Int
  ) throws -> FunctionObject {
    do {
      return try enter(callee, base, count: count)
    } catch let failure as Failure {
      throw failure.withoutLabels  // the arguments stand nowhere in the source
    }
  }

  private func nested(_ body: () throws -> Value) throws -> Value {
    guard nesting < Machine.nestingLimit else { throw tooDeep }
    let saved = top
    nesting += 1
    defer {
      nesting -= 1
      top = saved
    }
    return try body()
  }
}
