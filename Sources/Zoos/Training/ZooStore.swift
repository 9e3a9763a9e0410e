import Execution
import Synchronization

/// What came of the attempt to claim a run.
enum ZooClaim {
  /// The run is to be trained here, and then released.
  case mine
  /// Its rows are there, whole.
  case finished
  /// Another process trains it.
  case elsewhere
}

/// Where the rows of finished runs go; used from several threads.
protocol ZooStore: Sendable {
  /// The runs whose rows are here, rising.
  func finishedRuns() throws -> [Int]
  /// Claims a run, so that nobody else trains it.
  func claim(_ run: Int) throws -> ZooClaim
  /// Gives up the claim on a run.
  func release(_ run: Int)
  /// Takes the rows of a claimed run.
  func store(_ rows: RunRows, run: Int) throws
}

/// Rows that are kept in memory, at the places that they would have in files.
final class MemoryStore: ZooStore {
  private struct State {
    var rows: RunRows
    var finished: Set<Int> = []
  }

  private let state: Mutex<State>
  private let runs: Int

  /// Room for the rows of all runs.
  init(_ settings: LanguageZooSettings) throws {
    let layout = try ZooLayout(settings)
    runs = settings.runs
    func room<Number: AdditiveArithmetic>(_ column: ZooLayout.Column) -> [Number] {
      [Number](repeating: .zero, count: layout.rows * column.count)
    }
    var rows = RunRows()
    rows.weights = room(layout.weights)
    rows.sequences = room(layout.sequences)
    rows.logProbabilities = room(layout.logProbabilities)
    rows.tasks = room(layout.tasks)
    rows.counts = room(layout.counts)
    rows.measures = room(layout.measures)
    state = Mutex(State(rows: rows))
  }

  func finishedRuns() throws -> [Int] { state.withLock { $0.finished.sorted() } }

  /// Nobody else sees this store.
  func claim(_ run: Int) throws -> ZooClaim {
    state.withLock { $0.finished.contains(run) } ? .finished : .mine
  }

  func release(_ run: Int) {}

  func store(_ rows: RunRows, run: Int) throws {
    state.withLock { state in
      place(rows.weights, in: &state.rows.weights, run)
      place(rows.sequences, in: &state.rows.sequences, run)
      place(rows.logProbabilities, in: &state.rows.logProbabilities, run)
      place(rows.tasks, in: &state.rows.tasks, run)
      place(rows.counts, in: &state.rows.counts, run)
      place(rows.measures, in: &state.rows.measures, run)
      state.finished.insert(run)
    }
  }

  private func place<Number>(_ part: [Number], in whole: inout [Number], _ run: Int) {
    whole.replaceSubrange((run * part.count)..<((run + 1) * part.count), with: part)
  }

  /// All rows, and the runs that are finished.
  ///
  /// The store is empty afterwards.
  func take() -> (rows: RunRows, finished: [Int]) {
    state.withLock { state in
      let result = (state.rows, state.finished.sorted())
      state.rows = RunRows()
      return result
    }
  }
}
