/// Exact search for a list of queries that separates all pairs of functions.
///
/// Depth-first on the pair with fewest separators, queries tried before are forbidden; pruned by
/// class sizes above k^r and by the pairs that the r best queries separate. Where labels are asked
/// for, only pairs of different labels count, and a class is as large as it has labels.
struct SeparatingSearch {
  private struct Class {
    var offset: Int
    /// How many functions, or labels, it has.
    var size: Int
    /// How many pairs are to be separated.
    var pairs: Int
  }

  private struct Option {
    var query: Int32
    var separated: Int
  }

  let table: SearchTable
  private(set) var nodes = 0
  private(set) var isStopped = false
  private(set) var list: [Int] = []
  private let rows: Rows
  private let labels: LabelCounts?
  private var sets: [UInt64] = []
  private var deadline: Deadline

  /// - Parameter labels: one a function, where they are asked for.
  init(_ table: SearchTable, labels: [Int]? = nil, deadline: Deadline) {
    self.table = table
    self.deadline = deadline
    self.labels = labels.map { LabelCounts($0) }
    rows = Rows(table)
  }

  /// Goes on with another deadline.
  mutating func restart(_ deadline: Deadline) {
    self.deadline = deadline
    isStopped = false
  }

  /// Whether `count` of the queries `available` separate all pairs within the classes given.
  ///
  /// On success `list` holds them; meaningless once `isStopped`.
  mutating func canSeparate(
    _ classes: [[Int32]], with count: Int, available: [Int32]? = nil
  ) -> Bool {
    sets = []
    list = []
    var start: [Class] = []
    for members in classes where members.count > 1 {
      let part = measured(members, at: sets.count)
      guard part.pairs > 0 else { continue }
      start.append(part)
      table.append(members, to: &sets)
    }
    return search(start, count, available ?? (0..<Int32(table.queryCount)).map { $0 })
  }

  private func measured(_ members: [Int32], at offset: Int) -> Class {
    let count = members.count
    guard let labels else {
      return Class(offset: offset, size: count, pairs: count * (count - 1) / 2)
    }
    let (kinds, pairs) = labels.measure(members)
    return Class(offset: offset, size: kinds, pairs: pairs)
  }

  private mutating func search(_ classes: [Class], _ count: Int, _ available: [Int32]) -> Bool {
    if classes.isEmpty { return true }
    let largest = classes.reduce(0) { max($0, $1.size) }
    if count < 1 || largest > Counting.power(table.answerCount, count, limit: largest) {
      return false
    }
    nodes &+= 1
    if deadline.tick(available.count &* classes.count &* table.words &* 2 &+ 1000) {
      isStopped = true
    }
    if isStopped { return false }
    let pairs = classes.reduce(0) { $0 + $1.pairs }
    var options = self.options(classes, count, available)
    options.sort { ($1.separated, $0.query) < ($0.separated, $1.query) }
    guard let first = options.first else { return false }
    if count == 1 {
      if first.separated == pairs { list.append(Int(first.query)) }
      return first.separated == pairs
    }
    guard dropWeak(&options, count, pairs) else { return false }
    return branch(classes, count, options)
  }

  /// The queries that can belong to a list of `count`, with the pairs that each separates.
  private func options(_ classes: [Class], _ count: Int, _ available: [Int32]) -> [Option] {
    let reach = Counting.power(table.answerCount, count - 1, limit: table.count)
    let isListed = table.hasWideQueries || labels != nil
    let members = isListed ? classes.map { table.members(sets, $0.offset) } : []
    var options: [Option] = []
    options.reserveCapacity(available.count)
    for query in available {
      var separated = 0
      var fits = true
      for (place, part) in classes.enumerated() {
        let largest: Int
        if let labels {
          let split = labels.split(members[place], table, Int(query))
          separated &+= part.pairs &- split.pairs
          largest = split.largest
        } else {
          let split =
            members.isEmpty
            ? table.split(sets, part.offset, Int(query)) : table.split(members[place], Int(query))
          separated &+= (part.size &* part.size &- split.squares) / 2
          largest = split.largest
        }
        if largest > reach {
          fits = false
          break
        }
      }
      if fits && separated > 0 { options.append(Option(query: query, separated: separated)) }
    }
    return options
  }

