import Execution
import Tensors
import Testing

@testable import Autodiff

/// Compares gradients with central differences.
struct GradientCheck {
  /// The operation.
  var function: ([Variable]) throws -> Variable
  /// Where it is tried.
  var inputs: [Tensor]

  init(_ inputs: [Tensor], _ function: @escaping ([Variable]) throws -> Variable) {
    self.inputs = inputs
    self.function = function
  }

  /// Inputs of given shapes, normal numbers of a fixed seed, kept off 0 by 0.1.
  init(
    shapes: [[Int]], seed: UInt64 = 1, positive: Bool = false,
    _ function: @escaping ([Variable]) throws -> Variable
  ) throws {
    var random = RandomStream(seed: seed, purpose: "gradient check")
    let inputs = try shapes.map { shape in
      let numbers = try Tensor.normal(shape, using: &random).elements
      return Tensor(
        shape: shape, numbers.map { positive ? abs($0) + 0.3 : $0 + ($0 < 0 ? -0.1 : 0.1) })
    }
    self.init(inputs, function)
  }

  /// One input of numbers that are all at least 0.1 apart, in a random order of a fixed seed.
  init(
    distinct shape: [Int], _ function: @escaping (Variable) throws -> Variable
  ) throws {
    var random = RandomStream(seed: 3, purpose: "gradient check")
    let count = Tensor.count(of: shape)
    let numbers = random.permutation(count).map { (Float($0) + 0.3 - Float(count) / 2) * 0.1 }
    self.init([Tensor(shape: shape, numbers)]) { try function($0[0]) }
  }

  /// The largest difference between gradient and difference quotient, relative to the larger of 1
  /// and the largest gradient.
  ///
  /// The output is weighted with fixed random numbers and summed in double precision. With steps h
  /// and 2h the error of fourth order leaves about 1e-5 from the rounding of float32 at h = 0.01.
  func error(step: Float = 0.01) throws -> Double {
    let gradients = try analytic()
    var worst = 0.0
    var scale = 1.0
    for (number, input) in inputs.enumerated() {
      #expect(gradients[number].shape == input.shape)
      for place in 0..<input.count {
        let near = try quotient(number, place, step)
        let far = try quotient(number, place, 2 * step)
        let expected = (4 * near - far) / 3
        let found = Double(gradients[number].elements[place])
        if !(abs(found - expected) <= worst) { worst = abs(found - expected) }
        scale = max(scale, abs(expected))
      }
    }
    return worst / scale
  }

  private func weights(_ output: Tensor) throws -> Tensor {
    var random = RandomStream(seed: 7, purpose: "output weights")
    return try Tensor.normal(output.shape, using: &random)
  }

  private func analytic() throws -> [Tensor] {
    let tape = Tape()
    let variables = inputs.map(tape.variable)
    let output = try function(variables)
    let sum = try output.multiplied(by: Variable(try weights(output.value))).sum()
    try checkPartial()
    return try tape.gradients(of: sum, for: variables)
  }

  /// With a single traced input the others get no gradient and the result stays traced.
  private func checkPartial() throws {
    for traced in inputs.indices {
      let tape = Tape()
      var variables = inputs.map(Variable.init)
      variables[traced] = tape.variable(inputs[traced])
      let output = try function(variables)
      let sum = try output.sum()
      let gradient = try tape.gradients(of: sum, for: [variables[traced]])[0]
      #expect(gradient.shape == inputs[traced].shape)
    }
    #expect(try !function(inputs.map(Variable.init)).isTraced)
  }

  private func quotient(_ number: Int, _ place: Int, _ step: Float) throws -> Double {
    let numbers = inputs[number].elements
    var (up, down) = (numbers, numbers)
    up[place] += step
    down[place] -= step
    let width = Double(up[place]) - Double(down[place])
    let rise = try evaluate(number, up) - evaluate(number, down)
    return rise / width
  }

  private func evaluate(_ number: Int, _ numbers: [Float]) throws -> Double {
    var variables = inputs.map(Variable.init)
    variables[number] = Variable(Tensor(shape: inputs[number].shape, numbers))
    let output = try function(variables).value
    let weights = try weights(output).elements
    return zip(output.elements, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
