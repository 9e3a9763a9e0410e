import Execution
import Language

/// The one loop that trains: a fold over steps with progress, checkpoints, interruption and a stop
/// when the loss is no longer a number.
struct Iteration {
  private let call: Arguments
  private let function: Value
  private let steps: Int
  private let checkpoint: String?
  private let every: Double
  private let title: String
  /// Each step draws from streams of its own, so that a resumed loop draws what it would have
  /// drawn.
  private let loopKey: UInt64

  init(_ call: Arguments) throws {
    self.call = call
    steps = try call.integer(1, 0...1_000_000_000)
    function = try call.function(2)
    checkpoint = call.isNone(3) ? nil : try call.string(3)
    every = try call.number(4)
    title = try call.string(5)
    loopKey = call.session.random.loopKey()
  }

  func run() throws -> Value {
    var (state, first) = try resumed() ?? (call[0], 0)
    let session = call.session
    let outer = session.random
    defer { session.random = outer }
    var progress = Progress(title, total: steps, start: first, console: call.console)
    defer { progress.finish() }
    var saved = Clock.now
    while first < steps {
      session.random = .step(first, of: loopKey)
      let next: Value
      do {
        next = try call.call(function, state, .integer(first))
      } catch is Interrupted where session.cancellation.level < 2 {
        session.cancellation.acknowledge()
        call.console.note("interrupted at step \(first) of \(steps): the last whole state is kept")
        try save(state, first)
        return outcome(state, first, interrupted: true)
      }
      if let loss = next.held("loss").flatMap(call.plainNumber), loss.isNaN {
        call.console.note("the loss is not a number at step \(first): the state before it is kept")
        return outcome(state, first, interrupted: false)
      }
      state = next
      first += 1
      progress.advance(to: first) { fields(of: state) }
      if Clock.now - saved > every {
        try save(state, first)
        saved = Clock.now
      }
    }
    try save(state, first)
    return outcome(state, first, interrupted: false)
  }

  private func outcome(_ state: Value, _ step: Int, interrupted: Bool) -> Value {
    .fields([
      ("state", state), ("k", .integer(step)), ("interrupted", .boolean(interrupted)),
    ])
  }

  private func fields(of state: Value) -> [(name: String, value: String)] {
    ["loss", "rate"].compactMap { name in
      state.held(name).flatMap(call.plainNumber).map { (name, Text.significant($0, 4)) }
    }
  }

  private func save(_ state: Value, _ step: Int) throws {
    guard let checkpoint else { return }
    let value = Value.fields([
      ("state", state), ("k", .integer(step)), ("steps", .integer(steps)),
      ("key", .text(String(loopKey))),
    ])
    try File.write(try ValueFile.encode(value), to: checkpoint)
  }

  /// The state of a checkpoint, if there is one of this loop.
  private func resumed() throws -> (Value, Int)? {
    guard let checkpoint, File.exists(checkpoint) else { return nil }
    let value = try ValueFile.decode(
      try File.read(checkpoint), path: checkpoint, session: call.session)
    guard let state = value.held("state"), case .number(let step)? = value.held("k"),
      case .string(let key)? = value.held("key")
    else { throw Failure("\"\(checkpoint)\" is no checkpoint of a loop", at: .position(3)) }
    guard key.text == String(loopKey) else {
      throw Failure(
        "\"\(checkpoint)\" belongs to another loop: its seed or its place in the script differs",
        at: .position(3),
        hint: "seed(n) before the loop, as it was then, goes on with it; load(path).state is its"
          + " state; or name another file")
    }
    if Int(step) < steps {
      call.console.note("resumed from \"\(checkpoint)\" at step \(Int(step))")
    }
    return (state, Int(step))
  }
}
