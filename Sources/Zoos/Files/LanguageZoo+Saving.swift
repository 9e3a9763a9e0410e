import Execution
import Tensors

extension LanguageZoo {
  /// Writes a zoo that was trained in memory to a folder, as if it had been trained there.
  ///
  /// One whose training was stopped becomes a begun folder, with which `train` goes on.
  /// - Throws: `Failure` if rows were selected, if the zoo is in a folder already, or if the folder
  ///   is not empty.
  public func save(_ path: String, console: any Console) throws {
    if let here = self.path {
      throw Failure(
        "the zoo is in \"\(here)\" already",
        hint: "copy that folder, and select rows after loading it")
    }
    guard let settings else { throw Failure("only zoos that were trained here are saved") }
    let kept = settings.keptSteps.count
    let runs = rows.filter { $0 % kept == 0 }.map { $0 / kept }
    guard rows == settings.rows(ofRuns: runs), !isComplete || runs.count == settings.runs else {
      throw Failure(
        "rows were selected from this zoo, but only a whole zoo is saved",
        hint: "save the zoo and select after loading it")
    }
    if File.exists(path) {
      guard File.isFolder(path), try File.list(path).isEmpty else {
        throw Failure("\"\(path)\" is there already", hint: "take a new folder")
      }
    }
    let store = try FolderStore(path, settings, console: console)
    for run in runs where try store.claim(run) == .mine {
      defer { store.release(run) }
      try store.store(try rowsOf(run: run, kept), run: run)
    }
  }

  /// The rows of a run as its training left them.
  private func rowsOf(run: Int, _ kept: Int) throws -> RunRows {
    let rows = Array((run * kept)..<((run + 1) * kept))
    let zoo = LanguageZoo(
      columns: columns, rows: rows, shape: shape, maximumN: maximumN, settings: settings)
    var result = RunRows()
    result.weights = try zoo.weights.elements
    result.sequences = try zoo.rollouts.elements.map { Int16($0) }
    result.logProbabilities = try zoo.logProbabilities.elements.map { Float16($0) }
    result.tasks = zoo.taskList.flatMap { $0.map(Int64.init) }
    let samples = Float(settings?.samples ?? 0)
    for row in rows {
      let counted = (columns.countAccuracy[row] * samples).rounded()
      result.counts += [Int64(columns.runs[row]), Int64(columns.steps[row]), Int64(counted)]
      result.measures += [columns.accuracy[row], columns.countAccuracy[row], columns.loss[row]]
    }
    return result
  }
}
