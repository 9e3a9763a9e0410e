import Execution
import Glibc
import Tensors

/// The files of a zoo in training, of full size from the beginning; rows go to fixed places in
/// them.
///
/// Several stores, in one process or in many, may work on one folder: each run is claimed first.
final class FolderStore: ZooStore {
  private let folder: String
  private let settings: ZooSettings
  private let journal: ZooJournal
  private let files: [RowFile]

  /// Opens the folder of a zoo of these settings, which may be new, empty, or begun.
  ///
  /// The journal comes first and `zoo.json` last, so that a folder without the latter is begun
  /// anew.
  /// - Throws: `Failure` if files cannot be made, if those found are not the ones that were made,
  ///   or if the zoo there is another; `Interrupted`.
  init(
    _ folder: String, _ settings: ZooSettings, console: any Console,
    cancellation: Cancellation = .current
  ) throws {
    self.folder = folder
    self.settings = settings
    guard !folder.isEmpty else {
      throw Failure("a zoo needs the path of a folder, but it is empty", at: .keyword("path"))
    }
    try FolderStore.makeFolder(folder, settings)
    let journal = try ZooJournal(folder: folder, JournalForm(settings))
    self.journal = journal
    files = try journal.whileAlone(cancellation) {
      if try ZooDescription.isBegun(folder, settings) {
        try ZooDescription.checkArithmetic(folder, settings)
        try journal.complete()
        try FolderStore.mend(folder, settings, console)
        return try FolderStore.files(folder, settings, isNew: false)
      }
      return try FolderStore.begin(folder, settings, journal, console)
    }
  }

  /// Makes the folder of a zoo; nothing is left behind where the disk has too little room for it.
  private static func makeFolder(_ folder: String, _ settings: ZooSettings) throws {
    let isNew = !File.exists(folder)
    try File.makeFolder(folder)
    guard !File.exists(folder + "/" + ZooDescription.file) else { return }
    do {
      try ZooRoom(folder, settings).check()
    } catch {
      if isNew { rmdir(folder) }
      throw error
    }
  }

  private static func files(
    _ folder: String, _ settings: ZooSettings, isNew: Bool
  ) throws -> [RowFile] {
    let layout = try settings.layout()
    return try layout.files.map { try RowFile(folder, $0, rows: layout.rows, isNew: isNew) }
  }

  /// Gives files that are missing or cut their full size; the rows that they lack then fail their
  /// check sums, and are trained again.
  private static func mend(
    _ folder: String, _ settings: ZooSettings, _ console: any Console
  ) throws {
    let layout = try settings.layout()
    for file in try layout.files.filter({ try $0.isCut(in: folder, rows: layout.rows) }) {
      console.note(
        "\"\(folder)/\(file.name)\" is missing or cut short: what it lacks is made again")
      try RowFile.mend(folder, file, rows: layout.rows)
    }
  }

  private static func begin(
    _ folder: String, _ settings: ZooSettings, _ journal: ZooJournal, _ console: any Console
  ) throws -> [RowFile] {
    console.note(try ZooRoom(folder, settings).text)
    try journal.clear()
    let files = try files(folder, settings, isNew: true)
    for file in files { try file.sync() }
    for name in try File.list(folder) where ZooDescription.isLeftOver(name) {
      unlink(folder + "/" + name)
    }
    if let (name, text) = settings.family.officialArguments(settings) {
      try File.writeText(text, to: folder + "/" + name)
    }
    try File.writeText(
      try ZooDescription(settings).text, to: folder + "/" + ZooDescription.file)
    try PlainFile.syncFolder(folder)
    return files
  }

  // MARK: - Runs

  func finishedRuns() throws -> [Int] {
    try ZooJournal.read(folder, journal.form).enumerated().compactMap {
      $0.element == nil ? nil : $0.offset
    }
  }

  /// A claimed run whose rows fail their check sums loses its line in the journal.
  func claim(_ run: Int) throws -> ZooClaim {
    guard try journal.claim(run) else { return .elsewhere }
    do {
      guard let sums = try journal.sums(of: run) else { return .mine }
      if try self.sums(of: run) == sums {
        journal.release(run)
        return .finished
      }
      try journal.note(nil, of: run)
      return .mine
    } catch {
      journal.release(run)
      throw error
    }
  }

  func release(_ run: Int) { journal.release(run) }

  /// The check sums of the rows in the files.
  private func sums(of run: Int) throws -> [UInt32] {
    let rows = journal.form.rows
    var sums = [UInt32](repeating: 0, count: rows)
    for file in files {
      RunRows.add(try file.read(rows: (run * rows)..<((run + 1) * rows)), to: &sums)
    }
    return sums
  }

  func store(_ rows: RunRows, run: Int) throws {
    try files.write(rows, run: run)
    for file in files { try file.sync() }
    try journal.note(rows.sums(rows: journal.form.rows), of: run)
  }
}
