import Tensors
import Testing

@testable import Autodiff

@Suite struct FunctionTests {
  @Test(arguments: [[], [3], [0], [2, 17], [1, 40]])
  func unary(_ shape: [Int]) throws {
    func error(
      positive: Bool = false, _ function: @escaping (Variable) throws -> Variable
    ) throws -> Double {
      try GradientCheck(shapes: [shape], positive: positive) { try function($0[0]) }.error()
    }
    #expect(try error { $0.negated() } < 3e-4)
    #expect(try error { $0.exp() } < 3e-4)
    #expect(try error(positive: true) { $0.log() } < 3e-4)
    #expect(try error(positive: true) { $0.sqrt() } < 3e-4)
    #expect(try error { $0.abs() } < 3e-4)
    #expect(try error { $0.squared() } < 3e-4)
    #expect(try error { $0.sigmoid() } < 3e-4)
    #expect(try error { $0.tanh() } < 3e-4)
    #expect(try error { $0.relu() } < 3e-4)
  }

  @Test(arguments: [
    ([3, 6], -1), ([3, 6], 0), ([2, 3, 4], 1), ([20], 0), ([2, 0], 1), ([0, 2], 1),
  ])
  func softmax(_ shape: [Int], _ axis: Int) throws {
    #expect(try GradientCheck(shapes: [shape]) { try $0[0].softmax(axis: axis) }.error() < 3e-4)
    #expect(try GradientCheck(shapes: [shape]) { try $0[0].logSoftmax(axis: axis) }.error() < 3e-4)
  }
}
