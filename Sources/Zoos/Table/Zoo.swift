import Execution
import Networks
import Tensors

/// A table of trained nets of one form and what is known of them: named columns, one row a net.
///
/// Columns are read when they are asked for; a zoo on disk and one in memory give the same numbers.
/// Selecting rows copies none of them. These names mean something to whoever uses a zoo: `weights`
/// [N,P]; `inputs`, what each net was given, as symbols [N,R,T] or numbers [N,R,T,D]; `outputs`,
/// what it answered to the first of their steps, [N,R,T',O]; `tasks` [N,K]; `run` and `step` [N].
/// Others are measures.
public struct Zoo: Sendable {
  /// The form of the nets.
  public let shape: NetworkShape
  /// All columns, in the order in which they are shown.
  public let columns: [ZooColumn]
  /// What the nets were trained on; nil where that is not known.
  public let family: (any TaskFamily)?
  /// The settings of the training, nil for a zoo that others made.
  public let settings: ZooSettings?
  /// Whether the nets read symbols and give scores of classes.
  public let form: TaskForm
  /// The folder that holds the zoo, nil for one in memory.
  public let path: String?
  /// Whether all runs are there; false after a training that was interrupted.
  public let isComplete: Bool
  /// The rows of the columns that this table shows.
  let rows: [Int]

  init(
    shape: NetworkShape, columns: [ZooColumn], rows: [Int], settings: ZooSettings? = nil,
    family: (any TaskFamily)? = nil, form: TaskForm? = nil, path: String? = nil,
    isComplete: Bool = true
  ) {
    self.shape = shape
    self.columns = columns
    self.rows = rows
    self.settings = settings
    self.family = family ?? settings?.family
    self.form =
      form ?? self.family?.form ?? TaskForm(readsTokens: false, givesClasses: false)
    self.path = path
    self.isComplete = isComplete
  }

  /// How many rows there are.
  public var count: Int { rows.count }

  // MARK: - Columns

  /// A column by name; nil if there is none.
  public func column(_ name: String) -> ZooColumn? { columns.first { $0.name == name } }

  /// All numbers of a column, [N, ...].
  ///
  /// - Throws: `Failure` if there is none of this name, or it does not fit into memory.
  public func tensor(_ name: String) throws -> Tensor { try required(name).tensor(rows) }

  /// The numbers of a column of single numbers.
  public func numbers(_ name: String) throws -> [Float] { try tensor(name).elements }

  func required(_ name: String) throws -> ZooColumn {
    guard let column = column(name) else {
      throw Failure(
        "the zoo has no column `\(name)`",
        hint: "it has " + columns.map { "`\($0.name)`" }.joined(separator: ", "))
    }
    return column
  }

  /// The names of the columns of single numbers.
  public var measures: [String] {
    columns.filter { $0.rowShape.isEmpty }.map(\.name)
  }

  /// Inputs that are kept of each net, R; 0 where none are.
  public var rolloutCount: Int { column("inputs")?.rowShape.first ?? 0 }
  /// Steps of an input, T; 0 where none are kept.
  public var length: Int {
    column("inputs").flatMap { $0.rowShape.count > 1 ? $0.rowShape[1] : nil } ?? 0
  }

  /// The numbers that name each net's task; empty lists where tasks are not known.
  public var taskList: [[Double]] {
    get throws {
      guard let column = column("tasks") else { return rows.map { _ in [] } }
      let numbers = try column.tensor(rows).elements.map(Double.init)
      let width = column.count
      return rows.indices.map { Array(numbers[($0 * width)..<(($0 + 1) * width)]) }
    }
  }

  /// The different tasks, sorted as lists of numbers.
  public var uniqueTasks: [[Double]] { get throws { ZooSplit.unique(try taskList) } }

  /// The runs among the rows that diverged; none where losses are not known.
  public var divergences: [ZooDivergence] {
    get throws {
      guard let loss = settings?.family.lossColumn, column(loss) != nil, column("run") != nil,
        column("step") != nil
      else { return [] }
      return ZooDivergence.found(
        runs: try wholes("run"), steps: try wholes("step"), losses: try numbers(loss))
    }
  }

  private func wholes(_ name: String) throws -> [Int] {
    try numbers(name).map { Int(within: 0...Int.max, Double($0)) }
  }

  /// Rows in three parts by task, or by the values of another column; see `ZooSplit`.
  ///
  /// - Parameters:
  ///   - novelty: how far a task is out of what the others are like, in the place of what the family
  ///     says.
  ///   - isBounded: whether the family may say from what novelty on a task is out of distribution.
  public func split(
    by name: String = "tasks", novelty: (([Double]) throws -> Double)? = nil,
    isBounded: Bool = true, validation: Double = 0.15, ood: Double = 0.15, seed: UInt64 = 0
  ) throws -> ZooSplit {
    guard name != "tasks" || column(name) != nil else {
      throw Failure(
        "the zoo has no column `tasks`, by which to part it",
        hint: "split(zoo, by=\"name of a column\"), or zoo.tasks = [[...], ...]")
    }
    let column = try required(name)
    let numbers = try column.tensor(rows).elements.map(Double.init)
    let width = column.count
    let keys = rows.indices.map { Array(numbers[($0 * width)..<(($0 + 1) * width)]) }
    let ofFamily = name == "tasks" && family?.novelty(of: keys.first ?? []) != nil ? family : nil
    return try ZooSplit(
      keys: keys, noun: name == "tasks" ? "task" : "value of `\(name)`",
      novelty: novelty ?? ofFamily.map { family in { family.novelty(of: $0) ?? 0 } },
      bound: novelty == nil && isBounded ? ofFamily?.noveltyBound : nil, validation: validation,
      ood: ood,
      seed: seed)
  }
}
