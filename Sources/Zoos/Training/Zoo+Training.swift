import Execution
import Glibc
import Synchronization
import Tensors

extension Zoo {
  /// Trains a zoo, one net per core at a time.
  ///
  /// A run's numbers depend on the settings and on its own number only, not on the threads. If the
  /// user stops the training, the zoo of the finished runs is returned, with `isComplete` false.
  /// - Throws: `Failure` for settings that cannot be trained; `Interrupted` if it was stopped
  ///   before the first run was finished, or a second time.
  public static func train(
    _ settings: ZooSettings, console: any Console,
    cancellation: Cancellation = .current
  ) throws -> Zoo {
    try settings.validate()
    let store = try MemoryStore(settings)
    let training = ZooTraining(settings, store: store, console: console, cancellation: cancellation)
    let isComplete = try training.train(Array(0..<settings.runs), of: 0..<settings.runs)
    let (files, finished) = store.take()
    let layout = try settings.layout()
    return Zoo(
      shape: try settings.networkShape(), columns: layout.columns(ofFiles: files),
      rows: settings.rows(ofRuns: finished), settings: settings, isComplete: isComplete)
  }
}

/// The training of runs into a store, over all cores and beside other processes.
struct ZooTraining<Store: ZooStore>: Sendable {
  private let settings: ZooSettings
  private let store: Store
  private let console: any Console
  private let cancellation: Cancellation

  init(
    _ settings: ZooSettings, store: Store, console: any Console,
    cancellation: Cancellation
  ) {
    self.settings = settings
    self.store = store
    self.console = console
    self.cancellation = cancellation
  }

  /// Trains `runs`, the unfinished ones of a shard, until all are finished here or elsewhere.
  ///
  /// - Returns: whether they are; false if the user stopped the training.
  func train(_ runs: [Int], of shard: Range<Int>) throws -> Bool {
    let progress = ZooProgress(
      settings, runs: shard.count, finished: shard.count - runs.count, console: console)
    defer { progress.finish() }
    var open = runs
    do {
      while true {
        open = try pass(open, progress)
        if open.isEmpty { break }
        // Others train what is left; should one of them die, its claims go and are taken here.
        try wait(progress, elsewhere: open.count)
      }
    } catch let interruption as Interrupted {
      let finished = try store.finishedRuns().filter(shard.contains).count
      guard cancellation.level < 2, finished > 0 else { throw interruption }
      console.note("stopped: \(finished) of \(Text.count(shard.count, "run")) are finished")
      return false
    }
    if let summary = progress.summary { console.note(summary) }
    if let divergences = progress.divergences {
      console.note(divergences + "; lower rates of the schedule may help")
    }
    return true
  }

  /// Trains the runs that nobody else has; gives back those that others are training.
  private func pass(_ runs: [Int], _ progress: ZooProgress) throws -> [Int] {
    let elsewhere = Mutex<[Int]>([])
    // After a failure the other threads stop too, and the failure is what is told.
    let failure = Mutex<(any Error)?>(nil)
    do {
      try Parallel.forEach(runs.count) { place in
        let run = runs[place]
        do {
          switch try store.claim(run) {
          case .finished: progress.skip()
          case .elsewhere: elsewhere.withLock { $0.append(run) }
          case .mine:
            defer { store.release(run) }
            try train(run, progress) { if failure.withLock({ $0 != nil }) { throw Interrupted() } }
          }
        } catch {
          failure.withLock { if $0 == nil { $0 = error } }
          throw error
        }
      }
    } catch {
      throw failure.withLock { $0 } ?? error
    }
    return elsewhere.withLock { $0.sorted() }
  }

  private func train(_ run: Int, _ progress: ZooProgress, pause: () throws -> Void) throws {
    // A kept net carries the pause to its judge, but not beyond.
    let rows = try withoutActuallyEscaping(pause) { pause in
      try TaskRun(settings, run: run).train { steps in
        try cancellation.check()
        try pause()
        progress.advance(by: steps)
      }
    }
    try store.store(rows, run: run)
    progress.finishRun(score: rows.score, divergence: rows.divergence)
  }

  private func wait(_ progress: ZooProgress, elsewhere count: Int) throws {
    for _ in 0..<5 {
      try cancellation.check()
      progress.wait(elsewhere: count)
      usleep(40_000)
    }
  }
}
