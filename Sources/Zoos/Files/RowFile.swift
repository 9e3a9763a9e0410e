import Execution
import Glibc
import Tensors

/// One `.npy` file of full size, whose rows are written in any order.
final class RowFile: Sendable {
  private let path: String
  private let descriptor: Int32
  private let dataStart: Int
  private let rowSize: Int

  /// Makes the file, or opens the one that was made.
  init(_ folder: String, _ file: ZooFile, rows: Int, isNew: Bool) throws {
    path = folder + "/" + file.name
    let header = try file.header(rows: rows)
    dataStart = header.count
    rowSize = file.rowSize
    let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (isNew ? O_CREAT : 0)
    descriptor = open(path, flags, 0o644)
    guard descriptor >= 0 else { throw PlainFile.problem(path) }
    let information = try PlainFile.check(descriptor, path)
    let size = header.count + rows * rowSize
    if isNew {
      try makeRoom(header, size)
    } else {
      try check(header, found: Int(information.st_size), expected: size)
    }
  }

  deinit { close(descriptor) }

  /// Gives a file that is missing or cut its full size, with zeros where nothing is.
  static func mend(_ folder: String, _ file: ZooFile, rows: Int) throws {
    let path = folder + "/" + file.name
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw PlainFile.problem(path) }
    defer { close(descriptor) }
    let found = Int(try PlainFile.check(descriptor, path).st_size)
    let header = try file.header(rows: rows)
    errno = posix_fallocate(descriptor, 0, try file.fileSize(rows: rows))
    guard errno == 0 else { throw File.problem("cannot write", path) }
    // Only what was not there: a head that is another's must be seen.
    if found < header.count {
      try PlainFile.write(Array(header[found...]), at: found, to: descriptor, path)
    }
  }

  /// Takes the room now rather than row by row: a full disk is told of before the training.
  private func makeRoom(_ header: [UInt8], _ size: Int) throws {
    guard ftruncate(descriptor, 0) == 0 else { throw File.problem("cannot write", path) }
    errno = posix_fallocate(descriptor, 0, size)
    guard errno == 0 else { throw File.problem("cannot write", path) }
    try PlainFile.write(header, at: 0, to: descriptor, path)
  }

  private func check(_ header: [UInt8], found: Int, expected: Int) throws {
    guard found == expected else {
      throw Failure(
        "\"\(path)\" has \(found) bytes, expected \(expected): it is not the file that "
          + "the training began", hint: "remove the folder to begin anew")
    }
    guard try PlainFile.read(0..<header.count, of: descriptor, path) == header else {
      throw Failure(
        "the header of \"\(path)\" is not the one that the training wrote",
        hint: "remove the folder to begin anew")
    }
  }

  /// Writes the rows of a run at their place.
  func write(_ bytes: [UInt8], run: Int) throws {
    try PlainFile.write(bytes, at: dataStart + run * bytes.count, to: descriptor, path)
  }

  /// The bytes of rows.
  func read(rows: Range<Int>) throws -> [UInt8] {
    let range = (dataStart + rows.lowerBound * rowSize)..<(dataStart + rows.upperBound * rowSize)
    return try PlainFile.read(range, of: descriptor, path)
  }

  /// Forces what was written to the disk.
  func sync() throws {
    guard fdatasync(descriptor) == 0 else { throw File.problem("cannot write", path) }
  }
}

extension [RowFile] {
  /// Writes the rows of a run to all files.
  func write(_ rows: RunRows, run: Int) throws {
    for (file, bytes) in zip(self, rows.files) { try file.write(bytes, run: run) }
  }
}

extension ZooFile {
  /// The head of the file.
  func header(rows: Int) throws -> [UInt8] {
    try Tensor.npyHeader(type, shape: [rows] + rowShape)
  }

  /// Whether the file is missing or shorter than it should be.
  func isCut(in folder: String, rows: Int) throws -> Bool {
    var information = stat()
    guard stat(folder + "/" + name, &information) == 0 else { return errno == ENOENT }
    return Int(information.st_size) < (try fileSize(rows: rows))
  }

  /// Bytes of the file.
  func fileSize(rows: Int) throws -> Int {
    try header(rows: rows).count + rows * rowSize
  }
}
