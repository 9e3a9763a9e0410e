/// The cheapest choice of queries that covers every requirement so often as is demanded.
///
/// A requirement is a pair of functions, with the queries that separate them. Depth-first on the
/// requirement with fewest queries left; queries tried before are forbidden; pruned by a dual
/// bound (requirements that share no query, or share only what its cost leaves over).
struct CoverSearch {
  /// Per requirement the queries that serve it, as a bit set of `words` words.
  private let rows: [UInt64]
  private let words: Int
  private let count: Int
  private let costs: [Int]
  private let demand: Int
  private let repeats: Bool
  private var deadline: Deadline
  private(set) var nodes = 0
  private(set) var isStopped = false
  /// How often each query is asked in the best choice.
  private(set) var best: [Int] = []
  private(set) var bestCost = Int128.max
  private var chosen: [Int]

  /// - Parameters:
  ///   - demand: how often each requirement must be served.
  ///   - repeats: whether a query may serve more than once.
  init(
    _ requirements: [[UInt64]], costs: [Int], demand: Int, repeats: Bool, deadline: Deadline
  ) {
    words = max(1, (costs.count + 63) / 64)
    let effort = 1e-9 * Double(requirements.count * requirements.count * words)
    let minimal = CoverSearch.minimal(requirements, isThorough: effort < deadline.remaining)
    rows = minimal.flatMap { $0 }
    count = minimal.count
    self.costs = costs
    self.demand = demand
    self.repeats = repeats
    self.deadline = deadline
    chosen = [Int](repeating: 0, count: costs.count)
  }

  /// Requirements without repetitions and, where there is time, those that another one implies.
  private static func minimal(_ requirements: [[UInt64]], isThorough: Bool) -> [[UInt64]] {
    let distinct = Array(Set(requirements)).map { row in
      (row: row, size: row.reduce(0) { $0 + $1.nonzeroBitCount })
    }
    // Sets have no order; the result must not depend on the run.
    let sorted = distinct.sorted { left, right in
      left.size == right.size
        ? left.row.lexicographicallyPrecedes(right.row) : left.size < right.size
    }
    guard isThorough, sorted.count <= 6_000 else { return sorted.map(\.row) }
    var kept: [[UInt64]] = []
    for (row, _) in sorted {
      let isImplied = kept.contains { smaller in
        zip(smaller, row).allSatisfy { $0 & ~$1 == 0 }
      }
      if !isImplied { kept.append(row) }
    }
    return kept
  }

  /// Whether every requirement can be met at all.
  var isPossible: Bool {
    (0..<count).allSatisfy { row in
      let serving = (0..<words).reduce(0) { $0 + rows[row * words + $1].nonzeroBitCount }
      return repeats ? serving > 0 : serving >= demand
    }
  }

  /// Searches for the cheapest choice; call once, where one is possible.
  ///
  /// - Returns: a proved lower bound; `best` has the choice.
  mutating func solve() -> Int128 {
    let needs = [Int](repeating: demand, count: count)
    let free = [Bool](repeating: true, count: costs.count)
    greedy(needs)
    let lower = dualBound(needs, free)
    if lower < bestCost { branch(needs, free, 0) }
    return isStopped ? min(lower, bestCost) : bestCost
  }

  private func serves(_ row: Int, _ query: Int) -> Bool {
    rows[row &* words &+ query >> 6] >> UInt64(query & 63) & 1 == 1
  }

  /// The most needs met for the cost, again and again.
  private mutating func greedy(_ start: [Int]) {
    var needs = start
    var asked = [Int](repeating: 0, count: costs.count)
    // Per query how many requirements not yet met it serves.
    var gains = [Int](repeating: 0, count: costs.count)
    for row in needs.indices where needs[row] > 0 { each(row) { gains[$0] &+= 1 } }
    while true {
      var pick = (query: -1, gain: 0)
      for query in costs.indices where gains[query] > 0 && (repeats || asked[query] == 0) {
        if pick.query < 0 || gains[query] * costs[pick.query] > pick.gain * costs[query] {
          pick = (query, gains[query])
        }
      }
      guard pick.query >= 0 else { break }
      asked[pick.query] += 1
      for row in needs.indices where needs[row] > 0 && serves(row, pick.query) {
        needs[row] &-= 1
        if needs[row] == 0 { each(row) { gains[$0] &-= 1 } }
      }
    }
    guard needs.allSatisfy({ $0 <= 0 }) else { return }
    offer(asked)
  }

