import Execution
import Synchronization
import Tensors

/// How a run of a zoo on disk stands.
public enum ZooRunState: Sendable {
  /// Its rows are there and agree with their check sums.
  case finished
  /// The journal does not name it.
  case missing
  /// The journal names it, but rows of it fail their check sums.
  case failing
}

/// Looks through the rows of a zoo on disk.
struct ZooChecks {
  private let folder: String
  private let settings: ZooSettings
  private let console: any Console
  private let cancellation: Cancellation

  init(
    _ folder: String, _ settings: ZooSettings, console: any Console,
    cancellation: Cancellation
  ) {
    self.folder = folder
    self.settings = settings
    self.console = console
    self.cancellation = cancellation
  }

  /// How runs stand; nil if the journal or a column has to be repaired first.
  func states(_ runs: Range<Int>) throws -> [(run: Int, state: ZooRunState)]? {
    let form = JournalForm(settings)
    let layout = try settings.layout()
    guard try form.isWhole(folder + "/" + ZooJournal.file),
      try !layout.files.contains(where: { try $0.isCut(in: folder, rows: layout.rows) })
    else { return nil }
    let records = try ZooJournal.read(folder, form)
    let failing = try failingRows(records, among: runs)
    return runs.map { run in
      let rows = (run * form.rows)..<((run + 1) * form.rows)
      if records[run] == nil { return (run, .missing) }
      return (run, rows.contains(where: failing.contains) ? .failing : .finished)
    }
  }

  /// The rows of finished runs that do not agree with their check sums.
  func failingRows(_ records: [[UInt32]?], among runs: Range<Int>) throws -> Set<Int> {
    let layout = try settings.layout()
    let files = try layout.files.map { try $0.map(in: folder, rows: layout.rows) }
    let finished = runs.filter { records[$0] != nil }
    let kept = settings.keptSteps.count
    let found = Mutex<(failing: Set<Int>, done: Int, line: Progress)>(
      ([], 0, Progress("checking", total: finished.count, unit: "runs", console: console)))
    defer { found.withLock { $0.line.finish() } }
    try Parallel.forEach(finished.count) { place in
      try cancellation.check()
      let run = finished[place]
      let rows = (run * kept)..<((run + 1) * kept)
      let sums = try ZooChecks.sums(files, rows: rows)
      found.withLock { found in
        for (row, pair) in zip(rows, zip(sums, records[run] ?? [])) where pair.0 != pair.1 {
          found.failing.insert(row)
        }
        found.done += 1
        found.line.advance(to: found.done)
      }
    }
    return found.withLock { $0.failing }
  }
  /// The check sums of rows in the mapped files of a folder.
  private static func sums(_ files: [MappedColumn], rows: Range<Int>) throws -> [UInt32] {
    var sums = [UInt32](repeating: 0, count: rows.count)
    for file in files {
      for (place, row) in rows.enumerated() {
        sums[place] = try file.withBytes(ofRow: row) { Checksum.crc32($0, after: sums[place]) }
      }
    }
    return sums
  }
}
