import Execution
import Synchronization

/// The progress line that all threads of a zoo's training share.
final class ZooProgress: Sendable {
  private struct State {
    var line: Progress
    var steps: Int
    var runs: Int
    var accuracies = 0.0
    var measured = 0
  }

  private let state: Mutex<State>
  private let total: Int

  /// A line for all updates of a zoo, `finished` runs of which are done already.
  init(_ settings: LanguageZooSettings, finished: Int, console: any Console) {
    let updates = settings.steps + 1
    total = settings.runs
    state = Mutex(
      State(
        line: Progress(
          "language zoo", total: settings.runs * updates, start: finished * updates,
          console: console),
        steps: finished * updates, runs: finished))
  }

  /// Counts updates that are made.
  func advance(by steps: Int) {
    state.withLock { state in
      state.steps += steps
      let (runs, measured, sum) = (state.runs, state.measured, state.accuracies)
      state.line.advance(to: state.steps) {
        var fields = [(name: "runs", value: "\(runs)/\(total)")]
        if measured > 0 { fields.append(("accuracy", Text.fixed(sum / Double(measured), 3))) }
        return fields
      }
    }
  }

  /// Counts a finished run, whose trained net has this accuracy.
  func finishRun(accuracy: Float) {
    state.withLock { state in
      state.runs += 1
      state.measured += 1
      state.accuracies += Double(accuracy)
    }
  }

  /// Removes the line.
  func finish() { state.withLock { $0.line.finish() } }
}
