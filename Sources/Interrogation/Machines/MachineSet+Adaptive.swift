import Execution

extension MachineSet {
  /// The adaptive play of least depth that identifies every machine without reset.
  ///
  /// Positions are the states that the machines consistent with the outputs are in. Deepening
  /// search first; where that takes long, the graph of all positions is explored, which also shows
  /// that no play exists.
  public func adaptive(within seconds: Double = 10) throws -> SequenceSolution<Strategy> {
    if count == 1 {
      return SequenceSolution(
        bound: Bound(lower: 0, upper: 0, reason: .trivial),
        witness: Strategy(nodes: [.identified(function: 0)]))
    }
    var search = AdaptiveSearch(self, deadline: Deadline(within: seconds))
    let depth = search.solve()
    let reason = Reason.search(nodes: search.nodes)
    let open = SequenceSolution<Strategy>(
      bound: Bound(lower: depth.lower, upper: Int.max, reason: reason), witness: nil,
      isOutOfMemory: search.isOutOfMemory)
    guard depth.isProved else { return open }
    guard depth.lower != Int.max else {
      return SequenceSolution(
        bound: Bound(lower: Int.max, upper: Int.max, reason: reason), witness: nil)
    }
    guard let tree = search.strategy() else { return open }
    try verify(tree)
    return SequenceSolution(
      bound: Bound(lower: depth.lower, upper: tree.depth, reason: reason), witness: tree)
  }

  /// Checks a tree of inputs: each machine must arrive at the leaf that names it.
  ///
  /// - Throws: `Failure` that says where it goes astray.
  public func verify(_ strategy: Strategy) throws {
    guard !strategy.nodes.isEmpty else { throw Failure("the decision tree is empty") }
    for machine in 0..<count {
      var state = Int(initial[machine])
      var place = 0
      while case .ask(let input, let branches) = strategy.nodes[place] {
        guard inputNames.indices.contains(input) else {
          throw Failure("the decision tree asks input \(input) of \(inputCount)")
        }
        guard state >= 0 else {
          throw Failure("the decision tree goes beyond the horizon")
        }
        let answer = output[state * inputCount + input]
        state = Int(next[state * inputCount + input])
        guard let branch = branches.first(where: { $0.answer == answer }) else {
          throw Failure(
            "the decision tree has no branch for the output "
              + "\"\(outputTexts[Int(answer)])\" of \(names[machine])")
        }
        guard branch.node > place && branch.node < strategy.nodes.count else {
          throw Failure("the decision tree has a branch that does not lead downwards")
        }
        place = branch.node
      }
      guard case .identified(let named) = strategy.nodes[place], named == machine else {
        throw Failure("the decision tree takes \(names[machine]) for another machine")
      }
    }
  }

  /// A tree of inputs as indented text, cut after so many lines.
  public func text(of strategy: Strategy, lines limit: Int = 40) -> String {
    strategy.text(
      lines: limit, name: { names.indices.contains($0) ? names[$0] : "?" },
      query: { inputNames.indices.contains($0) ? inputNames[$0] : "?" },
      answer: { outputTexts.indices.contains(Int($0)) ? outputTexts[Int($0)] : "?" })
  }
}

/// Search for an adaptive play without reset.
struct AdaptiveSearch {
  private let machines: MachineSet
  private(set) var nodes = 0
  private var deadline: Deadline
  /// Per position the least depth not yet ruled out, and the depth proved enough, with its input.
  private var known: [[Int32]: Knowledge<Int>] = [:]
  private static let effort = 300_000
  private static let capacity = 3_000_000

  private let start: [Int32]

  /// The search from the initial states on, or from others, one a machine.
  init(_ set: MachineSet, from states: [Int32]? = nil, deadline: Deadline) {
    machines = set
    start = (states ?? set.initial).sorted()
    self.deadline = deadline
  }

  /// Whether the search ended because of its memory.
  var isOutOfMemory: Bool { deadline.isOutOfMemory }

  /// The first input of the play found.
  var firstInput: Int? { input(start) }

  /// The least depth, `Int.max` if there is no play, or a lower bound.
  mutating func solve() -> Bound<Int> {
    var depth = Counting.ceilingLog(start.count, base: max(2, machines.outputTexts.count))
    while nodes < AdaptiveSearch.effort && depth <= SearchTable.depthLimit {
      if can(start, depth) { return proved(depth) }
      if deadline.isOver { return unproved(depth) }
      // Where the graph is small, it says at once whether any play exists.
      depth += 1
      if nodes > 2000, let exact = explore(limit: 4 * nodes) { return proved(exact) }
    }
    if let exact = explore(limit: AdaptiveSearch.capacity) { return proved(exact) }
    while !deadline.isOver && depth <= SearchTable.depthLimit {
      if can(start, depth) { return proved(depth) }
      if !deadline.isOver { depth += 1 }
    }
    return unproved(depth)
  }

  private func proved(_ depth: Int) -> Bound<Int> {
    Bound(lower: depth, upper: depth, reason: .search(nodes: nodes))
  }

  private func unproved(_ depth: Int) -> Bound<Int> {
    Bound(lower: depth, upper: Int.max, reason: .search(nodes: nodes))
  }

  /// Whether `depth` inputs are enough.
  private mutating func can(_ position: [Int32], _ depth: Int) -> Bool {
    if position.count == 1 { return true }
    if depth < 1 { return false }
    if let entry = known[position] {
      if entry.lower > depth { return false }
      if entry.upper <= depth { return true }
    }
    nodes += 1
    if deadline.tick(2000) { return false }
    for input in 0..<machines.inputCount {
      if deadline.tick(20 &* position.count) { return false }
      guard let parts = machines.parts(position, input) else { continue }
      if parts.count == 1 && parts[0].states == position { continue }
      let children = parts.map(\.states).sorted { $0.count > $1.count }
      if children.allSatisfy({ can($0, depth - 1) }) {
        settle(position, depth, input)
        return true
      }
      if deadline.isOver { return false }
    }
    known[position, default: AdaptiveSearch.unknown].lower = depth + 1
    return false
  }

