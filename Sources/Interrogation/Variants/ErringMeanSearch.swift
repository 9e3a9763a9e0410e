/// The least mean cost where answers may be wrong.
///
/// A function's cost under a strategy is that of the most expensive play that it can bring about
/// within its lies and the tolerance; the mean is over the prior. These costs do not add up position
/// by position, since the worst answer may be another one for each function. So a position keeps all
/// vectors of costs, one a function, that some strategy reaches and none undercuts everywhere. Vectors
/// that cannot be part of a play of total cost within a budget are dropped; budgets are raised until
/// one is enough.
struct ErringMeanSearch {
  /// What one strategy costs from a position on, and how it begins.
  private struct Entry {
    /// Per function the cost of its most expensive play; 0 where it is out.
    var costs: [Int]
    /// The query asked, or -1 at the end.
    var query: Int32
    /// Where each answer leads, and which vector is meant there.
    var children: [Child]
  }

  private struct Child {
    let key: Key
    var entry: Int32
  }

  private struct Key: Hashable {
    let position: [UInt8]
    let spent: Int
  }

  private let game: ErringGame
  private let bounds: ErringMeanBounds
  private let weights: [Int]
  private var deadline: Deadline
  private var fronts: [Key: [Entry]] = [:]
  private var entryCount = 0
  /// The total cost that is allowed at present.
  private var budget: Int128 = 0
  private(set) var nodes = 0
  private(set) var isStopped = false
  /// Vectors kept are at most about this many.
  private static let capacity = 2_000_000

  init(_ game: ErringGame, weights: [Int], deadline: Deadline) {
    self.game = game
    self.weights = weights
    self.deadline = deadline
    bounds = ErringMeanBounds(game, weights: weights)
  }

  /// No strategy has a smaller total, as is seen without search.
  var rootBound: Int128 { bounds.total(game.start, spent: 0) }

  /// The least total cost, or what is proved of it when the time is over.
  ///
  /// - Parameter upper: what some strategy reaches.
  /// - Returns: the lower bound, and a strategy that reaches it if one below `upper` does.
  mutating func solve(upper: Int128) -> (lower: Int128, strategy: Strategy?) {
    var lower = rootBound
    while lower < upper {
      budget = min(upper - 1, lower + (upper - lower) / 6)
      fronts = [:]
      entryCount = 0
      let start = Key(position: game.start, spent: 0)
      let front = front(start)
      if isStopped { return (lower, nil) }
      let totals = front.map { total($0.costs) }
      if let best = totals.indices.min(by: { totals[$0] < totals[$1] }) {
        return (totals[best], strategy(from: Child(key: start, entry: Int32(best))))
      }
      lower = budget + 1
    }
    return (upper, nil)
  }

  private func total(_ costs: [Int]) -> Int128 {
    costs.indices.reduce(0) { $0 + Int128(weights[$1]) * Int128(costs[$1]) }
  }

  /// All vectors worth keeping at a position.
  private mutating func front(_ key: Key) -> [Entry] {
    let end = [Int](repeating: 0, count: weights.count)
    if game.verdict(key.position) != nil { return [Entry(costs: end, query: -1, children: [])] }
    if let known = fronts[key] { return known }
    let floor = bounds.total(key.position, spent: key.spent)
    if floor > budget || isStopped { return [] }
    nodes &+= 1
    if deadline.tick(game.work &* 4) || entryCount > ErringMeanSearch.capacity { isStopped = true }
    let room = Room(
      alive: game.alive(key.position), least: bounds.least(key.position), spent: key.spent,
      budget: budget - bounds.gone(key.position), weights: weights)
    var best: [Entry] = []
    for move in game.moves(key.position) {
      let joined = joined(move, key, room)
      if isStopped { return [] }
      for entry in joined {
        if deadline.tick(best.count &* weights.count) { isStopped = true }
        ErringMeanSearch.insert(entry, into: &best)
      }
      if best.contains(where: { room.isLeast($0.costs) }) { break }
    }
    fronts[key] = best
    entryCount += best.count
    return best
  }

