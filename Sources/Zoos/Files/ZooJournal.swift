import Execution
import Glibc
import Tensors

/// The form of a journal: a head and one line of fixed length for each run.
///
/// A run's line has its number, the check sum of each of its rows, and the check sum of the line
/// up to there; hyphens stand for those of a run that is not finished. So that a line is either
/// whole or no line, and a finished journal does not tell in which order the runs were made.
struct JournalForm: Equatable {
  /// Runs of the zoo.
  var runs: Int
  /// Rows of each run.
  var rows: Int

  static let beginning = "rnr journal 1"

  /// The form of so many runs of so many rows.
  init(runs: Int, rows: Int) {
    self.runs = runs
    self.rows = rows
  }

  /// The form for a zoo of these settings.
  init(_ settings: ZooSettings) {
    self.init(runs: settings.runs, rows: settings.keptSteps.count)
  }

  /// The first line.
  var head: String {
    "\(Self.beginning): \(runs) runs of \(rows) rows; CRC-32 of each row, and of the line\n"
  }

  /// Whether a file is empty or begins as a journal does.
  static func isBeginning(of path: String) throws -> Bool {
    let found = try File.read(path).prefix(beginning.utf8.count)
    return beginning.utf8.starts(with: found)
  }

  /// Whether a journal has its whole length, or is another's.
  func isWhole(_ path: String) throws -> Bool {
    guard File.exists(path) else { return false }
    let bytes = try File.read(path)
    let head = Array(self.head.utf8)
    return bytes.count == size || !head.starts(with: bytes.prefix(head.count))
  }

  private var digits: Int { "\(max(runs - 1, 0))".utf8.count }
  /// Bytes of a run's line.
  var lineLength: Int { digits + 9 * (rows + 1) + 1 }
  /// Bytes of the journal.
  var size: Int { head.utf8.count + runs * lineLength }
  /// Where the head stands.
  var headRange: Range<Int> { 0..<head.utf8.count }

  /// Where the line of a run stands.
  func range(of run: Int) -> Range<Int> {
    let start = head.utf8.count + run * lineLength
    return start..<(start + lineLength)
  }

  private func number(_ run: Int) -> String {
    let text = "\(run)"
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }

  /// The line of a finished run.
  func line(run: Int, sums: [UInt32]) -> String {
    let body = ([number(run)] + sums.map(Checksum.text)).joined(separator: " ")
    return body + " " + Checksum.text(Checksum.crc32(body)) + "\n"
  }

  /// The line of a run that is not finished.
  func blank(run: Int) -> String {
    number(run) + String(repeating: " --------", count: rows + 1) + "\n"
  }

  /// The check sums in a run's line; nil if it is not finished or not whole.
  func sums(in bytes: ArraySlice<UInt8>, run: Int) -> [UInt32]? {
    let body = bytes.dropLast(10)
    let start = bytes.startIndex + digits
    guard bytes.count == lineLength, bytes.last == UInt8(ascii: "\n"),
      body.prefix(digits).elementsEqual(number(run).utf8),
      Self.sum(at: body.endIndex, in: bytes) == body.withUnsafeBytes({ Checksum.crc32($0) })
    else { return nil }
    let sums = (0..<rows).compactMap { Self.sum(at: start + 9 * $0, in: bytes) }
    return sums.count == rows ? sums : nil
  }

  /// The sum that stands behind a space as eight hexadecimal digits.
  private static func sum(at place: Int, in bytes: ArraySlice<UInt8>) -> UInt32? {
    guard bytes[place] == UInt8(ascii: " ") else { return nil }
    var sum: UInt32 = 0
    for byte in bytes[(place + 1)..<(place + 9)] {
      switch byte {
      case 48...57: sum = sum << 4 | UInt32(byte - 48)
      case 97...102: sum = sum << 4 | UInt32(byte - 87)
      default: return nil
      }
    }
    return sum
  }

