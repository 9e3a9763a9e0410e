import Execution
import Tensors

/// The record of a computation, from which gradients flow back.
///
/// One tape lives for one call of `gradient`; its variables do not outlive that call.
public final class Tape {
  /// From the gradients of the outputs (nil: not reached) to those of the parents (nil: none wanted).
  public typealias Pullback = ([Tensor?]) throws -> [Tensor?]

  private struct Entry {
    var parents: [Int?]
    var outputs: Range<Int>
    var pullback: Pullback
  }

  private var entries: [Entry] = []
  private var slots = 0

  /// An empty tape.
  public init() {}

  /// A variable whose gradient is wanted.
  public func variable(_ value: Tensor) -> Variable {
    slots += 1
    return Variable(value, tape: self, slot: slots - 1)
  }

  /// Gives the results of an operation as variables, recorded if one of the parents is traced.
  ///
  /// `pullback` gets a gradient for each output, nil for outputs that the result does not depend on, and
  /// returns one for each parent, of the parent's shape.
  public static func record(
    _ outputs: [Tensor], parents: [Variable], pullback: @escaping Pullback
  ) -> [Variable] {
    guard let tape = parents.lazy.compactMap(\.tape).first else { return outputs.map(Variable.init) }
    let first = tape.slots
    tape.slots += outputs.count
    let entry = Entry(
      parents: parents.map { $0.tape === tape ? $0.slot : nil }, outputs: first..<tape.slots,
      pullback: pullback)
    tape.entries.append(entry)
    return outputs.enumerated().map { Variable($1, tape: tape, slot: first + $0) }
  }

  /// Gives the result of an operation with a single output.
  public static func record(
    _ output: Tensor, parents: [Variable], pullback: @escaping (Tensor) throws -> [Tensor?]
  ) -> Variable {
    record([output], parents: parents) { gradients in
      guard let gradient = gradients[0] else { return parents.map { _ in nil } }
      return try pullback(gradient)
    }[0]
  }

  /// The gradients of a single number with respect to variables of this tape.
  ///
  /// - Returns: for each variable a tensor of its shape, zero where the result does not depend on it.
  public func gradients(of result: Variable, for variables: [Variable]) throws -> [Tensor] {
    guard result.value.count == 1 else {
      throw Failure(
        "a gradient needs a function that returns one number, but it returned a tensor of shape "
          + Tensor.text(of: result.shape), hint: "reduce it with sum or mean")
    }
    var found = [Tensor?](repeating: nil, count: slots)
    if let slot = result.slot, result.tape === self {
      found[slot] = Tensor(repeating: 1, shape: result.shape)
      try flowBack(&found)
    }
    return variables.map { variable in
      variable.slot.flatMap { found[$0] } ?? Tensor(repeating: 0, shape: variable.shape)
    }
  }

  private func flowBack(_ found: inout [Tensor?]) throws {
    for entry in entries.reversed() {
      let incoming = Array(found[entry.outputs])
      guard incoming.contains(where: { $0 != nil }) else { continue }
      try Cancellation.current.check()
      for slot in entry.outputs { found[slot] = nil }
      for (parent, gradient) in zip(entry.parents, try entry.pullback(incoming)) {
        guard let parent, let gradient else { continue }
        if let earlier = found[parent] {
          found[parent] = try earlier.adding(gradient)
        } else {
          found[parent] = gradient
        }
      }
    }
  }
}
