/// A game of questions: positions, what may be asked there, and where each answer leads.
///
/// Answers come from an adversary who may choose any of those that a move lists. No play returns
/// to a position, so that every game ends.
protocol QuestionGame {
  associatedtype Position: Hashable

  /// One question with the positions that its answers lead to.
  typealias Move = (query: Int, cost: Int, children: [Position])

  /// The position before the first question.
  var start: Position { get }
  /// The function named if nothing need be asked any more, else nil.
  func verdict(_ position: Position) -> Int?
  /// The questions that lead on whatever is answered, the most promising first.
  func moves(_ position: Position) -> [Move]
  /// A question's answers and where they lead, with those that no good adversary gives.
  func answers(_ position: Position, _ query: Int) -> [(answer: Int32, position: Position)]
  /// What an answer is called where its code alone does not say.
  func text(_ position: Position, _ query: Int, _ answer: Int32) -> String?
  /// The functions still possible, ascending.
  func alive(_ position: Position) -> [Int]
  /// How much a position counts in a mean.
  func weight(_ position: Position) -> Int
  /// No play from here costs less in the worst case.
  func worstBound(_ position: Position) -> Int
  /// No play from here costs less in weighted sum.
  func meanBound(_ position: Position) -> Int128
  /// A rough count of words touched when moves are listed.
  var work: Int { get }
}

extension QuestionGame {
  func weight(_ position: Position) -> Int { 1 }
  func meanBound(_ position: Position) -> Int128 { 0 }
  func text(_ position: Position, _ query: Int, _ answer: Int32) -> String? { nil }
}

/// What a search knows of a position.
struct Knowledge<Cost: FixedWidthInteger & Sendable>: Sendable {
  /// A proved lower bound.
  var lower: Cost
  /// The value of the best play known, or the greatest number there is.
  var upper: Cost
  /// The first query of that play, or -1.
  var query: Int32
}

/// Exact search of a question game, by branch and bound over its positions.
///
/// Costs are sums of weight times cost, for which 64 bits would not do.
struct GameSearch<Game: QuestionGame> {
  let game: Game
  /// Whether the mean counts, else the worst case.
  let isMean: Bool
  private(set) var nodes = 0
  private(set) var isStopped = false
  private var known: [Game.Position: Knowledge<Int128>] = [:]
  private var deadline: Deadline
  private var level = 0

  /// Positions kept are at most about this many.
  private static var capacity: Int { 4_000_000 }

  init(_ game: Game, isMean: Bool, deadline: Deadline) {
    self.game = game
    self.isMean = isMean
    self.deadline = deadline
  }

  /// What is known of a position without search.
  private func bound(_ position: Game.Position) -> Int128 {
    if game.verdict(position) != nil { return 0 }
    return known[position]?.lower ?? simpleBound(position)
  }

  private func simpleBound(_ position: Game.Position) -> Int128 {
    isMean ? game.meanBound(position) : Int128(game.worstBound(position))
  }

  /// The value of a position if it is at most `limit`, else a lower bound above `limit`.
  ///
  /// Meaningless, but not above the value, once `isStopped`.
  mutating func value(_ position: Game.Position, limit: Int128) -> Int128 {
    if game.verdict(position) != nil { return 0 }
    let entry =
      known[position]
      ?? Knowledge(lower: simpleBound(position), upper: Int128.max, query: -1)
    if entry.lower > limit || entry.lower == entry.upper { return entry.lower }
    nodes &+= 1
    level &+= 1
    defer { level &-= 1 }
    if deadline.tick(game.work) || known.count >= GameSearch.capacity
      || level > SearchTable.depthLimit
    {
      isStopped = true
    }
    if isStopped { return entry.lower }
    let result = best(position, entry, limit)
    known[position] = result
    return result.lower
  }

  private mutating func best(
    _ position: Game.Position, _ entry: Knowledge<Int128>, _ limit: Int128
  ) -> Knowledge<Int128> {
    var best = limit == Int128.max ? limit : limit + 1
    var query: Int32 = -1
    var proved = Int128.max
    let weight = isMean ? Int128(game.weight(position)) : 1
    for option in ordered(game.moves(position), weight) {
      if option.bound >= best {
        proved = min(proved, option.bound)
        break
      }
      let total = refined(option.move, weight, below: best)
      if isStopped { return entry }
      proved = min(proved, total)
      if total < best {
        best = total
        query = Int32(option.move.query)
        if best <= entry.lower { break }
      }
    }
    if query >= 0 { return Knowledge(lower: best, upper: best, query: query) }
    return Knowledge(lower: max(entry.lower, proved), upper: entry.upper, query: entry.query)
  }

  private func ordered(
    _ moves: [Game.Move], _ weight: Int128
  ) -> [(move: Game.Move, bound: Int128)] {
    let options = moves.map { (move: $0, bound: total($0, weight)) }
    // Moves come in a good order; a stable sort keeps it among equal bounds.
    return options.enumerated().sorted {
      ($0.element.bound, $0.offset) < ($1.element.bound, $1.offset)
    }.map(\.element)
  }

  /// A lower bound of beginning with a move, from what is known.
  private func total(_ move: Game.Move, _ weight: Int128) -> Int128 {
    var total: Int128 = 0
    for child in move.children {
      total = isMean ? total + bound(child) : max(total, bound(child))
    }
    return Int128(move.cost) * weight + total
  }

