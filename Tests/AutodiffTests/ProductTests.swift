import Execution
import Tensors
import Testing

@testable import Autodiff

private let shapes: [[[Int]]] = [
  [[2, 3], [3, 4]], [[3], [3]], [[3], [3, 4]], [[2, 3], [3]], [[5, 2, 3], [3, 4]],
  [[2, 3], [5, 3, 4]], [[5, 2, 3], [5, 3, 4]], [[5, 1, 2, 3], [2, 3, 4]], [[5, 2, 3], [3]],
  [[3], [5, 3, 4]], [[0, 3], [3, 4]], [[2, 0], [0, 4]], [[2, 3], [3, 0]], [[0, 2, 3], [3, 4]],
]

@Suite struct ProductTests {
  @Test(arguments: shapes)
  func matrixProduct(_ shapes: [[Int]]) throws {
    let check = try GradientCheck(shapes: shapes) { try $0[0].matrixMultiplied(by: $0[1]) }
    #expect(try check.error() < 3e-4)
  }

  @Test(arguments: [[3], [3, 2]])
  func solutions(_ right: [Int]) throws {
    let numbers: [Float] = [4, 1, 0.5, -1, 3, 0.2, 0.3, 1, 5]
    let inputs = [
      Tensor(shape: [3, 3], numbers),
      try Tensor.linspace(1, 2, count: right.reduce(1, *)).reshaped(right),
    ]
    #expect(try GradientCheck(inputs) { try $0[0].solve($0[1]) }.error() < 3e-4)
  }

  @Test(arguments: [[3], [2, 3], [2, 5, 3], [0, 3]])
  func linearLayers(_ input: [Int]) throws {
    let check = try GradientCheck(shapes: [input, [4, 3], [4]]) {
      try $0[0].linear(weight: $0[1], bias: $0[2])
    }
    #expect(try check.error() < 3e-4)
  }

  @Test func linearLayersEqualTheirParts() throws {
    var random = RandomStream(seed: 4, purpose: "linear")
    let x = try Tensor.normal([6, 5, 7], using: &random)
    let weight = try Tensor.normal([9, 7], using: &random)
    let bias = try Tensor.normal([9], using: &random)
    let whole = try Variable(x).linear(weight: Variable(weight), bias: Variable(bias)).value
    let parts = try x.matrixMultiplied(by: weight.transposed()).adding(bias)
    #expect(whole.shape == [6, 5, 9])
    #expect(zip(whole.elements, parts.elements).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(throws: Failure.self) {
      try Variable(x).linear(weight: Variable(weight), bias: Variable(x))
    }
  }

  @Test func transposes() throws {
    #expect(try GradientCheck(shapes: [[2, 3, 4]]) { try $0[0].transposed() }.error() < 1e-4)
    #expect(
      try GradientCheck(shapes: [[2, 3, 4]]) { try $0[0].permuted([2, 0, 1]) }.error() < 1e-4)
    #expect(
      try GradientCheck(shapes: [[2, 3, 4]]) { try $0[0].permuted([1, -1, 0]) }.error() < 1e-4)
  }
}
