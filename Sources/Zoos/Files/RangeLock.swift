import Execution
import Glibc

/// Locks on ranges of bytes of an open file, between processes and within one.
///
/// A lock belongs to the open file: it goes when the file is closed or its process dies, however
/// it dies. Network file systems pass such locks on. The bytes need not exist.
enum RangeLock {
  // Linux's locks of open file descriptions; the C header hides their names from Swift.
  private static let ask: Int32 = 36
  private static let set: Int32 = 37

  private static func request(_ type: Int32, _ range: Range<Int>) -> flock {
    flock(
      l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: range.lowerBound,
      l_len: range.count, l_pid: 0)
  }

  /// Takes a lock if nobody else has it; whether it was taken.
  static func take(_ range: Range<Int>, of descriptor: Int32, _ path: String) throws -> Bool {
    var lock = request(F_WRLCK, range)
    while fcntl(descriptor, set, &lock) != 0 {
      if errno == EAGAIN || errno == EACCES { return false }
      guard errno == EINTR else { throw File.problem("cannot lock", path) }
    }
    return true
  }

  /// Waits for a lock.
  ///
  /// - Throws: `Interrupted` if the user stops the wait.
  static func wait(
    _ range: Range<Int>, of descriptor: Int32, _ path: String, cancellation: Cancellation
  ) throws {
    while try !take(range, of: descriptor, path) {
      try cancellation.check()
      usleep(20_000)
    }
  }

  /// Gives a lock back.
  static func release(_ range: Range<Int>, of descriptor: Int32) {
    var lock = request(F_UNLCK, range)
    _ = fcntl(descriptor, set, &lock)
  }

  /// Whether somebody else holds a lock on a part of the range.
  static func isHeld(_ range: Range<Int>, of descriptor: Int32) -> Bool {
    var lock = request(F_WRLCK, range)
    return fcntl(descriptor, ask, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
  }
}
