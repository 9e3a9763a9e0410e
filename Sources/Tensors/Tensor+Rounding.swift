/// What is left of a division, and the whole quotient that belongs to it; see `Division`.
extension Tensor {
  /// `a % b`: the remainder with the sign of `b`, as in Python; NaN for `b = 0`.
  public func remainder(_ other: Tensor) throws -> Tensor { try combined(.remainder, other) }

  /// `a // b`: the largest whole number not above the quotient.
  public func floorQuotient(_ other: Tensor) throws -> Tensor {
    try combined(.floorQuotient, other)
  }
}
