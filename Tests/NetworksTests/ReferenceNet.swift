import Foundation
import Networks

/// A recurrent net in double precision, written down from its definition: what the fast paths are
/// compared with, and central differences of it with their gradients.
struct ReferenceNet {
  var shape: NetworkShape

  struct State {
    /// [L][H].
    var hidden: [[Double]]
    var cell: [[Double]]
  }

  struct Results {
    /// [T][O].
    var outputs: [[Double]]
    /// Of the last layer, [T][H].
    var hiddenStates: [[Double]]
    var state: State
  }

  /// One sequence x [T][D] through the net of flat weights.
  func run(_ weights: [Double], _ x: [[Double]], from start: State) -> Results {
    var (state, inputs) = (start, x)
    for layer in 0..<shape.layers {
      inputs = inputs.map { input in
        step(weights, layer, input, &state)
        return state.hidden[layer]
      }
    }
    let (matrix, bias) = (shape.parts[4 * shape.layers], shape.parts[4 * shape.layers + 1])
    let outputs = inputs.map { hidden in
      (0..<shape.outputs).map { row in
        weights[bias.offset + row] + product(weights, matrix, row, hidden)
      }
    }
    return Results(outputs: outputs, hiddenStates: inputs, state: state)
  }

  private func product(
    _ weights: [Double], _ part: NetworkShape.Part, _ row: Int, _ x: [Double]
  ) -> Double {
    x.indices.reduce(0) { $0 + weights[part.offset + row * x.count + $1] * x[$1] }
  }

  private func step(_ weights: [Double], _ layer: Int, _ x: [Double], _ state: inout State) {
    let parts = Array(shape.parts[(4 * layer)..<(4 * layer + 4)])
    let h = state.hidden[layer]
    for unit in 0..<shape.hidden {
      func input(_ gate: Int) -> Double {
        let row = gate * shape.hidden + unit
        return weights[parts[2].offset + row] + product(weights, parts[0], row, x)
      }
      func hidden(_ gate: Int) -> Double {
        let row = gate * shape.hidden + unit
        return weights[parts[3].offset + row] + product(weights, parts[1], row, h)
      }
      func sigmoid(_ gate: Int) -> Double { 1 / (1 + exp(-input(gate) - hidden(gate))) }
      switch shape.cell {
      case .lstm:
        let c =
          sigmoid(1) * state.cell[layer][unit] + sigmoid(0) * tanh(input(2) + hidden(2))
        state.cell[layer][unit] = c
        state.hidden[layer][unit] = sigmoid(3) * tanh(c)
      case .gru:
        let n = tanh(input(2) + sigmoid(0) * hidden(2))
        let z = sigmoid(1)
        state.hidden[layer][unit] = (1 - z) * n + z * h[unit]
      case .rnn:
        state.hidden[layer][unit] = tanh(input(0) + hidden(0))
      }
    }
  }
}

/// The largest error of gradients, as a share of 1 or of the gradient where it is larger.
///
/// Central differences in double precision of a function of tensors' numbers, over about `probes`
/// numbers per tensor: their own error is near 1e-9.
func gradientError(
  of gradients: [[Float]], at inputs: [[Double]], probes: Int = 60,
  _ function: ([[Double]]) -> Double
) -> Double {
  var worst = 0.0
  let step = 1e-5
  for (number, input) in inputs.enumerated() {
    guard gradients[number].count == input.count else { return .infinity }
    for place in stride(from: 0, to: input.count, by: max(1, input.count / probes)) {
      func moved(_ by: Double) -> Double {
        var changed = inputs
        changed[number][place] += by
        return function(changed)
      }
      let slope = (moved(step) - moved(-step)) / (2 * step)
      let error = abs(slope - Double(gradients[number][place])) / max(1, abs(slope))
      worst = error.isNaN ? .infinity : max(worst, error)
    }
  }
  return worst
}
