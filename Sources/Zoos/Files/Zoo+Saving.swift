import Execution
import Glibc
import Tensors

extension Zoo {
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
    guard let settings, self.path == nil, let runs = try wholeRuns(settings) else {
      return try saveRows(path)
    }
    let store = try FolderStore(path, settings, console: console)
    let files = try settings.layout().files
    for run in runs where try store.claim(run) == .mine {
      defer { store.release(run) }
      let rows = settings.rows(ofRuns: [run])
      try store.store(RunRows(files: try files.map { try bytes(of: $0, rows) }), run: run)
    }
  }

  /// Writes the rows of this zoo to a new folder, which is there whole or not at all.
  func saveRows(_ path: String, cancellation: Cancellation = .current) throws {
    try File.writeFolder(path) { try writeRows($0, cancellation) }
  }

  /// The runs of which this zoo has all rows, in order; nil if rows were selected, columns changed,
  /// or a number of the files is not kept.
  private func wholeRuns(_ settings: ZooSettings) throws -> [Int]? {
    let kept = settings.keptSteps.count
    let runs = rows.filter { $0 % kept == 0 }.map { $0 / kept }
    let isWhole = rows == settings.rows(ofRuns: runs)
    let files = try settings.layout().files
    let names = files.flatMap(\.columns).filter { !$0.isEmpty }
    guard isWhole, !isComplete || runs.count == settings.runs, columns.map(\.name) == names,
      columns.allSatisfy({ $0.storedRows == settings.rowCount && $0.file != nil })
    else { return nil }
    return runs
  }

  /// Writes the rows of this zoo to a new folder.
  private func writeRows(_ folder: String, _ cancellation: Cancellation) throws {
    let selected = SelectedRows(self)
    let files = try selected.layout.files.map { file in
      (file, try RowFile(folder, file, rows: count, isNew: true))
    }
    for (place, row) in rows.enumerated() {
      try cancellation.check()
      for (file, target) in files { try target.write(try bytes(of: file, [row]), run: place) }
    }
    for (_, file) in files { try file.sync() }
    if var settings = settings {
      settings.runs = Set(try column("run") == nil ? [] : numbers("run")).count
      if let (name, text) = settings.family.officialArguments(settings) {
        try File.writeText(text, to: folder + "/" + name)
      }
    } else if let family = family as? Languages {
      try File.writeText(
        OfficialArguments.text(
          seed: nil, letters: family.letters, length: family.length, maximumN: family.maximumN,
          runs: Set(try numbers("run")).count, hidden: shape.hidden, layers: shape.layers),
        to: folder + "/" + OfficialArguments.file)
    }
    try File.writeText(selected.text, to: folder + "/" + SelectedRows.file)
    try PlainFile.syncFolder(folder)
  }

  /// The bytes of rows of the columns as they stand in a file.
  private func bytes(of file: ZooFile, _ rows: [Int]) throws -> [UInt8] {
    // A file's own bytes: numbers that no column shows come with them.
    let own = file.columns.filter { !$0.isEmpty }.map { column($0) }
    if own.allSatisfy({ $0?.isStored(in: file) ?? false }), let column = own.first ?? nil {
      return try column.storedBytes(rows)
    }
    if file.columns.count == 1 {
      return try file.type.encoded(required(file.columns[0]).tensor(rows).elements)
    }
    let parts = try file.columns.map { name in
      try name.isEmpty ? counted(rows) : required(name).tensor(rows).elements
    }
    return try file.type.encoded(rows.indices.flatMap { row in parts.map { $0[row] } })
  }

  /// How many samples have counts that agree: the official files keep it, and its share is a column.
  private func counted(_ rows: [Int]) throws -> [Float] {
    guard let column = column("count_accuracy") else { return rows.map { _ in 0 } }
    let samples = Float(settings?.samples ?? Zoo.officialSamples)
    return try column.tensor(rows).elements.map { ($0 * samples).rounded() }
  }
}
