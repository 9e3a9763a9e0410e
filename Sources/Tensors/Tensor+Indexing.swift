import Execution
import Kernels

extension Tensor {
  /// The numbers that an index names, as a tensor of their own.
  public func selecting(_ index: [TensorIndex]) throws -> Tensor {
    selecting(try TensorSelection(index, in: shape))
  }

  /// The numbers of a selection made for this shape.
  public func selecting(_ selection: TensorSelection) -> Tensor {
    let result = FloatBuffer(uninitialized: selection.blocks.count)
    Elementwise.gather(selection.blocks, of: buffer, into: result)
    return Tensor(shape: selection.shape, buffer: result)
  }

  /// Writes `values`, broadcast to the selected shape, where an index says.
  public mutating func set(_ index: [TensorIndex], to values: Tensor) throws {
    let selection = try TensorSelection(index, in: shape)
    let fitted = try Cancellation.current.stoppable { try Tensor.fitted(values, to: selection) }
    try reserveUnique()
    makeUnique()
    Elementwise.scatter(fitted.buffer, to: selection.blocks, of: buffer)
  }

  /// A copy with `values`, broadcast to the selected shape, where an index says.
  public func setting(_ index: [TensorIndex], to values: Tensor) throws -> Tensor {
    var result = self
    try result.set(index, to: values)
    return result
  }

  /// Adds `values` of the selected shape where a selection says; places named twice add up.
  public mutating func add(_ values: Tensor, at selection: TensorSelection) {
    makeUnique()
    Elementwise.scatter(values.buffer, to: selection.blocks, of: buffer, adding: true)
  }

  private static func fitted(_ values: Tensor, to selection: TensorSelection) throws -> Tensor {
    if values.shape == selection.shape { return values }
    guard let shape = try? broadcastShape(values.shape, selection.shape), shape == selection.shape
    else {
      throw Failure(
        "cannot assign shape \(text(of: values.shape)) to a place of shape "
          + text(of: selection.shape))
    }
    return try values.broadcast(to: selection.shape)
  }
}
