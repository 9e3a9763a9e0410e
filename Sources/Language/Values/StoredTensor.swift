import Autodiff
import Tensors

/// A native object that stands for a tensor, which is read when it is used as one.
public protocol StoredTensor: NativeObject {
  /// The extents of the axes; the first is `elementCount`.
  var shape: [Int] { get }
  /// All its numbers.
  func tensor() throws -> Tensor
  /// The numbers that an index names.
  func selecting(_ index: [TensorIndex]) throws -> Tensor
}

extension StoredTensor {
  /// A row, as a loop asks for it.
  public func element(at index: Value) throws -> Value? {
    guard let number = Machine.number(index), let place = Int(whole: number) else { return nil }
    return .tensor(try selecting([.at(place)]))
  }
}

extension Value {
  /// The object that stands for a tensor, if this is one.
  public var storedTensor: (any StoredTensor)? {
    guard case .native(let box) = self else { return nil }
    return box.object as? any StoredTensor
  }
}
