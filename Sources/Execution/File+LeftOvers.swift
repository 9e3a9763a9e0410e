import Glibc
import Synchronization

/// What is written aside, before it takes its place, and what of it a killed process leaves behind.
///
/// The name tells the process, and a lock that it is at work: a lock vanishes with its process, also
/// where the number of the process has been given to another one.
enum LeftOvers {
  private static let mark = ".part-"
  private static let digits = 16

  /// A name beside a path that nobody can know beforehand.
  static func newName(for path: String) -> String {
    let random = String(UInt64.random(in: 0 ... .max), radix: 16)
    let zeros = String(repeating: "0", count: digits - random.utf8.count)
    let suffix = "\(mark)\(getpid())-\(zeros)\(random)"
    var name = path.split(separator: "/").last.map(String.init) ?? ""
    // The longest name of a file.
    while name.utf8.count + suffix.utf8.count > 255 { name.removeLast() }
    let folder = File.folder(of: path)
    if folder == "." && !path.hasPrefix("./") { return name + suffix }
    return (folder == "/" ? "" : folder) + "/" + name + suffix
  }

  /// The process that a name tells, nil if it is none of `newName`.
  static func process(in name: String) -> pid_t? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, let random = parts.last, random.utf8.count == digits,
      random.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }),
      let process = pid_t(parts[parts.count - 2]), process > 0,
      name.dropLast(digits + 1 + parts[parts.count - 2].count).hasSuffix(mark)
    else { return nil }
    return process
  }

  // MARK: - Clearing

  /// Folders with so many names that looking through them at each writing would be felt.
  private static let large = Mutex<Set<String>>([])
  private static let manyNames = 2000

  /// Removes what processes that are no more have left in a folder.
  static func clear(_ folder: String) {
    guard large.withLock({ !$0.contains(folder) }), let names = try? File.list(folder) else {
      return
    }
    if names.count > manyNames { _ = large.withLock { $0.insert(folder) } }
    for name in names {
      if let process = process(in: name), process != getpid(), isOver(process) {
        removeUnlessLocked(folder + "/" + name)
      }
    }
  }

  private static func isOver(_ process: pid_t) -> Bool { kill(process, 0) != 0 && errno == ESRCH }

  private static func removeUnlessLocked(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var information = stat()
    // Another's file is theirs to remove, and a process on another machine may be at work.
    guard fstat(descriptor, &information) == 0, information.st_uid == geteuid(),
      flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return }
    remove(path)
  }

  /// Removes a file, or a folder of files.
  static func remove(_ path: String) {
    guard unlink(path) != 0 else { return }
    for name in (try? File.list(path)) ?? [] { unlink(path + "/" + name) }
    rmdir(path)
  }
}
