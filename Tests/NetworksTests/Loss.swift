import Autodiff
import Foundation
import Tensors

/// The mean cross-entropy of labels under logits [..., O], recorded on the tape.
func crossEntropy(_ logits: Variable, _ labels: [Int]) -> Variable {
  let outputs = logits.shape[logits.shape.count - 1]
  let numbers = logits.value.elements
  var gradient = [Float](repeating: 0, count: numbers.count)
  var loss = 0.0
  for (row, label) in labels.enumerated() {
    let scores = numbers[(row * outputs)..<((row + 1) * outputs)].map(Double.init)
    let top = scores.max() ?? 0
    let total = scores.reduce(0) { $0 + exp($1 - top) }
    loss += log(total) + top - scores[label]
    for column in 0..<outputs {
      let share = exp(scores[column] - top) / total - (column == label ? 1 : 0)
      gradient[row * outputs + column] = Float(share / Double(labels.count))
    }
  }
  return Tape.record(Tensor(Float(loss / Double(labels.count))), parents: [logits]) { incoming in
    let scale = incoming.elements[0]
    return [Tensor(shape: logits.shape, gradient.map { $0 * scale })]
  }
}

/// The sum of products with fixed numbers: a function whose gradient with respect to `x` is
/// `factors`.
func weighted(_ x: Variable, _ factors: [Float]) -> Variable {
  let sum = zip(x.value.elements, factors).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
  return Tape.record(Tensor(Float(sum)), parents: [x]) { incoming in
    let scale = incoming.elements[0]
    return [Tensor(shape: x.shape, factors.prefix(x.value.count).map { $0 * scale })]
  }
}

/// The sum of single numbers.
func total(_ parts: [Variable]) -> Variable {
  let sum = parts.reduce(Float(0)) { $0 + $1.value.elements[0] }
  return Tape.record(Tensor(sum), parents: parts) { incoming in parts.map { _ in incoming } }
}
