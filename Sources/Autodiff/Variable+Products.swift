import Execution
import Kernels
import Tensors

extension Variable {
  /// The matrix product by NumPy's rules; see `Tensor.matrixMultiplied`.
  public func matrixMultiplied(by other: Variable) throws -> Variable {
    let (a, b) = (value, other.value)
    let result = try a.matrixMultiplied(by: b)
    return Variable.recording(
      result, self, other,
      { try ProductGradient(a, b).first($0) }, { try ProductGradient(a, b).second($0) })
  }

  /// The solution X of A X = B for a square A; see `Tensor.solve`.
  ///
  /// With G the gradient in X, that in B is H = A^-T G, and that in A is -H X^T.
  public func solve(_ right: Variable) throws -> Variable {
    let (a, b) = (value, right.value)
    let solution = try a.solve(b)
    let columns = [b.shape[0], b.shape.dropFirst().reduce(1, *)]
    return Variable.recording(
      solution, self, right,
      { gradient in
        let flow = try a.transposed().solve(gradient).reshaped(columns)
        return try flow.product(solution.reshaped(columns), otherTransposed: true).negated()
      },
      { try a.transposed().solve($0) })
  }

  /// The last two axes swapped.
  public func transposed() throws -> Variable {
    recording(try value.transposed()) { try $0.transposed() }
  }

  /// The axes in another order: axis i of the result is axis `order[i]`.
  public func permuted(_ order: [Int]) throws -> Variable {
    let result = try value.permuted(order)
    guard isTraced else { return Variable(result) }
    var inverse = [Int](repeating: 0, count: order.count)
    for (place, axis) in order.enumerated() {
      inverse[axis < 0 ? axis + order.count : axis] = place
    }
    return recording(result) { [inverse] in try $0.permuted(inverse) }
  }
}

/// How a gradient passes C = A B: to A as G B^T, to B as A^T G, summed over repeated batches.
private struct ProductGradient {
  let a: Tensor
  let b: Tensor
  let aShape: [Int]
  let bShape: [Int]

  init(_ a: Tensor, _ b: Tensor) throws {
    aShape = a.shape
    bShape = b.shape
    self.a = a.rank == 1 ? try a.reshaped([1, a.count]) : a
    self.b = b.rank == 1 ? try b.reshaped([b.count, 1]) : b
  }

  /// The gradient with the axes that vectors lost put back.
  private func matrices(_ gradient: Tensor) throws -> Tensor {
    if aShape.count > 1 && bShape.count > 1 { return gradient }
    var shape = gradient.shape
    if aShape.count == 1 { shape.insert(1, at: shape.count - (bShape.count == 1 ? 0 : 1)) }
    if bShape.count == 1 { shape.append(1) }
    return try gradient.reshaped(shape)
  }

  func first(_ gradient: Tensor) throws -> Tensor {
    let g = try matrices(gradient)
    return try g.product(b, otherTransposed: true).summed(to: a.shape).reshaped(aShape)
  }

  func second(_ gradient: Tensor) throws -> Tensor {
    let g = try matrices(gradient)
    guard b.rank == 2 else {
      return try a.product(g, transposed: true).summed(to: b.shape).reshaped(bShape)
    }
    // One product over the whole batch instead of one a matrix and a sum.
    let rows = try a.reshaped([a.shape.dropLast().reduce(1, *), b.shape[0]])
    let flat = try g.reshaped([rows.shape[0], b.shape[1]])
    return try rows.product(flat, transposed: true).reshaped(bShape)
  }
}
