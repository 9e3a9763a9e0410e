import Execution
import Tensors

extension Zoo {
  /// Trains a zoo into a folder, goes on with one that was begun there, or takes a finished one.
  ///
  /// However often the training was interrupted, and by however many processes it was done, the
  /// files end up the same byte for byte. Runs whose rows fail their check sums are trained again.
  /// If the user stops it, the zoo of the finished runs is returned, with `isComplete` false; so it
  /// is when a shard is done and other shards are not.
  /// - Throws: `Failure` for settings that cannot be trained, a folder that holds something else or
  ///   a zoo of other settings; `Interrupted` as the training in memory does.
  public static func train(
    _ settings: ZooSettings, path: String, shard: ZooShard = .whole,
    console: any Console, cancellation: Cancellation = .current
  ) throws -> Zoo {
    try settings.validate(inMemory: false)
    let mine = shard.range(of: settings.runs)
    let checks = ZooChecks(path, settings, console: console, cancellation: cancellation)
    var found = try isBegun(path, settings) ? try checks.states(mine) : nil
    if found?.allSatisfy({ $0.state == .finished }) != true {
      let store = try FolderStore(path, settings, console: console, cancellation: cancellation)
      if found == nil { found = try checks.states(mine) }
      let states = found ?? mine.map { ($0, .missing) }
      note(states, settings, path, shard, console)
      let training = ZooTraining(
        settings, store: store, console: console, cancellation: cancellation)
      let open = states.filter { $0.state != .finished }.map(\.run)
      if try !training.train(open, of: mine) { return try own(path, isStopped: true) }
    }
    return try own(path, isStopped: false)
  }

  /// Tells what was found in a folder that was begun before.
  private static func note(
    _ states: [(run: Int, state: ZooRunState)], _ settings: ZooSettings, _ path: String,
    _ shard: ZooShard, _ console: any Console
  ) {
    let finished = states.count { $0.state == .finished }
    if shard != .whole {
      let last = states.last.map { " to \($0.run)" } ?? ""
      console.note(
        "shard \(shard): "
          + (states.first.map { "runs \($0.run)" + last } ?? "no runs, as there are fewer runs")
      )
    }
    if finished > 0 {
      console.note(
        "going on with \"\(path)\": \(finished) of \(Text.count(states.count, "run")) are finished")
    }
    let failing = states.filter { $0.state == .failing }.map { "\($0.run)" }
    guard !failing.isEmpty else { return }
    console.note(
      "\"\(path)\": \(Text.count(failing.count, "run")) with rows that fail their check sums "
        + "\(failing.count == 1 ? "is" : "are") trained again: "
        + failing.prefix(10).joined(separator: ", ") + (failing.count > 10 ? ", ..." : ""))
  }

  /// Whether a folder holds a zoo of these settings; throws if it holds anything else but the
  /// beginnings of one.
  private static func isBegun(_ path: String, _ settings: ZooSettings) throws -> Bool {
    guard File.exists(path) else { return false }
    guard File.isFolder(path) else {
      throw Failure("a zoo is a folder, but \"\(path)\" is a file", at: .keyword("path"))
    }
    if try ZooDescription.isBegun(path, settings) { return true }
    try checkRemains(path, settings)
    return false
  }

  /// Throws unless a folder without `zoo.json` is empty or what an interrupted beginning left.
  private static func checkRemains(_ path: String, _ settings: ZooSettings) throws {
    let names = try File.list(path)
    let own =
      try settings.layout().files.map(\.name) + [ZooJournal.file, OfficialArguments.file]
    let isOwn =
      try names.contains(ZooJournal.file)
      && names.allSatisfy { own.contains($0) || ZooDescription.isLeftOver($0) }
      && JournalForm.isBeginning(of: path + "/" + ZooJournal.file)
    guard names.isEmpty || isOwn else {
      let isForeignZoo = names.contains("parameters.npy")
      throw Failure(
        isForeignZoo
          ? names.contains(SelectedRows.file)
            ? "\"\(path)\" holds rows that were selected from a zoo"
            : "\"\(path)\" holds a zoo that was not trained here"
          : "\"\(path)\" holds other files, but no zoo",
        at: .keyword("path"),
        hint: isForeignZoo ? "load it: load(\"\(path)\")" : "take a new folder")
    }
  }

  // MARK: - Loading

  /// The zoo in a folder: one of rnr, rows that were selected from one, or one in the official form.
  ///
  /// Of an unfinished zoo the rows of the finished runs are there. Check sums are not looked at.
  /// - Throws: `Failure` that names the file that is missing, cut, or of another type or shape.
  public static func load(_ path: String, console: any Console) throws -> Zoo {
    guard File.isFolder(path) else {
      guard File.exists(path) else { throw File.problem("cannot read the zoo", path) }
      throw Failure("a zoo is a folder, but \"\(path)\" is a file")
    }
    if File.exists(path + "/" + SelectedRows.file) { return try selected(path) }
    guard File.exists(path + "/" + ZooDescription.file) else {
      return try official(path, console: console)
    }
    let zoo = try own(path, isStopped: false)
    if !zoo.isComplete, let settings = zoo.settings {
      let finished = zoo.count / settings.keptSteps.count
      console.note("\"\(path)\" is unfinished: \(finished) of \(settings.runs) runs")
    }
    return zoo
  }

  /// A zoo of rnr; of an unfinished one the rows of the finished runs.
  private static func own(_ path: String, isStopped: Bool) throws -> Zoo {
    let settings = try ZooDescription(folder: path).settings
    let columns = try settings.layout().columns(in: path)
    let records = try ZooJournal.read(path, JournalForm(settings))
    let finished = records.indices.filter { records[$0] != nil }
    let rows = settings.rows(ofRuns: finished)
    for name in ["run", "step"] {
      let numbers = try columns.first { $0.name == name }?.tensor(rows).elements ?? []
      guard numbers.allSatisfy({ Int(whole: Double($0), in: 0...1 << 24) != nil }) else {
        throw Failure(
          "\"\(path)\" has a \(name) that is no whole number up to 2^24; it is no zoo of rnr's form"
        )
      }
    }
    return Zoo(
      shape: try settings.networkShape(), columns: columns, rows: rows, settings: settings,
      path: path, isComplete: !isStopped && finished.count == settings.runs)
  }

  /// The zoo in a folder of selected rows.
  private static func selected(_ path: String) throws -> Zoo {
    let selected = try SelectedRows(folder: path)
    return Zoo(
      shape: selected.shape, columns: try selected.layout.columns(in: path),
      rows: Array(0..<selected.layout.rows), settings: selected.settings, family: selected.family,
      form: selected.form, path: path)
  }
}
