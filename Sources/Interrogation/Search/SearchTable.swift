/// A reduced table laid out for search: version spaces are bit sets over the functions.
///
/// Queries with few answers have a bit set per class; the others keep their labels.
struct SearchTable {
  /// How a query splits a version space.
  struct Candidate {
    var query: Int32
    /// Size of the largest class.
    var largest: Int32
    /// Sum of the squares of the class sizes.
    var squares: Int32
    /// The label of the largest class.
    var majority: Int32
    /// Equal for queries that split the version space alike.
    var key: UInt64
  }

  let count: Int
  let words: Int
  let answerCount: Int
  let queryNumbers: [Int]
  let classCounts: [Int]
  private let codes: [[Int32]]
  let masks: [UInt64]
  let maskStarts: [Int]
  private let labels: [UInt16]

  /// Tables with more cells than this are not searched.
  static let cellLimit = 8_000_000
  /// Searches go no deeper than this, for the sake of the call stack.
  static let depthLimit = 2000
  private static let maskedClasses = 4

  /// The table of `columns`, which are the queries `queryNumbers` of the full set.
  init(columns: [Column], queryNumbers: [Int], functionCount: Int) {
    count = functionCount
    words = (functionCount + 63) / 64
    answerCount = max(1, columns.map(\.classCount).max() ?? 1)
    self.queryNumbers = queryNumbers
    classCounts = columns.map(\.classCount)
    codes = columns.map(\.codes)
    var masks: [UInt64] = []
    var starts: [Int] = []
    var labels: [UInt16] = []
    labels.reserveCapacity(columns.count * functionCount)
    for column in columns {
      let own = column.allLabels
      labels += own
      starts.append(column.classCount <= SearchTable.maskedClasses ? masks.count : -1)
      guard column.classCount <= SearchTable.maskedClasses else { continue }
      let start = masks.count
      masks += [UInt64](repeating: 0, count: column.classCount * words)
      for function in 0..<functionCount {
        masks[start + Int(own[function]) * words + function >> 6] |= 1 << UInt64(function & 63)
      }
    }
    self.masks = masks
    maskStarts = starts
    self.labels = labels
  }

  var queryCount: Int { classCounts.count }

  /// All functions as a bit set.
  var everything: [UInt64] {
    var set = [UInt64](repeating: 0, count: words)
    for function in 0..<count { set[function >> 6] |= 1 << UInt64(function & 63) }
    return set
  }

  /// The label of a function.
  @inline(__always)
  func label(_ query: Int, _ function: Int) -> Int { Int(labels[query &* count &+ function]) }

  /// Where the bit set of a class begins among `masks`, or nil for a query with many answers.
  @inline(__always)
  func mask(_ query: Int, _ label: Int) -> Int? {
    maskStarts[query] < 0 ? nil : maskStarts[query] &+ label &* words
  }

  /// The answer code of a label.
  func code(_ query: Int, _ label: Int) -> Int32 { codes[query][label] }

  /// The members of the bit set at `offset` of `sets`.
  func members(_ sets: [UInt64], _ offset: Int) -> [Int32] {
    var members: [Int32] = []
    for word in 0..<words {
      var bits = sets[offset + word]
      while bits != 0 {
        members.append(Int32(word << 6 + bits.trailingZeroBitCount))
        bits &= bits - 1
      }
    }
    return members
  }

  /// The queries of `list` that split the version space at `offset`, equal partitions once.
  func candidates(
    _ sets: [UInt64], _ offset: Int, size: Int, among list: [Int32]
  ) -> [Candidate] {
    var found: [Candidate] = []
    found.reserveCapacity(list.count)
    var members: [Int32] = []
    for query in list {
      let start = maskStarts[Int(query)]
      let candidate: Candidate
      if start >= 0 {
        candidate = masked(sets, offset, query, start)
      } else {
        if members.isEmpty { members = self.members(sets, offset) }
        candidate = labelled(members, query)
      }
      if Int(candidate.largest) < size { found.append(candidate) }
    }
    return found
  }

  @inline(__always)
  private func masked(
    _ sets: [UInt64], _ offset: Int, _ query: Int32, _ start: Int
  ) -> Candidate {
    var candidate = Candidate(query: query, largest: 0, squares: 0, majority: 0, key: 0)
    for part in 0..<classCounts[Int(query)] {
      let mask = start &+ part &* words
      var size = 0
      var hash: UInt64 = 0
      for word in 0..<words {
        let bits = sets[offset &+ word] & masks[mask &+ word]
        size &+= bits.nonzeroBitCount
        hash = (hash ^ bits) &* 0x9e37_79b9_7f4a_7c15
        hash ^= hash >> 29
      }
      if size == 0 { continue }
      if size > Int(candidate.largest) {
        candidate.largest = Int32(truncatingIfNeeded: size)
        candidate.majority = Int32(truncatingIfNeeded: part)
      }
      candidate.squares &+= Int32(truncatingIfNeeded: size &* size)
      candidate.key &+= Hash.mix(hash)
    }
    return candidate
  }

  private func labelled(_ members: [Int32], _ query: Int32) -> Candidate {
    var candidate = Candidate(query: query, largest: 0, squares: 0, majority: 0, key: 0)
    var sizes = [Int32](repeating: 0, count: classCounts[Int(query)])
    var hashes = [UInt64](repeating: 0, count: sizes.count)
    for member in members {
      let label = label(Int(query), Int(member))
      sizes[label] &+= 1
      hashes[label] &+= Hash.mix(UInt64(member))
    }
    for part in sizes.indices where sizes[part] > 0 {
      if sizes[part] > candidate.largest {
        candidate.largest = sizes[part]
        candidate.majority = Int32(part)
      }
      candidate.squares &+= sizes[part] &* sizes[part]
      candidate.key &+= Hash.mix(hashes[part])
    }
    return candidate
  }

  /// Appends the classes of a query on the version space at `offset` to `sets`.
  func appendClasses(
    of query: Int, _ offset: Int, to sets: inout [UInt64]
  ) -> [(offset: Int, size: Int, label: Int)] {
    var parts: [(offset: Int, size: Int, label: Int)] = []
    let start = maskStarts[query]
    guard start >= 0 else { return appendLabelled(query, offset, &sets) }
    for part in 0..<classCounts[query] {
      let place = sets.count
      var size = 0
      for word in 0..<words {
        let bits = sets[offset &+ word] & masks[start &+ part &* words &+ word]
        size &+= bits.nonzeroBitCount
        sets.append(bits)
      }
      if size == 0 {
        sets.removeLast(words)
      } else {
        parts.append((place, size, part))
      }
    }
    return parts
  }

  private func appendLabelled(
    _ query: Int, _ offset: Int, _ sets: inout [UInt64]
  ) -> [(offset: Int, size: Int, label: Int)] {
    var places = [Int](repeating: -1, count: classCounts[query])
    var parts: [(offset: Int, size: Int, label: Int)] = []
    for member in members(sets, offset) {
      let label = label(query, Int(member))
      if places[label] < 0 {
        places[label] = parts.count
        parts.append((sets.count, 0, label))
        for _ in 0..<words { sets.append(0) }
      }
      parts[places[label]].size += 1
      sets[parts[places[label]].offset + Int(member >> 6)] |= 1 << UInt64(member & 63)
    }
    return parts
  }

  /// Keeps one candidate of each partition: the first in the given order.
  func distinct(_ candidates: [Candidate]) -> [Candidate] {
    var seen: Set<UInt64> = []
    return candidates.filter { seen.insert($0.key).inserted }
  }
}
