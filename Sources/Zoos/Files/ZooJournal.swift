import Execution
import Glibc
import Synchronization

/// The list of finished runs beside the columns of an unfinished zoo: one line a run.
///
/// A line is written only when the rows of its run are on disk. Whoever holds the journal's lock
/// writes the zoo; when the last run is finished the journal is removed.
final class ZooJournal: Sendable {
  /// The name of the file.
  static let file = "journal"

  private let path: String
  private let descriptor: Int32
  private let runs: Mutex<Set<Int>>

  /// Opens or makes the journal of a folder and locks it.
  ///
  /// A line that an interruption cut short is dropped.
  /// - Throws: `Failure` if another process writes the zoo, or if the file cannot be opened.
  init(folder: String, runs count: Int, isNew: Bool) throws {
    path = folder + "/" + ZooJournal.file
    runs = Mutex([])
    descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC | (isNew ? O_CREAT : 0), 0o644)
    guard descriptor >= 0 else { throw File.problem("cannot write", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw Failure(
        "\"\(folder)\" is being written by another training", hint: "wait for it, or stop it")
    }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_nlink > 0 else {
      throw Failure("another training has just finished \"\(folder)\"", hint: "load it")
    }
    let (found, bytes) = try ZooJournal.read(path, runs: count)
    runs.withLock { $0 = found }
    guard ftruncate(descriptor, bytes) == 0 else { throw File.problem("cannot write", path) }
  }

  deinit { close(descriptor) }

  /// The finished runs that a journal lists, and the length of its whole lines.
  static func read(_ path: String, runs count: Int) throws -> (runs: Set<Int>, bytes: Int) {
    let text = try File.read(path)
    var found: Set<Int> = []
    var length = 0
    while let end = text[length...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = String(decoding: text[length..<end], as: UTF8.self)
      guard line.hasPrefix("run "), let run = Int(line.dropFirst(4)), (0..<count).contains(run)
      else {
        throw Failure("\"\(path)\" should list runs below \(count), but one line is \"\(line)\"")
      }
      found.insert(run)
      length = end + 1
    }
    return (found, length)
  }

  /// The finished runs, rising.
  var finished: [Int] { runs.withLock { $0.sorted() } }

  /// Notes that the rows of a run are on disk.
  func add(_ run: Int) throws {
    try runs.withLock { runs in
      let line = Array("run \(run)\n".utf8)
      guard write(descriptor, line, line.count) == line.count, fdatasync(descriptor) == 0 else {
        throw File.problem("cannot write", path)
      }
      runs.insert(run)
    }
  }

  /// Forgets all runs: the columns are made anew.
  func clear() throws {
    guard ftruncate(descriptor, 0) == 0 else { throw File.problem("cannot write", path) }
    runs.withLock { $0 = [] }
  }

  /// Removes the journal: the zoo is finished.
  func remove() throws {
    guard unlink(path) == 0 else { throw File.problem("cannot remove", path) }
  }
}
