import Glibc

/// Reading files whole and writing them so that a reader never sees half of one.
public enum File {
  /// The bytes of a file, or of what else can be read to an end.
  ///
  /// - Throws: `Failure` if it holds more than `limit` bytes or than there is memory for; what was
  ///   thrown to stop work.
  public static func read(_ path: String, limit: Int = .max) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw problem("cannot read", path) }
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
      if count < 0 && errno == EINTR { continue }
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

  /// The text of a file; bytes that are no UTF-8 become replacement characters.
  public static func readText(_ path: String) throws -> String {
    String(decoding: try read(path, limit: textLimit), as: UTF8.self)
  }

  /// Writes a file aside, forces it to disk, and renames it over `path`.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let aside = "\(path).part-\(getpid())"
    let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw problem("cannot write", path) }
    do {
      try writeAll(bytes, to: descriptor, path: path)
      guard fsync(descriptor) == 0, close(descriptor) == 0, rename(aside, path) == 0 else {
        throw problem("cannot write", path)
      }
    } catch {
      unlink(aside)
      throw error
    }
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let failure = problem("cannot write", path)
        close(descriptor)
        throw failure
      }
      done += count
    }
  }

  /// Writes a text file aside and renames it over `path`.
  public static func writeText(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Whether something of this name exists.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether this is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder and those above it.
  public static func makeFolder(_ path: String) throws {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      if mkdir(made, 0o755) != 0 && !isFolder(made) {
        throw problem("cannot make the folder", path)
      }
    }
  }

  /// The names in a folder, sorted.
  public static func list(_ path: String) throws -> [String] {
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

  /// The error of the last system call, with the nearest existing name as a hint.
  public static func problem(_ what: String, _ path: String) -> Failure {
    let code = errno
    let reason = String(cString: strerror(code)).lowercased()
    var failure = Failure("\(what) \"\(path)\": \(reason)")
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
