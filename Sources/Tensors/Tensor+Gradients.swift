import Execution
import Kernels

/// What the gradients of reductions and selections need besides the operations themselves.
extension Tensor {
  /// The axes counted from 0 in ascending order, all of them for nil.
  public func reducedAxes(_ axes: [Int]?) throws -> [Int] { try self.axes(axes) }

  /// The shape after a reduction along the axes.
  public func reducedShape(_ axes: [Int]?, keepDimensions: Bool) throws -> [Int] {
    let places = try self.axes(axes)
    return keepDimensions ? keeping(places) : removing(places)
  }

  /// How many numbers a reduction along the axes joins into one.
  public func reducedCount(_ axes: [Int]?) throws -> Int {
    try self.axes(axes).reduce(1) { $0 * shape[$1] }
  }

  /// Along an axis the numbers in an order.
  public func taking(_ order: AxisOrder) throws -> Tensor {
    try moving(order) { out, to, numbers, from in out[to] = numbers[from] }
  }

  /// Along an axis the numbers put back from an order.
  public func putting(_ order: AxisOrder) throws -> Tensor {
    try moving(order) { out, from, numbers, to in out[to] = numbers[from] }
  }

  private func moving(
    _ order: AxisOrder,
    _ move: (UnsafeMutableBufferPointer<Float>, Int, UnsafeBufferPointer<Float>, Int) -> Void
  ) throws -> Tensor {
    precondition(order.places.count == count, "one place for each number")
    return try mappingRows(axis: order.axis) { rows, columns, source, result in
      source.read { numbers in
        result.write { out in
          for i in numbers.indices {
            move(out, i, numbers, i / columns * columns + order.places[i])
          }
        }
      }
    }
  }

  /// The selected numbers, but 0 for every place that is named again later.
  public func selectingLast(_ selection: TensorSelection) throws -> Tensor {
    let selected = selecting(selection)
    // Writing each selected number's own place number leaves the last one that claims a place.
    guard selected.count > 1 else { return selected }
    var claims = Tensor(repeating: 0, shape: shape)
    let numbers = Tensor(shape: selected.shape) { out in
      for i in out.indices { out[i] = Float(bitPattern: UInt32(truncatingIfNeeded: i)) }
    }
    claims.write(numbers, at: selection)
    let winners = claims.selecting(selection)
    return Tensor(shape: selected.shape) { out in
      selected.buffer.read { selected in
        winners.buffer.read { winners in
          for i in out.indices {
            let isLast = winners[i].bitPattern == UInt32(truncatingIfNeeded: i)
            out[i] = isLast ? selected[i] : 0
          }
        }
      }
    }
  }

  /// Writes numbers of the selected shape where a selection says.
  mutating func write(_ values: Tensor, at selection: TensorSelection) {
    makeUnique()
    Elementwise.scatter(values.buffer, to: selection.blocks, of: buffer)
  }
}