  private static let unknown = Knowledge<Int>(lower: 1, upper: Int.max, query: -1)

  /// Takes down that a play of so many inputs is enough.
  ///
  /// The way there may have come by the same position and have found a shorter play, which stays: so
  /// depths only fall, those after an input are always less, and no play runs in a circle.
  private mutating func settle(_ position: [Int32], _ depth: Int, _ input: Int) {
    var entry = known[position] ?? AdaptiveSearch.unknown
    guard depth < entry.upper else { return }
    entry.upper = depth
    entry.query = Int32(input)
    known[position] = entry
  }

  /// Explores all positions and solves them backwards; nil if there are more than `limit`.
  private mutating func explore(limit: Int) -> Int? {
    var graph = PositionGraph()
    _ = graph.place(of: start)
    var place = 0
    while place < graph.count {
      if graph.count > limit || deadline.tick(2000) { return nil }
      let position = graph.positions[place]
      for input in 0..<machines.inputCount {
        if deadline.tick(20 &* position.count) { return nil }
        guard let parts = machines.parts(position, input) else { continue }
        graph.add(move: input, from: place, to: parts.map(\.states).filter { $0.count > 1 })
      }
      place += 1
    }
    nodes += graph.count
    let depths = graph.solved()
    for (place, depth) in depths.enumerated() where depth.value != Int.max {
      known[graph.positions[place]] = Knowledge(
        lower: depth.value, upper: depth.value, query: Int32(depth.input))
    }
    return depths[0].value
  }

  /// The tree of the play found; nil where it is not complete within time and memory.
  ///
  /// Each position has a proved depth, and what follows an input has less.
  mutating func strategy() -> Strategy? {
    deadline = Deadline(within: 30)
    var nodes: [Strategy.Node] = [.identified(function: 0)]
    let everyone = (0..<machines.count).map { (machine: $0, state: machines.initial[$0]) }
    var tasks = [(node: 0, members: everyone, limit: Int.max)]
    while let task = tasks.popLast() {
      guard task.members.count > 1 else {
        nodes[task.node] = .identified(function: task.members[0].machine)
        continue
      }
      guard !deadline.tick(100 &* task.members.count),
        let entry = known[task.members.map(\.state).sorted()], entry.query >= 0,
        entry.upper < task.limit
      else { return nil }
      var branches: [Strategy.Branch] = []
      for (answer, members) in parts(task.members, Int(entry.query)) {
        branches.append(Strategy.Branch(answer: answer, node: nodes.count))
        tasks.append((nodes.count, members, entry.upper))
        nodes.append(.identified(function: 0))
      }
      nodes[task.node] = .ask(query: Int(entry.query), branches: branches)
    }
    return Strategy(nodes: nodes)
  }

  /// Machines with their states after an input, by output.
  private func parts(
    _ members: [(machine: Int, state: Int32)], _ input: Int
  ) -> [(answer: Int32, members: [(machine: Int, state: Int32)])] {
    var parts: [Int32: [(machine: Int, state: Int32)]] = [:]
    for (machine, state) in members {
      let place = Int(state) * machines.inputCount + input
      parts[machines.output[place], default: []].append((machine, machines.next[place]))
    }
    return parts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func input(_ position: [Int32]) -> Int? {
    guard let entry = known[position], entry.query >= 0 else { return nil }
    return Int(entry.query)
  }
}

/// All positions that a set of machines can be in, and the moves between them.
private struct PositionGraph {
  private(set) var positions: [[Int32]] = []
  private var places: [[Int32]: Int] = [:]
  private var moves: [(from: Int32, input: Int32, open: Int32)] = []
  /// Per position the moves that lead to it.
  private var leading: [[Int32]] = []

  var count: Int { positions.count }

  mutating func place(of position: [Int32]) -> Int {
    if let place = places[position] { return place }
    places[position] = positions.count
    positions.append(position)
    leading.append([])
    return positions.count - 1
  }

  mutating func add(move input: Int, from place: Int, to children: [[Int32]]) {
    let move = Int32(moves.count)
    let distinct = Set(children)
    moves.append((Int32(place), Int32(input), Int32(distinct.count)))
    for child in children where distinct.contains(child) {
      let target = self.place(of: child)
      if leading[target].last != move { leading[target].append(move) }
    }
  }

  /// Per position the least depth and its first input; `Int.max` where no play ends.
  ///
  /// Positions are settled by ascending depth; a move is open until its last child is.
  func solved() -> [(value: Int, input: Int)] {
    var solved = [(value: Int, input: Int)](repeating: (Int.max, -1), count: count)
    var open = moves.map(\.open)
    var layer: [Int32] = moves.indices.filter { open[$0] == 0 }.map { Int32($0) }
    var depth = 0
    while !layer.isEmpty {
      depth += 1
      var settled: [Int] = []
      for move in layer {
        let place = Int(moves[Int(move)].from)
        guard solved[place].value == Int.max else { continue }
        solved[place] = (depth, Int(moves[Int(move)].input))
        settled.append(place)
      }
      layer = []
      for place in settled {
        for move in leading[place] {
          open[Int(move)] -= 1
          if open[Int(move)] == 0 { layer.append(move) }
        }
      }
    }
    return solved
  }
}
