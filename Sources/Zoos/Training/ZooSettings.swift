import Execution
import Kernels
import Networks

/// Everything that makes a zoo: the family of its tasks, and how nets are trained on them; the
/// defaults are the paper's.
public struct ZooSettings: Sendable {
  /// What the nets are trained on.
  public var family: any TaskFamily
  /// Training runs, each with a task and weights of its own.
  public var runs = 1000
  /// The number of the last update: updates 0 to `steps` are made.
  public var steps = 20_000
  /// The cells of a net.
  public var cell = RecurrentCell.lstm
  /// Layers of a net.
  public var layers = 2
  /// Hidden units of each layer, H.
  public var hidden = 32
  /// Examples of one update.
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
  /// Examples by which a kept net is judged.
  public var samples = 1000
  /// Inputs that are kept of each net with its outputs, R.
  public var rollouts = 100
  /// Seed of everything random.
  public var seed: UInt64 = 0

  /// The paper's settings for a family.
  public init(_ family: any TaskFamily = Languages()) { self.family = family }

  /// The steps after whose update a net is kept, rising, the last one `steps`.
  public var keptSteps: [Int] {
    Set(snapshots.filter { $0 <= steps } + [steps]).sorted()
  }

  /// Rows of the finished zoo: runs times kept steps.
  var rowCount: Int { runs * keptSteps.count }

  /// The rows that belong to some runs.
  func rows(ofRuns runs: [Int]) -> [Int] {
    let kept = keptSteps.count
    return runs.flatMap { ($0 * kept)..<(($0 + 1) * kept) }
  }

  /// The points of the learning rate; the default ones follow `steps`.
  public var points: [Schedule.Point] {
    if let schedule { return schedule.points }
    let last = max(steps, 2)
    return [(0, 0.01), (last / 2, 0.003), (last, 0.0003)].map { Schedule.Point(step: $0, rate: $1) }
  }

  /// The form of the nets.
  public func networkShape() throws -> NetworkShape {
    let (inputs, outputs) = family.sizes
    return try NetworkShape(
      cell: cell, inputs: inputs, outputs: outputs, hidden: hidden, layers: layers)
  }

  /// The files of the zoo: its weights, and what the family keeps.
  func layout() throws -> ZooLayout {
    ZooLayout(
      rows: rowCount,
      files: [
        ZooFile("parameters.npy", .float32, [try networkShape().parameterCount], column: "weights")
      ]
        + family.files(rollouts: rollouts))
  }
}
