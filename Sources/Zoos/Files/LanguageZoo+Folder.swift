import Execution
import Tensors

extension LanguageZoo {
  /// Trains a zoo into a folder, goes on with one that was begun there, or takes a finished one.
  ///
  /// However often the training was interrupted, the files end up the same byte for byte. If the
  /// user stops it, the zoo of the finished runs is returned, with `isComplete` false.
  /// - Throws: `Failure` for settings that cannot be trained, a folder that holds something else or
  ///   a zoo of other settings; `Interrupted` as the training in memory does.
  public static func train(
    _ settings: LanguageZooSettings, path: String, console: any Console,
    cancellation: Cancellation = .current
  ) throws -> LanguageZoo {
    try settings.validate()
    if try holdsFinished(path, settings) { return try load(path, console: console) }
    let store = try FolderStore(path, settings)
    let before = store.finishedRuns.count
    if before > 0 {
      console.note("going on with \"\(path)\": \(before) of \(settings.runs) runs are finished")
    }
    let isComplete = try train(
      settings, into: store, console: console, cancellation: cancellation)
    if isComplete { try store.finish() }
    return try own(path, finished: isComplete ? nil : store.finishedRuns)
  }

  /// Whether a folder holds the finished zoo of these settings; throws if it holds anything else
  /// but the beginnings of it.
  private static func holdsFinished(_ path: String, _ settings: LanguageZooSettings) throws -> Bool
  {
    guard File.exists(path) else { return false }
    guard File.isFolder(path) else {
      throw Failure("a zoo is a folder, but \"\(path)\" is a file", at: .keyword("path"))
    }
    let names = try File.list(path)
    guard names.contains(ZooDescription.file) else {
      try checkRemains(path, names, settings)
      return false
    }
    let found = try ZooDescription(folder: path)
    if let differences = settings.differences(found: found.settings) {
      throw Failure(
        "\(path) holds another zoo: \(differences)", at: .keyword("path"),
        hint: "take another folder, or load(\"\(path)\")")
    }
    guard names.contains(ZooJournal.file) else { return true }
    let current = ZooDescription(settings).vectorWidth
    guard found.vectorWidth == current else {
      throw Failure(
        "\(path) was begun with vectors of \(found.vectorWidth) bits, but this build has "
          + "\(current): the numbers would differ",
        hint: "go on with the build that began it, or take another folder")
    }
    return false
  }

  /// Throws unless a folder without `zoo.json` is empty or what an interrupted beginning left.
  private static func checkRemains(
    _ path: String, _ names: [String], _ settings: LanguageZooSettings
  ) throws {
    let own = try ZooLayout(settings).columns.map(\.file) + [ZooJournal.file]
    let isOwn =
      names.contains(ZooJournal.file)
      && names.allSatisfy {
        own.contains($0) || $0.hasPrefix(ZooDescription.file)
      }
    guard names.isEmpty || isOwn else {
      let isForeignZoo = names.contains("parameters.npy")
      throw Failure(
        isForeignZoo
          ? "\(path) holds a zoo that was not trained here"
          : "\(path) holds other files, but no zoo",
        at: .keyword("path"),
        hint: isForeignZoo ? "load it: load(\"\(path)\")" : "take a new folder")
    }
  }

  // MARK: - Loading

  /// The zoo in a folder: one of rnr, or one in the official form.
  ///
  /// - Throws: `Failure` that names the file that is missing, cut, or of another type or shape.
  public static func load(_ path: String, console: any Console) throws -> LanguageZoo {
    guard File.isFolder(path) else {
      guard File.exists(path) else { throw File.problem("cannot read the zoo", path) }
      throw Failure("a zoo is a folder, but \"\(path)\" is a file")
    }
    guard File.exists(path + "/" + ZooDescription.file) else {
      return try official(path, console: console)
    }
    let journal = path + "/" + ZooJournal.file
    guard File.exists(journal) else { return try own(path, finished: nil) }
    let runs = try ZooDescription(folder: path).settings.runs
    let finished = try ZooJournal.read(journal, runs: runs).runs.sorted()
    console.note("\"\(path)\" is unfinished: \(finished.count) of \(runs) runs")
    return try own(path, finished: finished)
  }

  /// A zoo of rnr; of an unfinished one the rows of the finished runs.
  private static func own(_ path: String, finished: [Int]?) throws -> LanguageZoo {
    let settings = try ZooDescription(folder: path).settings
    let layout = try ZooLayout(settings)
    let measures = try layout.measures.map(in: path, rows: layout.rows)
    let numbers = try measures.rows(0..<layout.rows).elements
    let columns = try ZooColumns(
      path, layout: layout,
      accuracy: (0..<layout.rows).map { numbers[3 * $0] },
      countAccuracy: (0..<layout.rows).map { numbers[3 * $0 + 1] },
      loss: (0..<layout.rows).map { numbers[3 * $0 + 2] })
    return LanguageZoo(
      columns: columns, rows: finished.map(settings.rows) ?? Array(0..<layout.rows),
      shape: try settings.networkShape(), maximumN: settings.maximumN, settings: settings,
      path: path, isComplete: finished == nil)
  }
}
