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
  private var loopKey: UInt64
  /// The loop's place in the entry of the prompt that runs, by which the same entry finds it again.
  private let place: String?

  init(_ call: Arguments) throws {
    self.call = call
    steps = try call.integer(1, 0...1_000_000_000)
    function = try call.function(2)
    checkpoint = call.isNone(3) ? nil : try call.path(3)
    every = try call.number(4)
    title = try call.string(5)
    loopKey = call.session.random.loopKey()
    place = call.session.loopPlace()
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
      ("key", .text(String(loopKey))), ("place", place.map { .text($0) } ?? .none),
    ])
    try File.write(try ValueFile.encode(value), to: checkpoint)
  }

  /// The state of a checkpoint, if there is one of this loop.
  ///
  /// In a script that is told by the key, which follows from the seed and the draws before. At the
  /// prompt an entry that is entered again draws anew, so its text tells it, and the key of old is
  /// taken over: each step draws what it would have drawn.
  private mutating func resumed() throws -> (Value, Int)? {
    guard let checkpoint, File.exists(checkpoint) else { return nil }
    let value = try ValueFile.decode(
      try File.read(checkpoint), path: checkpoint, session: call.session)
    guard let state = value.held("state"), case .number(let number)? = value.held("k"),
      case .string(let text)? = value.held("key"), let key = UInt64(text.text)
    else { throw Failure("\"\(checkpoint)\" is no checkpoint of a loop", at: .position(3)) }
    guard let step = Int(whole: number, in: 0...1_000_000_000) else {
      throw Failure(
        "\"\(checkpoint)\" is damaged: it is of step \(Text.significant(number, 7))",
        at: .position(3))
    }
    guard key == loopKey || isSamePlace(value.held("place")) else {
      throw Failure(
        "\"\(checkpoint)\" belongs to another loop", at: .position(3),
        hint: place == nil
          ? "its seed or its place in the script differs: seed(n) before the loop, as it was then,"
            + " goes on with it; load(path).state is its state; or name another file"
          : "the very same entry, entered again, goes on with it; load(path).state is its state;"
            + " or name another file")
    }
    loopKey = key
    if step < steps { call.console.note("resumed from \"\(checkpoint)\" at step \(step)") }
    return (state, step)
  }

  private func isSamePlace(_ stored: Value?) -> Bool {
    guard let place, case .string(let text)? = stored else { return false }
    return text.text == place
  }
}
