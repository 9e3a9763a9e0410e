import Execution
import Language

/// The file in which a loop keeps its state, and what made it.
struct Checkpoint {
  let path: String
  /// The loop's place in the entry of the prompt that runs, by which the same entry finds it again.
  let place: String?
  /// Whether the entry has drawn random numbers before the loop, so that its state may be new.
  let isDrawn: Bool
  private(set) var origin: RunOrigin

  func save(_ state: Value, step: Int, of steps: Int, key: UInt64) throws {
    let value = Value.fields([
      ("state", state), ("k", .integer(step)), ("steps", .integer(steps)),
      ("key", .text(String(key))), ("place", place.map { .text($0) } ?? .none),
      ("made", origin.stored),
    ])
    try File.write(try ValueFile.encode(value), to: path)
  }

  /// What a file holds.
  private struct Content {
    var state: Value
    var step: Int
    var key: UInt64
    var place: Value?
    var origin: RunOrigin
  }

  /// The state of the file, if there is one of this loop, its step, and its key.
  ///
  /// In a script the loop is told by the key, which follows from the seed and the draws before. At
  /// the prompt an entry that is entered again draws anew, so its text tells it, and the key of old
  /// is taken over: each step draws what it would have drawn. In both the code, what it uses and the
  /// state at the start must be those that made the file.
  ///
  /// - Throws: `Failure` that shows the difference.
  mutating func resumed(
    steps: Int, key: UInt64, call: Arguments, _ body: Value
  ) throws -> (state: Value, step: Int, key: UInt64)? {
    guard File.exists(path) else { return nil }
    let content = try read(call.session)
    let isSamePlace = isSame(content.place)
    try check(content, isAgain: key != content.key && isSamePlace && isDrawn, call, body)
    guard key == content.key || isSamePlace else {
      throw Failure(
        "\"\(path)\" belongs to another loop", at: .position(3),
        hint: place == nil
          ? "its seed or its place in the script differs: seed(n) before the loop, as it was then,"
            + " goes on with it; load(path).state is its state; or name another file"
          : "the very same entry, entered again, goes on with it; load(path).state is its state;"
            + " or name another file")
    }
    guard content.step <= steps else {
      throw Failure(
        "\"\(path)\" is at step \(content.step), but the loop has \(Text.count(steps, "step"))",
        at: .position(3), hint: "load(path).state is its state; or name another file")
    }
    call.console.note(
      content.step < steps
        ? "resumed from \"\(path)\" at step \(content.step)"
        : "\"\(path)\" holds this run, finished at step \(content.step)")
    origin = content.origin
    return (content.state, content.step, content.key)
  }

  private func read(_ session: Session) throws -> Content {
    let value = try ValueFile.decode(try File.read(path), path: path, session: session)
    guard let state = value.held("state"), case .number(let step)? = value.held("k"),
      case .string(let text)? = value.held("key"), let key = UInt64(text.text)
    else { throw Failure("\"\(path)\" is no checkpoint of a loop", at: .position(3)) }
    guard let step = Int(exactly: step), (0...1_000_000_000).contains(step) else {
      throw Failure(
        "\"\(path)\" is damaged: its step is \(Value.text(of: step))", at: .position(3))
    }
    guard let origin = value.held("made").flatMap(RunOrigin.init(stored:)) else {
      throw Failure(
        "\"\(path)\" does not say what made it, as checkpoints of earlier versions do not",
        at: .position(3), hint: "load(path).state is its state; name another file")
    }
    return Content(
      state: state, step: step, key: key, place: value.held("place"), origin: origin)
  }

  /// Throws if the file was made by other code or from another state.
  ///
  /// The state of the file itself may be given: `s = iterate(s, ...).state`, entered again.
  private func check(
    _ content: Content, isAgain: Bool, _ call: Arguments, _ body: Value
  ) throws {
    var differences = origin.differences(from: content.origin, byForm: isAgain)
    if differences.isEmpty { return }
    let given = try Fingerprint.sum(of: call[0], in: call.session)
    if try given == Fingerprint.sum(of: content.state, in: call.session) {
      differences = origin.differences(from: content.origin, ofState: false)
      if differences.isEmpty { return }
    }
    let more = differences.count > 3 ? ", and \(differences.count - 3) more" : ""
    let shown = differences.prefix(3).joined(separator: ", ")
    throw Failure(
      "\"\(path)\" was made by another run: \(shown)\(more)", at: .position(3),
      hint: "name another file for this run; load(path).state is the old state")
  }

  private func isSame(_ stored: Value?) -> Bool {
    guard let place, case .string(let text)? = stored else { return false }
    return text.text == place
  }
}