  /// The value of beginning with a move if it is below `best`, else a lower bound of it.
  private mutating func refined(
    _ move: Game.Move, _ weight: Int128, below best: Int128
  ) -> Int128 {
    let own = Int128(move.cost) * weight
    let children = move.children.map { (position: $0, bound: bound($0)) }
      .sorted { $0.bound > $1.bound }
    var total = children.reduce(Int128(0)) { isMean ? $0 + $1.bound : max($0, $1.bound) }
    if own + total >= best { return own + total }
    for child in children {
      let others = isMean ? total - child.bound : 0
      let limit = best == Int128.max ? best : best - 1 - own - others
      let exact = value(child.position, limit: limit)
      total = isMean ? others + exact : max(total, exact)
      if own + total >= best || isStopped { return own + total }
    }
    return own + total
  }

  /// The best lower bound of the whole game.
  var rootBound: Int128 { bound(game.start) }
}

extension GameSearch {
  /// The optimum of the whole game, or the interval known when the time is over.
  ///
  /// - Parameters:
  ///   - upper: what some play reaches.
  /// - Returns: the lower bound, and whether it is reached by `strategy(limit:)`.
  mutating func solve(upper: Int128) -> (lower: Int128, isReached: Bool) {
    if isMean {
      let found = value(game.start, limit: upper - 1)
      if isStopped { return (min(upper, rootBound), false) }
      return (min(found, upper), found < upper)
    }
    var lower = rootBound
    while lower < upper {
      let found = value(game.start, limit: lower)
      if isStopped { return (min(upper, max(lower, rootBound)), false) }
      if found <= lower { return (found, true) }
      lower = found
    }
    return (upper, false)
  }

  /// The tree of best play, after the game is solved; nil if the time is over or it is too large.
  mutating func strategy(nodeLimit: Int = 200_000) -> Strategy? {
    var nodes: [Strategy.Node] = [.identified(function: 0)]
    var tasks: [(node: Int, position: Game.Position)] = [(0, game.start)]
    while let task = tasks.popLast() {
      if let function = game.verdict(task.position) {
        nodes[task.node] = .identified(function: function)
        continue
      }
      _ = value(task.position, limit: Int128.max)
      guard !isStopped, let query = known[task.position]?.query, query >= 0,
        nodes.count < nodeLimit
      else { return nil }
      var branches: [Strategy.Branch] = []
      for (answer, position) in game.answers(task.position, Int(query)) {
        let text = game.text(task.position, Int(query), answer)
        branches.append(Strategy.Branch(answer: answer, node: nodes.count, text: text))
        tasks.append((nodes.count, position))
        nodes.append(.identified(function: 0))
      }
      nodes[task.node] = .ask(query: Int(query), branches: branches)
    }
    return Strategy(nodes: nodes)
  }

  /// Begins anew with another deadline, what is known is kept.
  mutating func restart(_ deadline: Deadline) {
    self.deadline = deadline
    isStopped = false
  }
}

/// The tree of always taking the first move; any size.
enum GreedyPlay {
  static func strategy<Game: QuestionGame>(
    _ game: Game, nodeLimit: Int = 200_000, deadline: Deadline
  ) -> Strategy? {
    var deadline = deadline
    var nodes: [Strategy.Node] = [.identified(function: 0)]
    var tasks: [(node: Int, position: Game.Position)] = [(0, game.start)]
    while let task = tasks.popLast() {
      if let function = game.verdict(task.position) {
        nodes[task.node] = .identified(function: function)
        continue
      }
      guard nodes.count < nodeLimit, !deadline.tick(game.work),
        let move = game.moves(task.position).first
      else { return nil }
      var branches: [Strategy.Branch] = []
      for (answer, position) in game.answers(task.position, move.query) {
        let text = game.text(task.position, move.query, answer)
        branches.append(Strategy.Branch(answer: answer, node: nodes.count, text: text))
        tasks.append((nodes.count, position))
        nodes.append(.identified(function: 0))
      }
      nodes[task.node] = .ask(query: move.query, branches: branches)
    }
    return Strategy(nodes: nodes)
  }
}

extension QuestionGame {
  /// Plays a tree in every way: each end must name what the position allows.
  ///
  /// - Parameters:
  ///   - isRight: whether a function may be named at a position.
  /// - Returns: what is wrong, or nil; with the cost of the most expensive play and the sum of
  ///   `weight` times cost over all ends.
  func replay(
    _ strategy: Strategy, cost: (Int) -> Int, isRight: (Position, Int) -> Bool
  ) -> Replay {
    var replay = Replay()
    var tasks: [(node: Int, position: Position, spent: Int128)] = [(0, start, 0)]
    while let task = tasks.popLast() {
      switch strategy.nodes[task.node] {
      case .identified(let function):
        guard isRight(task.position, function) else {
          replay.mistake = .wrongName(function: function, left: alive(task.position))
          return replay
        }
        replay.worst = max(replay.worst, task.spent)
        replay.total += Int128(weight(task.position)) * task.spent
        for function in alive(task.position) {
          replay.longest[function] = max(replay.longest[function] ?? 0, task.spent)
        }
      case .ask(let query, let branches):
        for (answer, position) in answers(task.position, query) {
          guard let branch = branches.first(where: { $0.answer == answer }) else {
            replay.mistake = .missingBranch(query: query, answer: answer)
            return replay
          }
          tasks.append((branch.node, position, task.spent + Int128(cost(query))))
        }
      }
    }
    return replay
  }
}

/// What came of playing a tree in every way.
struct Replay {
  enum Mistake {
    /// A function is named where these may still be the one.
    case wrongName(function: Int, left: [Int])
    case missingBranch(query: Int, answer: Int32)
  }

  var mistake: Mistake?
  var worst: Int128 = 0
  var total: Int128 = 0
  /// Per function the cost of its most expensive play, where functions may go different ways.
  var longest: [Int: Int128] = [:]
}
