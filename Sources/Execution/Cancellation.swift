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
  /// Whether loops may give up half-way.
  private let mayGiveUp = Atomic<Bool>(false)

  /// A token of its own, for tests.
  public init() {}

  /// How often the user has asked since the last `clear`.
  public var level: Int { requests.load(ordering: .relaxed) }

  /// Whether the user has asked to stop.
  public var isRequested: Bool { pending.load(ordering: .relaxed) > 0 }

  /// Whether a loop is to give up half-way: the user has asked to stop, and `stoppable` is at work.
  public var isGivenUp: Bool { isRequested && mayGiveUp.load(ordering: .relaxed) }

  /// Runs work whose loops may give up half-way when the user asks to stop.
  ///
  /// It throws then, so that nobody sees what they leave. Elsewhere such loops run to their end: what
  /// answers a request with a partial result still has to compute with it, and to show it.
  /// - Throws: `Interrupted` if the user has asked to stop.
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

  /// Throws `Interrupted` if the user has asked to stop.
  @inline(__always)
  public func check() throws {
    if isRequested { throw Interrupted() }
  }
}

/// Polls the token of the process in loops whose turns are so short that looking at it in each would
/// show: in every 64th.
public struct Polling {
  @usableFromInline var turns: UInt8 = 0

  /// Looks in the 64th turn from here on, and then in every 64th.
  @inlinable
  public init() {}

  /// Throws `Interrupted` if the user has asked to stop and it is time to look.
  @inlinable
  @inline(__always)
  public mutating func check() throws {
    turns &+= 1
    if turns & 63 == 0 { try Cancellation.current.check() }
  }
}
