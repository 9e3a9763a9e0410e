import Autodiff
import Execution
import Tensors
import Testing

@testable import Networks

/// Gradients of nets in groups, of steps and of parts against central differences of the operation
/// itself.
///
/// Outputs are float32 with errors near 1e-7; their sum over a few dozen, divided by a difference
/// of 2e-2, leaves about 1e-4.
@Suite struct GradientTests {
  private static let bound = 4e-4

  /// Enough sequences for several groups, and only some outputs used.
  @Test(arguments: NetworkShape.Cell.allCases) func runInGroups(cell: NetworkShape.Cell) throws {
    let shape = try NetworkShape(cell: cell, inputs: 3, outputs: 2, hidden: 7, layers: 2)
    var stream = RandomStream(seed: 5, purpose: "groups")
    let inputs = [
      random([shape.parameterCount], &stream, bound: 0.5), random([37, 2, 3], &stream, bound: 0.3),
    ]
    let error = try gradientError(inputs) { variables in
      [try RecurrentNetwork.run(weights: variables[0], shape, input: variables[1]).outputs]
    }

    #expect(error < Self.bound)
  }

  @Test(arguments: [1, 3], NetworkShape.Cell.allCases)
  func stepMany(sequences: Int, cell: NetworkShape.Cell) throws {
    let shape = try NetworkShape(cell: cell, inputs: 4, outputs: 3, hidden: 9, layers: 2)
    var stream = RandomStream(seed: 7, purpose: "many", index: UInt64(sequences))
    let batch = sequences == 1 ? [5] : [5, sequences]
    let inputs =
      [
        random([5, shape.parameterCount], &stream, bound: 0.5), random(batch + [4], &stream),
        random([2] + batch + [9], &stream),
      ] + (cell == .lstm ? [random([2] + batch + [9], &stream)] : [])
    let error = try gradientError(inputs) { variables in
      let first = try RecurrentNetwork.stepMany(
        weights: variables[0], shape, input: variables[1],
        state: RecurrentNetwork.State(
          hidden: variables[2], cell: variables.count > 3 ? variables[3] : nil))
      // A second step from the first one's state: gradients must pass through the state.
      let second = try RecurrentNetwork.stepMany(
        weights: variables[0], shape, input: variables[1], state: first.state)
      return [first.outputs, second.outputs] + second.state.all
    }

    #expect(error < Self.bound)
  }

  /// Gradients that arrive through one state alone, and only the input traced.
  @Test func partialGradients() throws {
    let shape = try NetworkShape(inputs: 2, outputs: 2, hidden: 4, layers: 2)
    var stream = RandomStream(seed: 8, purpose: "partial")
    let weights = Variable(random([shape.parameterCount], &stream))
    let error = try gradientError([random([3, 2], &stream)]) { variables in
      [try RecurrentNetwork.run(weights: weights, shape, input: variables[0]).state.hidden]
    }

    #expect(error < Self.bound)
  }
}
