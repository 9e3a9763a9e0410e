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
  init(_ folder: String, _ column: ZooLayout.Column, rows: Int, isNew: Bool) throws {
    path = folder + "/" + column.file
    let header = try column.header(rows: rows)
    dataStart = header.count
    rowSize = column.count * column.type.size
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
  static func mend(_ folder: String, _ column: ZooLayout.Column, rows: Int) throws {
    let path = folder + "/" + column.file
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw PlainFile.problem(path) }
    defer { close(descriptor) }
    let found = Int(try PlainFile.check(descriptor, path).st_size)
    let header = try column.header(rows: rows)
    errno = posix_fallocate(descriptor, 0, try column.fileSize(rows: rows))
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
  func write<Number: BitwiseCopyable>(_ numbers: [Number], run: Int) throws {
    let size = numbers.count * MemoryLayout<Number>.size
    try PlainFile.write(numbers, at: dataStart + run * size, to: descriptor, path)
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
  /// Writes the rows of a run to the files of all columns.
  func write(_ rows: RunRows, run: Int) throws {
    try self[0].write(rows.weights, run: run)
    try self[1].write(rows.sequences, run: run)
    try self[2].write(rows.logProbabilities, run: run)
    try self[3].write(rows.tasks, run: run)
    try self[4].write(rows.counts, run: run)
    try self[5].write(rows.measures, run: run)
  }
}

extension ZooLayout.Column {
  /// The head of the column's file.
  func header(rows: Int) throws -> [UInt8] {
    try Tensor.npyHeader(type, shape: [rows] + rowShape)
  }

  /// Whether the column's file is missing or shorter than it should be.
  func isCut(in folder: String, rows: Int) throws -> Bool {
    var information = stat()
    guard stat(folder + "/" + file, &information) == 0 else { return errno == ENOENT }
    return Int(information.st_size) < (try fileSize(rows: rows))
  }

  /// Bytes of the column's file.
  func fileSize(rows: Int) throws -> Int {
    try header(rows: rows).count + rows * count * type.size
  }
}