  /// Drops queries that cannot be made up for by the best others; false if nothing is left.
  private func dropWeak(_ options: inout [Option], _ count: Int, _ pairs: Int) -> Bool {
    let best = options.prefix(count - 1).reduce(0) { $0 + $1.separated }
    options.removeAll { $0.separated + best < pairs }
    return options.prefix(count).reduce(0) { $0 + $1.separated } >= pairs
  }

  private mutating func branch(_ classes: [Class], _ count: Int, _ options: [Option]) -> Bool {
    var available = [UInt64](repeating: 0, count: rows.words)
    for option in options { available[Int(option.query >> 6)] |= 1 << UInt64(option.query & 63) }
    guard let pair = rarestPair(classes, available) else { return false }
    var left = options.map(\.query)
    for option in options where rows.separates(Int(option.query), pair.0, pair.1) {
      left.removeAll { $0 == option.query }
      let top = sets.count
      let found = search(refined(classes, by: Int(option.query)), count - 1, left)
      sets.removeLast(sets.count - top)
      if found {
        list.append(Int(option.query))
        return true
      }
      if isStopped { return false }
    }
    return false
  }

  /// The pair that the fewest available queries separate; nil if one has none at all.
  ///
  /// Also nil where the time is over.
  private mutating func rarestPair(_ classes: [Class], _ available: [UInt64]) -> (Int, Int)? {
    var best = Int.max
    var pair = (0, 0)
    for part in classes {
      let members = table.members(sets, part.offset)
      for (place, first) in members.enumerated() {
        // Large sets have more pairs than the search has time for.
        if deadline.tick((members.count - place) &* rows.words &* 8) {
          isStopped = true
          return nil
        }
        for second in members[(place + 1)...] where labels?.isAlike(first, second) != true {
          let count = rows.count(Int(first), Int(second), available)
          if count < best {
            best = count
            pair = (Int(first), Int(second))
            if count == 0 { return nil }
          }
        }
      }
    }
    return pair
  }

  private mutating func refined(_ classes: [Class], by query: Int) -> [Class] {
    var refined: [Class] = []
    for part in classes {
      for piece in table.appendClasses(of: query, part.offset, to: &sets) where piece.size > 1 {
        guard labels != nil else {
          let pairs = piece.size &* (piece.size &- 1) / 2
          refined.append(Class(offset: piece.offset, size: piece.size, pairs: pairs))
          continue
        }
        let part = measured(table.members(sets, piece.offset), at: piece.offset)
        if part.pairs > 0 { refined.append(part) }
      }
    }
    return refined
  }
}

/// Counts labels, and pairs of different ones, in sets of functions.
struct LabelCounts {
  private let labels: [Int]
  private let kinds: Int

  init(_ labels: [Int]) {
    self.labels = labels
    kinds = (labels.max() ?? 0) + 1
  }

  /// Whether two functions have one label.
  func isAlike(_ first: Int32, _ second: Int32) -> Bool {
    labels[Int(first)] == labels[Int(second)]
  }

  /// How many labels some functions have, and how many pairs of different labels.
  func measure(_ members: [Int32]) -> (kinds: Int, pairs: Int) {
    var counts = [Int](repeating: 0, count: kinds)
    var (distinct, same) = (0, 0)
    for member in members {
      let label = labels[Int(member)]
      if counts[label] == 0 { distinct += 1 }
      same += counts[label]
      counts[label] += 1
    }
    return (distinct, members.count * (members.count - 1) / 2 - same)
  }

  /// What a query leaves of some functions: the most labels together, and the pairs of different
  /// labels that stay together.
  func split(_ members: [Int32], _ table: SearchTable, _ query: Int) -> (largest: Int, pairs: Int) {
    let parts = table.classCounts[query]
    var counts = [Int32](repeating: 0, count: parts &* kinds)
    var sizes = [Int](repeating: 0, count: parts)
    var distinct = [Int](repeating: 0, count: parts)
    var pairs = 0
    for member in members {
      let part = table.label(query, Int(member))
      let place = part &* kinds &+ labels[Int(member)]
      if counts[place] == 0 { distinct[part] &+= 1 }
      pairs &+= sizes[part] &- Int(counts[place])
      counts[place] &+= 1
      sizes[part] &+= 1
    }
    return (distinct.max() ?? 0, pairs)
  }
}
