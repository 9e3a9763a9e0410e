import Execution
import Kernels
import Tensors

/// Sums, means and extremes along axes; nil stands for all of them.
extension Variable {
  /// The sum along the axes.
  public func sum(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Variable {
    let (shape, kept) = (shape, try keptShape(axes))
    return recording(try value.sum(axes: axes, keepDimensions: keepDimensions)) {
      try $0.reshaped(kept).broadcast(to: shape)
    }
  }

  /// The sum along one axis.
  public func sum(axis: Int, keepDimensions: Bool = false) throws -> Variable {
    try sum(axes: [axis], keepDimensions: keepDimensions)
  }

  /// The mean along the axes.
  public func mean(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Variable {
    let (shape, kept) = (shape, try keptShape(axes))
    let count = Float(try value.reducedCount(axes))
    return recording(try value.mean(axes: axes, keepDimensions: keepDimensions)) {
      try $0.divided(by: count).reshaped(kept).broadcast(to: shape)
    }
  }

  /// The mean along one axis.
  public func mean(axis: Int, keepDimensions: Bool = false) throws -> Variable {
    try mean(axes: [axis], keepDimensions: keepDimensions)
  }

  /// The largest number along the axes; equal ones share the gradient equally.
  public func max(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Variable {
    try extreme(try value.max(axes: axes, keepDimensions: true), axes, keepDimensions)
  }

  /// The smallest number along the axes; equal ones share the gradient equally.
  public func min(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Variable {
    try extreme(try value.min(axes: axes, keepDimensions: true), axes, keepDimensions)
  }

  private func extreme(
    _ extreme: Tensor, _ axes: [Int]?, _ keepDimensions: Bool
  ) throws -> Variable {
    let numbers = value
    let shape = try value.reducedShape(axes, keepDimensions: keepDimensions)
    return recording(try extreme.reshaped(shape)) { gradient in
      let winners = try numbers.combined(.equal, extreme)
      let share = try winners.divided(by: try winners.sum(axes: axes, keepDimensions: true))
      return try share.multiplied(by: try gradient.reshaped(extreme.shape))
    }
  }

  /// The shape with the reduced axes set to 1.
  func keptShape(_ axes: [Int]?) throws -> [Int] {
    try value.reducedShape(axes, keepDimensions: true)
  }
}
