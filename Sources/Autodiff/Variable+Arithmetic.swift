import Execution
import Kernels
import Tensors

/// Operations of two operands under broadcasting. A gradient is summed over the axes along which
/// its operand was repeated.
extension Variable {
  /// The sum.
  public func adding(_ other: Variable) throws -> Variable {
    let (a, b) = (shape, other.shape)
    return Variable.recording(
      try value.adding(other.value), self, other, { try $0.summed(to: a) },
      { try $0.summed(to: b) })
  }

  /// The difference.
  public func subtracting(_ other: Variable) throws -> Variable {
    let (a, b) = (shape, other.shape)
    return Variable.recording(
      try value.subtracting(other.value), self, other, { try $0.summed(to: a) },
      { try $0.summed(to: b).negated() })
  }

  /// The element-wise product.
  public func multiplied(by other: Variable) throws -> Variable {
    let (a, b) = (value, other.value)
    return Variable.recording(
      try a.multiplied(by: b), self, other,
      { try $0.multiplied(by: b).summed(to: a.shape) },
      { try $0.multiplied(by: a).summed(to: b.shape) })
  }

  /// The quotient.
  public func divided(by other: Variable) throws -> Variable {
    let (shape, b) = (shape, other.value)
    let quotient = try value.divided(by: b)
    return Variable.recording(
      quotient, self, other,
      { try $0.divided(by: b).summed(to: shape) },
      { try $0.multiplied(by: quotient).divided(by: b).summed(to: b.shape).negated() })
  }

  /// What is left of a division; its slope in b is the whole quotient, turned.
  public func remainder(_ other: Variable) throws -> Variable {
    let (a, b) = (value, other.value)
    return Variable.recording(
      try a.remainder(b), self, other, { try $0.summed(to: a.shape) },
      { try $0.multiplied(by: try a.floorQuotient(b)).summed(to: b.shape).negated() })
  }

  /// The whole quotient: a step, and so a constant.
  public func floorQuotient(_ other: Variable) throws -> Variable {
    Variable(try value.floorQuotient(other.value))
  }

  /// The power a^b; its gradient in b is a^b log a, taken as 0 where a is 0.
  public func raised(to other: Variable) throws -> Variable {
    let (a, b) = (value, other.value)
    let power = try a.raised(to: b)
    return Variable.recording(
      power, self, other,
      { gradient in
        let slope = try b.multiplied(by: try a.raised(to: b.subtracting(1)))
        // b = 0: the slope is 0 even where a^-1 is infinite.
        let safe = try Tensor.where(b, slope, Tensor(0))
        return try gradient.multiplied(by: safe).summed(to: a.shape)
      },
      { gradient in
        let slope = try Tensor.where(
          a, try power.multiplied(by: a.log()), Tensor(0))
        return try gradient.multiplied(by: slope).summed(to: b.shape)
      })
  }

  /// The larger of two numbers; equal ones share the gradient equally.
  public func maximum(_ other: Variable) throws -> Variable {
    try extreme(other, .maximum, .greater)
  }

  /// The smaller of two numbers; equal ones share the gradient equally.
  public func minimum(_ other: Variable) throws -> Variable {
    try extreme(other, .minimum, .less)
  }

  private func extreme(
    _ other: Variable, _ function: Elementwise.Binary, _ wins: Elementwise.Binary
  ) throws -> Variable {
    let (a, b) = (value, other.value)
    func share(_ a: Tensor, _ b: Tensor) throws -> Tensor {
      try a.combined(wins, b).adding(try a.combined(.equal, b).multiplied(by: 0.5))
    }
    return Variable.recording(
      try a.combined(function, b), self, other,
      { try $0.multiplied(by: try share(a, b)).summed(to: a.shape) },
      { try $0.multiplied(by: try share(b, a)).summed(to: b.shape) })
  }

  /// A comparison, 0 or 1: a constant.
  public func compared(_ function: Elementwise.Binary, to other: Variable) throws -> Variable {
    Variable(try value.combined(function, other.value))
  }

  /// The numbers of `first` where `mask` is not 0, else of `second`; the mask gets no gradient.
  public static func `where`(
    _ mask: Variable, _ first: Variable, _ second: Variable
  ) throws -> Variable {
    let (mask, a, b) = (mask.value, first.shape, second.shape)
    let value = try Tensor.where(mask, first.value, second.value)
    return recording(
      value, first, second,
      { try Tensor.where(mask, $0, Tensor(0)).summed(to: a) },
      { try Tensor.where(mask, Tensor(0), $0).summed(to: b) })
  }

  // MARK: One operand and a number

  /// The sum with a number.
  public func adding(_ number: Float) -> Variable { recording(value.adding(number)) { $0 } }

  /// The difference to a number.
  public func subtracting(_ number: Float) -> Variable {
    recording(value.subtracting(number)) { $0 }
  }

  /// The product with a number.
  public func multiplied(by number: Float) -> Variable {
    recording(value.multiplied(by: number)) { $0.multiplied(by: number) }
  }

  /// The quotient by a number.
  public func divided(by number: Float) -> Variable {
    recording(value.divided(by: number)) { $0.divided(by: number) }
  }

  /// The power with a number as exponent.
  public func raised(to exponent: Float) -> Variable {
    let base = value
    return recording(base.raised(to: exponent)) { gradient in
      if exponent == 0 { return Tensor(repeating: 0, shape: base.shape) }
      let slope = exponent == 2 ? base : base.raised(to: exponent - 1)
      return try gradient.multiplied(by: slope.multiplied(by: exponent))
    }
  }
}