  /// The check sums of all runs in the bytes of a journal, nil for a run that is not finished.
  ///
  /// - Throws: `Failure` for what is no journal of this form.
  func records(_ bytes: [UInt8], path: String) throws -> [[UInt32]?] {
    guard bytes.starts(with: Self.beginning.utf8) else {
      throw Failure(
        "\"\(path)\" is no journal of a zoo: it should begin with \"\(Self.beginning)\"")
    }
    guard bytes.starts(with: head.utf8) else {
      let found = String(decoding: bytes.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
      throw Failure(
        "\"\(path)\" is the journal of another zoo: it begins with \"\(found.prefix(60))\", but "
          + "\(ZooDescription.file) tells of \(runs) runs of \(rows) rows")
    }
    guard bytes.count == size else {
      throw Failure(
        "\"\(path)\" has \(bytes.count) bytes, expected \(size)",
        hint: "the same call that trained it repairs it")
    }
    return (0..<runs).map { sums(in: bytes[range(of: $0)], run: $0) }
  }
}

/// The journal of a zoo that is being trained: which runs are finished, with the check sums of
/// their rows, and who trains which.
///
/// A process claims a run by a lock on its line, so that claims vanish with the process.
final class ZooJournal: Sendable {
  /// The name of the file.
  static let file = "journal"

  let form: JournalForm
  private let path: String
  private let descriptor: Int32

  /// Opens the journal in a folder, or makes an empty one.
  init(folder: String, _ form: JournalForm) throws {
    self.form = form
    path = folder + "/" + ZooJournal.file
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw PlainFile.problem(path) }
    _ = try PlainFile.check(descriptor, path)
  }

  deinit { close(descriptor) }

  /// The check sums of all runs in a folder's journal, nil for a run that is not finished.
  static func read(_ folder: String, _ form: JournalForm) throws -> [[UInt32]?] {
    let path = folder + "/" + file
    guard File.exists(path) else {
      throw Failure(
        "\"\(path)\" is missing, which tells the finished runs",
        hint: "the same call that trained it trains all runs again")
    }
    return try form.records(try File.read(path), path: path)
  }

  /// Runs that other processes are training, of those given.
  static func claimed(_ folder: String, _ form: JournalForm, among runs: [Int]) -> Set<Int> {
    let descriptor = open(folder + "/" + file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return Set(runs.filter { RangeLock.isHeld(form.range(of: $0), of: descriptor) })
  }

  // MARK: - Beginning

  /// Does something while no other process begins the same zoo.
  func whileAlone<Result>(
    _ cancellation: Cancellation, _ body: () throws -> Result
  ) throws -> Result {
    try RangeLock.wait(form.headRange, of: descriptor, path, cancellation: cancellation)
    defer { RangeLock.release(form.headRange, of: descriptor) }
    return try body()
  }

  /// Forgets all runs.
  func clear() throws {
    guard ftruncate(descriptor, 0) == 0 else { throw File.problem("cannot write", path) }
    try complete()
  }

  /// Gives a new or cut journal its whole length; what is missing is not finished.
  ///
  /// - Throws: `Failure` for the journal of something else.
  func complete() throws {
    var bytes = try File.read(path)
    if form.head.utf8.starts(with: bytes) { bytes = Array(form.head.utf8) }
    guard bytes.count != form.size || !bytes.starts(with: form.head.utf8) else { return }
    let whole = (bytes.count - form.head.utf8.count) / form.lineLength
    if bytes.count < form.size {
      bytes = Array(bytes.prefix(form.head.utf8.count + max(whole, 0) * form.lineLength))
      for run in max(whole, 0)..<form.runs { bytes += form.blank(run: run).utf8 }
    }
    _ = try form.records(Array(bytes.prefix(form.size)), path: path)
    try PlainFile.write(Array(bytes.prefix(form.size)), at: 0, to: descriptor, path)
    guard ftruncate(descriptor, form.size) == 0, fsync(descriptor) == 0 else {
      throw File.problem("cannot write", path)
    }
  }

  // MARK: - Runs

  /// Claims a run for this process; whether nobody else has it.
  func claim(_ run: Int) throws -> Bool {
    try RangeLock.take(form.range(of: run), of: descriptor, path)
  }

  /// Gives up a claim.
  func release(_ run: Int) { RangeLock.release(form.range(of: run), of: descriptor) }

  /// The check sums of a run, nil if it is not finished.
  func sums(of run: Int) throws -> [UInt32]? {
    let range = form.range(of: run)
    return form.sums(in: try PlainFile.read(range, of: descriptor, path)[...], run: run)
  }

  /// Notes the check sums of a run whose rows are on disk, or that they are to be made again (nil).
  func note(_ sums: [UInt32]?, of run: Int) throws {
    let line = sums.map { form.line(run: run, sums: $0) } ?? form.blank(run: run)
    try PlainFile.write(Array(line.utf8), at: form.range(of: run).lowerBound, to: descriptor, path)
    guard fdatasync(descriptor) == 0 else { throw File.problem("cannot write", path) }
  }
}
