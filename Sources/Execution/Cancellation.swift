import Synchronization

/// The one flag by which a user stops long work: set by a signal handler, polled by loops.
///
/// The first request asks for the partial result, the second gives up the expression. Setting it is
/// async-signal-safe: atomic additions.
public final class Cancellation: Sendable {
  /// The token of this process.
  public static let current = Cancellation()

  private let requests = Atomic<Int>(0)
  /// The requests that nobody has answered.
  private let pending = Atomic<Int>(0)
  /// Whether work is to stop because memory has run out.
  private let exhaustion = Atomic<Bool>(false)
  /// Whether loops may give up half-way.
  private let mayGiveUp = Atomic<Bool>(false)

  /// A token of its own, for tests.
  public init() {}

  /// How often the user has asked since the last `clear`.
  public var level: Int { requests.load(ordering: .relaxed) }

  /// Whether work is to stop: the user has asked for it, or memory has run out.
  public var isRequested: Bool { pending.load(ordering: .relaxed) > 0 || isExhausted }

  /// Whether memory has run out.
  public var isExhausted: Bool { exhaustion.load(ordering: .relaxed) }

  /// What is thrown where work stops: `Interrupted`, or a `Failure` that tells of the memory.
  public var reason: any Error {
    isExhausted && pending.load(ordering: .relaxed) == 0 ? Memory.reached : Interrupted()
  }

  /// Says that memory has run out: work stops as on a request.
  public func exhaust() { exhaustion.store(true, ordering: .relaxed) }

  /// Says that what took the memory is given up.
  func recover() { exhaustion.store(false, ordering: .relaxed) }

  /// Whether a loop is to give up half-way: the user has asked to stop, and `stoppable` is at work.
  public var isGivenUp: Bool { isRequested && mayGiveUp.load(ordering: .relaxed) }

  /// Runs work whose loops may give up half-way when the user asks to stop.
  ///
  /// It throws then, so that nobody sees what they leave. Elsewhere such loops run to their end: what
  /// answers a request with a partial result still has to compute with it, and to show it.
  /// - Throws: `reason` if work is to stop.
  @inline(__always)
  public func stoppable<Result>(_ work: () throws -> Result) throws -> Result {
    let before = mayGiveUp.load(ordering: .relaxed)
    mayGiveUp.store(true, ordering: .relaxed)
    defer { mayGiveUp.store(before, ordering: .relaxed) }
    let result = try work()
    try check()
    return result
  }

  /// Asks to stop; safe in a signal handler.
  public func request() {
    requests.wrappingAdd(1, ordering: .relaxed)
    pending.wrappingAdd(1, ordering: .relaxed)
  }

  /// Says that a request was answered with a partial result: work goes on, and the next request is
  /// the second.
  public func acknowledge() {
    pending.store(0, ordering: .relaxed)
  }

  /// Forgets earlier requests; called before each new piece of work.
  public func clear() {
    requests.store(0, ordering: .relaxed)
    pending.store(0, ordering: .relaxed)
  }

  /// Throws `reason` if work is to stop.
  @inline(__always)
  public func check() throws {
    if isRequested { throw reason }
  }
}

/// Polls the token of the process in loops whose turns are so short that looking at it in each would
/// show: in every 64th.
public struct Polling {
  @usableFromInline var turns: UInt8 = 0

  /// Looks in the 64th turn from here on, and then in every 64th.
  @inlinable
  public init() {}

  /// Throws if work is to stop and it is time to look.
  @inlinable
  @inline(__always)
  public mutating func check() throws {
    turns &+= 1
    if turns & 63 == 0 { try Cancellation.current.check() }
  }
}
