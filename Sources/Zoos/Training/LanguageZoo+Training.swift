import Execution
import Tensors

extension LanguageZoo {
  /// Trains a zoo, one net per core at a time.
  ///
  /// A run's numbers depend on the settings and on its own number only, not on the threads. If the
  /// user stops the training, the zoo of the finished runs is returned, with `isComplete` false.
  /// - Throws: `Failure` for settings that cannot be trained; `Interrupted` if it was stopped
  ///   before the first run was finished, or a second time.
  public static func train(
    _ settings: LanguageZooSettings, console: any Console,
    cancellation: Cancellation = .current
  ) throws -> LanguageZoo {
    try settings.validate()
    let store = try MemoryStore(settings)
    let isComplete = try train(
      settings, into: store, console: console, cancellation: cancellation)
    let (rows, finished) = store.take()
    let layout = try ZooLayout(settings)
    return LanguageZoo(
      columns: ZooColumns(rows, layout: layout), rows: settings.rows(ofRuns: finished),
      shape: try settings.networkShape(), maximumN: settings.maximumN, settings: settings,
      isComplete: isComplete)
  }

  /// Trains the runs that a store does not hold yet.
  ///
  /// - Returns: whether all runs are done; false if the user stopped the training.
  static func train(
    _ settings: LanguageZooSettings, into store: some ZooStore, console: any Console,
    cancellation: Cancellation
  ) throws -> Bool {
    let finished = Set(store.finishedRuns)
    let missing = (0..<settings.runs).filter { !finished.contains($0) }
    let progress = ZooProgress(settings, finished: finished.count, console: console)
    defer { progress.finish() }
    do {
      try Parallel.forEach(missing.count) { place in
        let run = missing[place]
        let rows = try LanguageRun(settings, run: run).train { steps in
          try cancellation.check()
          progress.advance(by: steps)
        }
        try store.store(rows, run: run)
        progress.finishRun(accuracy: rows.measures.suffix(3).first ?? 0)
      }
    } catch let interruption as Interrupted {
      guard cancellation.level < 2, !store.finishedRuns.isEmpty else { throw interruption }
      console.note(
        "stopped: \(store.finishedRuns.count) of \(Text.count(settings.runs, "run")) are finished")
      return false
    }
    return true
  }
}

extension LanguageZooSettings {
  /// The rows that belong to some runs.
  func rows(ofRuns runs: [Int]) -> [Int] {
    let kept = keptSteps.count
    return runs.flatMap { ($0 * kept)..<(($0 + 1) * kept) }
  }
}
