import Execution
import Tensors

extension LanguageZoo {
  /// Writes a zoo to a folder.
  ///
  /// One that was trained in memory becomes what training there would have made; if its training was
  /// stopped it becomes a begun folder, with which `train` goes on. Any other, such as selected rows
  /// or a zoo of others, becomes a folder of rows, which is loaded alike but not trained on.
  /// - Throws: `Failure` if the folder is not empty, or for lack of room; `Interrupted`.
  public func save(_ path: String, console: any Console) throws {
    guard !path.isEmpty else { throw Failure("a zoo needs the path of a folder, but it is empty") }
    if File.exists(path) {
      guard File.isFolder(path), try File.list(path).isEmpty else {
        throw Failure("\"\(path)\" is there already", hint: "take a new folder")
      }
    }
    guard let settings, self.path == nil, let runs = wholeRuns(settings) else {
      return try saveSelectedRows(path)
    }
    let kept = settings.keptSteps.count
    let store = try FolderStore(path, settings, console: console)
    for run in runs where try store.claim(run) == .mine {
      defer { store.release(run) }
      try store.store(try runRows(Array((run * kept)..<((run + 1) * kept))), run: run)
    }
  }

  /// The runs of which this zoo has all rows, in order; nil if rows were selected.
  private func wholeRuns(_ settings: LanguageZooSettings) -> [Int]? {
    let kept = settings.keptSteps.count
    let runs = rows.filter { $0 % kept == 0 }.map { $0 / kept }
    let isWhole = rows == settings.rows(ofRuns: runs)
    return isWhole && (!isComplete || runs.count == settings.runs) ? runs : nil
  }
}
