import Execution
import Kernels

/// The order of the numbers along an axis.
public struct AxisOrder: Sendable {
  /// The axis.
  public let axis: Int
  /// For each row along the axis, one after the other, the places of its numbers in order.
  let places: [Int]
}

/// One order for everything that sorts: NaN is above all numbers, so it comes last in ascending and
/// first in descending order; -0 and 0 are equal, and equal numbers keep their order.
extension Tensor {
  /// The order of the numbers along an axis.
  public func order(axis: Int = -1, descending: Bool = false) throws -> AxisOrder {
    let place = try self.axis(axis)
    let moved = try movingLast(place)
    let columns = shape[place]
    return AxisOrder(
      axis: place,
      places: try Tensor.orders(
        moved.buffer, rows: 0..<(columns == 0 ? 0 : count / columns), columns: columns,
        descending: descending))
  }

  /// The numbers in ascending order along an axis.
  public func sorted(axis: Int = -1, descending: Bool = false) throws -> Tensor {
    try taking(try order(axis: axis, descending: descending))
  }

  /// The places of the numbers in ascending order along an axis.
  ///
  /// - Throws: `Failure` if the axis is longer than a tensor can tell places apart.
  public func argsort(axis: Int = -1, descending: Bool = false) throws -> Tensor {
    let order = try order(axis: axis, descending: descending)
    var shape = self.shape
    shape.append(shape.remove(at: order.axis))
    return try Places(shape: shape, order.places).tensor().movingBack(order.axis)
  }

  /// The same for a tensor of one axis, whose places need not fit into a tensor.
  public func sortingPlaces(descending: Bool) throws -> Places {
    Places(
      shape: shape, try Tensor.orders(buffer, rows: 0..<1, columns: count, descending: descending))
  }

  /// For each row the places of its numbers in order.
  ///
  /// A number's bits become an integer that sorts like the number; with the place in the low bits,
  /// any sort is a stable one.
  static func orders(
    _ numbers: FloatBuffer, rows: Range<Int>, columns: Int, descending: Bool = false
  ) throws -> [Int] {
    guard columns <= 1 << 32 else {
      throw Failure("an axis of \(columns) is too long to be sorted: at most 2^32")
    }
    // The order, and keys twice while they are sorted.
    let count = rows.count * columns
    try Memory.reserve(count + 2 * columns, of: 8, for: "an order of \(count) numbers")
    var orders: [Int] = []
    orders.reserveCapacity(count)
    var keys: [UInt64] = []
    keys.reserveCapacity(columns)
    var spare: [UInt64] = []
    for row in rows {
      if row & 1023 == 1023 { try Cancellation.current.check() }
      let start = row * columns
      keys.removeAll(keepingCapacity: true)
      try numbers.read { numbers in
        try Stretches.forEach(columns) { places in
          for column in places {
            let key = sortKey(numbers[start + column], descending)
            keys.append(UInt64(key) << 32 | UInt64(column))
          }
        }
      }
      try KeySort.sort(&keys, spare: &spare)
      try Stretches.forEach(columns) { places in
        for column in places { orders.append(Int(keys[column] & 0xffff_ffff)) }
      }
    }
    return orders
  }

  /// Numbers between two looks at the cancellation token: a few milliseconds.
  private static let numbersBetweenLooks = 1 << 18

  private static func sortKey(_ number: Float, _ descending: Bool) -> UInt32 {
    if number.isNaN { return descending ? 0 : .max }
    let bits = (number + 0).bitPattern  // -0 + 0 is 0
    let ascending = bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
    return descending ? ~ascending : ascending
  }

  /// The running sums along an axis.
  public func cumsum(axis: Int = -1, reversed: Bool = false) throws -> Tensor {
    try mappingRows(axis: axis) { rows, columns, source, result in
      try source.read { numbers in
        try result.write { out in
          for row in 0..<rows {
            var (sum, start) = (0.0, 0)
            while start < columns {
              let stop = Swift.min(columns, start + Tensor.numbersBetweenLooks)
              for step in start..<stop {
                let i = row * columns + (reversed ? columns - 1 - step : step)
                sum += Double(numbers[i])
                out[i] = Float(sum)
              }
              start = stop
              if start < columns || row & 1023 == 1023 { try Cancellation.current.check() }
            }
          }
        }
      }
    }
  }

  /// The different numbers in ascending order; NaN once, at the end.
  public func unique() throws -> Tensor {
    let orders = try Tensor.orders(buffer, rows: 0..<1, columns: count)
    let kept: [Float] = try buffer.read { numbers in
      var kept: [Float] = []
      try Stretches.forEach(orders.count) { stretch in
        for i in stretch {
          let number = numbers[orders[i]]
          if let last = kept.last, last == number || (last.isNaN && number.isNaN) { continue }
          kept.append(number)
        }
      }
      return kept
    }
    return Tensor(kept)
  }
}
