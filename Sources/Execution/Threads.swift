import Glibc

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
