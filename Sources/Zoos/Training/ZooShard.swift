import Execution

/// A part of a zoo's runs: the third of sixteen is `3/16`.
public struct ZooShard: Sendable, Equatable, CustomStringConvertible {
  /// Which part, from 1 on.
  public let number: Int
  /// How many parts there are.
  public let count: Int

  /// All runs.
  public static let whole = ZooShard(number: 1, count: 1)

  private init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  /// The part that a text names: `3/16`.
  ///
  /// - Throws: `Failure` for another text, or a part that there is not.
  public init(_ text: String) throws {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1,
      (1...count).contains(number)
    else {
      throw Failure(
        "a shard is its number and how many there are, such as \"3/16\", but this is \"\(text)\"",
        hint: "shards are counted from 1: \"1/16\" to \"16/16\"")
    }
    self.init(number: number, count: count)
  }

  /// The runs of this part out of `runs`: neighbours, and as many as in any other part, give or
  /// take one.
  func range(of runs: Int) -> Range<Int> { bound(number - 1, runs)..<bound(number, runs) }

  /// The first run after `parts` parts; runs * parts / count, which might overflow.
  private func bound(_ parts: Int, _ runs: Int) -> Int {
    let (high, low) = runs.multipliedFullWidth(by: parts)
    return count.dividingFullWidth((high, low)).quotient
  }

  /// The part as it is written: `3/16`.
  public var description: String { "\(number)/\(count)" }
}
