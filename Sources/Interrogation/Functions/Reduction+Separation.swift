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
    // Each of n - 1 compatible splits adds one class, so that none can be left out.
    if columns.count == functionCount - 1 { return Array(columns.indices) }
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
    var owners = StampedSet(capacity: functionCount)
    owners.clear()
    for function in 0..<functionCount { _ = owners.insert(hashes[function], function) }
    var seen = StampedSet(capacity: functionCount)
    var suspects: [(query: Int, first: Int, second: Int)] = []
    for (query, column) in columns.enumerated() {
      if deadline.check() { break }
      let shares = FunctionSet.hashShares(query: query, classes: column.classCount)
      let minority = (functionCount - largest[query]) * (column.classCount - 1)
      let pair =
        minority < functionCount
        ? twin(column, shares, hashes, owners) : twin(column, shares, hashes, &seen)
      if let pair { suspects.append((query, pair.0, pair.1)) }
    }
    return confirmed(suspects)
  }

  /// Two functions with equal hashes but for one column: each of the minority is looked up with the
  /// other answers in place of its own.
  private func twin(
    _ column: Column, _ shares: [UInt64], _ hashes: [UInt64], _ owners: StampedSet
  ) -> (Int, Int)? {
    switch column.labels {
    case .bytes(let labels): twin(labels, column.classSizes, shares, hashes, owners)
    case .wide(let labels): twin(labels, column.classSizes, shares, hashes, owners)
    }
  }

  private func twin<Label: UnsignedInteger>(
    _ labels: [Label], _ sizes: [Int], _ shares: [UInt64], _ hashes: [UInt64],
    _ owners: StampedSet
  ) -> (Int, Int)? {
    let majority = Label(sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0)
    for function in labels.indices where labels[function] != majority {
      let own = Int(labels[function])
      for label in shares.indices where label != own {
        let sought = hashes[function] &- shares[own] &+ shares[label]
        if let other = owners.find(sought) { return (other, function) }
      }
    }
    return nil
  }

  /// The same for a column of many classes: the hashes without it are compared.
  private func twin(
    _ column: Column, _ shares: [UInt64], _ hashes: [UInt64], _ seen: inout StampedSet
  ) -> (Int, Int)? {
    seen.clear()
    for function in 0..<functionCount {
      let rest = hashes[function] &- shares[column[function]]
      if let other = seen.insert(rest, function) { return (other, function) }
    }
    return nil
  }

  /// Equal hashes are only a suspicion; the rows are compared column by column.
  private func confirmed(_ suspects: [(query: Int, first: Int, second: Int)]) -> [Int] {
    var isForced = [Bool](repeating: true, count: suspects.count)
    func compare<Label: Equatable>(_ labels: [Label], _ query: Int) {
      for (place, suspect) in suspects.enumerated() {
        let isEqual = labels[suspect.first] == labels[suspect.second]
        if isEqual != (query != suspect.query) { isForced[place] = false }
      }
    }
    for (query, column) in columns.enumerated() {
      switch column.labels {
      case .bytes(let labels): compare(labels, query)
      case .wide(let labels): compare(labels, query)
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

  /// The value of a key, or nil.
  func find(_ key: UInt64) -> Int? {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: key) & mask
    while stamps[slot] == stamp {
      if keys[slot] == key { return Int(values[slot]) }
      slot = (slot &+ 1) & mask
    }
    return nil
  }

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
