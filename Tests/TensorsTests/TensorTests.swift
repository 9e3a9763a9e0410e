import Execution
import Kernels
import Testing

@testable import Tensors

@Suite struct TensorTests {
  @Test func mismatchNamesShapesAndAxis() throws {
    let a = Tensor(repeating: 1, shape: [3, 4])
    let b = Tensor(repeating: 1, shape: [5, 4])
    #expect(
      throws: Failure(
        "shapes [3, 4] and [5, 4] do not broadcast: axis 0 has 3 and 5",
        labels: [
          Failure.Label(.position(0), "shape [3, 4]"), Failure.Label(.position(1), "shape [5, 4]"),
        ])
    ) { try a.adding(b) }
    let c = Tensor(repeating: 1, shape: [2])
    #expect(throws: Failure.self) { try a.adding(c) }
    #expect(throws: Failure.self) { try a.matrixMultiplied(by: b) }
    #expect(throws: Failure.self) { try a.matrixMultiplied(by: Tensor(1)) }
  }

  @Test func valuesAreCopiedOnWrite() throws {
    let a = Tensor([1, 2, 3])
    var b = a
    try b.set([.at(0)], to: Tensor(9))
    #expect(a.elements == [1, 2, 3])
    #expect(b.elements == [9, 2, 3])
  }

  /// Each operation leaves the padding behind the last number zero, which sums of products rely on.
  @Test func paddingStaysZero() throws {
    let a = Tensor([1, 2, 3])
    for tensor in [a.exp(), a.adding(1), try a.softmax(), try a.adding(Tensor(2)), a.sigmoid()] {
      #expect(Reduction.dot(tensor.buffer, tensor.buffer) < 1000)
      let sum = tensor.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(Reduction.dot(tensor.buffer, tensor.buffer) - sum) < 1e-5 * sum)
    }
  }

  @Test func emptyTensors() throws {
    let empty = try Tensor.zeros([0, 3])
    #expect(try empty.sum(axis: 0).elements == [0, 0, 0])
    #expect(try empty.sum(axis: 1).shape == [0])
    #expect(try empty.mean().item?.isNaN == true)
    #expect(throws: Failure.self) { try empty.max() }
    #expect(throws: Failure.self) { try empty.argmax(axis: 0) }
    #expect(try empty.max(axes: [1]).shape == [0])
    #expect(try empty.adding(Tensor([1, 2, 3])).shape == [0, 3])
    #expect(try empty.matrixMultiplied(by: Tensor.zeros([3, 2])).shape == [0, 2])
    let nothing = try Tensor.zeros([2, 0]).matrixMultiplied(by: Tensor.zeros([0, 2]))
    #expect(nothing == Tensor(repeating: 0, shape: [2, 2]))
    #expect(try empty.softmax(axis: 0).shape == [0, 3])
    #expect(try empty.sorted().shape == [0, 3])
    #expect(try Tensor.zeros([2, 0]).cumsum().shape == [2, 0])
    #expect(try empty.unique().shape == [0])
    #expect(throws: Failure.self) { try empty.quantile(0.5) }
    #expect(try empty.permuted([1, 0]).shape == [3, 0])
    #expect(try Tensor.concat([empty, empty], axis: 1).shape == [0, 6])
  }

  @Test func notANumberPropagates() throws {
    let x = Tensor(shape: [2, 3], [1, .nan, 3, 4, 5, 6])
    #expect(try x.max(axes: [1]).elements[0].isNaN)
    #expect(try x.max(axes: [0]).elements[1].isNaN)
    #expect(try x.min().item?.isNaN == true)
    #expect(try x.argmax(axis: 1).numbers == [1, 2])
    #expect(try x.variance(axes: [1]).elements[0].isNaN)
    #expect(try x.quantile(0, axes: [1]).elements[0].isNaN)
    #expect(try x.sorted().elements[2].isNaN)
    #expect(try x.softmax().elements[0].isNaN)
    #expect(try Tensor([2, .nan, 1, .nan]).unique().count == 3)
  }

  @Test func longSumsKeepTheirPrecision() throws {
    let count = 10_000_000
    let tenth = Tensor(repeating: 0.1, shape: [count / 4, 4])
    let exact = Double(Float(0.1)) * Double(count)
    // No number passes through more than 64 additions in float32.
    let bound = exact * 64 * 0x1p-24
    #expect(abs(Double(try #require(try tenth.sum().item)) - exact) < bound)
    for column in try tenth.sum(axis: 0).elements {
      #expect(abs(Double(column) - exact / 4) < bound / 4)
    }
  }

  @Test func varianceFarFromZero() throws {
    let numbers = try Tensor.arange(0, 1000).adding(1_000_000)
    let variance = try #require(try numbers.variance().item)
    #expect(abs(variance - 83_416.664) < 0.02)
    #expect(try Tensor([3]).variance().item == 0)
    #expect(try Tensor([]).variance().item?.isNaN == true)
  }

  @Test func reshapes() throws {
    let x = try Tensor.arange(0, 12)
    #expect(try x.reshaped([3, -1]).shape == [3, 4])
    #expect(try x.reshaped([-1]).shape == [12])
    for shape in [[5, -1], [-1, -1], [13], [-2, 6], [0, -1], [1 << 40, 1 << 40]] {
      #expect(throws: Failure.self) { try x.reshaped(shape) }
    }
    #expect(
      throws: Failure("cannot reshape [12] (12 elements) to [5, 3] (15 elements)")
    ) { try x.reshaped([5, 3]) }
  }

  @Test func mistakesInIndices() throws {
    let x = try Tensor.arange(0, 12).reshaped([3, 4])
    let bad: [[TensorIndex]] = [
      [.at(3)], [.at(-4)], [.all, .all, .all], [.ellipsis, .ellipsis],
      [.slice(start: 0, stop: 1, step: 0)], [.positions(Tensor([0.5]))], [.positions(Tensor([7]))],
      [.mask(Tensor([1, 0]))], [.positions(Tensor([.nan]))],
      [.positions(Tensor([0, 1])), .positions(Tensor([0, 1, 2]))],
    ]
    for index in bad { #expect(throws: Failure.self) { try x.selecting(index) } }
    #expect(throws: Failure.self) { try x.setting([.at(0)], to: Tensor([1, 2])) }
    let far = TensorIndex.slice(start: -100, stop: 100, step: Int.max)
    #expect(try x.selecting([far]).shape == [1, 4])
    #expect(try x.selecting([.slice(start: nil, stop: nil, step: Int.min)]).shape == [1, 4])
  }

  @Test func gathering() throws {
    let table = try Tensor.arange(0, 6).reshaped([3, 2])
    let index = Tensor(shape: [2, 2], [0, 2, 1, -1])
    #expect(try Tensor.gather(table, index).elements == [0, 1, 4, 5, 2, 3, 4, 5])
    #expect(try Tensor.gather(table, index).shape == [2, 2, 2])
    #expect(try Tensor.oneHot(Tensor([1, 0]), classes: 3).elements == [0, 1, 0, 1, 0, 0])
    #expect(throws: Failure.self) { try Tensor.gather(table, Tensor([3])) }
    #expect(throws: Failure.self) { try Tensor.oneHot(Tensor([3]), classes: 3) }
  }

  @Test func creation() throws {
    #expect(try Tensor.arange(0, 1, step: 0.25).elements == [0, 0.25, 0.5, 0.75])
    #expect(try Tensor.arange(3, 0, step: -1).elements == [3, 2, 1])
    #expect(try Tensor.arange(0, -1).shape == [0])
    #expect(try Tensor.linspace(0, 1, count: 1).elements == [0])
    #expect(throws: Failure.self) { try Tensor.arange(0, 1, step: 0) }
    #expect(throws: Failure.self) { try Tensor.arange(0, .infinity) }
    #expect(throws: Failure.self) { try Tensor.zeros([-1]) }
    #expect(throws: Failure.self) { try Tensor.zeros([1 << 20, 1 << 20]) }
    var random = RandomStream(seed: 1, purpose: "test")
    let normal = try Tensor.normal([100_000], mean: 2, std: 3, using: &random)
    #expect(abs(try #require(try normal.mean().item) - 2) < 0.04)
    #expect(abs(try #require(try normal.std().item) - 3) < 0.03)
    let uniform = try Tensor.uniform([10_000], low: -1, high: 1, using: &random)
    #expect(try #require(try uniform.min().item) >= -1)
    #expect(try #require(try uniform.max().item) < 1)
  }
}
