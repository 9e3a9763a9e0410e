import Execution

/// Sorts keys whose upper halves are numbers and whose lower halves are their places.
public enum KeySort {
  /// Below, comparing is quicker than counting.
  private static let countingLimit = 4096
  private static let digits = 1 << 11
  private static let shifts: [UInt64] = [32, 43, 54]

  /// Sorts by the upper halves; equal ones keep their order if they come by ascending lower half.
  ///
  /// - Parameter spare: room for as many keys, kept by the caller for the next call.
  /// - Throws: `Interrupted`; the order of the keys is then of no use.
  public static func sort(_ keys: inout [UInt64], spare: inout [UInt64]) throws {
    if keys.count < countingLimit { return keys.sort() }
    if spare.count != keys.count {
      spare.removeAll()
      spare.reserveCapacity(keys.count)
      try Stretches.forEach(keys.count) {
        spare.append(contentsOf: repeatElement(0, count: $0.count))
      }
    }
    for shift in shifts {
      let isSorted = try keys.withUnsafeBufferPointer { source in
        try spare.withUnsafeMutableBufferPointer { try pass(source, shift, into: $0) }
      }
      if isSorted { swap(&keys, &spare) }
    }
  }

  /// Orders keys by one digit; false if all have the same one, and nothing was done.
  private static func pass(
    _ keys: UnsafeBufferPointer<UInt64>, _ shift: UInt64,
    into target: UnsafeMutableBufferPointer<UInt64>
  ) throws -> Bool {
    try withUnsafeTemporaryAllocation(of: Int.self, capacity: digits) { places in
      places.initialize(repeating: 0)
      try Stretches.forEach(keys.count) { stretch in
        for i in stretch { places[digit(keys[i], shift)] &+= 1 }
      }
      if places[digit(keys[0], shift)] == keys.count { return false }
      var next = 0
      for digit in 0..<digits { (places[digit], next) = (next, next + places[digit]) }
      try Stretches.forEach(keys.count) { stretch in
        for i in stretch {
          let digit = digit(keys[i], shift)
          target[places[digit]] = keys[i]
          places[digit] &+= 1
        }
      }
      return true
    }
  }

  @inline(__always)
  private static func digit(_ key: UInt64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: key >> shift & UInt64(digits - 1))
  }
}
