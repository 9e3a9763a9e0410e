import Execution
import Kernels

extension Tensor {
  /// The numbers in ascending order along an axis; NaN last.
  public func sorted(axis: Int = -1, descending: Bool = false) throws -> Tensor {
    let place = try self.axis(axis)
    return try mappingRows(axis: place) { rows, columns, source, result in
      let orders = try Tensor.orders(source, rows: rows, columns: columns, descending: descending)
      source.read { numbers in
        result.write { out in
          for row in 0..<rows {
            let start = row * columns
            for i in start..<(start + columns) { out[i] = numbers[start + orders[i]] }
          }
        }
      }
    }
  }

  /// The places of the numbers in ascending order along an axis; equal numbers keep their order.
  public func argsort(axis: Int = -1, descending: Bool = false) throws -> Tensor {
    let place = try self.axis(axis)
    return try mappingRows(axis: place) { rows, columns, source, result in
      let orders = try Tensor.orders(source, rows: rows, columns: columns, descending: descending)
      result.write { out in for i in orders.indices { out[i] = Float(orders[i]) } }
    }
  }

  /// For each row the places of its numbers in order.
  ///
  /// A number's bits become an integer that sorts like the number; with the place in the low bits,
  /// any sort is a stable one.
  static func orders(
    _ numbers: FloatBuffer, rows: Int, columns: Int, descending: Bool = false
  ) throws -> [Int] {
    var orders: [Int] = []
    orders.reserveCapacity(rows * columns)
    var keys: [UInt64] = []
    keys.reserveCapacity(columns)
    var spare: [UInt64] = []
    try numbers.read { numbers in
      for row in 0..<rows {
        keys.removeAll(keepingCapacity: true)
        try inStretches(columns) { places in
          for column in places {
            let key = sortKey(numbers[row * columns + column], descending)
            keys.append(UInt64(key) << 32 | UInt64(column))
          }
        }
        if columns < radixLimit { keys.sort() } else { try sortByDigits(&keys, &spare) }
        try inStretches(columns) { places in
          for key in keys[places] { orders.append(Int(key & 0xffff_ffff)) }
        }
      }
    }
    return orders
  }

  /// From so many numbers on digit by digit is quicker than by comparison.
  private static let radixLimit = 4096
  /// Numbers between two looks at the cancellation token: a few milliseconds.
  private static let numbersBetweenLooks = 1 << 20

  /// Calls `body` for stretches of `count` numbers, between which work can be stopped.
  private static func inStretches(_ count: Int, _ body: (Range<Int>) -> Void) throws {
    for start in stride(from: 0, to: count, by: numbersBetweenLooks) {
      try Cancellation.current.check()
      body(start..<Swift.min(start + numbersBetweenLooks, count))
    }
  }

  /// Sorts by the upper half of the keys, eleven bits at a time; equal keys keep their order.
  private static func sortByDigits(_ keys: inout [UInt64], _ spare: inout [UInt64]) throws {
    if spare.count != keys.count { spare = [UInt64](repeating: 0, count: keys.count) }
    let count = keys.count
    for shift in [UInt64(32), 43, 54] {
      var places = [Int](repeating: 0, count: 2049)
      try inStretches(count) { stretch in
        for key in keys[stretch] { places[Int(key >> shift & 2047) + 1] += 1 }
      }
      for digit in 1..<places.count { places[digit] += places[digit - 1] }
      try inStretches(count) { stretch in
        for key in keys[stretch] {
          let digit = Int(key >> shift & 2047)
          spare[places[digit]] = key
          places[digit] += 1
        }
      }
      swap(&keys, &spare)
    }
  }

  private static func sortKey(_ number: Float, _ descending: Bool) -> UInt32 {
    if number.isNaN { return .max }
    let bits = (number + 0).bitPattern  // -0 + 0 is 0
    let ascending = bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
    return descending ? ~ascending : ascending
  }

  /// The running sums along an axis.
  public func cumsum(axis: Int = -1, reversed: Bool = false) throws -> Tensor {
    try mappingRows(axis: axis) { rows, columns, source, result in
      source.read { numbers in
        result.write { out in
          for row in 0..<rows {
            var sum = 0.0
            for step in 0..<columns {
              let i = row * columns + (reversed ? columns - 1 - step : step)
              sum += Double(numbers[i])
              out[i] = Float(sum)
            }
          }
        }
      }
    }
  }

  /// The different numbers in ascending order; NaN once, at the end.
  public func unique() throws -> Tensor {
    let orders = try Tensor.orders(buffer, rows: 1, columns: count)
    let kept: [Float] = buffer.read { numbers in
      var kept: [Float] = []
      for i in orders {
        let number = numbers[i]
        if let last = kept.last, last == number || (last.isNaN && number.isNaN) { continue }
        kept.append(number)
      }
      return kept
    }
    return Tensor(kept)
  }
}
