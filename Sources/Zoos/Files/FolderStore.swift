import Execution
import Glibc
import Tensors

/// The files of an unfinished zoo, of full size from the beginning; rows go to fixed places in
/// them.
final class FolderStore: ZooStore {
  private let folder: String
  private let journal: ZooJournal
  private let files: [RowFile]

  /// Opens the folder of a zoo of these settings, which may be new, empty, or begun.
  ///
  /// The journal comes first and `zoo.json` last, so that a folder without the latter is begun
  /// anew.
  /// - Throws: `Failure` if files cannot be made, or if those found are not the ones that were
  ///   made.
  init(_ folder: String, _ settings: LanguageZooSettings) throws {
    self.folder = folder
    try File.makeFolder(folder)
    let layout = try ZooLayout(settings)
    let isBegun = File.exists(folder + "/" + ZooDescription.file)
    journal = try ZooJournal(folder: folder, runs: settings.runs, isNew: !isBegun)
    if !isBegun { try journal.clear() }
    files = try layout.columns.map {
      try RowFile(folder + "/" + $0.file, $0, rows: layout.rows, isNew: !isBegun)
    }
    if !isBegun {
      try syncAll()
      try File.writeText(
        ZooDescription(settings).text, to: folder + "/" + ZooDescription.file)
      try RowFile.syncFolder(folder)
    }
  }

  var finishedRuns: [Int] { journal.finished }

  func store(_ rows: RunRows, run: Int) throws {
    try files[0].write(rows.weights, run: run)
    try files[1].write(rows.sequences, run: run)
    try files[2].write(rows.logProbabilities, run: run)
    try files[3].write(rows.tasks, run: run)
    try files[4].write(rows.counts, run: run)
    try files[5].write(rows.measures, run: run)
    try syncAll()
    try journal.add(run)
  }

  /// Declares the zoo finished.
  func finish() throws {
    try syncAll()
    try journal.remove()
    try RowFile.syncFolder(folder)
  }

  private func syncAll() throws { for file in files { try file.sync() } }
}

/// One `.npy` file of full size, whose rows are written in any order.
final class RowFile: Sendable {
  private let path: String
  private let descriptor: Int32
  private let dataStart: Int

  /// Makes the file, or opens the one that was made.
  init(_ path: String, _ column: ZooLayout.Column, rows: Int, isNew: Bool) throws {
    self.path = path
    let header = try Tensor.npyHeader(column.type, shape: [rows] + column.rowShape)
    dataStart = header.count
    let size = header.count + rows * column.count * column.type.size
    let flags = O_RDWR | O_CLOEXEC | (isNew ? O_CREAT | O_TRUNC : 0)
    descriptor = open(path, flags, 0o644)
    guard descriptor >= 0 else { throw File.problem("cannot write", path) }
    if isNew {
      // Taking the room now rather than row by row tells of a full disk before the training.
      errno = posix_fallocate(descriptor, 0, size)
      guard errno == 0 else { throw File.problem("cannot write", path) }
      try write(header, at: 0)
    } else {
      try check(header, size)
    }
  }

  deinit { close(descriptor) }

  private func check(_ header: [UInt8], _ size: Int) throws {
    var information = stat()
    var found = [UInt8](repeating: 0, count: header.count)
    guard fstat(descriptor, &information) == 0 else { throw File.problem("cannot read", path) }
    guard Int(information.st_size) == size else {
      throw Failure(
        "\"\(path)\" has \(information.st_size) bytes, expected \(size): it is not the file that "
          + "the training began", hint: "remove the folder to begin anew")
    }
    guard pread(descriptor, &found, found.count, 0) == found.count, found == header else {
      throw Failure(
        "the header of \"\(path)\" is not the one that the training wrote",
        hint: "remove the folder to begin anew")
    }
  }

  /// Writes the rows of a run at their place.
  func write<Number: BitwiseCopyable>(_ numbers: [Number], run: Int) throws {
    let size = numbers.count * MemoryLayout<Number>.size
    try write(numbers, at: dataStart + run * size)
  }

  private func write<Number: BitwiseCopyable>(_ numbers: [Number], at offset: Int) throws {
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

  /// Forces what was written to the disk.
  func sync() throws {
    guard fdatasync(descriptor) == 0 else { throw File.problem("cannot write", path) }
  }

  /// Forces the names in a folder to the disk.
  static func syncFolder(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw File.problem("cannot read the folder", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw File.problem("cannot write", path) }
  }
}
