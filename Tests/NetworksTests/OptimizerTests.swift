import Execution
import Kernels
import Tensors
import Testing

@testable import Networks

@Suite struct OptimizerTests {
  /// Gradients of norm 5 clipped at 1 move moments as gradients of norm 1 do.
  @Test func clipping() throws {
    let start = [Tensor([1, 2]), Tensor(Float(3))]
    var clipped = start
    var scaled = start
    var one = Optimizer(shapes: [[2], []])
    var two = Optimizer(shapes: [[2], []])
    let norm = try one.update(
      &clipped, gradients: [Tensor([3, 0]), Tensor(Float(4))], rate: 0.1, clip: 1)
    #expect(abs(norm - 5) < 1e-6)
    let factor: Float = 1 / (5 + 1e-6)
    try two.update(
      &scaled, gradients: [Tensor([3 * factor, 0]), Tensor(4 * factor)], rate: 0.1, clip: 2)
    #expect(one.firstMoments[0].elements == two.firstMoments[0].elements)
    #expect(one.secondMoments[1].elements == two.secondMoments[1].elements)
    #expect(clipped[0].elements == scaled[0].elements)
  }

  /// Three steps of each rule, as PyTorch 2 takes them in double precision.
  @Test(arguments: [
    (UpdateRule.adamw, [0.8551111533754056, -1.865714783209685, 2.8324584156946586]),
    (.adam, [0.8569388538473622, -1.8662601737242774, 2.837692353226847]),
    (.sgd, [1.027969549, -1.848339098, 2.601913597]),
  ])
  func agreesWithPyTorch(rule: UpdateRule, expected: [Double]) throws {
    var optimizer = Optimizer(
      shapes: [[3]], rate: 0.1,
      settings: OptimizerSettings(rule, decay: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3))
    var parameters = [Tensor([1, -2, 3])]
    for gradient: [Float] in [[0.5, -1, 2], [0.25, 0.5, -1], [-2, 0.125, 0.75]] {
      try optimizer.update(&parameters, gradients: [Tensor(gradient)])
    }
    for (number, wanted) in zip(parameters[0].elements, expected) {
      #expect(abs(Double(number) - wanted) < 1e-6)
    }
  }

  /// Parameters that nobody else holds are updated in place, others never change.
  @Test func updatesInPlaceOnlyWhatIsItsOwn() throws {
    var optimizer = Optimizer(shapes: [[3], [3]])
    var parameters = [Tensor([1, 2, 3]), Tensor([1, 2, 3])]
    let held = parameters[1]
    let place = parameters[0].buffer.read { UInt(bitPattern: $0.baseAddress) }
    let gradients = [Tensor([1, 1, 1]), Tensor([1, 1, 1])]
    try optimizer.update(&parameters, gradients: gradients)
    let after = parameters[0].buffer.read { UInt(bitPattern: $0.baseAddress) }
    #expect(place == after)
    #expect(held.elements == [1, 2, 3])
    #expect(parameters[0].elements == parameters[1].elements)
    #expect(parameters[0].elements != [1, 2, 3])
  }

  @Test func aMistakeChangesNothing() throws {
    var optimizer = Optimizer(shapes: [[2], [1]])
    var parameters = [Tensor([1, 2]), Tensor([3])]
    #expect(throws: Failure.self) {
      try optimizer.update(&parameters, gradients: [Tensor([1, 1]), Tensor([1, 1])])
    }
    #expect(throws: Failure.self) {
      try optimizer.update(&parameters, gradients: [Tensor([1, 1])])
    }
    #expect(optimizer.step == 0)
    #expect(parameters[0].elements == [1, 2])
  }

  @Test func initialWeights() throws {
    let shape = try NetworkShape(inputs: 6, outputs: 6, hidden: 25, layers: 2)
    var stream = RandomStream(seed: 1, purpose: "initial weights")
    let weights = try shape.initialWeights(&stream).elements
    #expect(weights.count == shape.parts.reduce(0) { $0 + $1.count })
    #expect(weights.allSatisfy { abs($0) <= 0.2 })
    // A uniform number within +-b has the variance b^2 / 3.
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Float(weights.count)
    #expect(abs(variance - 0.04 / 3) < 0.0005)
    var again = RandomStream(seed: 1, purpose: "initial weights")
    #expect(try shape.initialWeights(&again).elements == weights)
  }
}
