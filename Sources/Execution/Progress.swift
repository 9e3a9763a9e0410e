/// A progress line for long work: share done, rate, fields such as the loss, time left.
///
/// Redrawn at most ten times a second and removed when the work ends.
public struct Progress {
  private let title: String
  private let unit: String
  private let total: Int
  private var start: Int
  private let console: any Console
  private let began = Clock.now
  private var lastDrawn = 0.0

  /// A line for `total` pieces of work, of which `start` are done already.
  public init(
    _ title: String, total: Int, start: Int = 0, unit: String = "steps",
    console: any Console
  ) {
    self.title = title
    self.total = total
    self.start = start
    self.unit = unit
    self.console = console
  }

  /// Says that `done` pieces are done; `fields` is only asked for when a line is drawn.
  public mutating func advance(to done: Int, fields: () -> [(name: String, value: String)] = { [] })
  {
    guard console.style.isTerminal else { return }
    let now = Clock.now
    guard now - lastDrawn >= 0.1 else { return }
    lastDrawn = now
    console.progress(line(done: done, seconds: now - began, fields: fields()))
  }

  /// Leaves pieces that others did out of the rate.
  public mutating func skip(_ pieces: Int) { start += pieces }

  /// Removes the line.
  public func finish() {
    if console.style.isTerminal { console.progress(nil) }
  }

  /// The text of the line, cut to the console's width.
  func line(done: Int, seconds: Double, fields: [(name: String, value: String)]) -> String {
    let share = total > 0 ? 100 * done / total : 100
    var parts = ["\(title) \(done)/\(total) \(share)%"]
    parts += fields.map { "\($0.name) \($0.value)" }
    let rate = Double(done - start) / max(seconds, 1e-9)
    if done > start {
      parts.append("\(rate < 10 ? Text.fixed(rate, 1) : Text.fixed(rate, 0)) \(unit)/s")
      parts.append("\(Text.duration(Double(total - done) / rate)) left")
    }
    // A terminal shows Ctrl-C as `^C` behind the line, which must not begin another one.
    return String(parts.joined(separator: "  ").prefix(max(console.style.columns - 3, 10)))
  }
}
