import Tensors
import Testing

@testable import Autodiff

struct AxesCase: Sendable {
  var shape: [Int]
  var axes: [Int]?
}

private let cases: [AxesCase] = [
  AxesCase(shape: [4], axes: nil), AxesCase(shape: [3, 4], axes: [0]),
  AxesCase(shape: [3, 4], axes: [-1]), AxesCase(shape: [3, 4], axes: nil),
  AxesCase(shape: [2, 3, 4], axes: [1]), AxesCase(shape: [2, 3, 4], axes: [0, -1]),
  AxesCase(shape: [2, 3, 4], axes: [2, 1]), AxesCase(shape: [2, 3, 2, 2], axes: [0, 2]),
]

@Suite struct ReductionTests {
  @Test(arguments: cases, [false, true])
  func reductions(_ item: AxesCase, _ keep: Bool) throws {
    func error(_ function: @escaping (Variable) throws -> Variable) throws -> Double {
      try GradientCheck(distinct: item.shape, function).error()
    }
    let axes = item.axes
    #expect(try error { try $0.sum(axes: axes, keepDimensions: keep) } < 5e-4)
    #expect(try error { try $0.mean(axes: axes, keepDimensions: keep) } < 5e-4)
    #expect(try error { try $0.max(axes: axes, keepDimensions: keep) } < 5e-4)
    #expect(try error { try $0.min(axes: axes, keepDimensions: keep) } < 5e-4)
    #expect(try error { try $0.variance(axes: axes, keepDimensions: keep) } < 5e-4)
    #expect(try error { try $0.std(axes: axes, keepDimensions: keep) } < 5e-4)
    #expect(try error { try $0.norm(axes: axes, keepDimensions: keep) } < 5e-4)
    #expect(try error { try $0.quantile(0.3, axes: axes, keepDimensions: keep) } < 5e-4)
    #expect(try error { try $0.quantile(1, axes: axes, keepDimensions: keep) } < 5e-4)
  }

  @Test func empty() throws {
    for axes in [nil, [0], [1]] as [[Int]?] {
      let error = try GradientCheck(shapes: [[0, 3]]) { try $0[0].sum(axes: axes) }.error()
      #expect(error == 0)
    }
  }

  @Test func tiesShareTheGradient() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([1, 3, 3, 2]))
    #expect(try tape.gradients(of: x.max(), for: [x])[0].elements == [0, 0.5, 0.5, 0])
    #expect(try tape.gradients(of: x.min(), for: [x])[0].elements == [1, 0, 0, 0])
  }

  @Test(arguments: [([6], -1), ([3, 4], 0), ([2, 3, 4], 1), ([2, 0], 0), ([2, 0], 1)])
  func orders(_ shape: [Int], _ axis: Int) throws {
    func error(_ function: @escaping (Variable) throws -> Variable) throws -> Double {
      try GradientCheck(distinct: shape, function).error()
    }
    #expect(try error { try $0.sorted(axis: axis) } < 5e-4)
    #expect(try error { try $0.sorted(axis: axis, descending: true) } < 5e-4)
    #expect(try error { try $0.cumsum(axis: axis) } < 5e-4)
  }
}
