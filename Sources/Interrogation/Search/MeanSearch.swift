/// Exact search for the least weighted path length, by branch and bound over version spaces.
struct MeanSearch {
  let table: SearchTable
  private(set) var known: VersionSpaceTable
  private(set) var nodes = 0
  private(set) var isStopped = false
  private let weights: [Int]
  private let isUniform: Bool
  private let pathLengths: [Int]
  private var sets: [UInt64]
  private var deadline: Deadline
  private var level = 0

  /// Whole-number weights, one a function; `isUniform` if all are 1.
  init(_ table: SearchTable, weights: [Int], deadline: Deadline) {
    self.table = table
    self.weights = weights
    self.deadline = deadline
    isUniform = weights.allSatisfy { $0 == 1 }
    pathLengths = (0...table.count).map { Counting.pathLength($0, base: table.answerCount) }
    known = VersionSpaceTable(words: table.words)
    sets = table.everything
  }

  /// The least cost if it is at most `limit`, else a lower bound above `limit`.
  mutating func cost(limit: Int) -> Int {
    let list = (0..<Int32(table.queryCount)).map { $0 }
    return cost(0, table.count, list, limit: limit)
  }

  private func weight(_ space: Int, _ size: Int) -> Int {
    isUniform
      ? size : table.members(sets, space).reduce(0) { $0 + weights[Int($1)] }
  }

  /// A lower bound that needs no queries.
  private func simpleBound(_ space: Int, _ size: Int) -> Int {
    if isUniform { return pathLengths[size] }
    let own = table.members(sets, space).map { weights[Int($0)] }.sorted()
    return Counting.huffman(own, base: table.answerCount)
  }

  private func bound(_ space: Int, _ size: Int) -> Int {
    if size == 1 { return 0 }
    if size == 2 { return weight(space, 2) }
    let place = known.find(sets, at: space)
    return place >= 0 ? known.lower[place] : simpleBound(space, size)
  }

  private mutating func cost(_ space: Int, _ size: Int, _ list: [Int32], limit: Int) -> Int {
    if size <= 2 { return bound(space, size) }
    var place = known.find(sets, at: space)
    if place < 0 {
      place = known.place(of: sets, at: space, lower: simpleBound(space, size))
    }
    if known.lower[place] > limit || known.lower[place] == known.upper[place] {
      return known.lower[place]
    }
    nodes &+= 1
    level &+= 1
    defer { level &-= 1 }
    if deadline.tick(list.count &* table.words &* (table.answerCount &+ 2)) || known.isFull
      || level > SearchTable.depthLimit
    {
      isStopped = true
    }
    if isStopped { return known.lower[place] }
    var found = table.candidates(sets, space, size: size, among: list)
    let live = found.map(\.query)
    found = table.distinct(found)
    if found.allSatisfy({ Int($0.largest) == size - 1 }) {
      let (cost, query) = singletonCost(space, found)
      settle(place, cost, query)
      return cost
    }
    return best(place, space, size, order(found, space, size), live, limit)
  }

  private mutating func settle(_ place: Int, _ cost: Int, _ query: Int32) {
    known.lower[place] = cost
    known.upper[place] = cost
    known.query[place] = query
  }

  /// Where every query takes out one function, the heaviest go first.
  private func singletonCost(
    _ space: Int, _ found: [SearchTable.Candidate]
  ) -> (cost: Int, query: Int32) {
    let members = table.members(sets, space)
    var takers: [(weight: Int, query: Int32)] = []
    for candidate in found {
      let query = Int(candidate.query)
      let labels = members.map { table.label(query, Int($0)) }
      let alone = labels.indices.first { place in
        labels[place] != labels[(place + 1) % labels.count]
          && labels[place] != labels[(place + 2) % labels.count]
      }
      if let alone { takers.append((weights[Int(members[alone])], candidate.query)) }
    }
    takers.sort { $0.weight == $1.weight ? $0.query < $1.query : $0.weight > $1.weight }
    var left = members.reduce(0) { $0 + weights[Int($1)] }
    var cost = 0
    for taker in takers.prefix(members.count - 1) {
      cost += left
      left -= taker.weight
    }
    return (cost, takers[0].query)
  }

  private struct Option {
    var query: Int32
    var bound: Int
    var squares: Int32
  }

  /// The queries with a lower bound each, best first.
  private mutating func order(
    _ found: [SearchTable.Candidate], _ space: Int, _ size: Int
  ) -> [Option] {
    let own = weight(space, size)
    var options: [Option] = []
    options.reserveCapacity(found.count)
    for candidate in found {
      let top = sets.count
      var total = own
      for part in table.appendClasses(of: Int(candidate.query), space, to: &sets) {
        total += bound(part.offset, part.size)
      }
      sets.removeLast(sets.count - top)
      options.append(Option(query: candidate.query, bound: total, squares: candidate.squares))
    }
    return options.sorted {
      ($0.bound, $0.squares, $0.query) < ($1.bound, $1.squares, $1.query)
    }
  }

  private mutating func best(
    _ place: Int, _ space: Int, _ size: Int, _ options: [Option], _ live: [Int32], _ limit: Int
  ) -> Int {
    var best = limit == Int.max ? limit : limit + 1
    var query: Int32 = -1
    var proved = Int.max
    for option in options {
      if option.bound >= best {
        proved = min(proved, option.bound)
        break
      }
      let total = refined(option, space, size, live, below: best)
      proved = min(proved, total)
      if isStopped { break }
      if total < best {
        best = total
        query = option.query
      }
    }
    if isStopped { return known.lower[place] }
    if query >= 0 {
      settle(place, best, query)
      return best
    }
    known.lower[place] = max(known.lower[place], proved)
    return known.lower[place]
  }

  /// The cost of beginning with a query if it is below `best`, else a lower bound of it.
  private mutating func refined(
    _ option: Option, _ space: Int, _ size: Int, _ live: [Int32], below best: Int
  ) -> Int {
    let top = sets.count
    defer { sets.removeLast(sets.count - top) }
    var parts = table.appendClasses(of: Int(option.query), space, to: &sets)
    parts.sort { $0.size > $1.size }
    // Bounds may have risen since the options were ordered, so the sum is taken anew.
    var total = weight(space, size)
    for part in parts { total += bound(part.offset, part.size) }
    if total >= best { return total }
    for part in parts where part.size > 2 {
      let guess = bound(part.offset, part.size)
      let slack = best - 1 - total
      let exact = cost(part.offset, part.size, live, limit: slack + guess)
      total += exact - guess
      if total >= best || isStopped { return total }
    }
    return total
  }

  /// The lower bound proved for all functions so far.
  var rootBound: Int {
    let place = known.find(sets, at: 0)
    return place >= 0 ? known.lower[place] : 0
  }

  /// The best tree, after a complete search.
  mutating func strategy() -> Strategy? {
    deadline = Deadline(within: 10)
    let table = table
    return table.strategy { firstQuery($0) }
  }

  private mutating func firstQuery(_ members: [Int32]) -> Int? {
    let top = sets.count
    defer { sets.removeLast(table.words) }
    table.append(members, to: &sets)
    // Trees below queries of one against the rest are not in the table yet.
    _ = cost(top, members.count, (0..<Int32(table.queryCount)).map { $0 }, limit: Int.max)
    let place = known.find(sets, at: top)
    return place < 0 || known.query[place] < 0 ? nil : Int(known.query[place])
  }
}
