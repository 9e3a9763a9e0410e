import Execution
import Kernels
import Tensors

/// Variance, norm, quantiles, orders and running sums.
extension Variable {
  /// The unbiased variance along the axes (divisor n - 1).
  public func variance(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Variable {
    let (numbers, kept) = (value, try keptShape(axes))
    let divisor = Float(Swift.max(try value.reducedCount(axes) - 1, 1))
    return recording(try value.variance(axes: axes, keepDimensions: keepDimensions)) { gradient in
      let mean = try numbers.mean(axes: axes, keepDimensions: true)
      let scale = try gradient.reshaped(kept).multiplied(by: 2 / divisor)
      return try numbers.subtracting(mean).multiplied(by: scale)
    }
  }

  /// The unbiased standard deviation along the axes; its gradient where all numbers are equal is
  /// taken as 0.
  public func std(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Variable {
    let (numbers, kept) = (value, try keptShape(axes))
    let divisor = Float(Swift.max(try value.reducedCount(axes) - 1, 1))
    let std = try value.std(axes: axes, keepDimensions: keepDimensions)
    return recording(std) { gradient in
      let slope = try gradient.divided(by: std.multiplied(by: divisor))
      let scale = try Tensor.where(std, slope, Tensor(0)).reshaped(kept)
      let mean = try numbers.mean(axes: axes, keepDimensions: true)
      return try numbers.subtracting(mean).multiplied(by: scale)
    }
  }

  /// The Euclidean norm along the axes; its gradient at 0 is taken as 0.
  public func norm(axes: [Int]? = nil, keepDimensions: Bool = false) throws -> Variable {
    let (numbers, kept) = (value, try keptShape(axes))
    let norm = try value.norm(axes: axes, keepDimensions: keepDimensions)
    return recording(norm) { gradient in
      let scale = try Tensor.where(norm, try gradient.divided(by: norm), Tensor(0))
      return try numbers.multiplied(by: try scale.reshaped(kept))
    }
  }

  /// The number below which a share of the numbers along the axes lies.
  ///
  /// The gradient goes to the two numbers between which it is interpolated.
  public func quantile(
    _ share: Double, axes: [Int]? = nil, keepDimensions: Bool = false
  ) throws -> Variable {
    let result = try value.quantile(share, axes: axes, keepDimensions: keepDimensions)
    guard isTraced else { return Variable(result) }
    let places = try value.reducedAxes(axes)
    let rank = value.rank
    let order = (0..<rank).filter { !places.contains($0) } + places
    let count = try value.reducedCount(axes)
    let rows = try permuted(order).reshaped([-1, count]).sorted(axis: 1)
    let (lower, upper, weight) = try Tensor.quantilePlace(share, count: count)
    let low = try rows.selecting([.all, .at(lower)])
    let high = try rows.selecting([.all, .at(upper)])
    let mixed = try low.multiplied(by: Float(1 - weight)).adding(
      high.multiplied(by: Float(weight)))
    // The gradient of the mixture and the numbers of the result: 0 times infinity is no number.
    return try mixed.reshaped(result.shape).standing(for: result)
  }

  /// The numbers in ascending order along an axis; the gradient goes back by the same permutation.
  public func sorted(axis: Int = -1, descending: Bool = false) throws -> Variable {
    let order = try value.order(axis: axis, descending: descending)
    return recording(try value.taking(order)) { try $0.putting(order) }
  }

  /// The running sums along an axis.
  public func cumsum(axis: Int = -1) throws -> Variable {
    recording(try value.cumsum(axis: axis)) { try $0.cumsum(axis: axis, reversed: true) }
  }
}
