/// Smallest teaching sets: the fewest queries whose answers rule out all functions but one.
struct TeachingSearch {
  let table: SearchTable
  private(set) var nodes = 0
  private(set) var isStopped = false
  private(set) var list: [Int] = []
  private let rows: Rows
  private var covers: [UInt64] = []
  private var function = 0
  private var deadline: Deadline

  init(_ table: SearchTable, deadline: Deadline) {
    self.table = table
    self.deadline = deadline
    rows = Rows(table)
  }

  /// Begins with another function to teach.
  mutating func begin(_ function: Int) {
    self.function = function
    let words = table.words
    let everyone = table.everything
    covers = [UInt64](repeating: 0, count: table.queryCount * words)
    for query in 0..<table.queryCount {
      let own = table.label(query, function)
      if let mask = table.mask(query, own) {
        for word in 0..<words {
          covers[query &* words &+ word] = everyone[word] & ~table.masks[mask &+ word]
        }
        continue
      }
      for other in 0..<table.count where table.label(query, other) != own {
        covers[query * words + other >> 6] |= 1 << UInt64(other & 63)
      }
    }
  }

  private var others: [UInt64] {
    var set = table.everything
    set[function >> 6] &= ~(1 << UInt64(function & 63))
    return set
  }

  /// The teaching set of the greedy rule: rule out most others each time.
  func greedy() -> [Int] {
    var rest = others
    var size = table.count - 1
    var chosen: [Int] = []
    while size > 0 {
      var best = (query: -1, count: 0)
      for query in 0..<table.queryCount {
        let count = ruledOut(query, rest)
        if count > best.count { best = (query, count) }
      }
      guard best.query >= 0 else { break }
      chosen.append(best.query)
      size -= best.count
      for word in rest.indices { rest[word] &= ~covers[best.query * table.words + word] }
    }
    return chosen
  }

  @inline(__always)
  private func ruledOut(_ query: Int, _ rest: [UInt64]) -> Int {
    var count = 0
    let start = query &* table.words
    for word in 0..<table.words {
      count &+= (rest[word] & covers[start &+ word]).nonzeroBitCount
    }
    return count
  }

  /// Whether `count` queries teach the function; then `list` holds them.
  mutating func canTeach(with count: Int) -> Bool {
    list = []
    return search(others, table.count - 1, count, (0..<table.queryCount).map { $0 })
  }

  private mutating func search(
    _ rest: [UInt64], _ size: Int, _ count: Int, _ available: [Int]
  ) -> Bool {
    if size == 0 { return true }
    nodes &+= 1
    if deadline.tick(available.count &* table.words &+ 1000) { isStopped = true }
    if count == 0 || isStopped { return false }
    var options = available.map { (query: $0, count: ruledOut($0, rest)) }
    options.removeAll { $0.count == 0 }
    options.sort { $0.count == $1.count ? $0.query < $1.query : $0.count > $1.count }
    guard options.prefix(count).reduce(0, { $0 + $1.count }) >= size else { return false }
    if count == 1 {
      list.append(options[0].query)
      return true
    }
    let hardest = rarest(rest, options.map(\.query))
    var left = options.map(\.query)
    for option in options where rows.separates(option.query, function, hardest) {
      left.removeAll { $0 == option.query }
      var smaller = rest
      for word in smaller.indices { smaller[word] &= ~covers[option.query * table.words + word] }
      if search(smaller, size - option.count, count - 1, left) {
        list.append(option.query)
        return true
      }
      if isStopped { return false }
    }
    return false
  }

  /// The function that the fewest available queries rule out.
  private func rarest(_ rest: [UInt64], _ queries: [Int]) -> Int {
    var available = [UInt64](repeating: 0, count: rows.words)
    for query in queries { available[query >> 6] |= 1 << UInt64(query & 63) }
    var best = (function: 0, count: Int.max)
    for other in table.members(rest, 0) {
      let count = rows.count(function, Int(other), available)
      if count < best.count { best = (Int(other), count) }
    }
    return best.function
  }
}
