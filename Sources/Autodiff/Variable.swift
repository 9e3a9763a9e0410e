import Execution
import Tensors

/// A tensor that may hang on a tape: what every differentiable operation takes and gives.
public struct Variable: @unchecked Sendable {
  /// The numbers.
  public let value: Tensor
  /// Where the tape keeps this variable's gradient; nil for a constant.
  let slot: Int?
  let tape: Tape?

  /// A constant.
  public init(_ value: Tensor) {
    self.value = value
    slot = nil
    tape = nil
  }

  init(_ value: Tensor, tape: Tape, slot: Int) {
    self.value = value
    self.tape = tape
    self.slot = slot
  }

  /// Other numbers of the same shape, whose gradient flows as that of this variable.
  func standing(for numbers: Tensor) -> Variable {
    guard let tape, let slot else { return Variable(numbers) }
    return Variable(numbers, tape: tape, slot: slot)
  }

  /// Whether a gradient is wanted for this variable.
  public var isTraced: Bool { tape != nil }
  /// The extents of the axes.
  public var shape: [Int] { value.shape }
  /// The same numbers as a constant.
  public var detached: Variable { Variable(value) }
}
