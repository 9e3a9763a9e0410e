import Execution
import Glibc
import Kernels
import Tensors

/// How a zoo on disk stands: what is there, what is being trained, and what is damaged.
public struct ZooStatus: Sendable {
  /// The folder.
  public let path: String
  /// The settings of the training.
  public let settings: ZooSettings
  /// The version of the program that began the zoo.
  public let version: String
  /// Bits of the vectors of the build that began it.
  public let vectorWidth: Int
  /// Whether this program, on this machine, would make the same numbers.
  public let isContinuable: Bool
  /// Runs that are there and whole.
  public let finished: [Int]
  /// Unfinished runs that processes are training now.
  public let running: [Int]
  /// Runs that nobody has begun, or whose training was cut.
  public let missing: [Int]
  /// Rows that do not agree with their check sums.
  public let failingRows: [Int]
  /// Finished runs whose loss stopped being a finite number, and when.
  public let diverged: [ZooDivergence]
  /// Bytes of all files.
  public let size: Int
  /// Bytes of them that the disk has yet to give.
  public let missingSize: Int
  /// Seconds that this machine would need for what is missing or failing; nil if nothing is.
  public let secondsLeft: Double?

  /// Runs that have failing rows.
  public var failing: [Int] { Set(failingRows.map { $0 / settings.keptSteps.count }).sorted() }
  /// Whether all runs are there and whole.
  public var isComplete: Bool { finished.count == settings.runs }

  /// Looks through a zoo that was begun here; all its finished rows are read.
  ///
  /// - Throws: `Failure` for a folder of another kind, or one whose files are missing, cut, or of
  ///   other shapes; `Interrupted`.
  public init(
    _ path: String, console: any Console, cancellation: Cancellation = .current
  ) throws {
    guard File.isFolder(path) else {
      guard File.exists(path) else { throw File.problem("cannot read the zoo", path) }
      throw Failure("a zoo is a folder, but \"\(path)\" is a file")
    }
    guard !File.exists(path + "/" + SelectedRows.file) else {
      throw Failure(
        "\"\(path)\" holds rows that were selected from a zoo: nothing is trained there",
        hint: "load(\"\(path)\") shows what they are")
    }
    guard File.exists(path + "/" + ZooDescription.file) else {
      throw Failure(
        "\"\(path)\" has no \(ZooDescription.file): it holds no zoo that was begun here")
    }
    let description = try ZooDescription(folder: path)
    self.path = path
    settings = description.settings
    version = description.version
    vectorWidth = description.vectorWidth
    let records = try ZooJournal.read(path, JournalForm(settings))
    let checks = ZooChecks(path, settings, console: console, cancellation: cancellation)
    let suspects = try checks.failingRows(records, among: 0..<settings.runs)
    let kept = settings.keptSteps.count
    let failingRuns = Set(suspects.map { $0 / kept })
    let open = records.indices.filter { records[$0] == nil || failingRuns.contains($0) }
    let claimed = ZooJournal.claimed(path, JournalForm(settings), among: open)
    // Who trains a damaged run again has its line blank; what was read before may be half new.
    failingRows = suspects.filter { !claimed.contains($0 / kept) }.sorted()
    running = claimed.sorted()
    missing = open.filter { !claimed.contains($0) && !failingRuns.contains($0) }
    let unfinished = Set(open)
    finished = records.indices.filter { !unfinished.contains($0) }
    diverged = try Self.divergences(path, settings, among: finished)
    let room = try ZooRoom(path, settings)
    size = room.size
    missingSize = room.missing
    // Without the family's functions or images nothing can be tried.
    isContinuable =
      settings.family.canTrain
      ? (try? ZooDescription.checkArithmetic(path, settings)) != nil
      : description.vectorWidth == VectorWidth.bits
    let left = missing.count + failingRuns.subtracting(claimed).count
    secondsLeft =
      left == 0 || !settings.family.canTrain
      ? nil
      : try Self.stepTime(settings, cancellation) * Double(left)
        * Double(settings.steps + 1) / Double(min(Parallel.threads, left))
  }

  private static func divergences(
    _ path: String, _ settings: ZooSettings, among runs: [Int]
  ) throws -> [ZooDivergence] {
    let layout = try settings.layout()
    let loss = settings.family.lossColumn
    guard let file = layout.file(of: loss) else { return [] }
    let column = ZooColumn(loss, of: file, .mapped(try file.map(in: path, rows: layout.rows)))
    let kept = settings.keptSteps
    let rows = settings.rows(ofRuns: runs)
    return ZooDivergence.found(
      runs: rows.map { $0 / kept.count }, steps: rows.map { kept[$0 % kept.count] },
      losses: try column.tensor(rows).elements)
  }

  /// Seconds of one update, measured on one core for a moment.
  private static func stepTime(
    _ settings: ZooSettings, _ cancellation: Cancellation
  ) throws -> Double {
    var endless = settings
    endless.steps = 1 << 30
    endless.snapshots = []
    var made = 0
    let began = Clock.now
    var elapsed = 0.0
    do {
      _ = try TaskRun(endless, run: 0).train { steps in
        try cancellation.check()
        elapsed = Clock.now - began
        if made > 0 && elapsed > 0.15 { throw Interrupted() }
        made += steps
      }
    } catch is Interrupted {
      try cancellation.check()
    }
    return elapsed / Double(max(made, 1))
  }
}
