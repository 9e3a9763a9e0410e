import Execution
import Kernels
import Tensors

/// Functions of single numbers, and the softmax.
extension Variable {
  /// The numbers with their signs turned.
  public func negated() -> Variable { recording(value.negated()) { $0.negated() } }

  /// The exponential function.
  public func exp() -> Variable {
    let result = value.exp()
    return recording(result) { try $0.multiplied(by: result) }
  }

  /// The natural logarithm.
  public func log() -> Variable {
    let argument = value
    return recording(argument.log()) { try $0.divided(by: argument) }
  }

  /// The square root; its gradient at 0 is infinite.
  public func sqrt() -> Variable {
    let result = value.sqrt()
    return recording(result) { try $0.divided(by: result).multiplied(by: 0.5) }
  }

  /// The absolute value; its gradient at 0 is 0.
  public func abs() -> Variable {
    let argument = value
    return recording(argument.abs()) { try $0.multiplied(by: argument.applying(.sign)) }
  }

  /// The square.
  public func squared() -> Variable {
    let argument = value
    return recording(argument.squared()) { try $0.multiplied(by: argument.multiplied(by: 2)) }
  }

  /// The logistic function.
  public func sigmoid() -> Variable {
    let result = value.sigmoid()
    return recording(result) { try $0.combined(.sigmoidGradient, result) }
  }

  /// The sine of an angle in radians.
  public func sin() -> Variable {
    let argument = value
    return recording(argument.sin()) { try $0.multiplied(by: argument.cos()) }
  }

  /// The cosine of an angle in radians.
  public func cos() -> Variable {
    let argument = value
    return recording(argument.cos()) { try $0.multiplied(by: argument.sin().negated()) }
  }

  /// The hyperbolic tangent.
  public func tanh() -> Variable {
    let result = value.tanh()
    return recording(result) { try $0.combined(.tanhGradient, result) }
  }

  /// The positive part; its gradient at 0 is 0.
  public func relu() -> Variable {
    let result = value.relu()
    return recording(result) { try $0.combined(.reluGradient, result) }
  }

  /// The softmax along an axis.
  public func softmax(axis: Int = -1) throws -> Variable {
    let result = try value.softmax(axis: axis)
    return recording(result) { try result.softmaxGradient($0, axis: axis, logarithm: false) }
  }

  /// The logarithm of the softmax along an axis.
  public func logSoftmax(axis: Int = -1) throws -> Variable {
    let result = try value.logSoftmax(axis: axis)
    return recording(result) { try result.softmaxGradient($0, axis: axis, logarithm: true) }
  }
}
