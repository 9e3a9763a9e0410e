import Execution
import Synchronization

/// The progress line that all threads of a zoo's training share.
final class ZooProgress: Sendable {
  private struct State {
    var line: Progress
    var steps: Int
    var runs: Int
    var scores = 0.0
    var trained = 0
    var diverged: [ZooDivergence] = []
  }

  private let state: Mutex<State>
  private let began = Clock.now
  private let total: Int
  private let updates: Int
  private let score: String

  /// A line for all updates of `runs` runs, `finished` of which are done already.
  init(_ settings: ZooSettings, runs: Int, finished: Int, console: any Console) {
    updates = settings.steps + 1
    total = runs
    score = settings.family.score
    state = Mutex(
      State(
        line: Progress(
          "\(type(of: settings.family).kind) zoo", total: runs * updates, start: finished * updates,
          console: console),
        steps: finished * updates, runs: finished))
  }

  /// Counts updates that are made.
  func advance(by steps: Int) {
    state.withLock { state in
      state.steps += steps
      draw(&state) { [] }
    }
  }

  /// Counts a finished run, whose trained net has this score.
  func finishRun(score: Double, divergence: ZooDivergence?) {
    state.withLock { state in
      if let divergence { state.diverged.append(divergence) }
      state.runs += 1
      state.trained += 1
      state.scores += score
    }
  }

  /// Counts a run that another process finished.
  func skip() {
    state.withLock { state in
      state.runs += 1
      state.steps += updates
      // What others did says nothing of the rate here.
      state.line.skip(updates)
    }
  }

  /// Tells that only runs of other processes are left.
  func wait(elsewhere count: Int) {
    state.withLock { state in draw(&state) { [("waiting for", "\(count) trained elsewhere")] } }
  }

  private func draw(_ state: inout State, _ more: () -> [(name: String, value: String)]) {
    let (runs, trained, sum) = (state.runs, state.trained, state.scores)
    let diverged = state.diverged.count
    state.line.advance(to: state.steps) {
      var fields = [(name: "runs", value: "\(runs)/\(total)")]
      if trained > 0 { fields.append((score, Text.fixed(sum / Double(trained), 3))) }
      if diverged > 0 { fields.append(("diverged", "\(diverged)")) }
      return fields + more()
    }
  }

  /// Removes the line.
  func finish() { state.withLock { $0.line.finish() } }

  /// Which of the runs that were trained here diverged, and when; nil if none did.
  var divergences: String? { state.withLock { ZooDivergence.text($0.diverged) } }

  /// What was trained here, and how fast; nil if nothing was.
  var summary: String? {
    state.withLock { state in
      guard state.trained > 0 else { return nil }
      let seconds = Clock.now - began
      let rate = Double(state.trained * updates) / max(seconds, 1e-9)
      return "\(Text.count(state.trained, "run")) trained in \(Text.duration(seconds)): "
        + "\(Text.fixed(rate, 0)) steps/s on \(Text.count(min(Parallel.threads, total), "core")), "
        + "mean \(score) \(Text.fixed(state.scores / Double(state.trained), 3))"
    }
  }
}
