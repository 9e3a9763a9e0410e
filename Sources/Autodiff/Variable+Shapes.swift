import Execution
import Kernels
import Tensors

extension Variable {
  /// The same numbers under another shape; one extent may be -1.
  public func reshaped(_ shape: [Int]) throws -> Variable {
    let old = self.shape
    return recording(try value.reshaped(shape)) { try $0.reshaped(old) }
  }

  /// The numbers repeated along axes of extent 1 and new axes in front.
  public func broadcast(to shape: [Int]) throws -> Variable {
    let old = self.shape
    return recording(try value.broadcast(to: shape)) { try $0.summed(to: old) }
  }

  /// Variables one after the other along an axis.
  public static func concat(_ variables: [Variable], axis: Int = 0) throws -> Variable {
    let result = try Tensor.concat(variables.map(\.value), axis: axis)
    guard variables.contains(where: \.isTraced) else { return Variable(result) }
    let lengths = try variables.map { $0.shape[try $0.value.axis(axis)] }
    return record(result, variables, lengths, axis)
  }

  /// Records that parts of some lengths stand one after the other; only traced ones get a gradient.
  private static func record(
    _ result: Tensor, _ parts: [Variable], _ lengths: [Int], _ axis: Int
  ) -> Variable {
    let shapes = parts.map { $0.isTraced ? $0.shape : nil }
    return Tape.record(result, parents: parts) { gradient in
      var start = 0
      return try zip(shapes, lengths).map { shape, length in
        start += length
        guard let shape else { return nil }
        return try gradient.part(axis: axis, (start - length)..<start).reshaped(shape)
      }
    }
  }

  /// Variables of one shape along a new axis.
  public static func stack(_ variables: [Variable], axis: Int = 0) throws -> Variable {
    let result = try Tensor.stack(variables.map(\.value), axis: axis)
    guard variables.contains(where: \.isTraced) else { return Variable(result) }
    return record(result, variables, variables.map { _ in 1 }, axis)
  }

  /// Rows of a table by number; the index gets no gradient.
  public static func gather(_ table: Variable, _ index: Tensor) throws -> Variable {
    try gather(table, try Tensor.rows(of: table.value, index))
  }

  /// Rows of a table by place.
  public static func gather(_ table: Variable, _ index: Places) throws -> Variable {
    let shape = table.shape
    return table.recording(try Tensor.gather(table.value, index)) {
      try Tensor.scattered($0, index, into: shape)
    }
  }

  /// The numbers that an index names.
  public func selecting(_ index: [TensorIndex]) throws -> Variable {
    let shape = self.shape
    let selection = try TensorSelection(index, in: shape)
    return recording(value.selecting(selection)) { gradient in
      var result = Tensor(repeating: 0, shape: shape)
      result.add(gradient, at: selection)
      return result
    }
  }

  /// A copy with `values` where an index says; if a place is named twice, the last value counts,
  /// and only that one gets a gradient.
  public func setting(_ index: [TensorIndex], to values: Variable) throws -> Variable {
    let (shape, valuesShape) = (self.shape, values.shape)
    let selection = try TensorSelection(index, in: shape)
    return Variable.recording(
      try value.setting(index, to: values.value), self, values,
      { try $0.setting(index, to: Tensor(0)) },
      { try $0.selectingLast(selection).summed(to: valuesShape) })
  }
}
