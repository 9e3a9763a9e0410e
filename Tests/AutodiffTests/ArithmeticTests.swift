import Kernels
import Tensors
import Testing

@testable import Autodiff

private let shapes: [[[Int]]] = [
  [[2, 3], [2, 3]], [[2, 3], [3]], [[3], [2, 3]], [[2, 1], [2, 3]], [[2, 3], []], [[], [3]],
  [[2, 1, 3], [4, 1]], [[1, 3], [2, 1]], [[0, 3], [3]], [[1, 1], [2]], [[], []], [[5, 17], [17]],
  [[2, 3, 4], [2, 1, 4]],
]

@Suite struct ArithmeticTests {
  @Test(arguments: shapes)
  func binary(_ shapes: [[Int]]) throws {
    let tolerance = 2e-4
    #expect(try GradientCheck(shapes: shapes) { try $0[0].adding($0[1]) }.error() < tolerance)
    #expect(try GradientCheck(shapes: shapes) { try $0[0].subtracting($0[1]) }.error() < tolerance)
    #expect(
      try GradientCheck(shapes: shapes) { try $0[0].multiplied(by: $0[1]) }.error() < tolerance)
    #expect(
      try GradientCheck(shapes: shapes, positive: true) { try $0[0].divided(by: $0[1]) }.error()
        < tolerance)
    #expect(
      try GradientCheck(shapes: shapes, positive: true) { try $0[0].raised(to: $0[1]) }.error()
        < tolerance)
    #expect(try GradientCheck(shapes: shapes) { try $0[0].maximum($0[1]) }.error() < tolerance)
    #expect(try GradientCheck(shapes: shapes) { try $0[0].minimum($0[1]) }.error() < tolerance)
    let mask = Variable(Tensor([1, 0, 1]))
    if shapes[0].last == 3 || shapes[1].last == 3 {
      #expect(
        try GradientCheck(shapes: shapes) { try Variable.where(mask, $0[0], $0[1]) }.error()
          < tolerance)
    }
  }

  @Test func numbers() throws {
    func error(_ function: @escaping (Variable) throws -> Variable) throws -> Double {
      try GradientCheck(shapes: [[3, 5]], positive: true) { try function($0[0]) }.error()
    }
    #expect(try error { $0.adding(2) } < 2e-4)
    #expect(try error { $0.subtracting(2) } < 2e-4)
    #expect(try error { $0.multiplied(by: -3) } < 2e-4)
    #expect(try error { $0.divided(by: 3) } < 2e-4)
    #expect(try error { $0.raised(to: 2) } < 2e-4)
    #expect(try error { $0.raised(to: -1.5) } < 2e-4)
    #expect(try error { $0.raised(to: 0) } < 2e-4)
  }

  @Test func sameOperandTwice() throws {
    #expect(try GradientCheck(shapes: [[4]]) { try $0[0].multiplied(by: $0[0]) }.error() < 2e-4)
  }

  @Test func edges() throws {
    let tape = Tape()
    let base = tape.variable(Tensor([0, 2]))
    let exponent = tape.variable(Tensor([0, 3]))
    let sum = try base.raised(to: exponent).sum()
    let found = try tape.gradients(of: sum, for: [base, exponent])
    #expect(found[0].elements == [0, 12])
    #expect(found[1].elements[0] == 0)
    #expect(abs(found[1].elements[1] - 8 * 0.693_147_2) < 1e-5)
  }

  @Test func comparisonsAreConstants() throws {
    let variable = Tape().variable(Tensor([1, 2]))
    #expect(try !variable.compared(.less, to: variable).isTraced)
  }
}
