import Execution

/// What is known about an optimum: an interval, and why its lower end holds.
public struct Bound<Value: Comparable & Sendable>: Sendable {
  /// The best proved lower bound.
  public let lower: Value
  /// What a verified witness reaches.
  public let upper: Value
  /// Why nothing below `lower` is possible.
  public let reason: Reason

  /// An interval; `lower` is at most `upper`.
  public init(lower: Value, upper: Value, reason: Reason) {
    self.lower = lower
    self.upper = upper
    self.reason = reason
  }

  /// Whether both ends meet, so that the value is the optimum.
  public var isProved: Bool { lower == upper }

  /// The same with what another bound says of the lower end.
  func raised(to other: Value, _ reason: Reason) -> Bound {
    other > lower ? Bound(lower: min(other, upper), upper: upper, reason: reason) : self
  }
}

extension Bound: Equatable {}

extension Bound: CustomStringConvertible where Value: CustomStringConvertible {
  /// The value `7`, or `5..7` where the ends do not meet.
  public var description: String {
    isProved ? upper.description : "\(lower)..\(upper)"
  }
}

extension Bound where Value == Fraction {
  /// The value exactly; an interval of fractions in decimals, rounded outwards.
  var shortText: String {
    guard !isProved, lower.denominator > 1 || upper.denominator > 1 else { return description }
    let low = (lower.value * 1000).rounded(.down) / 1000
    let high = (upper.value * 1000).rounded(.up) / 1000
    return "\(Text.significant(low, 6))..\(Text.significant(high, 6))"
  }
}

/// Why a lower bound holds.
public enum Reason: Sendable, Equatable, CustomStringConvertible {
  /// There is nothing to tell apart.
  case trivial
  /// Two functions need a query.
  case single
  /// k answers to each of d queries make at most k^d transcripts.
  case information
  /// An adversary who always gives the commonest answer.
  case adversary
  /// Every query is one function against the rest (Proposition 3.1 is tight).
  case singletons
  /// Any two splits are compatible: each query adds at most one class (Proposition 3.2 is tight).
  case compatible
  /// Each of these queries alone separates some pair.
  case forced
  /// The interactive optimum is a lower bound too.
  case interactive
  /// A teaching set is needed to tell a function from all others.
  case teaching
  /// The worst case is no less than the mean.
  case mean
  /// Exhaustive search over so many nodes.
  case search(nodes: Int)

  /// The reason in two or three words.
  public var description: String {
    switch self {
    case .trivial: "nothing to tell apart"
    case .single: "one query at least"
    case .information: "information bound"
    case .adversary: "adversary bound"
    case .singletons: "one against the rest"
    case .compatible: "all splits compatible"
    case .forced: "forced queries"
    case .interactive: "interactive bound"
    case .teaching: "teaching bound"
    case .mean: "mean bound"
    case .search(let nodes): "search, \(Text.count(nodes, "node"))"
    }
  }
}

/// A budget of time and of memory that also ends when the user interrupts.
struct Deadline {
  private var end: Double
  /// When memory is looked at next, and the budget of it once it has been.
  private var nextLook: Double
  private var memory: SearchMemory?
  private let share: Int
  /// Whether it was the memory that came to its end.
  private(set) var isOutOfMemory = false
  /// Seconds that are left once the user asks to stop.
  private let grace: Double
  private var isAsked = false
  private var ticks = 0
  private(set) var isOver = false

  /// A budget; with a grace, for what must be finished to have any result, it does not end at once
  /// where the user asks to stop.
  init(within seconds: Double, grace: Double = 0, memory share: Int = SearchMemory.share) {
    let now = Clock.now
    end = now + seconds
    nextLook = now + Deadline.pause
    self.grace = grace
    self.share = share
  }

  /// Seconds left, not below 0.
  var remaining: Double { max(0, end - Clock.now) }

  /// Looks at the clock now.
  mutating func check() -> Bool {
    if !isOver, !isAsked, Cancellation.current.isRequested {
      isAsked = true
      isOver = grace <= 0
      end = min(end, Clock.now + grace)
    }
    let now = Clock.now
    if !isOver, now > end { isOver = true }
    if !isOver, now > nextLook { lookAtMemory(now) }
    return isOver
  }

  /// Seconds between two looks at the memory, in which a search takes some ten megabytes at most.
  private static let pause = 0.002

  private mutating func lookAtMemory(_ now: Double) {
    nextLook = now + Deadline.pause
    let own = memory ?? SearchMemory(share: share)
    memory = own
    isOutOfMemory = own.isUsedUp
    isOver = isOutOfMemory
  }

  /// Looks at the clock once in a while; `work` is a rough count of words touched since the last
  /// call.
  mutating func tick(_ work: Int = 1000) -> Bool {
    ticks &+= work
    if ticks >= 200_000 {
      ticks = 0
      return check()
    }
    return isOver
  }
}
