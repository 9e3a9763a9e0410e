import Glibc

/// A file that is being written, to which bytes are appended.
///
/// A large file goes to the disk in pieces, between which work can be stopped: else the last call,
/// which waits for the disk, would wait for all of it.
public struct FileOutput {
  private let descriptor: Int32
  private let path: String
  private let isStream: Bool
  /// How many bytes were written.
  private var count = 0
  /// Up to where the disk has been asked to keep them.
  private var begun = 0

  /// Bytes of a piece: a slow disk takes them in some 20 ms.
  private static let pieceSize = 1 << 22

  init(_ descriptor: Int32, _ path: String, isStream: Bool) {
    self.descriptor = descriptor
    self.path = path
    self.isStream = isStream
  }

  /// Writes bytes behind those that were written.
  ///
  /// - Throws: `Failure` if the system refuses them; what was thrown to stop work. A small file is
  ///   written all the same, as it may hold a partial result.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      if count - begun >= FileOutput.pieceSize { try finishPiece() }
      let room = isStream ? rest.count : FileOutput.pieceSize
      let written = Glibc.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest.prefix(room)).baseAddress,
        min(room, rest.count))
      if written < 0 && errno == EINTR {
        if isStream { try Cancellation.current.check() }
        continue
      }
      guard written > 0 else { throw File.problem("cannot write", path) }
      count += written
      rest = rest.dropFirst(written)
    }
  }

  /// Sends what was written since the last time on its way to the disk, and waits for what was sent
  /// then.
  private mutating func finishPiece() throws {
    try Cancellation.current.check()
    guard !isStream else { return }
    let last = begun - min(begun, FileOutput.pieceSize)
    _ = FileOutput.send?(descriptor, begun, count - begun, FileOutput.begins)
    _ = FileOutput.send?(descriptor, last, begun - last, FileOutput.begins | FileOutput.waits)
    begun = count
  }

  /// `sync_file_range`, which only Linux has; what it does not do the end of writing does.
  private static let send: (@convention(c) (Int32, Int, Int, UInt32) -> Int32)? =
    dlsym(nil, "sync_file_range").map {
      unsafeBitCast($0, to: (@convention(c) (Int32, Int, Int, UInt32) -> Int32).self)
    }
  /// SYNC_FILE_RANGE_WRITE.
  private static let begins: UInt32 = 2
  /// SYNC_FILE_RANGE_WAIT_BEFORE and SYNC_FILE_RANGE_WAIT_AFTER.
  private static let waits: UInt32 = 1 | 4
}
