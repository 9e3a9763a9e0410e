import Autodiff
import Execution
import Glibc
import Networks
import Tensors

extension KeptNet {
  /// What the net gives for inputs [S,T,D]: [S,T,O].
  func outputs(_ inputs: Tensor) throws -> Tensor {
    try RecurrentNetwork.run(
      weights: Variable(weights), shape, input: Variable(inputs)
    ).outputs.value
  }

  /// The same for symbols [S,T], each of which is an input of its own.
  func outputs(ofTokens tokens: [UInt8], steps: Int) throws -> Tensor {
    let count = tokens.count / max(steps, 1)
    let oneHot = Tensor(shape: [count, steps, shape.inputs]) { out in
      out.update(repeating: 0)
      for (place, token) in tokens.enumerated() { out[place * shape.inputs + Int(token)] = 1 }
    }
    return try outputs(oneHot)
  }
}

/// Outputs [S,T,O] as scores of classes.
struct ClassScores {
  /// Log-probabilities [S,T,O].
  let logProbabilities: [Float]
  private let steps: Int
  private let classes: Int

  init(_ outputs: Tensor) {
    steps = outputs.shape[1]
    classes = outputs.shape[2]
    var numbers = outputs.elements
    for start in stride(from: 0, to: numbers.count, by: max(classes, 1)) {
      let row = start..<(start + classes)
      let top = numbers[row].max() ?? 0
      let sum = numbers[row].reduce(0) { $0 + expf($1 - top) }
      let logarithm = top + logf(sum)
      for place in row { numbers[place] -= logarithm }
    }
    logProbabilities = numbers
  }

  private func row(_ example: Int, _ step: Int) -> Int { (example * steps + step) * classes }

  /// The cross-entropy of a class at a step.
  func loss(_ example: Int, _ step: Int, _ label: Int) -> Double {
    -Double(logProbabilities[row(example, step) + label])
  }

  /// Whether a class has the highest score at a step; of equal ones the first counts.
  func isRight(_ example: Int, _ step: Int, _ label: Int) -> Bool {
    let first = row(example, step)
    var best = 0
    for place in 1..<max(classes, 1)
    where logProbabilities[first + place] > logProbabilities[first + best] { best = place }
    return best == label
  }
}
