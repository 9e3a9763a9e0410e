import Glibc
import Synchronization

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

/// Threads with stacks as deep as that of a program.
enum Threads {
  /// Bytes of a stack: what the language runs on may nest as on the thread that a program begins with.
  private static let stackSize = 8 << 20

  private final class Body: Sendable {
    let run: @Sendable (Int) -> Void
    let number: Int

    init(_ number: Int, _ run: @escaping @Sendable (Int) -> Void) {
      (self.number, self.run) = (number, run)
    }
  }

  /// Calls `body` for each number in 0 ..< count, this thread with 0; where the system has no more
  /// threads some numbers are left out.
  static func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let threads = (1..<max(1, count)).compactMap { start(Body($0, body)) }
      body(0)
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  private static func start(_ body: Body) -> pthread_t? {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    // Signals are for the thread that the program began with.
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let held = Unmanaged.passRetained(body)
    var thread = pthread_t()
    let failed = pthread_create(
      &thread, &attributes,
      { raw in
        guard let raw else { return nil }
        let body = Unmanaged<Body>.fromOpaque(raw).takeRetainedValue()
        body.run(body.number)
        return nil
      }, held.toOpaque())
    guard failed == 0 else {
      held.release()
      return nil
    }
    return thread
  }
}
