import Execution
import Networks
import Tensors

/// A table of trained nets and what is known of them: one row for each run and kept step.
///
/// The large columns, weights and rollouts, are read when they are asked for; a zoo on disk and one
/// in memory give the same numbers. Selecting rows copies none of them.
public struct LanguageZoo: Sendable {
  /// The form of the nets.
  public let shape: NetworkShape
  /// Letters of the languages, K.
  public let letters: Int
  /// Tokens of a sequence, T.
  public let length: Int
  /// Training strings have n below this number.
  public let maximumN: Int
  /// The settings of the training, nil for a zoo that others made.
  public let settings: LanguageZooSettings?
  /// The folder that holds the zoo, nil for one in memory.
  public let path: String?
  /// Whether all runs are there; false after a training that was interrupted.
  public let isComplete: Bool

  let columns: ZooColumns
  /// The rows of `columns` that this table shows.
  let rows: [Int]

  init(
    columns: ZooColumns, rows: [Int], shape: NetworkShape, maximumN: Int,
    settings: LanguageZooSettings? = nil, path: String? = nil, isComplete: Bool = true
  ) {
    self.columns = columns
    self.rows = rows
    self.shape = shape
    self.maximumN = maximumN
    self.settings = settings
    self.path = path
    self.isComplete = isComplete
    letters = columns.layout.tasks.count
    length = columns.layout.sequences.rowShape[1]
  }

  /// How many rows there are.
  public var count: Int { rows.count }
  /// Sampled sequences that are kept of each net, R.
  public var rolloutCount: Int { columns.layout.sequences.rowShape[0] }

  // MARK: - Columns

  /// Flat weights, [rows, P].
  public var weights: Tensor { get throws { try tensor(columns.weights, columns.layout.weights) } }
  /// Sampled token sequences, [rows, R, T]; each begins with the beginning.
  public var rollouts: Tensor {
    get throws { try tensor(columns.sequences, columns.layout.sequences) }
  }
  /// Log-probabilities of the next token that the net gave along its rollouts, [rows, R, T - 1, K +
  /// 2].
  public var logProbabilities: Tensor {
    get throws { try tensor(columns.logProbabilities, columns.layout.logProbabilities) }
  }
  /// Differences m of each net's language, [rows, K].
  public var tasks: Tensor {
    Tensor(shape: [count, letters], taskList.flatMap { $0.map { Float($0) } })
  }
  /// The number of the training run, [rows].
  public var run: Tensor { Tensor(rows.map { Float(columns.runs[$0]) }) }
  /// The step after whose update the net was kept, [rows].
  public var step: Tensor { Tensor(rows.map { Float(columns.steps[$0]) }) }
  /// Share of all sampled strings that are in the language, order checked, [rows].
  public var accuracy: Tensor { Tensor(rows.map { columns.accuracy[$0] }) }
  /// Share of all sampled strings whose letter counts agree, the original's rule, [rows].
  public var countAccuracy: Tensor { Tensor(rows.map { columns.countAccuracy[$0] }) }
  /// Mean cross-entropy of the batch of the kept step, before its update, [rows].
  public var loss: Tensor { Tensor(rows.map { columns.loss[$0] }) }
  /// The runs among the rows that diverged; none where losses are not known.
  public var divergences: [ZooDivergence] {
    guard settings != nil else { return [] }
    return ZooDivergence.found(
      runs: rows.map { columns.runs[$0] }, steps: rows.map { columns.steps[$0] },
      losses: rows.map { columns.loss[$0] })
  }

  /// Differences m of each net's language, as numbers.
  public var taskList: [[Int]] { rows.map { columns.tasks[$0] } }
  /// The different tasks, sorted as lists of numbers.
  public var uniqueTasks: [[Int]] { TaskSplit.unique(taskList) }

  /// The language that the net of a row was trained on.
  public func language(row: Int) throws -> FormalLanguage {
    try checkRow(row)
    return try FormalLanguage(columns.tasks[rows[row]], length: length, maximumN: maximumN)
  }

  /// Rows in three parts by task; see `TaskSplit`.
  public func split(
    validation: Double = 0.15, ood: Double = 0.15, seed: UInt64 = 0
  ) throws -> TaskSplit {
    try TaskSplit(tasks: taskList, validation: validation, ood: ood, seed: seed)
  }
}
