import Execution
import Kernels
import Networks
import Tensors

/// What the nets of a zoo are trained on, and how they are judged: the only part of a zoo's making
/// that knows it.
///
/// Everything else, runs, snapshots, files, resumption and selection, is the same for all families.
public protocol TaskFamily: Sendable {
  /// How files and messages call its zoos: "language", "digit", "task".
  static var kind: String { get }
  /// Its settings: what the check, files, records and differences read.
  static var table: [Setting<Self>] { get }
  /// Settings that follow from what the family is made of, and cannot be asked for.
  static var facts: Set<String> { get }

  /// Numbers, or different symbols, that its nets read, and those that they give.
  var sizes: (inputs: Int, outputs: Int) { get }
  /// Whether its nets read symbols, and whether they give scores of classes.
  var form: TaskForm { get }
  /// The files of a zoo beside that of the weights, in order, for so many kept rollouts.
  func files(rollouts: Int) -> [ZooFile]
  /// The name of the measure that progress shows and a card lists by step.
  var score: String { get }
  /// The column whose NaN tell that a training diverged.
  var lossColumn: String { get }

  /// Whether all is at hand that training needs; not for the family of a zoo that was loaded.
  var canTrain: Bool { get }
  /// Throws if there is nothing that can be trained on.
  func validate(_ settings: ZooSettings) throws
  /// The numbers that name the task of a run.
  func task(run: Int, seed: UInt64) throws -> [Double]
  /// The weight decay of a run, where it is not that of the settings.
  func decay(run: Int, seed: UInt64) -> Double?
  /// What a net of this task is trained on.
  func data(_ task: [Double], run: Int, seed: UInt64) throws -> any TaskData
  /// The row of a net that is kept.
  func judge(_ net: KeptNet) throws -> Judgement

  /// How far a task is out of what the others are like, for `split`; nil where tasks have no such
  /// order.
  func novelty(of task: [Double]) -> Double?
  /// From what novelty on a task is out of distribution; nil for a share of the tasks.
  var noveltyBound: Double? { get }
  /// What the nets were trained on, for a line of a card; nil where sizes and tasks tell.
  var title: String? { get }
  /// What a task is called in a table.
  func name(of task: [Double]) -> String
  /// A text that the released code's loader reads beside the arrays, as (file, text).
  func officialArguments(_ settings: ZooSettings) -> (file: String, text: String)?
}

extension TaskFamily {
  /// The settings by name.
  public var settings: [(name: String, value: SettingValue)] {
    Self.table.map { ($0.name, $0.get(self)) }
  }

  /// What its settings may be, by name.
  public static var kinds: [(name: String, kind: SettingKind)] {
    table.map { ($0.name, $0.kind) }
  }

  /// Changes a setting; a name that it does not know is passed over.
  public mutating func set(_ name: String, _ value: SettingValue) {
    Self.table.first { $0.name == name }?.set(&self, value)
  }

  /// Throws if a setting by itself cannot be.
  func checkSettings() throws { for setting in Self.table { try setting.check(self) } }

  /// The settings are all that training needs.
  public var canTrain: Bool { true }
  /// Nothing to tell.
  public var title: String? { nil }
  /// None.
  public static var facts: Set<String> { [] }
  /// The column of this name.
  public var lossColumn: String { "loss" }
  /// The same decay in all runs.
  public func decay(run: Int, seed: UInt64) -> Double? { nil }
  /// No order.
  public func novelty(of task: [Double]) -> Double? { nil }
  /// No bound: the share of highest novelty.
  public var noveltyBound: Double? { nil }
  /// The numbers, with blanks between.
  public func name(of task: [Double]) -> String {
    task.map { Text.significant($0, 6) }.joined(separator: " ")
  }
  /// None.
  public func officialArguments(_ settings: ZooSettings) -> (file: String, text: String)? { nil }

  /// A stream of random numbers for a run.
  func stream(_ purpose: String, seed: UInt64, run: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: "\(Self.kind) zoo: " + purpose, index: UInt64(run))
  }
}

/// What nets read and give.
public struct TaskForm: Sendable, Equatable {
  /// Whether a net reads symbols; else it reads vectors of numbers.
  public var readsTokens: Bool
  /// Whether what it gives are scores of classes; else they are numbers.
  public var givesClasses: Bool

  /// A form.
  public init(readsTokens: Bool, givesClasses: Bool) {
    self.readsTokens = readsTokens
    self.givesClasses = givesClasses
  }
}

/// What a net is trained on: batches of examples of one task.
public protocol TaskData {
  /// Steps of an example, T.
  var steps: Int { get }
  /// Draws a batch of so many examples.
  mutating func batch(_ count: Int, step: Int, stream: inout RandomStream) throws -> ExampleBatch
  /// A loss in the place of those of the targets.
  var ownLoss: OwnLoss? { get }
}

/// The loss of a batch whose outputs are [S,T,O] at a step, and its gradient by these.
public typealias OwnLoss = (
  _ batch: ExampleBatch, _ outputs: Tensor, _ step: Int
) throws -> (loss: Float, gradient: Tensor)

extension TaskData {
  /// The loss of the targets.
  public var ownLoss: OwnLoss? { nil }
}

/// A net at a step that is kept.
public struct KeptNet {
  /// Its sizes.
  public let shape: NetworkShape
  /// Its weights [P].
  public let weights: Tensor
  /// The settings of the zoo.
  public let settings: ZooSettings
  /// The task on which it was trained.
  public let task: [Double]
  /// The number of its run.
  public let run: Int
  /// The step after whose update it is kept.
  public let step: Int
  /// The loss of that step's batch before the update; where it diverged marked with the step.
  public let loss: Float
  /// Throws if the training is to stop: called between portions of long work.
  public let pause: () throws -> Void
}

/// The row of a kept net.
public struct Judgement: Sendable {
  /// The bytes of the family's files, in their order.
  public var files: [[UInt8]]
  /// The family's score.
  public var score: Double
}

extension [UInt8] {
  /// Appends numbers as they lie in memory, lowest byte first.
  mutating func append<Number: BitwiseCopyable>(bytesOf numbers: [Number]) {
    numbers.withUnsafeBytes { append(contentsOf: $0) }
  }
}
