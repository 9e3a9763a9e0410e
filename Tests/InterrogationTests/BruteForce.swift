/// Optima by plain enumeration, written without regard to anything in the room.
struct BruteForce {
  let table: [[Int32]]
  let weights: [Int]

  var queries: Range<Int> { 0..<(table.first?.count ?? 0) }

  private func parts(_ space: [Int], _ query: Int) -> [[Int]] {
    Array(Dictionary(grouping: space) { table[$0][query] }.values)
  }

  func interactive(_ space: [Int]) -> Int {
    if space.count < 2 { return 0 }
    return queries.compactMap { worst(space, $0) }.min() ?? Int.max
  }

  /// The worst case when beginning with a query, nil if it splits nothing.
  func worst(_ space: [Int], _ query: Int) -> Int? {
    let parts = parts(space, query)
    return parts.count < 2 ? nil : 1 + (parts.map { interactive($0) }.max() ?? 0)
  }

  /// The least sum of weight times depth.
  func mean(_ space: [Int]) -> Int {
    if space.count < 2 { return 0 }
    let own = space.reduce(0) { $0 + weights[$1] }
    let below = queries.compactMap { query -> Int? in
      let parts = parts(space, query)
      return parts.count < 2 ? nil : parts.map { mean($0) }.reduce(0, +)
    }
    return own + (below.min() ?? 0)
  }

  private func subsets(_ test: ([Int]) -> Bool) -> Int {
    var best = Int.max
    for mask in 0..<(1 << queries.count) where mask.nonzeroBitCount < best {
      if test(queries.filter { mask >> $0 & 1 == 1 }) { best = mask.nonzeroBitCount }
    }
    return best
  }

  func noninteractive() -> Int {
    subsets { list in
      Set(table.map { row in list.map { row[$0] } }).count == table.count
    }
  }

  func teaching(_ function: Int) -> Int {
    subsets { list in
      table.indices.allSatisfy { other in
        other == function || list.contains { table[other][$0] != table[function][$0] }
      }
    }
  }
}
