import Execution
import Testing

@testable import Tensors

@Suite struct LinearAlgebraTests {
  private func largest(_ a: Tensor, _ b: Tensor) throws -> Float {
    try a.subtracting(b).abs().max().item ?? .nan
  }

  @Test(arguments: [[7, 4], [4, 7], [5, 5], [1, 3], [6, 1]])
  func singularValues(_ shape: [Int]) throws {
    var random = RandomStream(seed: 2, purpose: "svd")
    let matrix = try Tensor.normal(shape, using: &random)
    let (left, values, right) = try matrix.svd()
    let size = try #require(shape.min())
    #expect(left.shape == [shape[0], size] && right.shape == [size, shape[1]])
    let product = try left.multiplied(by: values).matrixMultiplied(by: right)
    #expect(try largest(product, matrix) < 2e-6)
    let identity = try Tensor.oneHot(Tensor.arange(0, Double(size)), classes: size)
    #expect(try largest(left.transposed().matrixMultiplied(by: left), identity) < 1e-6)
    #expect(try largest(right.matrixMultiplied(by: right.transposed()), identity) < 1e-6)
  }

  @Test func singularValuesOfLowRank() throws {
    let matrix = Tensor(repeating: 2, shape: [4, 3])
    let (left, values, _) = try matrix.svd()
    #expect(abs(values.elements[0] - 48.0.squareRoot().float) < 1e-6)
    #expect(values.elements[1] < 1e-6)
    let identity = try Tensor.oneHot(Tensor.arange(0, 3), classes: 3)
    #expect(try largest(left.transposed().matrixMultiplied(by: left), identity) < 1e-6)
  }

  @Test(arguments: [[30, 4], [5, 12]])
  func principalComponents(_ shape: [Int]) throws {
    var random = RandomStream(seed: 2, purpose: "pca")
    let rows = try Tensor.normal(shape, using: &random)
    let found = try rows.pca(components: 3)
    #expect(found.scores.shape == [shape[0], 3] && found.components.shape == [3, shape[1]])
    #expect(try largest(found.scores.variance(axes: [0]), found.variances) < 1e-5)
    #expect(found.variances.elements == found.variances.elements.sorted(by: >))
    let centred = try rows.subtracting(found.mean)
    let (_, values, _) = try centred.svd()
    let variance = values.elements[0] * values.elements[0] / Float(shape[0] - 1)
    #expect(abs(variance - found.variances.elements[0]) < 1e-5)
  }

  @Test func mistakes() throws {
    #expect(throws: Failure.self) { try Tensor([1]).svd() }
    #expect(throws: Failure.self) { try Tensor(shape: [1, 1], [.nan]).svd() }
    #expect(throws: Failure.self) { try Tensor.ones([2, 2]).solve(Tensor([1, 2])) }
    #expect(throws: Failure.self) { try Tensor.ones([2, 3]).solve(Tensor([1, 2])) }
    #expect(throws: Failure.self) { try Tensor.ones([3, 2]).pca(components: 3) }
  }
}

extension Double {
  fileprivate var float: Float { Float(self) }
}
