import Execution
import Tensors

extension Variable {
  /// Records an operation of one operand; a constant costs nothing beyond its value.
  ///
  /// `pullback` takes the result's gradient to the operand's.
  func recording(
    _ value: Tensor, _ pullback: @escaping (Tensor) throws -> Tensor
  ) -> Variable {
    guard isTraced else { return Variable(value) }
    return Tape.record(value, parents: [self]) { [try pullback($0)] }
  }

  /// Records an operation of two operands, whose gradients are asked for only where traced.
  static func recording(
    _ value: Tensor, _ a: Variable, _ b: Variable,
    _ first: @escaping (Tensor) throws -> Tensor, _ second: @escaping (Tensor) throws -> Tensor
  ) -> Variable {
    switch (a.isTraced, b.isTraced) {
    case (false, false): Variable(value)
    case (true, false): a.recording(value, first)
    case (false, true): b.recording(value, second)
    case (true, true):
      Tape.record(value, parents: [a, b]) { [try first($0), try second($0)] }
    }
  }
}
