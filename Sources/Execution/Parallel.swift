import Dispatch
import Glibc
import Synchronization

/// Work in fixed chunks over all cores.
///
/// What a chunk computes may depend on its number but never on the thread that does it, so that
/// results are the same for any number of threads.
public enum Parallel {
  /// How many threads are used: `RNR_THREADS`, or the number of cores.
  public static let threads: Int =
    wantedThreads.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// What `RNR_THREADS` says, unless that is nothing.
  private static var wantedThreads: String? {
    getenv("RNR_THREADS").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// - Throws: `Failure` if `RNR_THREADS` is no number of threads.
  public static func checkEnvironment() throws {
    guard let text = wantedThreads, Int(text).map({ $0 > 0 }) != true else { return }
    throw Failure(
      "RNR_THREADS must be a whole number from 1, but it is \"\(text)\"",
      hint: "leave it unset to use all cores")
  }

  /// The threads that fall to the chunk under way, where chunks are shared again; nil outside of them.
  @TaskLocal private static var share: Int?

  /// Calls `body` once for each number in 0 ..< count, on several threads.
  ///
  /// A chunk may share its work in turn: it has as many threads for that as fall to it, so that no more
  /// are at work than there are cores.
  ///
  /// - Throws: the error of the lowest-numbered chunk that failed; chunks not yet begun are
  ///   dropped.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) throws -> Void) throws {
    try forEach(count, threads: threadsHere, body)
  }

  /// The threads that fall to what this thread shares.
  public static var threadsHere: Int { share ?? threads }

  /// Does work whose parts are to follow each other on this thread, unless they may be shared.
  public static func onOneThread<Result>(
    unless isShared: Bool, _ work: () throws -> Result
  ) rethrows -> Result {
    isShared ? try work() : try $share.withValue(1) { try work() }
  }

  /// Gives up items that nobody else holds; many are freed beside what goes on.
  ///
  /// Piece by piece, with pauses where there is much to free, so that it does not keep the memory to
  /// itself.
  public static func release(_ items: any ReleasedInPieces) {
    guard items.count > releasedAtOnce else { return }
    let bytes = items.byteCount
    Memory.free(bytes)
    let held = Held(items: items)
    DispatchQueue.global(qos: .utility).async {
      free(held.items)
      Memory.free(-bytes)
    }
  }

  private static func free(_ items: any ReleasedInPieces) {
    while items.count > 0 {
      let began = Clock.now
      items.removeLast(min(items.count, releasedAtOnce))
      if Clock.now - began > 0.0002 { usleep(500) }
    }
  }

  /// Gives up the items of an array; many are freed beside what goes on.
  public static func release<Item: Sendable>(_ items: inout [Item]) {
    guard items.count > 64 else { return }
    let held = items
    items = []
    DispatchQueue.global(qos: .utility).async { withExtendedLifetime(held) {} }
  }

  private static let releasedAtOnce = 5_000

  /// Items on their way to the thread that frees them.
  private struct Held: @unchecked Sendable {
    let items: any ReleasedInPieces
  }

  /// The same on so many threads.
  static func forEach(
    _ count: Int, threads: Int, _ body: @Sendable (Int) throws -> Void
  ) throws {
    // What is shared among threads is no business of those that take turns.
    try Turns.apart {
      let workers = min(threads, count)
      guard workers > 1 else {
        for chunk in 0..<count { try body(chunk) }
        return
      }
      try forEach(count, workers: workers, of: threads, on: .systems, body)
    }
  }

  /// Where workers come from.
  enum Pool {
    /// The system's threads, which are there.
    case systems
    /// Threads of their own, with stacks as deep as that of a program.
    case deep
  }

  /// The same on so many workers, each with its share of so many threads.
  static func forEach(
    _ count: Int, workers: Int, of threads: Int,
    on pool: Pool, _ body: @Sendable (Int) throws -> Void
  ) throws {
    let next = Atomic<Int>(0)
    let failed = Mutex<(chunk: Int, error: any Error)?>(nil)
    let share = max(1, threads / workers)
    @Sendable func work(_: Int) {
      $share.withValue(share) {
        while true {
          let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if chunk >= count { return }
          do {
            try body(chunk)
          } catch {
            failed.withLock { if ($0?.chunk ?? Int.max) > chunk { $0 = (chunk, error) } }
            next.store(count, ordering: .relaxed)
          }
        }
      }
    }
    switch pool {
    case .systems: DispatchQueue.concurrentPerform(iterations: workers, execute: work)
    case .deep: Threads.run(workers, work)
    }
    if let failure = failed.withLock({ $0 }) { throw failure.error }
  }
}

/// What holds many items and can let go of some of them.
public protocol ReleasedInPieces: AnyObject {
  /// How many items it holds.
  var count: Int { get }
  /// Bytes that they take, without what they refer to.
  var byteCount: Int { get }
  /// Lets go of so many items at the end.
  func removeLast(_ removed: Int)
}
