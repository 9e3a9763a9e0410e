extension Reduction {
  /// Whether all queries are binary and any two give at most three of the four answer pairs.
  ///
  /// Function 0 has label 0 everywhere, so this means that the sets of functions with label 1 are
  /// nested or disjoint. Then N = n - 1 (Bondy 1972; THEORY, when tight).
  var hasCompatibleSplits: Bool {
    guard !columns.isEmpty, answerCount == 2 else { return false }
    let sizes = columns.map { $0.classSizes[1] }
    let order = columns.indices.sorted { sizes[$0] > sizes[$1] }
    var owner = [Int32](repeating: -1, count: functionCount)
    for query in order {
      guard case .bytes(let labels) = columns[query].labels else { return false }
      guard let first = labels.firstIndex(of: 1) else { continue }
      let common = owner[first]
      for function in first..<functionCount where labels[function] == 1 {
        if owner[function] != common { return false }
        owner[function] = Int32(query)
      }
    }
    return true
  }

  /// The queries, in order, that split some class of those before.
  func splittingList() -> [Int] {
    var partition = Partition(functionCount)
    var list: [Int] = []
    for query in columns.indices where !partition.isDiscrete {
      let before = partition.classCount
      partition.refine(columns[query])
      if partition.classCount > before { list.append(query) }
    }
    return list
  }

  /// Queries without which two functions would be equal: every separating list has them all.
  func forcedQueries(_ deadline: inout Deadline) -> [Int] {
    let hashes = FunctionSet.rowHashes(columns, count: functionCount)
    var seen = StampedSet(capacity: functionCount)
    var suspects: [(query: Int, first: Int, second: Int)] = []
    for (query, column) in columns.enumerated() {
      if deadline.check() { break }
      let shares = FunctionSet.hashShares(query: query, classes: column.classCount)
      seen.clear()
      for function in 0..<functionCount {
        let rest = hashes[function] &- shares[column[function]]
        if let other = seen.insert(rest, function) {
          suspects.append((query, other, function))
          break
        }
      }
    }
    // Equal hashes are only a suspicion; the rows are compared column by column.
    var isForced = [Bool](repeating: true, count: suspects.count)
    for (query, column) in columns.enumerated() {
      for (place, suspect) in suspects.enumerated() {
        let isEqual = column[suspect.first] == column[suspect.second]
        if isEqual != (query != suspect.query) { isForced[place] = false }
      }
    }
    return zip(suspects, isForced).filter(\.1).map(\.0.query)
  }
}

/// A set of 64-bit keys that is emptied at no cost.
private struct StampedSet {
  private var keys: [UInt64]
  private var values: [Int32]
  private var stamps: [UInt32]
  private var stamp: UInt32 = 0

  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    keys = [UInt64](repeating: 0, count: size)
    values = [Int32](repeating: 0, count: size)
    stamps = [UInt32](repeating: 0, count: size)
  }

  mutating func clear() { stamp += 1 }

  /// Enters a key; returns the value of an equal key entered before.
  mutating func insert(_ key: UInt64, _ value: Int) -> Int? {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: key) & mask
    while stamps[slot] == stamp {
      if keys[slot] == key { return Int(values[slot]) }
      slot = (slot &+ 1) & mask
    }
    keys[slot] = key
    values[slot] = Int32(value)
    stamps[slot] = stamp
    return nil
  }
}
