extension SearchTable {
  /// Class sizes of a query with few answers on the version space at `offset`.
  @inline(__always)
  func split(_ sets: [UInt64], _ offset: Int, _ query: Int) -> (largest: Int, squares: Int) {
    let start = maskStarts[query]
    var largest = 0
    var squares = 0
    for part in 0..<classCounts[query] {
      let mask = start &+ part &* words
      var size = 0
      for word in 0..<words {
        size &+= (sets[offset &+ word] & masks[mask &+ word]).nonzeroBitCount
      }
      largest = max(largest, size)
      squares &+= size &* size
    }
    return (largest, squares)
  }

  /// Class sizes of any query on a list of functions.
  func split(_ members: [Int32], _ query: Int) -> (largest: Int, squares: Int) {
    var sizes = [Int](repeating: 0, count: classCounts[query])
    for member in members { sizes[label(query, Int(member))] &+= 1 }
    return (sizes.max() ?? 0, sizes.reduce(0) { $0 + $1 * $1 })
  }

  /// Whether some query has too many answers for bit sets.
  var hasWideQueries: Bool { maskStarts.contains { $0 < 0 } }
}

extension SearchTable {
  /// Appends what a query takes from the version space at `offset` besides its largest class.
  func appendMinority(
    of candidate: Candidate, _ offset: Int, _ sets: [UInt64], to minorities: inout [UInt64]
  ) {
    let query = Int(candidate.query)
    let start = maskStarts[query]
    if start >= 0 {
      let mask = start &+ Int(candidate.majority) &* words
      for word in 0..<words {
        minorities.append(sets[offset &+ word] & ~masks[mask &+ word])
      }
      return
    }
    let place = minorities.count
    for word in 0..<words { minorities.append(sets[offset &+ word]) }
    for member in members(sets, offset) where label(query, Int(member)) == candidate.majority {
      minorities[place + Int(member >> 6)] &= ~(1 << UInt64(member & 63))
    }
  }
}

extension SearchTable.Candidate {
  /// Small for queries that look good in the worst case.
  @inline(__always)
  var rank: UInt64 {
    UInt64(UInt32(bitPattern: largest)) << 32 | UInt64(UInt32(bitPattern: squares))
  }
}
