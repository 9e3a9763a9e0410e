/// Exact worst-case search: whether a version space can be identified within d queries.
///
/// Depth-first with a table of version spaces; pruned by the combined bound (THEORY: an adversary who
/// gives majority answers), by class sizes above k^(d-1), and by equal partitions.
struct InteractiveSearch {
  let table: SearchTable
  private(set) var known: VersionSpaceTable
  private(set) var nodes = 0
  private(set) var isStopped = false
  private var sets: [UInt64]
  private var deadline: Deadline
  private var level = 0

  init(_ table: SearchTable, deadline: Deadline) {
    self.table = table
    self.deadline = deadline
    known = VersionSpaceTable(words: table.words)
    sets = table.everything
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

  /// Raises or lowers the deadline between searches.
  mutating func restart(_ deadline: Deadline) {
    self.deadline = deadline
    isStopped = false
  }

  private mutating func can(_ space: Int, _ size: Int, _ list: [Int32], _ depth: Int) -> Bool {
    if size <= 2 { return depth >= size - 1 }
    if depth < 2 && (depth < 1 || size > table.answerCount) { return false }
    let place = known.place(of: sets, at: space, lower: 2 > table.answerCount ? size : 1)
    if known.lower[place] > depth { return false }
    if known.upper[place] <= depth { return true }
    nodes &+= 1
    level &+= 1
    defer { level &-= 1 }
    if deadline.tick() || known.isFull || level > SearchTable.depthLimit { isStopped = true }
    if isStopped { return false }
    var candidates = table.candidates(sets, space, size: size, among: list)
    let live = candidates.map(\.query)
    sort(&candidates)
    candidates = table.distinct(candidates)
    let bound = Counting.combined(
      size, base: table.answerCount, largest: candidates.lazy.map { Int($0.largest) }
    ).depth
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

  private func sort(_ candidates: inout [SearchTable.Candidate]) {
    candidates.sort {
      ($0.largest, $0.squares, $0.query) < ($1.largest, $1.squares, $1.query)
    }
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
