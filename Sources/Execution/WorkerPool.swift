import Glibc
import Synchronization

/// Threads that share the chunks of one job at a time with the thread that has it.
///
/// Jobs may be as short as some microseconds. A helper that finds nothing to do looks out for the next
/// job for a moment, and lets other threads of the machine have its core meanwhile; then it sleeps.
/// Whoever has a job does not wait for helpers that are late: it takes what chunks are left, and waits
/// only for those that somebody has begun.
final class WorkerPool: @unchecked Sendable {
  static let shared = WorkerPool()

  /// Helpers at most.
  private static let most = 255
  /// Turns of looking out for a job, some tens of nanoseconds each, before a helper sleeps.
  private static let patience = 3_000
  /// Turns between which a helper offers its core to others.
  private static let politeness = 64
  /// In the low half of `state`: there is no job.
  private static let closed: UInt64 = 0xFFFF_FFFF

  /// The number of the job in the high half, its next chunk in the low half.
  ///
  /// A chunk is claimed by an exchange of the whole word, which fails where the job is another one.
  private let state = Atomic<UInt64>(closed)
  private let isTaken = Atomic<Bool>(false)
  private let sleeping = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)
  private let isAwaited = Atomic<Bool>(false)
  /// Of the job, written while `state` is closed.
  private let count = Atomic<Int>(0)
  private let seats = Atomic<Int>(0)
  private var body: (@Sendable (Int) -> Bool)?
  /// Held by whoever has the pool.
  private var helpers = 0

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let posted = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// What a thread has under it while it works on chunks: not nil.
  private static let atWork: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// Whether this thread is in the middle of a chunk, where what it shares out it does itself.
  static var isAtWork: Bool { pthread_getspecific(atWork) != nil }

  private init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(posted, nil)
    pthread_cond_init(done, nil)
  }

  /// Calls `body` once for each number in 0 ..< count, on several threads; where it gives false, chunks
  /// that nobody has begun are dropped.
  ///
  /// - Returns: false, and nothing is done, while the pool has another job: that of another thread, or
  ///   the one of which this call is a part.
  func run(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Bool) -> Bool {
    guard count < Int(WorkerPool.closed),
      isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    withoutActuallyEscaping(body) { body in
      post(count, seats: min(threads - 1, WorkerPool.most), body)
      pthread_setspecific(WorkerPool.atWork, UnsafeRawPointer(mutex))
      work()
      pthread_setspecific(WorkerPool.atWork, nil)
      wait(for: count)
      close()
    }
    isTaken.store(false, ordering: .releasing)
    return true
  }

  private func post(_ count: Int, seats: Int, _ body: @escaping @Sendable (Int) -> Bool) {
    while helpers < seats, startHelper(helpers) { helpers += 1 }
    self.count.store(count, ordering: .relaxed)
    self.seats.store(seats, ordering: .relaxed)
    self.body = body
    finished.store(0, ordering: .relaxed)
    let number = (state.load(ordering: .relaxed) >> 32) &+ 1
    state.store(number << 32, ordering: .sequentiallyConsistent)
    if sleeping.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(posted)
      pthread_mutex_unlock(mutex)
    }
  }

  /// Ends a job: from here on what belongs to it may be changed.
  private func close() {
    let number = state.load(ordering: .relaxed) >> 32
    state.store(number << 32 | WorkerPool.closed, ordering: .sequentiallyConsistent)
    body = nil
  }

  /// The next chunk of the job, or nil if there is none.
  private func claim(_ helper: Int?) -> Int? {
    var found = state.load(ordering: .acquiring)
    while true {
      let next = found & WorkerPool.closed
      guard next < UInt64(count.load(ordering: .relaxed)) else { return nil }
      if let helper, helper >= seats.load(ordering: .relaxed) { return nil }
      let claimed = state.compareExchange(
        expected: found, desired: found + 1, ordering: .acquiringAndReleasing)
      if claimed.exchanged { return Int(next) }
      found = claimed.original
    }
  }

  /// Works on chunks until none is left.
  @discardableResult
  private func work(_ helper: Int? = nil) -> Bool {
    var hasWorked = false
    while let chunk = claim(helper) {
      hasWorked = true
      var ended = 1
      if !call(chunk) { ended += drop() }
      finish(ended)
    }
    return hasWorked
  }

  /// Nobody holds the body any more when a call has returned: it does not outlive the job.
  @inline(never)
  private func call(_ chunk: Int) -> Bool { body?(chunk) ?? false }

  /// Claims all chunks that are left; gives their number.
  private func drop() -> Int {
    var found = state.load(ordering: .acquiring)
    let count = UInt64(count.load(ordering: .relaxed))
    while true {
      let next = found & WorkerPool.closed
      guard next < count else { return 0 }
      let claimed = state.compareExchange(
        expected: found, desired: found + (count - next), ordering: .acquiringAndReleasing)
      if claimed.exchanged { return Int(count - next) }
      found = claimed.original
    }
  }

  private func finish(_ chunks: Int) {
    let count = count.load(ordering: .relaxed)
    let ended = finished.wrappingAdd(chunks, ordering: .sequentiallyConsistent).newValue
    guard ended == count, isAwaited.load(ordering: .sequentiallyConsistent) else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_signal(done)
    pthread_mutex_unlock(mutex)
  }

  /// Waits until all chunks have been worked on, awake for as long as helpers are.
  private func wait(for count: Int) {
    for turn in 1...WorkerPool.patience {
      if finished.load(ordering: .acquiring) == count { return }
      pause(turn)
    }
    pthread_mutex_lock(mutex)
    isAwaited.store(true, ordering: .sequentiallyConsistent)
    while finished.load(ordering: .sequentiallyConsistent) < count {
      pthread_cond_wait(done, mutex)
    }
    isAwaited.store(false, ordering: .relaxed)
    pthread_mutex_unlock(mutex)
  }

  // MARK: Helpers

  private func startHelper(_ number: Int) -> Bool {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    // Signals are for the thread that waits for input.
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let argument = UnsafeMutableRawPointer(bitPattern: number + 1)
    let failure = pthread_create(
      &thread, nil,
      { argument in
        WorkerPool.shared.help(Int(bitPattern: argument) - 1)
        return nil
      }, argument)
    if failure == 0 { pthread_detach(thread) }
    return failure == 0
  }

  /// What a helper does all its life.
  private func help(_ number: Int) {
    pthread_setspecific(WorkerPool.atWork, UnsafeRawPointer(mutex))
    var turn = 0
    while true {
      turn = work(number) ? 0 : turn + 1
      if turn < WorkerPool.patience {
        pause(turn)
      } else {
        sleep(number)
        turn = 0
      }
    }
  }

  private func sleep(_ helper: Int) {
    pthread_mutex_lock(mutex)
    sleeping.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while !hasWork(helper) { pthread_cond_wait(posted, mutex) }
    sleeping.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  private func hasWork(_ helper: Int) -> Bool {
    let next = state.load(ordering: .sequentiallyConsistent) & WorkerPool.closed
    return next < UInt64(count.load(ordering: .relaxed))
      && helper < seats.load(ordering: .relaxed)
  }

  /// A turn of waiting: some looks at what others write, without a word to the system.
  @inline(__always)
  private func pause(_ turn: Int) {
    if turn % WorkerPool.politeness == 0 {
      sched_yield()
      return
    }
    let (before, ended) = (state.load(ordering: .relaxed), finished.load(ordering: .relaxed))
    for _ in 0..<16
    where state.load(ordering: .relaxed) != before || finished.load(ordering: .relaxed) != ended {
      return
    }
  }
}
