import Execution

/// The numbers that stand at some places of a row in order, found without sorting it.
///
/// Numbers are counted in bins of equal width between the smallest and the largest one; those in bins
/// where a wanted place falls are looked at again in the same way, and sorted when they are few.
public enum RankSelection {
  private static let mostBins = 2048
  /// Numbers that are sorted at once.
  private static let few = 64

  /// The numbers at places of the ascending order of some rows of [., columns], those of a row side by
  /// side: [rows, ranks]; NaN in rows that have one.
  ///
  /// - Throws: `Interrupted`.
  public static func numbers(
    at ranks: [Int], _ source: FloatBuffer, rows: Range<Int>, columns: Int
  ) throws -> [Float] {
    precondition(rows.lowerBound >= 0 && rows.upperBound * columns <= source.count, "rows outside")
    precondition(ranks.allSatisfy { $0 >= 0 && $0 < columns }, "a place outside of a row")
    var found = [Float](repeating: .nan, count: rows.count * ranks.count)
    // In ascending order, as numbers of neighbouring places are found together.
    let order = ranks.indices.sorted { ranks[$0] < ranks[$1] }
    let limit = Floats(Elementwise.limit(source))
    try found.withUnsafeMutableBufferPointer { found in
      for row in rows {
        if row & 63 == 63 { try Cancellation.current.check() }
        let from = Floats(source.base) + row &* columns
        let numbers = UnsafeBufferPointer(start: from, count: columns)
        // NaN if one of the numbers is.
        let low = Reduction.rowExtreme(Minimum.self, from, columns, limit)
        let high = Reduction.rowExtreme(Maximum.self, from, columns, limit)
        let first = (row - rows.lowerBound) * ranks.count
        try select(order[...], numbers, low, high) { place, number in
          found[first + place] = number
        } rank: {
          ranks[$0]
        }
      }
    }
    withExtendedLifetime(source) {}
    return found
  }

  /// Gives the number for each of `wanted`, whose ranks ascend, from numbers between `low` and `high`.
  private static func select(
    _ wanted: ArraySlice<Int>, _ numbers: UnsafeBufferPointer<Float>, _ low: Float, _ high: Float,
    _ give: (_ place: Int, _ number: Float) -> Void, rank: (Int) -> Int
  ) throws {
    if low.isNaN || high.isNaN { return }
    let last = numbers.count - 1
    var wanted = wanted
    // The ends are known.
    while let place = wanted.first, rank(place) == 0 || low == high {
      give(place, low)
      wanted.removeFirst()
    }
    while let place = wanted.last, rank(place) == last {
      give(place, high)
      wanted.removeLast()
    }
    guard !wanted.isEmpty else { return }
    let bins = Bins(numbers.count, low, high)
    guard numbers.count > few, let bins else {
      let sorted = numbers.sorted()
      for place in wanted { give(place, sorted[rank(place)]) }
      return
    }
    for bin in try bins.holding(wanted.map(rank), of: numbers) {
      let within = wanted.prefix { rank($0) < bin.start + bin.numbers.count }
      wanted = wanted.dropFirst(within.count)
      let (low, high) = (bin.numbers.min() ?? .nan, bin.numbers.max() ?? .nan)
      try bin.numbers.withUnsafeBufferPointer { numbers in
        try select(within, numbers, low, high, give) { rank($0) - bin.start }
      }
    }
  }

  /// The numbers of a bin, and how many are in the bins before.
  private struct Bin {
    var start: Int
    var numbers: [Float]
  }

  /// Bins of equal width.
  private struct Bins {
    private let count: Int
    private let low: Float
    private let scale: Float

    /// Nil where the numbers cannot be told apart so: some infinite, or too near to each other.
    init?(_ numbers: Int, _ low: Float, _ high: Float) {
      count = min(mostBins, max(2, numbers / 2))
      scale = Float(count) / (high - low)
      self.low = low
      guard scale.isFinite, scale > 0 else { return nil }
    }

    /// It ascends with the number, since each rounding does.
    @inline(__always) private func bin(_ number: Float) -> Int {
      min(count &- 1, Int(Int32((number - low) * scale)))
    }

    /// The bins with the numbers of ranks that ascend, in their order.
    func holding(_ ranks: [Int], of numbers: UnsafeBufferPointer<Float>) throws -> [Bin] {
      var counts = [Int](repeating: 0, count: count)
      try Stretches.forEach(numbers.count) { stretch in
        counts.withUnsafeMutableBufferPointer { counts in
          for place in stretch { counts[bin(numbers[place])] &+= 1 }
        }
      }
      var (found, start) = ([Bin](), 0)
      var slots = [Int16](repeating: -1, count: count)
      var left = ranks[...]
      for bin in 0..<count {
        guard let rank = left.first else { break }
        let end = start + counts[bin]
        if rank < end {
          slots[bin] = Int16(found.count)
          found.append(Bin(start: start, numbers: []))
          found[found.count - 1].numbers.reserveCapacity(counts[bin])
          left = left.drop { $0 < end }
        }
        start = end
      }
      try Stretches.forEach(numbers.count) { stretch in
        slots.withUnsafeBufferPointer { slots in
          for place in stretch {
            let slot = slots[bin(numbers[place])]
            if slot >= 0 { found[Int(slot)].numbers.append(numbers[place]) }
          }
        }
      }
      return found
    }
  }
}
