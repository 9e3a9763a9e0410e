import Glibc

/// Reading files whole and writing them so that a reader never sees half of one.
public enum File {
  /// Throws if a path holds the character with the code 0: the system would take what stands before
  /// it for the whole.
  public static func check(_ path: String) throws {
    guard path.utf8.contains(0) else { return }
    let shown = path.split(separator: "\0", omittingEmptySubsequences: false)
      .joined(separator: "\\u{0}")
    throw Failure(
      "the path \"\(shown)\" holds the character with the code 0, which no name has")
  }

  /// The bytes of a file, or of what else can be read to an end.
  ///
  /// - Throws: `Failure` if it holds more than `limit` bytes or than there is memory for; what was
  ///   thrown to stop work.
  public static func read(_ path: String, limit: Int = .max) throws -> [UInt8] {
    let descriptor = try openPatiently(path, O_RDONLY | O_CLOEXEC, "cannot read")
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw problem("cannot read", path) }
    if information.st_mode & S_IFMT == S_IFDIR {
      throw Failure("\"\(path)\" is a folder, not a file")
    }
    let size = Int(information.st_size)
    try checkSize(size, limit, path)
    var bytes: [UInt8] = []
    // What a header says may be wrong, but not what the system says of a plain file.
    if information.st_mode & S_IFMT == S_IFREG { bytes.reserveCapacity(size) }
    var chunk = [UInt8](repeating: 0, count: min(max(size, 1 << 12), 1 << 20))
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR {
        try Cancellation.current.check()
        continue
      }
      guard count >= 0 else { throw problem("cannot read", path) }
      if count == 0 { return bytes }
      if bytes.count + count > bytes.capacity {
        try checkSize(max(bytes.count + count, 2 * bytes.capacity), .max, path)
        try checkSize(bytes.count + count, limit, path)
      }
      bytes.append(contentsOf: chunk[0..<count])
      // Small files are read where the user has asked to stop, too: a partial result may need them.
      if bytes.count > chunk.count { try Cancellation.current.check() }
    }
  }

  private static func checkSize(_ size: Int, _ limit: Int, _ path: String) throws {
    guard size <= limit else {
      throw Failure("\"\(path)\" holds more than the \(Memory.text(of: limit)) that fit here")
    }
    try Memory.reserve(size, for: "what \"\(path)\" holds")
  }

  /// Bytes that one text may have.
  public static let textLimit = 1 << 30

  /// The text of a file.
  ///
  /// - Throws: `Failure` also if it is no UTF-8.
  public static func readText(_ path: String) throws -> String {
    let bytes = try read(path, limit: textLimit)
    try bytes.withUnsafeBufferPointer { try Encoding.check($0, name: "\"\(path)\"") }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether something of this name exists.
  public static func exists(_ path: String) -> Bool {
    !path.utf8.contains(0) && access(path, F_OK) == 0
  }

  /// Whether this is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return !path.utf8.contains(0) && stat(path, &information) == 0
      && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder and those above it.
  public static func makeFolder(_ path: String) throws {
    try check(path)
    replaceLinkedFolders(of: path)
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      guard mkdir(made, 0o755) != 0 else { continue }
      let code = errno
      guard isFolder(made) else { throw problem("cannot make the folder", path, code: code) }
    }
  }

  /// The names in a folder, sorted.
  public static func list(_ path: String) throws -> [String] {
    try check(path)
    guard let folder = opendir(path.isEmpty ? "." : path) else {
      throw problem("cannot read the folder", path)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The folder that holds `path`: what stands before the last slash, or ".".
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The error of a system call, by default the last, with the nearest existing name as a hint.
  public static func problem(_ what: String, _ path: String, code: Int32 = errno) -> Failure {
    let reason = String(cString: strerror(code)).lowercased()
    var failure = Failure("\(what) \"\(path)\": \(reason)")
    if (code == EACCES || code == EROFS) && what != "cannot read" {
      failure.hint = closedFolder(above: path)
    }
    guard code == ENOENT else { return failure }
    if let near = nearest(to: path), near != path {
      failure.hint = "did you mean \"\(near)\"?"
    } else if case let folder = folder(of: path), !exists(folder) {
      let isWrite = what == "cannot write"
      failure.hint =
        "there is no folder \"\(folder)\""
        + (isWrite ? "; make_folder(\"\(folder)\") makes it" : "")
    }
    return failure
  }

  /// What hinders the making of a file, if it is the folder.
  private static func closedFolder(above path: String) -> String? {
    var folder = folder(of: path)
    while !exists(folder) && folder != "." && folder != "/" { folder = File.folder(of: folder) }
    guard access(folder, W_OK | X_OK) != 0 else { return nil }
    return "the folder \"\(folder)\" may not be written in; choose another one"
  }

  /// The path that is there and differs from one that is not by a misspelling in each part.
  private static func nearest(to path: String) -> String? {
    var found = path.hasPrefix("/") ? "/" : ""
    let parts = path.split(separator: "/").map(String.init)
    for (place, part) in parts.enumerated() {
      var next = found + part
      if !exists(next) {
        guard let names = try? list(found),
          let near = (Text.nearest(part, in: names) + names.filter { $0.hasPrefix(part + ".") })
            .first(where: { place == parts.count - 1 || isFolder(found + $0) })
        else { return nil }
        next = found + near
      }
      found = next + "/"
    }
    return String(found.dropLast())
  }
}