  /// Takes a choice that meets all requirements, without what it has too much, if it is cheaper than
  /// the best so far.
  mutating func offer(_ choice: [Int]) {
    var asked = choice
    dropSuperfluous(&asked)
    let cost = zip(asked, costs).reduce(Int128(0)) { $0 + Int128($1.0) * Int128($1.1) }
    if cost < bestCost { (best, bestCost) = (asked, cost) }
  }

  /// Takes the greedy choice, or one offered if that is cheaper, without search; returns a proved
  /// lower bound.
  mutating func choose() -> Int128 {
    let needs = [Int](repeating: demand, count: count)
    greedy(needs)
    return min(bestCost, dualBound(needs, [Bool](repeating: true, count: costs.count)))
  }

  private func dropSuperfluous(_ asked: inout [Int]) {
    // Per requirement how often it is served beyond what it needs.
    var spare = (0..<count).map { row in
      var sum = -demand
      each(row) { sum &+= asked[$0] }
      return sum
    }
    for query in costs.indices.sorted(by: { (costs[$1], $0) < (costs[$0], $1) }) {
      while asked[query] > 0 {
        guard spare.indices.allSatisfy({ spare[$0] > 0 || !serves($0, query) }) else { break }
        asked[query] -= 1
        for row in spare.indices where serves(row, query) { spare[row] &-= 1 }
      }
    }
  }

  /// Dual ascent: requirements pay for their queries without overpaying any.
  private func dualBound(_ needs: [Int], _ free: [Bool]) -> Int128 {
    var left = costs
    var bound: Int128 = 0
    let order = needs.indices.filter { needs[$0] > 0 }
    // Forced requirements first: their payment takes little from others.
    let sized = order.map { row in
      (row: row, size: free.indices.reduce(0) { $0 + (free[$1] && serves(row, $1) ? 1 : 0) })
    }.sorted { ($0.size, $0.row) < ($1.size, $1.row) }
    for (row, _) in sized {
      var least = Int.max
      each(row) { query in if free[query] { least = min(least, left[query]) } }
      if least == Int.max { return Int128.max }
      if least == 0 { continue }
      each(row) { query in if free[query] { left[query] -= least } }
      bound += Int128(least) * Int128(needs[row])
    }
    return bound
  }

  @inline(__always)
  private func each(_ row: Int, _ body: (Int) -> Void) {
    for word in 0..<words {
      var bits = rows[row &* words &+ word]
      while bits != 0 {
        body(word &<< 6 &+ bits.trailingZeroBitCount)
        bits &= bits &- 1
      }
    }
  }

  private mutating func branch(_ needs: [Int], _ free: [Bool], _ spent: Int128) {
    nodes &+= 1
    if deadline.tick(count &* words &* 4 &+ 1000) { isStopped = true }
    if isStopped { return }
    guard let hardest = hardest(needs, free) else {
      if spent < bestCost { (bestCost, best) = (spent, chosen) }
      return
    }
    let bound = dualBound(needs, free)
    if bound == Int128.max || spent + bound >= bestCost { return }
    var gains: [(query: Int, gain: Int)] = []
    each(hardest) { query in
      guard free[query] else { return }
      let gain = needs.indices.reduce(0) { $0 + (needs[$1] > 0 && serves($1, query) ? 1 : 0) }
      gains.append((query, gain))
    }
    gains.sort {
      let (first, second) = ($0.gain * costs[$1.query], $1.gain * costs[$0.query])
      return first == second ? $0.query < $1.query : first > second
    }
    var left = free
    for (query, _) in gains {
      var smaller = needs
      for row in smaller.indices where serves(row, query) { smaller[row] -= 1 }
      var still = left
      if !repeats { still[query] = false }
      chosen[query] += 1
      branch(smaller, still, spent + Int128(costs[query]))
      chosen[query] -= 1
      if isStopped { return }
      left[query] = false
    }
  }

  /// The requirement not yet met that the fewest free queries serve; nil if all are met.
  private func hardest(_ needs: [Int], _ free: [Bool]) -> Int? {
    var best: (row: Int, size: Int)?
    for row in needs.indices where needs[row] > 0 {
      var size = 0
      each(row) { query in if free[query] { size += 1 } }
      if size < best?.size ?? Int.max { best = (row, size) }
    }
    return best?.row
  }
}
