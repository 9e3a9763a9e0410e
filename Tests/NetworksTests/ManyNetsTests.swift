import Autodiff
import Execution
import Tensors
import Testing

@testable import Networks

/// Many nets at once do what each does alone.
@Suite struct ManyNetsTests {
  private let shape: NetworkShape
  private let weights: Tensor
  private let input: Tensor

  init() throws {
    shape = try NetworkShape(inputs: 3, outputs: 4, hidden: 19, layers: 2)
    var stream = RandomStream(seed: 9, purpose: "many nets")
    weights = random([6, shape.parameterCount], &stream, bound: 0.6)
    input = random([6, 2, 5, 3], &stream)
  }

  private func slice(_ tensor: Tensor, _ number: Int) -> Tensor {
    let shape = Array(tensor.shape.dropFirst())
    let count = Tensor.count(of: shape)
    return Tensor(shape: shape, Array(tensor.elements[(number * count)..<((number + 1) * count)]))
  }

  @Test func runManyEqualsRun() throws {
    let many = try RecurrentNetwork.runMany(
      weights: Variable(weights), shape, input: Variable(input))
    for net in 0..<6 {
      let one = try RecurrentNetwork.run(
        weights: Variable(slice(weights, net)), shape, input: Variable(slice(input, net)))
      let part = slice(many.outputs.value, net)
      #expect(part.elements == one.outputs.value.elements)
    }
  }

  @Test func stepsEqualRun() throws {
    let many = try RecurrentNetwork.runMany(
      weights: Variable(weights), shape, input: Variable(input))
    var state: RecurrentNetwork.State?
    for step in 0..<5 {
      let x = Tensor(shape: [6, 2, 3]) { out in
        for row in 0..<12 {
          for column in 0..<3 {
            out[row * 3 + column] = input.buffer[(row * 5 + step) * 3 + column]
          }
        }
      }
      let next = try RecurrentNetwork.stepMany(
        weights: Variable(weights), shape, input: Variable(x), state: state)
      state = next.state
      for row in 0..<12 {
        for column in 0..<4 {
          let expected = many.outputs.value.buffer[(row * 5 + step) * 4 + column]
          #expect(abs(next.outputs.value.buffer[row * 4 + column] - expected) < 1e-6)
        }
      }
    }
    let last = try #require(state)
    #expect(difference(last.hidden.value, many.state.hidden.value) < 1e-6)
  }

  /// A single sequence without batch axis, and without sequence axis for many nets.
  @Test func fewerAxes() throws {
    let one = try RecurrentNetwork.run(
      weights: Variable(slice(weights, 0)), shape, input: Variable(slice(slice(input, 0), 0)))
    #expect(one.outputs.shape == [5, 4])
    #expect(one.state.hidden.shape == [2, 19])
    let batch = try RecurrentNetwork.run(
      weights: Variable(slice(weights, 0)), shape, input: Variable(slice(input, 0)))
    #expect(difference(one.outputs.value, slice(batch.outputs.value, 0)) < 1e-6)
    let many = try RecurrentNetwork.runMany(
      weights: Variable(weights), shape, input: Variable(Tensor(repeating: 1, shape: [6, 5, 3])))
    #expect(many.outputs.shape == [6, 5, 4])
    #expect(many.state.cell?.shape == [2, 6, 19])
  }

  @Test func mistakesAreFailures() throws {
    let good = Variable(slice(weights, 0))
    let wrong = Variable(Tensor(repeating: 0, shape: [7]))
    #expect(throws: Failure.self) {
      try RecurrentNetwork.run(weights: wrong, shape, input: Variable(input))
    }
    for bad in [[3], [5, 4], [2, 5, 4], [0, 5, 3], [2, 0, 3], [6, 2, 5, 3]] {
      let x = Variable(Tensor(repeating: 0, shape: bad))
      #expect(throws: Failure.self) { try RecurrentNetwork.run(weights: good, shape, input: x) }
    }
    let state = Variable(Tensor(repeating: 0, shape: [2, 3, 19]))
    #expect(throws: Failure.self) {
      try RecurrentNetwork.run(
        weights: good, shape, input: Variable(slice(input, 0)),
        state: RecurrentNetwork.State(hidden: state, cell: state))
    }
    let five = Variable(Tensor(repeating: 0, shape: [5, 3]))
    #expect(throws: Failure.self) {
      try RecurrentNetwork.stepMany(weights: Variable(weights), shape, input: five)
    }
    #expect(throws: Failure.self) { try NetworkShape(inputs: 0, outputs: 1) }
    #expect(throws: Failure.self) { try NetworkShape(inputs: 1, outputs: 1, layers: 65) }
    #expect(throws: Failure.self) {
      try Permutation.permute(slice(weights, 0), shape, layer: 2, order: Array(0..<19))
    }
    #expect(throws: Failure.self) {
      try Permutation.permute(
        slice(weights, 0), shape, layer: 1, order: Array(repeating: 0, count: 19))
    }
    #expect(throws: Failure.self) { try Schedule([]) }
    #expect(throws: Failure.self) { try Schedule([(2, 0.1), (2, 0.2)]) }
  }

  /// Packed weights do not hold the weights: an optimiser writes new ones in their place, and leaves
  /// those alone that somebody else holds.
  @Test func updatesWriteInPlace() throws {
    var parameters = [slice(weights, 0).adding(0)]
    var optimizer = Optimizer(shapes: [parameters[0].shape], rate: 0.1)
    let gradient = Tensor(repeating: 1, shape: parameters[0].shape)
    let x = Variable(slice(input, 0))
    _ = try RecurrentNetwork.run(weights: Variable(parameters[0]), shape, input: x)
    let place = ObjectIdentifier(parameters[0].buffer)
    try optimizer.update(&parameters, gradients: [gradient])
    #expect(ObjectIdentifier(parameters[0].buffer) == place)
    let (kept, moments) = (parameters[0], optimizer)
    let before = kept.elements
    try optimizer.update(&parameters, gradients: [gradient])
    #expect(kept.elements == before && kept.elements != parameters[0].elements)
    // From the moments that were kept the same step follows.
    var (again, other) = ([kept], moments)
    try other.update(&again, gradients: [gradient])
    #expect(again[0].elements == parameters[0].elements)
    #expect(other.firstMoments == optimizer.firstMoments)
    #expect(other.secondMoments == optimizer.secondMoments)
  }

  /// What the cache holds is never out of date: an update in between is seen.
  @Test func packedWeightsFollowUpdates() throws {
    var parameters = [slice(weights, 0)]
    let x = Variable(slice(input, 0))
    var optimizer = Optimizer(shapes: [parameters[0].shape], rate: 0.1)
    let before = try RecurrentNetwork.run(weights: Variable(parameters[0]), shape, input: x).outputs
      .value
    let gradient = Tensor(repeating: 1, shape: parameters[0].shape)
    try optimizer.update(&parameters, gradients: [gradient])
    let after = try RecurrentNetwork.run(weights: Variable(parameters[0]), shape, input: x).outputs
      .value
    PackedCache.shared.clear()
    let fresh = try RecurrentNetwork.run(weights: Variable(parameters[0]), shape, input: x).outputs
      .value
    #expect(before.elements != after.elements)
    #expect(fresh.elements == after.elements)
  }
}
