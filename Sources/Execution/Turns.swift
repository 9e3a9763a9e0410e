import Glibc

/// Threads with something in common of which only one of them may make use at a time.
///
/// A thread has the turn while it works, but for the stretches that it spends `apart`, with what is its
/// own: then another one has it. Where most time is spent apart, threads are side by side nearly always.
public final class Turns: @unchecked Sendable {
  /// What this thread takes turns in; nil while it has no turn to give.
  @TaskLocal private static var current: Turns?

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  private init() { pthread_mutex_init(mutex, nil) }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// How often a thread asks for the turn before it sleeps: most turns are short, and to be woken takes
  /// longer.
  private static let attempts = 40

  private func begin() {
    for _ in 0..<Turns.attempts {
      if pthread_mutex_trylock(mutex) == 0 { return }
      sched_yield()
    }
    pthread_mutex_lock(mutex)
  }

  private func end() { pthread_mutex_unlock(mutex) }

  /// Whether this thread has the turn among several.
  public static var areTaken: Bool { current != nil }

  /// Calls `body` once for each number in 0 ..< count, on several threads that take turns.
  ///
  /// - Throws: the error of the lowest-numbered call that failed; calls not yet begun are dropped.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) throws -> Void) throws {
    try forEach(count, threads: Parallel.threadsHere, body)
  }

  /// The same on so many threads.
  static func forEach(
    _ count: Int, threads: Int, _ body: @Sendable (Int) throws -> Void
  ) throws {
    let workers = min(threads, count)
    guard workers > 1 else {
      for number in 0..<count { try body(number) }
      return
    }
    let outer = current
    let turns = outer ?? Turns()
    outer?.end()
    defer { outer?.begin() }
    try Parallel.forEach(count, workers: workers, of: threads, on: .deep) { number in
      turns.begin()
      defer { turns.end() }
      try $current.withValue(turns) { try body(number) }
    }
  }

  /// Does work with nothing that others have in common with this thread; they have the turn meanwhile.
  public static func apart<Result>(_ work: () throws -> Result) rethrows -> Result {
    guard let turns = current else { return try work() }
    turns.end()
    defer { turns.begin() }
    return try $current.withValue(nil) { try work() }
  }

  /// The same for work with so many numbers, if it takes longer than to give the turn away.
  @inlinable
  @inline(__always)
  public static func apart<Result>(
    numbers: Int, _ work: () throws -> Result
  ) rethrows -> Result {
    numbers < 4096 ? try work() : try apart(work)
  }
}
