import Execution
import Language

/// The one loop that trains: a fold over steps with progress, checkpoints, interruption and a stop
/// when the loss is no longer a number, or the state no longer finite.
struct Iteration {
  private let call: Arguments
  private let function: Value
  private let steps: Int
  private let every: Double
  private let title: String
  /// Each step draws from streams of its own, so that a resumed loop draws what it would have
  /// drawn.
  private var loopKey: UInt64
  private var checkpoint: Checkpoint?

  init(_ call: Arguments) throws {
    self.call = call
    steps = try call.integer(1, 0...1_000_000_000)
    function = try call.function(2)
    let path = call.isNone(3) ? nil : try call.path(3)
    every = try call.number(4)
    guard every >= 0 else { throw call.wrongValue(4, expected: "0 seconds or more") }
    title = try call.string(5)
    let isDrawn = call.session.hasDrawnInEntry
    loopKey = call.session.random.loopKey()
    let place = call.session.loopPlace()
    checkpoint = try path.map { path in
      Checkpoint(
        path: path, place: place, isDrawn: isDrawn,
        origin: try RunOrigin(body: function, state: call[0], session: call.session))
    }
  }

  /// Runs to the end, or until the user stops it.
  ///
  /// Stopped where it could be called again, in a loop or in another fold, it gives no half result:
  /// the loop around it is what the user stops.
  mutating func run() throws -> Value {
    var (state, first) = try resumed() ?? (call[0], 0)
    let session = call.session
    let outer = session.random
    defer { session.random = outer }
    var progress = Progress(title, total: steps, start: first, console: call.console)
    defer { progress.finish() }
    let allowed = state.finiteness
    var saved = Clock.now
    while first < steps {
      session.random = .step(first, of: loopKey)
      let next: Value
      do {
        next = try call.call(function, state, .integer(first))
      } catch is Interrupted where session.cancellation.level < 2 {
        session.cancellation.acknowledge()
        try save(state, first)
        if session.isInLoop { throw Interrupted() }
        call.console.note("interrupted at step \(first) of \(steps): the last whole state is kept")
        return outcome(state, first, interrupted: true)
      }
      if let fault = fault(of: next, allowed) {
        progress.finish()
        try save(state, first)
        try call.warn("\(fault) at step \(first): the state before it is kept")
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

  /// Why a state is no good, in words; what was infinite or NaN at the start may be so.
  private func fault(of state: Value, _ allowed: Finiteness) -> String? {
    if let loss = state.held("loss").flatMap(call.plainNumber), loss.isNaN {
      return "the loss is not a number"
    }
    guard state.finiteness > allowed else { return nil }
    let place = state.placeBeyond(allowed).drop { $0 == "." }
    return place.isEmpty ? "the state is not finite" : "`\(place)` is not finite"
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
    try checkpoint?.save(state, step: step, of: steps, key: loopKey)
  }

  /// The state of the checkpoint, if there is one of this loop, whose key is taken over.
  private mutating func resumed() throws -> (Value, Int)? {
    guard let made = try checkpoint?.resumed(steps: steps, key: loopKey, call: call, function)
    else { return nil }
    loopKey = made.key
    return (made.state, made.step)
  }
}
