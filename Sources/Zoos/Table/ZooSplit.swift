import Execution

/// Rows in three parts by their task, so that no task is in two of them.
public struct ZooSplit: Sendable, Equatable {
  /// Rows to train on.
  public var train: [Int]
  /// Rows of other tasks of the same kind.
  public var validation: [Int]
  /// Rows of the tasks that are least like the others: out of distribution.
  public var ood: [Int]

  /// Splits rows by the numbers that name their tasks, or by other keys.
  ///
  /// Out of distribution are the keys of highest novelty: a share of them, or those from a bound on.
  /// Among equal ones the key that comes first as a list of numbers goes there first, so that
  /// neither the processor nor the order of the rows matters. Without a novelty the keys that are
  /// last as lists of numbers are out of distribution. The remaining keys are shuffled by `seed`.
  /// - Throws: `Failure` if there are fewer than three different keys, or shares that leave none.
  public init(
    keys: [[Double]], noun: String = "task", novelty: (([Double]) throws -> Double)?,
    bound: Double? = nil, validation: Double = 0.15, ood: Double = 0.15, seed: UInt64 = 0
  ) throws {
    guard validation > 0, ood > 0, validation + ood < 1 else {
      throw Failure(
        "the shares of validation and ood must be above 0 and below 1 together, but they are "
          + "\(Text.significant(validation)) and \(Text.significant(ood))")
    }
    let ordered = ZooSplit.unique(keys)
    guard ordered.count >= 3 else {
      let nouns = noun.hasPrefix("value") ? noun.replacing("value", with: "values") : noun + "s"
      throw Failure(
        "a split into three parts needs at least 3 different \(nouns), but there "
          + (ordered.count == 1 ? "is 1" : "are \(ordered.count)"))
    }
    let ranked = try ZooSplit.ranked(ordered, novelty)
    let outside = try ZooSplit.outside(ranked, bound, share: ood)
    let parts = ZooSplit.parts(ranked.map(\.key), outside, validation: validation, seed: seed)
    var part: [[Double]: Int] = [:]
    for (number, members) in parts.enumerated() {
      for key in members { part[key] = number }
    }
    let rows = (0..<3).map { number in keys.indices.filter { part[keys[$0]] == number } }
    self.train = rows[0]
    self.validation = rows[1]
    self.ood = rows[2]
  }

  /// The different keys, sorted as lists of numbers.
  public static func unique(_ keys: [[Double]]) -> [[Double]] {
    Set(keys).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The keys, those of highest novelty first.
  private static func ranked(
    _ keys: [[Double]], _ novelty: (([Double]) throws -> Double)?
  ) throws -> [(novelty: Double, key: [Double])] {
    guard let novelty else {
      return keys.enumerated().reversed().map { (Double($0.offset), $0.element) }
    }
    // Equal to twelve digits is equal: the logarithm's last bits differ between processors.
    return try keys.map { key in
      let value = try novelty(key)
      guard !value.isNaN else { throw Failure("the novelty of a task is not a number") }
      let scaled = (value * 1e12).rounded()
      return (scaled.isFinite ? scaled / 1e12 : value, key)
    }.sorted {
      $0.0 == $1.0 ? $0.1.lexicographicallyPrecedes($1.1) : $0.0 > $1.0
    }
  }

  /// How many of the ranked keys are out of distribution; two at least are not.
  ///
  /// The rounding is that of the original: down for all but the last.
  private static func outside(
    _ ranked: [(novelty: Double, key: [Double])], _ bound: Double?, share: Double
  ) throws -> Int {
    let count = ranked.count
    guard let bound else {
      let kept = Int(within: 0...count, Double(count) * (1 - share) + 1e-9)
      return count - min(max(2, kept), count - 1)
    }
    let outside = ranked.prefix { $0.novelty >= bound }.count
    guard outside > 0, count - outside >= 2 else {
      throw Failure(
        "a split into three parts needs tasks from \(Text.significant(bound)) on and at least 2 below, "
          + "but there are \(outside) and \(count - outside)",
        hint: "a function of a task in the place of by= orders them: split(zoo, by=task -> ...)")
    }
    return outside
  }

  private static func parts(
    _ ranked: [[Double]], _ outside: Int, validation: Double, seed: UInt64
  ) -> [[[Double]]] {
    let kept = ranked.count - outside
    let wanted = Int(within: 0...ranked.count, Double(ranked.count) * validation + 1e-9)
    let validated = min(max(1, wanted), kept - 1)
    let rest = Array(ranked[outside...]).sorted { $0.lexicographicallyPrecedes($1) }
    var stream = RandomStream(seed: seed, purpose: "split by task")
    let shuffled = stream.permutation(kept).map { rest[$0] }
    return [
      Array(shuffled[..<(kept - validated)]), Array(shuffled[(kept - validated)...]),
      Array(ranked[..<outside]),
    ]
  }
}
