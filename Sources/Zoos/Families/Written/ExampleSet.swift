import Execution
import Kernels

/// All examples of a task with their chances: what batches are drawn from.
public struct ExampleSet: Sendable {
  /// All of them, each once.
  private let all: ExampleBatch
  /// Rising sums of their chances, the last of which is 1; nil where all are alike.
  private let sums: [Double]?
  /// Steps of an example, T.
  public let steps: Int

  /// Examples [S], their chances [S] in any scale, nil for the same of each.
  ///
  /// - Throws: `Failure` for chances that are none.
  public init(_ all: ExampleBatch, steps: Int, chances: [Double]?) throws {
    self.all = all
    self.steps = steps
    guard let chances else {
      sums = nil
      return
    }
    let total = chances.reduce(0, +)
    guard chances.count == all.counts.count, chances.allSatisfy({ $0 >= 0 && $0.isFinite }),
      total > 0, total.isFinite
    else {
      throw Failure(
        "the chances of \(Text.count(all.counts.count, "example")) must be as many numbers from 0 on, "
          + "one of them above 0")
    }
    var sum = 0.0
    sums = chances.map { chance in
      sum += chance / total
      return sum
    }
  }

  /// How many examples there are.
  public var count: Int { all.counts.count }

  /// The examples of some places, each as often as it is named.
  public func examples(_ places: [Int]) -> ExampleBatch { batch(of: places.map { ($0, 1) }) }

  /// One random place.
  public func place(_ stream: inout RandomStream) -> Int {
    guard let sums else { return stream.integer(below: count) }
    let share = stream.uniform()
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > share { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// A random batch, in which each example stands once with its count.
  public func batch(_ count: Int, stream: inout RandomStream) -> ExampleBatch {
    var drawn = (0..<count).map { _ in place(&stream) }
    drawn.sort()
    var places: [(place: Int, count: Int)] = []
    for place in drawn {
      if places.last?.place == place {
        places[places.count - 1].count += 1
      } else {
        places.append((place, 1))
      }
    }
    return batch(of: places)
  }

  private func batch(of places: [(place: Int, count: Int)]) -> ExampleBatch {
    func rows<Number>(_ numbers: [Number]) -> [Number] {
      let size = numbers.count / count
      var result: [Number] = []
      result.reserveCapacity(size * places.count)
      for (place, _) in places { result += numbers[(place * size)..<((place + 1) * size)] }
      return result
    }
    let inputs: ExampleBatch.Inputs =
      switch all.inputs {
      case .tokens(let tokens): .tokens(rows(tokens))
      case .numbers(let numbers): .numbers(rows(numbers))
      }
    let targets: ExampleBatch.Targets =
      switch all.targets {
      case .next: .next
      case .classes(let classes): .classes(rows(classes))
      case .numbers(let numbers): .numbers(rows(numbers))
      }
    return ExampleBatch(
      inputs: inputs, targets: targets, counts: places.map(\.count),
      stepWeights: all.stepWeights.map(rows))
  }
}
