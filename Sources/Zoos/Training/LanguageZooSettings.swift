import Execution
import Kernels
import Networks

/// Everything that makes a zoo of formal languages; the defaults are the paper's.
public struct LanguageZooSettings: Sendable, Equatable {
  /// How the runs come by their tasks.
  public enum Tasks: String, Sendable, CaseIterable {
    /// m = (0, m_b, m_c, ...), each number uniform between the lowest and the highest.
    case random
    /// Every task in turn, the last letter's number changing fastest: run r gets task r mod count.
    case all
  }

  /// Training runs, each with a task and weights of its own.
  public var runs = 1000
  /// The number of the last update: updates 0 to `steps` are made.
  public var steps = 20_000
  /// Letters of the languages, K.
  public var letters = 4
  /// Tokens of a sequence, T.
  public var length = 42
  /// The lowest difference of a task.
  public var lowest = -3
  /// The highest difference of a task.
  public var highest = 2
  /// Training strings have n below this number.
  public var maximumN = 10
  /// The cells of a net.
  public var cell = RecurrentCell.lstm
  /// Layers of a net.
  public var layers = 2
  /// Hidden units of each layer, H.
  public var hidden = 32
  /// Strings of one update.
  public var batch = 32
  /// The optimiser.
  public var optimizer = UpdateRule.adamw
  /// Learning rates; nil for 0.01, 0.003 and 0.0003 at the start, the middle and the end.
  public var schedule: Schedule?
  /// The optimiser's weight decay.
  public var weightDecay = 1e-4
  /// How much of the first moment stays at an update; the momentum of gradient descent.
  public var beta1 = 0.9
  /// How much of the second moment stays at an update.
  public var beta2 = 0.999
  /// Added to the root of the second moment.
  public var epsilon = 1e-8
  /// The steps after whose update a net is kept; those above `steps` are dropped, `steps` is added.
  public var snapshots = [0, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]
  /// Strings drawn from a kept net to measure its accuracy.
  public var samples = 1000
  /// How many of them are kept with their log-probabilities, R.
  public var rollouts = 100
  /// How the runs come by their tasks.
  public var tasks = Tasks.random
  /// Seed of everything random.
  public var seed: UInt64 = 0

  /// The paper's settings.
  public init() {}

  /// The steps after whose update a net is kept, rising, the last one `steps`.
  public var keptSteps: [Int] {
    Set(snapshots.filter { $0 <= steps } + [steps]).sorted()
  }

  /// Rows of the finished zoo: runs times kept steps.
  var rowCount: Int { runs * keptSteps.count }

  /// The points of the learning rate; the default ones follow `steps`.
  public var points: [Schedule.Point] {
    if let schedule { return schedule.points }
    let last = max(steps, 2)
    return [(0, 0.01), (last / 2, 0.003), (last, 0.0003)].map { Schedule.Point(step: $0, rate: $1) }
  }

  /// How many tasks there are, or nil if they are too many to count.
  public var taskCount: Int? {
    let (values, tooWide) = highest.subtractingReportingOverflow(lowest)
    guard !tooWide, values >= 0, values < Int.max else { return nil }
    var count = 1
    for _ in 1..<max(letters, 1) {
      let (product, overflow) = count.multipliedReportingOverflow(by: values + 1)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// The task of a run: its differences m, the first of which is 0.
  func task(run: Int) -> [Int] {
    let values = highest - lowest + 1
    var task = [Int](repeating: 0, count: letters)
    switch tasks {
    case .random:
      var stream = RandomStream(seed: seed, purpose: "language zoo: task", index: UInt64(run))
      for letter in 1..<max(letters, 1) { task[letter] = lowest + stream.integer(below: values) }
    case .all:
      var number = run % (taskCount ?? Int.max)
      for letter in stride(from: letters - 1, to: 0, by: -1) {
        task[letter] = lowest + number % values
        number /= values
      }
    }
    return task
  }

  /// The language of a run.
  func language(run: Int) throws -> FormalLanguage {
    try FormalLanguage(task(run: run), length: length, maximumN: maximumN)
  }

  /// The form of the nets.
  func networkShape() throws -> NetworkShape {
    try NetworkShape(
      cell: cell, inputs: letters + 2, outputs: letters + 2, hidden: hidden, layers: layers)
  }
}