  /// The vectors of beginning with a move: the worst of its answers for each function.
  private mutating func joined(
    _ move: ErringGame.Move, _ key: Key, _ room: Room
  ) -> [Entry] {
    let keys = move.children.map { Key(position: $0, spent: key.spent + move.cost) }
    var fronts: [[Entry]] = []
    for key in keys {
      let front = front(key)
      if front.isEmpty { return [] }
      fronts.append(front)
    }
    var joined = [
      Entry(
        costs: [Int](repeating: 0, count: weights.count), query: Int32(move.query), children: [])
    ]
    for (key, front) in zip(keys, fronts) {
      var next: [Entry] = []
      for first in joined {
        for place in front.indices {
          if deadline.tick((next.count &+ 4) &* weights.count) || next.count > 100_000 {
            isStopped = true
            return []
          }
          var entry = first
          for function in entry.costs.indices {
            entry.costs[function] = max(entry.costs[function], front[place].costs[function])
          }
          guard room.allows(entry.costs, after: move.cost) else { continue }
          entry.children.append(Child(key: key, entry: Int32(place)))
          ErringMeanSearch.insert(entry, into: &next)
        }
      }
      joined = next
    }
    return joined.map { entry in
      var entry = entry
      for function in room.alive { entry.costs[function] += move.cost }
      return entry
    }
  }

  /// What a position has room for.
  private struct Room {
    let alive: [Int]
    /// Per function a lower bound of what it still costs.
    let least: [Int]
    let spent: Int
    let budget: Int128
    let weights: [Int]

    /// Whether costs after a question fit the budget.
    func allows(_ costs: [Int], after cost: Int) -> Bool {
      var total: Int128 = 0
      for function in alive {
        let own = max(costs[function] + cost, least[function])
        total += Int128(weights[function]) * Int128(spent + own)
      }
      return total <= budget
    }

    /// Whether no vector can be better anywhere.
    func isLeast(_ costs: [Int]) -> Bool {
      alive.allSatisfy { weights[$0] == 0 || costs[$0] <= least[$0] }
    }
  }

  /// Adds a vector unless another one is nowhere worse; drops those that it makes superfluous.
  private static func insert(_ entry: Entry, into front: inout [Entry]) {
    for other in front where isBelow(other.costs, entry.costs) { return }
    front.removeAll { isBelow(entry.costs, $0.costs) }
    front.append(entry)
  }

  @inline(__always)
  private static func isBelow(_ first: [Int], _ second: [Int]) -> Bool {
    for place in first.indices where first[place] > second[place] { return false }
    return true
  }

  /// The tree of a vector; nil if it is too large.
  private func strategy(from root: Child, nodeLimit: Int = 200_000) -> Strategy? {
    var nodes: [Strategy.Node] = [.identified(function: 0)]
    var tasks = [(node: 0, child: root)]
    while let task = tasks.popLast() {
      let position = task.child.key.position
      if let function = game.verdict(position) {
        nodes[task.node] = .identified(function: function)
        continue
      }
      guard let front = fronts[task.child.key], nodes.count < nodeLimit else { return nil }
      let entry = front[Int(task.child.entry)]
      var branches: [Strategy.Branch] = []
      for (answer, next) in game.answers(position, Int(entry.query)) {
        // An answer that only functions out of play give is a lie of all: less is left than
        // whatever other answer is given, so that any other play will do.
        guard
          let child = entry.children.first(where: { $0.key.position == next })
            ?? entry.children.first
        else { return nil }
        branches.append(
          Strategy.Branch(
            answer: answer, node: nodes.count, text: game.text(position, Int(entry.query), answer)))
        tasks.append((nodes.count, child))
        nodes.append(.identified(function: 0))
      }
      nodes[task.node] = .ask(query: Int(entry.query), branches: branches)
    }
    return Strategy(nodes: nodes)
  }
}
