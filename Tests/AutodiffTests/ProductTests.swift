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

  @Test func transposes() throws {
    #expect(try GradientCheck(shapes: [[2, 3, 4]]) { try $0[0].transposed() }.error() < 1e-4)
    #expect(
      try GradientCheck(shapes: [[2, 3, 4]]) { try $0[0].permuted([2, 0, 1]) }.error() < 1e-4)
    #expect(
      try GradientCheck(shapes: [[2, 3, 4]]) { try $0[0].permuted([1, -1, 0]) }.error() < 1e-4)
  }
}
