import Execution

/// The keys of random streams in a session: the seed, and how many draws were made from it.
///
/// Inside a training loop each step has a key of its own, so that a run that is taken up again at
/// step k draws what it would have drawn.
public struct RandomKeys: Sendable, Equatable {
  private var key: UInt64
  private var draws: UInt64 = 0

  /// Keys that follow from a seed.
  public init(seed: UInt64) {
    key = RandomStream.key(seed: seed, purpose: "session")
  }

  private init(key: UInt64) { self.key = key }

  /// A stream for the next draw.
  public mutating func next() -> RandomStream {
    draws += 1
    return RandomStream(key: key, index: draws)
  }

  /// A key for a loop that begins here.
  public mutating func loopKey() -> UInt64 {
    draws += 1
    return RandomStream.key(key, draws)
  }

  /// Whether something was drawn.
  var hasDrawn: Bool { draws > 0 }

  /// The keys of a piece of the work that begins here.
  func piece(_ number: Int) -> RandomKeys {
    // The complement keeps them apart from those of a loop that would begin here.
    RandomKeys(key: RandomStream.key(RandomStream.key(~key, draws), UInt64(number)))
  }

  /// The keys of one step of a loop.
  public static func step(_ number: Int, of loopKey: UInt64) -> RandomKeys {
    RandomKeys(key: RandomStream.key(loopKey, UInt64(number)))
  }
}
