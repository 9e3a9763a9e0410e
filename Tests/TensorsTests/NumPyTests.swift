import Execution
import Kernels
import Testing

@testable import Tensors

/// Agreement with NumPy; exact where no sum is involved.
@Suite struct NumPyTests {
  private func x() throws -> Tensor { try Reference.tensor("x") }
  private func y() throws -> Tensor { try Reference.tensor("y") }

  @Test func arithmetic() throws {
    let (x, y) = (try x(), try y())
    #expect(try Reference.agrees(x.adding(y), "add"))
    #expect(try Reference.agrees(y.subtracting(x), "subtract"))
    #expect(try Reference.agrees(x.multiplied(by: y), "multiply"))
    #expect(try Reference.agrees(x.divided(by: y), "divide"))
    #expect(try Reference.agrees(x.abs().raised(to: y), "power", tolerance: 2e-7))
    #expect(try Reference.agrees(x.combined(.less, y), "less"))
    #expect(try Reference.agrees(x.combined(.greaterOrEqual, y), "greater_equal"))
    #expect(try Reference.agrees(x.combined(.maximum, y), "maximum"))
    #expect(try Reference.agrees(Tensor.where(x.combined(.greater, y), x, y), "where"))
  }

  @Test func reductions() throws {
    let x = try x()
    #expect(try Reference.agrees(x.sum(axis: 1), "sum_1", tolerance: 2e-7))
    #expect(try Reference.agrees(x.sum(axes: [0, -1]), "sum_02", tolerance: 2e-7))
    #expect(
      try Reference.agrees(
        x.mean(axes: [2, 1], keepDimensions: true), "mean_keep", tolerance: 2e-7))
    #expect(try Reference.agrees(x.variance(axes: [0]), "variance_0", tolerance: 2e-7))
    #expect(try Reference.agrees(x.std(), "std_all", tolerance: 2e-7))
    #expect(try Reference.agrees(x.max(axes: [1]), "max_1"))
    #expect(try Reference.agrees(x.min(axes: [-1]), "min_last"))
    #expect(try Reference.agrees(x.quantile(0.3, axes: [1]), "quantile_1", tolerance: 2e-7))
    #expect(try Reference.agrees(x.argmax(axis: 1).tensor(), "argmax_1"))
    #expect(try Reference.agrees(x.argmin().tensor(), "argmin_all"))
    #expect(try Reference.agrees(x.norm(axes: [0]), "norm_0", tolerance: 2e-7))
    #expect(try Reference.agrees(x.softmax(axis: 1), "softmax_1", tolerance: 3e-7))
    #expect(try Reference.agrees(x.logSoftmax(), "log_softmax", tolerance: 3e-7))
  }

  @Test func orders() throws {
    let flat = try Reference.tensor("flat")
    #expect(try Reference.agrees(x().sorted(axis: 1), "sort_1"))
    #expect(try Reference.agrees(flat.argsort(), "argsort_flat"))
    #expect(try Reference.agrees(x().cumsum(axis: 1), "cumsum_1", tolerance: 2e-7))
    #expect(try Reference.agrees(flat.unique(), "unique"))
  }

  @Test func products() throws {
    let (a, c) = (try Reference.tensor("a"), try Reference.tensor("c"))
    #expect(
      try Reference.agrees(a.matrixMultiplied(by: Reference.tensor("b")), "matmul", tolerance: 1e-6)
    )
    let part = try a.selecting([.ellipsis, .slice(start: nil, stop: 3, step: 1)])
    let product = try c.matrixMultiplied(by: part).matrixMultiplied(by: a)
    #expect(try Reference.agrees(product, "matmul_batch", tolerance: 2e-6))
    let square = try Reference.tensor("square")
    let right = try Reference.tensor("matrix").selecting([.slice(start: 0, stop: 4, step: 1)])
    #expect(try Reference.agrees(square.solve(right), "solve", tolerance: 2e-6))
    #expect(
      try Reference.agrees(Reference.tensor("matrix").svd().values, "singular", tolerance: 2e-7))
  }

  @Test func shapes() throws {
    let x = try x()
    #expect(try Reference.agrees(x.permuted([2, 0, 1]), "transpose"))
    let first = try x.selecting([.all, .slice(start: nil, stop: 2, step: 1)])
    #expect(try Reference.agrees(Tensor.concat([x, first], axis: 1), "concat"))
    #expect(try Reference.agrees(Tensor.stack([x, x.multiplied(by: 2)], axis: -1), "stack"))
    #expect(try Reference.agrees(Tensor.linspace(-1, 2, count: 7), "linspace", tolerance: 1e-7))
  }

  @Test func selections() throws {
    let x = try x()
    func slice(_ start: Int?, _ stop: Int?, _ step: Int) -> TensorIndex {
      .slice(start: start, stop: stop, step: step)
    }
    func places(_ numbers: [Float]) -> TensorIndex { .positions(Tensor(numbers)) }
    let cases: [(String, [TensorIndex])] = [
      ("slice_1", [slice(1, nil, 1), slice(nil, nil, -2), .at(-1)]),
      ("slice_2", [.ellipsis, slice(1, 4, 2)]),
      ("slice_3", [.at(-1), .newAxis, .all, slice(5, 1, -1)]),
      ("slice_4", [.at(2), .all, .at(1)]),
      ("take_1", [.all, places([3, 0, -2])]),
      ("take_2", [places([0, 2]), .all, places([1, 4])]),
      ("take_3", [.positions(Tensor(shape: [2, 1], [0, 2])), places([1, 3])]),
      ("mask_1", [.mask(x.combined(.greater, 0))]),
      ("mask_2", [.all, .mask(Tensor([1, 0, 1, 1]))]),
    ]
    for (name, index) in cases {
      #expect(try Reference.agrees(x.selecting(index), name), "\(name)")
      let shape = try x.selecting(index).shape
      let numbers = try Tensor.arange(0, Double(Tensor.count(of: shape))).reshaped(shape)
      let changed = try x.setting(index, to: numbers)
      #expect(try changed.selecting(index) == numbers, "\(name)")
    }
  }
}
