/// Exact worst-case search: whether a version space can be identified within d queries.
///
/// Depth-first with a table of version spaces; pruned by the combined bound (THEORY: an adversary
/// who gives majority answers), by class sizes above k^(d-1), and by equal partitions.
struct InteractiveSearch {
  let table: SearchTable
  private(set) var known: VersionSpaceTable
  private(set) var nodes = 0
  private(set) var isStopped = false
  private let logarithms: [Int]
  private var sets: [UInt64]
  private var deadline: Deadline
  private var level = 0

  init(_ table: SearchTable, deadline: Deadline) {
    self.table = table
    self.deadline = deadline
    known = VersionSpaceTable(words: table.words)
    sets = table.everything
    logarithms = (0...table.count).map { Counting.ceilingLog($0, base: table.answerCount) }
  }

  private var allQueries: [Int32] { (0..<Int32(table.queryCount)).map { $0 } }

  /// Whether `depth` queries are enough for all functions; meaningless once `isStopped`.
  mutating func canIdentifyAll(within depth: Int) -> Bool {
    can(0, table.count, allQueries, depth)
  }

  /// Whether `depth` queries are enough for these functions.
  mutating func canIdentify(_ members: [Int32], within depth: Int) -> Bool {
    let offset = push(members)
    defer { sets.removeLast(table.words) }
    return can(offset, members.count, allQueries, depth)
  }

  private mutating func push(_ members: [Int32]) -> Int {
    let offset = sets.count
    table.append(members, to: &sets)
    return offset
  }

  private mutating func can(_ space: Int, _ size: Int, _ list: [Int32], _ depth: Int) -> Bool {
    if size <= 2 { return depth >= size - 1 }
    if depth < 2 && (depth < 1 || size > table.answerCount) { return false }
    let place = known.place(of: sets, at: space, lower: 1)
    if known.lower[place] > depth { return false }
    if known.upper[place] <= depth { return true }
    nodes &+= 1
    level &+= 1
    defer { level &-= 1 }
    if deadline.tick(list.count &* table.words &+ 100) || known.isFull
      || level > SearchTable.depthLimit
    {
      isStopped = true
    }
    if isStopped { return false }
    let found = table.candidates(sets, space, size: size, among: list)
    let live = found.map(\.query)
    let (candidates, bound) = promising(found, space, size, depth)
    if bound > depth {
      known.lower[place] = max(known.lower[place], bound)
      return false
    }
    let reach = Counting.power(table.answerCount, depth - 1, limit: size)
    for candidate in candidates {
      if Int(candidate.largest) > reach { break }
      if children(of: Int(candidate.query), space, live, depth - 1) {
        known.upper[place] = depth
        known.query[place] = candidate.query
        return true
      }
      if isStopped { return false }
    }
    known.lower[place] = max(known.lower[place], depth + 1)
    return false
  }

  /// The queries worth trying, best first, and a lower bound.
  ///
  /// What a query leaves to its largest class is all that a majority answer tells: its *minority*
  /// is gone. A query whose minority lies within another's adds nothing to what j majority answers
  /// rule out, so the combined bound counts the others alone. If moreover that other minority has
  /// at most `depth` functions, which `depth - 1` queries tell apart, the query need not be tried
  /// first.
  private func promising(
    _ found: [SearchTable.Candidate], _ space: Int, _ size: Int, _ depth: Int
  ) -> (candidates: [SearchTable.Candidate], bound: Int) {
    let sorted = found.sorted {
      $0.rank == $1.rank ? $0.key < $1.key : $0.rank < $1.rank
    }
    var worth: [SearchTable.Candidate] = []
    worth.reserveCapacity(sorted.count)
    var minorities: [UInt64] = []
    minorities.reserveCapacity(sorted.count * table.words)
    var sizes: [Int] = []
    var left = size
    var bound = logarithms[size]
    var last: UInt64?
    for candidate in sorted {
      if candidate.key == last { continue }
      last = candidate.key
      let start = minorities.count
      table.appendMinority(of: candidate, space, sets, to: &minorities)
      let own = size - Int(candidate.largest)
      if let above = container(of: start, in: minorities) {
        minorities.removeLast(table.words)
        if sizes[above] > depth { worth.append(candidate) }
        continue
      }
      worth.append(candidate)
      sizes.append(own)
      left -= own
      if left > 1 { bound = max(bound, sizes.count + logarithms[left]) }
    }
    return (worth, bound)
  }

  /// The place of an earlier minority that contains the one at `start`.
  private func container(of start: Int, in minorities: [UInt64]) -> Int? {
    let words = table.words
    var other = 0
    while other < start {
      var rest: UInt64 = 0
      for word in 0..<words {
        rest |= minorities[start &+ word] & ~minorities[other &+ word]
        if rest != 0 { break }
      }
      if rest == 0 { return other / words }
      other &+= words
    }
    return nil
  }

  /// Whether all classes of a query can be identified within `depth`.
  private mutating func children(
    of query: Int, _ space: Int, _ live: [Int32], _ depth: Int
  ) -> Bool {
    let top = sets.count
    defer { sets.removeLast(sets.count - top) }
    var parts = table.appendClasses(of: query, space, to: &sets)
    parts.sort { $0.size > $1.size }
    for part in parts where part.size > 2 {
      let place = known.find(sets, at: part.offset)
      if place >= 0 && known.lower[place] > depth { return false }
    }
    for part in parts where !can(part.offset, part.size, live, depth) { return false }
    return true
  }

  /// The tree found, after a successful search of all functions.
  mutating func strategy() -> Strategy? {
    let table = table
    return table.strategy { firstQuery($0) }
  }

  private mutating func firstQuery(_ members: [Int32]) -> Int? {
    let offset = push(members)
    defer { sets.removeLast(table.words) }
    let place = known.find(sets, at: offset)
    return place < 0 || known.query[place] < 0 ? nil : Int(known.query[place])
  }
}
