/// Rounding and what is left of a division.
extension Tensor {
  /// The largest whole number not above each element.
  public func floored() -> Tensor {
    Tensor(shape: shape) { out in
      buffer.read { numbers in
        for place in numbers.indices { out[place] = numbers[place].rounded(.down) }
      }
    }
  }

  /// `a - b floor(a / b)`: the remainder with the sign of `b`, as in Python.
  public func remainder(_ other: Tensor) throws -> Tensor {
    try subtracting(try other.multiplied(by: try divided(by: other).floored()))
  }
}
