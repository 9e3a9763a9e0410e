import Execution
import Glibc

/// Reading and writing parts of open files.
enum PlainFile {
  /// Why a file of the zoo cannot be opened for writing, by the last system error.
  static func problem(_ path: String) -> Failure {
    guard errno == ELOOP else { return File.problem("cannot write", path) }
    return Failure(
      "\"\(path)\" is a symbolic link, but a zoo's files lie in its own folder",
      hint: "put the files themselves there, or link the folder")
  }

  /// Throws unless an open file is a plain one that has no second name.
  static func check(_ descriptor: Int32, _ path: String) throws -> stat {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw File.problem("cannot read", path) }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw Failure("\"\(path)\" is no plain file")
    }
    guard information.st_nlink <= 1 else {
      throw Failure(
        "\"\(path)\" has a second name elsewhere (a hard link), which would change with it",
        hint: "copy the folder without links")
    }
    return information
  }

  /// Writes all bytes of an array at a place.
  static func write<Number: BitwiseCopyable>(
    _ numbers: [Number], at offset: Int, to descriptor: Int32, _ path: String
  ) throws {
    try numbers.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let count = pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw File.problem("cannot write", path) }
        done += count
      }
    }
  }

  /// Reads a range of bytes; what lies beyond the end is left out.
  static func read(_ range: Range<Int>, of descriptor: Int32, _ path: String) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var done = 0
    while done < range.count {
      let count = bytes.withUnsafeMutableBytes { bytes in
        pread(
          descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes[done...]).baseAddress,
          range.count - done, range.lowerBound + done)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw File.problem("cannot read", path) }
      if count == 0 { return Array(bytes[..<done]) }
      done += count
    }
    return bytes
  }

  /// Forces the names in a folder to the disk.
  static func syncFolder(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw File.problem("cannot read the folder", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw File.problem("cannot write", path) }
  }
}
