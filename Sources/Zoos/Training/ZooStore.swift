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
    var files: [[UInt8]]
    var finished: Set<Int> = []
  }

  private let state: Mutex<State>

  /// Room for the rows of all runs.
  init(_ settings: ZooSettings) throws {
    let layout = try settings.layout()
    state = Mutex(
      State(files: layout.files.map { [UInt8](repeating: 0, count: layout.rows * $0.rowSize) }))
  }

  func finishedRuns() throws -> [Int] { state.withLock { $0.finished.sorted() } }

  /// Nobody else sees this store.
  func claim(_ run: Int) throws -> ZooClaim {
    state.withLock { $0.finished.contains(run) } ? .finished : .mine
  }

  func release(_ run: Int) {}

  func store(_ rows: RunRows, run: Int) throws {
    state.withLock { state in
      for (file, bytes) in rows.files.enumerated() {
        state.files[file].replaceSubrange(
          (run * bytes.count)..<((run + 1) * bytes.count), with: bytes)
      }
      state.finished.insert(run)
    }
  }

  /// The rows of all files, and the runs that are finished.
  ///
  /// The store is empty afterwards.
  func take() -> (files: [[UInt8]], finished: [Int]) {
    state.withLock { state in
      let result = (state.files, state.finished.sorted())
      state.files = []
      return result
    }
  }
}
