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

  /// Every rule with betas up to very near 1, against double precision: `golden/optimizer_steps.py`.
  @Test func agreesWithDoublePrecision() throws {
    let folder = File.folder(of: #filePath)
    let rows = try #require(try JSON.read("\(folder)/golden/optimizer_steps.json").elements)
    #expect(rows.count == 78)
    for row in rows {
      func number(_ name: String) throws -> Double { try #require(row[name]?.number) }
      let rule = try #require(UpdateRule(rawValue: row["rule"]?.string ?? ""))
      let settings = OptimizerSettings(
        rule, decay: try number("decay"), beta1: try number("beta1"), beta2: try number("beta2"))
      var optimizer = Optimizer(shapes: [[4]], rate: 0.01, settings: settings)
      var parameters = [Tensor([1, -2, 3, 0.5])]
      for step in 1...Int(try number("steps")) {
        let gradient = (0..<4).map { Float((7 * step + 3 * $0) % 11 - 4) / 4 }
        try optimizer.update(&parameters, gradients: [Tensor(gradient)])
      }
      let expected = try #require(row["parameters"]?.elements).map { $0.number ?? .nan }
      for (found, (start, wanted)) in zip(
        parameters[0].elements, zip([1, -2, 3, 0.5], expected))
      {
        // What the steps add up to, and half a last place of the parameter at each of them.
        let rounding = try number("steps") * 0x1p-24 * (abs(start) + 0.01)
        let tolerance = 2e-5 * abs(wanted - start) + rounding
        #expect(abs(Double(found) - wanted) < tolerance, "\(row.text())")
      }
    }
  }

  /// Gradients whose squares overflow or vanish are clipped to the norm that is asked for.
  @Test(arguments: [Float(3), 1e19, 1e25, 3e38, 1e-3])
  func clippingOfAnySize(size: Float) throws {
    let settings = OptimizerSettings(.sgd, decay: 0, beta1: 0)
    var optimizer = Optimizer(shapes: [[10]], rate: 1, settings: settings)
    var parameters = [Tensor(repeating: 0, shape: [10])]
    let gradient = Tensor(repeating: size, shape: [10])
    let norm = try optimizer.update(&parameters, gradients: [gradient], clip: 1)
    #expect(abs(norm / (Double(size) * 10.0.squareRoot()) - 1) < 1e-6)
    let step = try #require(try parameters[0].norm().item)
    #expect(abs(step - Float(min(1, norm))) < 2e-6)
    #expect(optimizer.isFinite)
  }

  /// Squares that overflow leave a second moment that is not finite, and this is known.
  @Test func overflowIsKnown() throws {
    var optimizer = Optimizer(shapes: [[2]])
    var parameters = [Tensor([1, 2])]
    try optimizer.update(&parameters, gradients: [Tensor([1e30, 0])])
    #expect(!optimizer.isFinite)
  }

  @Test(arguments: [
    OptimizerSettings(beta1: 2), OptimizerSettings(beta1: 1), OptimizerSettings(beta2: -0.1),
    OptimizerSettings(beta2: .nan), OptimizerSettings(epsilon: -1),
    OptimizerSettings(epsilon: .nan),
    OptimizerSettings(decay: -1), OptimizerSettings(decay: .infinity),
    OptimizerSettings(.sgd, beta1: 1.5), OptimizerSettings(.adam, decay: .nan),
  ])
  func refuses(settings: OptimizerSettings) throws {
    #expect(throws: Failure.self) { try settings.validate() }
    var optimizer = Optimizer(shapes: [[2]], settings: settings)
    var parameters = [Tensor([1, 2])]
    #expect(throws: Failure.self) {
      try optimizer.update(&parameters, gradients: [Tensor([1, 1])])
    }
    #expect(parameters[0].elements == [1, 2])
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
