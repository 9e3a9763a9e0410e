import Autodiff
import Execution
import Tensors
import Testing

@testable import Networks

/// Gradients against central differences at odd sizes.
///
/// Outputs are float32 with errors near 1e-7; their sum over a few dozen, divided by a difference
/// of 2e-2, leaves about 1e-4.
@Suite struct GradientTests {
  private struct Size: CustomTestStringConvertible {
    var inputs: Int
    var outputs: Int
    var hidden: Int
    var layers: Int
    var testDescription: String { "\(layers) x \(hidden), \(inputs) in, \(outputs) out" }
    func shape() throws -> NetworkShape {
      try NetworkShape(inputs: inputs, outputs: outputs, hidden: hidden, layers: layers)
    }
  }

  private static let sizes = [
    Size(inputs: 3, outputs: 2, hidden: 5, layers: 1),
    Size(inputs: 1, outputs: 1, hidden: 1, layers: 2),
    Size(inputs: 17, outputs: 19, hidden: 18, layers: 2),
    Size(inputs: 6, outputs: 6, hidden: 33, layers: 3),
  ]

  private static let bound = 4e-4

  @Test(arguments: 0..<4) func run(number: Int) throws {
    let shape = try Self.sizes[number].shape()
    var stream = RandomStream(seed: 4, purpose: "run", index: UInt64(number))
    let inputs = [
      random([shape.parameterCount], &stream, bound: 0.5), random([3, 4, shape.inputs], &stream),
      random([shape.layers, 3, shape.hidden], &stream),
      random([shape.layers, 3, shape.hidden], &stream),
    ]
    let error = try gradientError(inputs) { variables in
      let results = try LSTM.run(
        weights: variables[0], shape, input: variables[1],
        state: LSTM.State(hidden: variables[2], cell: variables[3]), wantsStates: true)
      let states = try #require(results.hiddenStates)
      return [results.outputs, results.state.hidden, results.state.cell, states]
    }

    #expect(error < Self.bound)
  }

  /// Enough sequences for several groups, and only some outputs used.
  @Test func runInGroups() throws {
    let shape = try NetworkShape(inputs: 3, outputs: 2, hidden: 7, layers: 2)
    var stream = RandomStream(seed: 5, purpose: "groups")
    let inputs = [
      random([shape.parameterCount], &stream, bound: 0.5), random([37, 2, 3], &stream, bound: 0.3),
    ]
    let error = try gradientError(inputs) { variables in
      [try LSTM.run(weights: variables[0], shape, input: variables[1]).outputs]
    }

    #expect(error < Self.bound)
  }

  @Test(arguments: [1, 5, 16, 33]) func cell(hidden: Int) throws {
    var stream = RandomStream(seed: 6, purpose: "cell", index: UInt64(hidden))
    let inputs = [
      random([3, 4], &stream), random([3, hidden], &stream), random([3, hidden], &stream),
      random([4 * hidden, 4], &stream, bound: 0.5),
      random([4 * hidden, hidden], &stream, bound: 0.5), random([4 * hidden], &stream),
      random([4 * hidden], &stream),
    ]
    let error = try gradientError(inputs) { variables in
      let weights = LSTM.CellWeights(
        weightInput: variables[3], weightHidden: variables[4], biasInput: variables[5],
        biasHidden: variables[6])
      let (h, c) = try LSTM.cell(
        variables[0], hidden: variables[1], cell: variables[2], weights: weights)
      return [h, c]
    }

    #expect(error < Self.bound)
  }

  @Test(arguments: [1, 3]) func stepMany(sequences: Int) throws {
    let shape = try NetworkShape(inputs: 4, outputs: 3, hidden: 9, layers: 2)
    var stream = RandomStream(seed: 7, purpose: "many", index: UInt64(sequences))
    let batch = sequences == 1 ? [5] : [5, sequences]
    let inputs = [
      random([5, shape.parameterCount], &stream, bound: 0.5), random(batch + [4], &stream),
      random([2] + batch + [9], &stream), random([2] + batch + [9], &stream),
    ]
    let error = try gradientError(inputs) { variables in
      let first = try LSTM.stepMany(
        weights: variables[0], shape, input: variables[1],
        state: LSTM.State(hidden: variables[2], cell: variables[3]))
      // A second step from the first one's state: gradients must pass through the state.
      let second = try LSTM.stepMany(
        weights: variables[0], shape, input: variables[1], state: first.state)
      return [first.outputs, second.outputs, second.state.cell]
    }

    #expect(error < Self.bound)
  }

  /// Gradients that arrive through one state alone, and only the input traced.
  @Test func partialGradients() throws {
    let shape = try NetworkShape(inputs: 2, outputs: 2, hidden: 4, layers: 2)
    var stream = RandomStream(seed: 8, purpose: "partial")
    let weights = Variable(random([shape.parameterCount], &stream))
    let error = try gradientError([random([3, 2], &stream)]) { variables in
      [try LSTM.run(weights: weights, shape, input: variables[0]).state.hidden]
    }

    #expect(error < Self.bound)
  }
}
