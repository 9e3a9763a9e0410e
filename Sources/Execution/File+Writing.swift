import Glibc

extension File {
  /// Writes a file so that a reader sees the old one or the new one, never a part.
  ///
  /// It is written aside, forced to the disk, and renamed over the old one, whose permissions it
  /// keeps. Through a link the file is written to which the link leads; a pipe, a terminal and what a
  /// process has open, such as /dev/stdout, are written to as they are.
  ///
  /// - Throws: `Failure`, or what was thrown to stop work, if nobody reads from a pipe or the file is
  ///   large; the old one is left then.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try write(to: path) { output in try bytes.withUnsafeBytes { try output.append($0) } }
  }

  /// The same for a file whose bytes `body` gives piece by piece.
  public static func write(
    to path: String, _ body: (inout FileOutput) throws -> Void
  ) throws {
    switch try Target(path) {
    case .stream:
      // At the end of a file that is open elsewhere, as the shell's `>` has it.
      let descriptor = try openPatiently(
        path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC, "cannot write")
      defer { close(descriptor) }
      try write(to: descriptor, path, body)
    case .open(let descriptor): try write(to: descriptor, path, body)
    case .file(let file, let old): try replace(file, old, path, body)
    }
  }

  private static func write(
    to stream: Int32, _ path: String, _ body: (inout FileOutput) throws -> Void
  ) throws {
    var output = FileOutput(stream, path, isStream: true)
    try body(&output)
  }

  /// Writes a text file as `write` does.
  public static func writeText(_ text: String, to path: String) throws {
    var text = text
    try write(to: path) { output in
      try text.withUTF8 { try output.append(UnsafeRawBufferPointer($0)) }
    }
  }

  /// Makes a folder that is there whole or not at all: `body` fills one aside, which is then renamed.
  ///
  /// An empty folder may be there, in whose place the new one comes.
  public static func writeFolder(_ path: String, _ body: (_ aside: String) throws -> Void) throws {
    try check(path)
    replaceLinkedFolders(of: path)
    let path = resolved(path) ?? path
    try makeFolder(folder(of: path))
    LeftOvers.clear(folder(of: path))
    let aside = LeftOvers.newName(for: path)
    guard mkdir(aside, 0o777) == 0 else { throw problem("cannot make the folder", path) }
    let lock = open(aside, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    _ = flock(lock, LOCK_EX | LOCK_NB)
    defer { close(lock) }
    do {
      try body(aside)
      guard rename(aside, path) == 0 else { throw problem("cannot write", path) }
    } catch {
      LeftOvers.remove(aside)
      throw error
    }
  }

  /// The path of something that is there, without links; nil if it is not there.
  static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  // MARK: - A plain file

  private static func replace(
    _ file: String, _ old: stat?, _ path: String, _ body: (inout FileOutput) throws -> Void
  ) throws {
    LeftOvers.clear(folder(of: file))
    let aside = LeftOvers.newName(for: file)
    // Nobody may have put a link there, which would be followed.
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = open(aside, flags, old == nil ? 0o666 : 0o600)
    guard descriptor >= 0 else { throw problem("cannot write", path) }
    defer { close(descriptor) }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    do {
      var output = FileOutput(descriptor, path, isStream: false)
      try body(&output)
      if let old { keepPermissions(of: old, descriptor) }
      guard fsync(descriptor) == 0, rename(aside, file) == 0 else {
        throw problem("cannot write", path)
      }
    } catch {
      unlink(aside)
      throw error
    }
  }

  private static func keepPermissions(of old: stat, _ descriptor: Int32) {
    var mode = old.st_mode & 0o7777
    if old.st_uid != geteuid() || old.st_gid != getegid(),
      fchown(descriptor, old.st_uid, old.st_gid) != 0
    {
      // What the old group was allowed must not fall to another one.
      mode &= 0o707
    }
    fchmod(descriptor, mode)
  }

  // MARK: - A stream

  /// Opens a file, however long a pipe has nobody at its other end.
  ///
  /// - Throws: `Failure`, or `Interrupted` if the user asks to stop.
  static func openPatiently(_ path: String, _ flags: Int32, _ what: String) throws -> Int32 {
    try check(path)
    // Whoever asked to stop and was answered by the next of many files must not wait for it too.
    if Cancellation.current.isRequested, isPipe(path) { throw Interrupted() }
    while true {
      let descriptor = open(path, flags)
      if descriptor >= 0 { return descriptor }
      guard errno == EINTR else { throw problem(what, path) }
      try Cancellation.current.check()
    }
  }

  private static func isPipe(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFIFO
  }

  // MARK: - What is written to

  /// What a path leads to, as far as writing is concerned.
  private enum Target {
    /// A plain file that is there, or is to be made, without links.
    case file(String, old: stat?)
    /// What cannot be replaced.
    case stream
    /// What this process has open: what is written goes where it is at.
    case open(Int32)

    init(_ path: String) throws {
      try File.check(path)
      File.replaceLinkedFolders(of: path)
      var information = stat()
      if File.replacesLinks.load(ordering: .relaxed), lstat(path, &information) == 0,
        information.st_mode & S_IFMT == S_IFLNK
      {
        self = .file(path, old: nil)
        return
      }
      guard stat(path, &information) == 0 else {
        guard errno == ENOENT else { throw File.problem("cannot write", path) }
        self = .file(try File.end(ofLinks: path), old: nil)
        return
      }
      if let end = Target.end(inProcesses: try File.end(ofLinks: path)) {
        self = end
        return
      }
      switch information.st_mode & S_IFMT {
      case S_IFREG:
        guard access(path, W_OK) == 0 else { throw File.problem("cannot write", path) }
        self = .file(File.resolved(path) ?? path, old: information)
      case S_IFDIR: throw Failure("\"\(path)\" is a folder, not a file")
      case S_IFIFO, S_IFCHR: self = .stream
      case S_IFBLK: throw Failure("\"\(path)\" is a disk, expected a file")
      default: throw Failure("\"\(path)\" is a socket, expected a file")
      }
    }

    /// What processes have open, such as /dev/stdout, is told by links below /proc.
    private static func end(inProcesses path: String) -> Target? {
      let folder = File.folder(of: path)
      guard folder.hasPrefix("/proc/") else { return nil }
      let own = folder == "/proc/\(getpid())/fd" ? path.split(separator: "/").last : nil
      return own.flatMap { Int32($0) }.map { .open($0) } ?? .stream
    }
  }

  /// Where a chain of links ends, be something there or not; its folder without links if there is one.
  private static func end(ofLinks path: String) throws -> String {
    var path = path
    for _ in 0..<40 {
      if let real = resolved(folder(of: path)), let name = path.split(separator: "/").last {
        path = (real == "/" ? "" : real) + "/" + name
      }
      var bytes = [CChar](repeating: 0, count: 4096)
      let count = readlink(path, &bytes, bytes.count)
      // What a process has open is told by a link that leads nowhere.
      if count < 0 || folder(of: path).hasPrefix("/proc/") { return path }
      let target = String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = target.hasPrefix("/") ? target : folder(of: path) + "/" + target
    }
    throw problem("cannot write", path, code: ELOOP)
  }
}
