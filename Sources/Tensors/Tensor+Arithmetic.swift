import Execution
import Kernels

extension Tensor {
  /// A function of two tensors, number by number, under broadcasting.
  public func combined(_ function: Elementwise.Binary, _ other: Tensor) throws -> Tensor {
    if shape == other.shape || (other.count == 1 && other.rank <= rank) {
      let result = FloatBuffer(uninitialized: count)
      Elementwise.apply(function, buffer, other.buffer, into: result)
      return Tensor(shape: shape, buffer: result)
    }
    if count == 1 && rank <= other.rank {
      let result = FloatBuffer(uninitialized: other.count)
      Elementwise.apply(function, buffer, other.buffer, into: result)
      return Tensor(shape: other.shape, buffer: result)
    }
    if let repetition = Tensor.repetition(of: other.shape, in: shape) {
      let result = FloatBuffer(uninitialized: count)
      Elementwise.apply(
        function, buffer, repeated: other.buffer, repetition, swapped: false, into: result)
      return Tensor(shape: shape, buffer: result)
    }
    if let repetition = Tensor.repetition(of: shape, in: other.shape) {
      let result = FloatBuffer(uninitialized: other.count)
      Elementwise.apply(
        function, other.buffer, repeated: buffer, repetition, swapped: true, into: result)
      return Tensor(shape: other.shape, buffer: result)
    }
    return try broadcastCombined(function, other)
  }

  /// Whether a shape fits the last axes of another, or its first ones; found without memory, since
  /// these two cases are frequent and the operands small.
  private static func repetition(of part: [Int], in whole: [Int]) -> Elementwise.Repetition? {
    guard part.count <= whole.count, !part.isEmpty else { return nil }
    let added = whole.count - part.count
    var first = 0
    while first < part.count, part[first] == 1 { first += 1 }
    var last = part.count
    while last > 0, part[last - 1] == 1 { last -= 1 }
    var equal = (row: true, column: added == 0)
    for axis in first..<part.count where part[axis] != whole[axis + added] { equal.row = false }
    if equal.row { return .everyRow }
    for axis in 0..<last where part[axis] != whole[axis + added] { equal.column = false }
    return equal.column ? .everyColumn : nil
  }

  private func broadcastCombined(
    _ function: Elementwise.Binary, _ other: Tensor
  ) throws -> Tensor {
    let shape = try Tensor.broadcastShape(self.shape, other.shape)
    try Tensor.checkSize(shape)
    let result = FloatBuffer(uninitialized: Tensor.count(of: shape))
    var a = Elementwise.Walk(buffer, strides: [])
    var b = Elementwise.Walk(other.buffer, strides: [])
    let extents = Tensor.merge(
      shape, broadcastStrides(to: shape), other.broadcastStrides(to: shape), &a.strides,
      &b.strides)
    Elementwise.apply(function, a, b, extents: extents, into: result)
    return Tensor(shape: shape, buffer: result)
  }

  /// Drops axes of extent 1 and joins neighbouring axes that both operands walk as one.
  private static func merge(
    _ shape: [Int], _ aStrides: [Int], _ bStrides: [Int], _ a: inout [Int], _ b: inout [Int]
  ) -> [Int] {
    var extents: [Int] = []
    for axis in shape.indices where shape[axis] != 1 {
      let last = extents.count - 1
      if last >= 0, a[last] == aStrides[axis] * shape[axis],
        b[last] == bStrides[axis] * shape[axis]
      {
        extents[last] *= shape[axis]
        a[last] = aStrides[axis]
        b[last] = bStrides[axis]
      } else {
        extents.append(shape[axis])
        a.append(aStrides[axis])
        b.append(bStrides[axis])
      }
    }
    return extents
  }

  /// A function of each number and one other number.
  public func combined(_ function: Elementwise.Binary, _ number: Float) -> Tensor {
    let result = FloatBuffer(uninitialized: count)
    Elementwise.apply(function, buffer, FloatBuffer(repeating: number, count: 1), into: result)
    return Tensor(shape: shape, buffer: result)
  }

  /// The sum under broadcasting.
  public func adding(_ other: Tensor) throws -> Tensor { try combined(.add, other) }
  /// The difference under broadcasting.
  public func subtracting(_ other: Tensor) throws -> Tensor { try combined(.subtract, other) }
  /// The element-wise product under broadcasting.
  public func multiplied(by other: Tensor) throws -> Tensor { try combined(.multiply, other) }
  /// The quotient under broadcasting.
  public func divided(by other: Tensor) throws -> Tensor { try combined(.divide, other) }
  /// The power under broadcasting.
  public func raised(to other: Tensor) throws -> Tensor { try combined(.power, other) }

  /// Adds another tensor, in the memory of this one if nobody else holds it.
  public mutating func add(_ other: Tensor) throws {
    guard shape == other.shape, mayWrite() else {
      self = try adding(other)
      return
    }
    Elementwise.apply(.add, buffer, other.buffer, into: buffer)
  }

  /// The sum with a number.
  public func adding(_ number: Float) -> Tensor { combined(.add, number) }
  /// The difference to a number.
  public func subtracting(_ number: Float) -> Tensor { combined(.subtract, number) }
  /// The product with a number.
  public func multiplied(by number: Float) -> Tensor { combined(.multiply, number) }
  /// The quotient by a number.
  public func divided(by number: Float) -> Tensor { combined(.divide, number) }
  /// The power with a number as exponent.
  public func raised(to number: Float) -> Tensor { combined(.power, number) }

  /// This tensor's numbers where `mask` is not 0, elsewhere those of `other`, under broadcasting.
  public static func `where`(
    _ mask: Tensor, _ first: Tensor, _ second: Tensor
  ) throws -> Tensor {
    let shape = try broadcastShape(try broadcastShape(mask.shape, first.shape), second.shape)
    let (m, a) = (try mask.broadcast(to: shape), try first.broadcast(to: shape))
    let b = try second.broadcast(to: shape)
    return Tensor(shape: shape) { out in
      m.buffer.read { m in
        a.buffer.read { a in
          b.buffer.read { b in
            for start in stride(from: 0, to: out.count, by: 1 << 20) {
              // Only where nobody sees the result, as in the kernels.
              if Cancellation.current.isGivenUp { return }
              for i in start..<Swift.min(start + 1 << 20, out.count) {
                out[i] = m[i] != 0 ? a[i] : b[i]
              }
            }
          }
        }
      }
    }
  }
}

extension Tensor: Equatable {
  /// Whether shapes and all numbers are the same; NaN differs from itself.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    return a.buffer.read { x in b.buffer.read { y in x.elementsEqual(y) } }
  }
}
