import Execution
import Kernels
import Tensors

/// For which run examples are drawn, and whether to train or to judge: the same key, the same
/// examples.
public struct ExampleKey: Sendable {
  /// The number of the run.
  public let run: Int
  /// The seed of the zoo.
  public let seed: UInt64
  /// Whether the examples judge a net; those that train it are others where they are random.
  public let isHeldOut: Bool

  /// The key of a run.
  public init(run: Int, seed: UInt64, isHeldOut: Bool) {
    self.run = run
    self.seed = seed
    self.isHeldOut = isHeldOut
  }
}

/// The functions of a family that is written in the language; called from several threads.
public protocol WrittenFunctions: Sendable {
  /// The numbers that name the task of a run.
  func task(run: Int, seed: UInt64) throws -> [Double]
  /// The examples of a task.
  func examples(_ task: [Double], _ key: ExampleKey) throws -> ExampleSet
  /// Fresh examples for a step, nil where `examples` gives them all.
  func batch(_ task: [Double], count: Int, step: Int, _ key: ExampleKey) throws -> ExampleBatch?
  /// The names of the measures of its judge, nil if it has none.
  func measures(_ task: [Double], inputs: Int, outputs: Int, seed: UInt64) throws -> [String]?
  /// What its judge says of a net, and the inputs that it wants kept; nil if it has none.
  func judge(
    _ net: KeptNet, rollouts: Int
  ) throws -> (
    measures: [(name: String, value: Double)], inputs: ExampleBatch.Inputs?
  )?
  /// A loss of its own, of outputs [S,T,O], and its gradient.
  func loss(
    _ batch: ExampleBatch, _ outputs: Tensor, step: Int, _ key: ExampleKey
  ) throws -> (loss: Float, gradient: Tensor)
}

/// The examples of one run of a written family.
struct WrittenData: TaskData {
  let task: [Double]
  let key: ExampleKey
  let set: ExampleSet
  let functions: any WrittenFunctions
  let hasOwnLoss: Bool
  let steps: Int
  let check: (ExampleBatch) throws -> Void

  func batch(_ count: Int, step: Int, stream: inout RandomStream) throws -> ExampleBatch {
    let drawn =
      try functions.batch(task, count: count, step: step, key)
      ?? set.batch(count, stream: &stream)
    try check(drawn)
    guard drawn.counts.reduce(0, +) == count else {
      throw Failure("`batch` was asked for \(count) examples, but gives \(drawn.counts.count)")
    }
    // A loss of one's own sees each example as often as it was drawn.
    return hasOwnLoss ? drawn.repeated : drawn
  }

  var ownLoss: OwnLoss? {
    guard hasOwnLoss else { return nil }
    return { try functions.loss($0, $1, step: $2, key) }
  }
}

extension ExampleBatch {
  /// Each example as often as it was drawn, with the count 1.
  var repeated: ExampleBatch {
    let rows = counts.count
    func copies<Number>(_ numbers: [Number]) -> [Number] {
      let size = numbers.count / max(rows, 1)
      return counts.enumerated().flatMap { row, count in
        (0..<count).flatMap { _ in numbers[(row * size)..<((row + 1) * size)] }
      }
    }
    var batch = self
    switch inputs {
    case .tokens(let tokens): batch.inputs = .tokens(copies(tokens))
    case .numbers(let numbers): batch.inputs = .numbers(copies(numbers))
    }
    switch targets {
    case .next: break
    case .classes(let classes): batch.targets = .classes(copies(classes))
    case .numbers(let numbers): batch.targets = .numbers(copies(numbers))
    }
    batch.stepWeights = stepWeights.map(copies)
    batch.counts = [Int](repeating: 1, count: counts.reduce(0, +))
    return batch
  }
}
