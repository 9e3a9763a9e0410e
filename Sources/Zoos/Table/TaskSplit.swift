import Execution
import Glibc

/// Rows in three parts by their task, so that no task is in two of them.
public struct TaskSplit: Sendable, Equatable {
  /// Rows to train on.
  public var train: [Int]
  /// Rows of other tasks of the same kind.
  public var validation: [Int]
  /// Rows of the tasks whose exponents are most alike: out of distribution.
  public var ood: [Int]

  /// Splits rows by their tasks, one task a row.
  ///
  /// Out of distribution are the tasks of highest `criterion`; among equal ones the task that comes
  /// first as a list of numbers (m_a, then m_b, ...) goes there first, so that neither the
  /// processor nor the order of the rows matters. The remaining tasks are shuffled by `seed`.
  /// - Throws: `Failure` if there are fewer than three different tasks or shares that leave none.
  public init(
    tasks: [[Int]], validation: Double = 0.15, ood: Double = 0.15, seed: UInt64 = 0
  ) throws {
    guard validation > 0, ood > 0, validation + ood < 1 else {
      throw Failure(
        "the shares of validation and ood must be above 0 and below 1 together, but they are "
          + "\(Text.significant(validation)) and \(Text.significant(ood))")
    }
    let ordered = TaskSplit.unique(tasks)
    guard ordered.count >= 3 else {
      throw Failure(
        "a split into three parts needs at least 3 different tasks, but there "
          + (ordered.count == 1 ? "is 1" : "are \(ordered.count)"))
    }
    let parts = TaskSplit.parts(ordered, validation: validation, ood: ood, seed: seed)
    var part: [[Int]: Int] = [:]
    for (number, members) in parts.enumerated() {
      for task in members { part[task] = number }
    }
    let rows = (0..<3).map { number in tasks.indices.filter { part[tasks[$0]] == number } }
    self.train = rows[0]
    self.validation = rows[1]
    self.ood = rows[2]
  }

  /// The different tasks, sorted as lists of numbers.
  public static func unique(_ tasks: [[Int]]) -> [[Int]] {
    Set(tasks).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// How alike the exponents of a task are: the entropy of 1 + m - min m, made a distribution.
  ///
  /// The 1e-6 in the logarithm is the original implementation's. The numbers are added in rising
  /// order, so that tasks that differ in the order of their letters only are equal to the last bit.
  public static func criterion(_ task: [Int]) -> Double {
    let least = task.min() ?? 0
    let values = task.sorted().map { 1 + Double($0) - Double(least) }
    let total = values.reduce(0, +)
    return -values.reduce(0) { $0 + $1 / total * log($1 / total + 1e-6) }
  }

  /// The tasks of the three parts.
  ///
  /// The rounding is that of the original: down for all but the last.
  private static func parts(
    _ tasks: [[Int]], validation: Double, ood: Double, seed: UInt64
  ) -> [[[Int]]] {
    // Equal to twelve digits is equal: the logarithm's last bits differ between processors.
    let keyed = tasks.map { (key: (criterion($0) * 1e12).rounded(), task: $0) }
    let sorted = keyed.sorted {
      $0.key == $1.key ? $0.task.lexicographicallyPrecedes($1.task) : $0.key > $1.key
    }.map(\.task)
    let count = Double(tasks.count)
    let kept = min(max(2, Int(within: 0...tasks.count, count * (1 - ood) + 1e-9)), tasks.count - 1)
    let validated = min(max(1, Int(within: 0...tasks.count, count * validation + 1e-9)), kept - 1)
    let rest = Array(sorted[(tasks.count - kept)...])
      .sorted { $0.lexicographicallyPrecedes($1) }
    var stream = RandomStream(seed: seed, purpose: "split by task")
    let shuffled = stream.permutation(kept).map { rest[$0] }
    return [
      Array(shuffled[..<(kept - validated)]), Array(shuffled[(kept - validated)...]),
      Array(sorted[..<(tasks.count - kept)]),
    ]
  }
}
