import Execution

/// Builds a decision tree by always asking the query that looks best; works for every size.
struct GreedyTree {
  /// What makes a query look best; ties go to the lowest number.
  enum Criterion {
    /// Smallest largest class: for the worst case.
    case largestClass
    /// Most pairs separated: for the mean.
    case pairs
  }

  private struct Task {
    var node: Int
    var members: [Int32]
    var queries: [Int32]
  }

  private let columns: [Column]
  private let queryNumbers: [Int]
  private let criterion: Criterion
  private let answerCount: Int
  private var counts: [Int32]
  private var nodes: [Strategy.Node] = []
  private var deadline: Deadline

  /// A builder over `columns`, which are the queries `queryNumbers` of the full set.
  init(
    columns: [Column], queryNumbers: [Int], criterion: Criterion, deadline: Deadline
  ) {
    self.columns = columns
    self.queryNumbers = queryNumbers
    self.criterion = criterion
    self.deadline = deadline
    answerCount = max(2, columns.map(\.classCount).max() ?? 2)
    counts = [Int32](repeating: 0, count: answerCount)
  }

  /// Seconds that a tree may still take after the user has asked to stop.
  private static let grace = 0.05
  /// When it has to stand, once the user has asked to stop.
  private var end: Double?

  /// The tree for these functions.
  ///
  /// After the deadline any query that splits is taken.
  /// - Throws: `Interrupted` if the user asked to stop and a whole tree is far off.
  mutating func build(_ members: [Int32]) throws -> Strategy {
    nodes = [.identified(function: Int(members.first ?? 0))]
    var tasks = [Task(node: 0, members: members, queries: (0..<Int32(columns.count)).map { $0 })]
    while let task = tasks.popLast() {
      try checkRequest()
      guard task.members.count > 1 else {
        nodes[task.node] = .identified(function: Int(task.members[0]))
        continue
      }
      let (best, live) = choose(task)
      guard best >= 0 else { continue }
      tasks += split(task, by: best, live: live)
    }
    return Strategy(nodes: nodes)
  }

  private mutating func checkRequest() throws {
    guard Cancellation.current.isRequested, !Cancellation.current.isExhausted else { return }
    let now = Clock.now
    let end = self.end ?? now + Self.grace
    self.end = end
    if now > end { throw Interrupted() }
  }

  /// The best query, and the queries that may still split a part.
  private mutating func choose(_ task: Task) -> (best: Int, live: [Int32]) {
    let count = task.members.count
    if count == 2 { return (separator(task.members[0], task.members[1], task.queries), []) }
    if deadline.isOver, let best = chooseAmongFew(task) { return (best, task.queries) }
    let ideal = (count + answerCount - 1) / answerCount
    var best = -1
    var bestScore = Int.max
    var live: [Int32] = []
    live.reserveCapacity(task.queries.count)
    for (place, query) in task.queries.enumerated() {
      let split = columns[Int(query)].split(task.members, counts: &counts)
      if split.classes < 2 { continue }
      live.append(query)
      let score = criterion == .largestClass ? split.largest : split.squares
      if score < bestScore {
        bestScore = score
        best = Int(query)
        let isIdeal = criterion == .largestClass ? split.largest <= ideal : split.largest == 1
        if isIdeal || deadline.check() {
          live += task.queries[(place + 1)...]
          break
        }
      }
    }
    return (best, live)
  }

  /// The best of a few queries; nil if none of them splits.
  ///
  /// After the deadline: the first one that splits would make a tree as deep as it has leaves.
  private mutating func chooseAmongFew(_ task: Task) -> Int? {
    var best: Int?
    var bestScore = Int.max
    for place in stride(from: 0, to: task.queries.count, by: max(1, task.queries.count / 8)) {
      let query = Int(task.queries[place])
      let split = columns[query].split(task.members, counts: &counts)
      let score = criterion == .largestClass ? split.largest : split.squares
      if split.classes > 1, score < bestScore { (best, bestScore) = (query, score) }
    }
    return best
  }

  /// The first query that tells two functions apart, or -1.
  private func separator(_ first: Int32, _ second: Int32, _ queries: [Int32]) -> Int {
    for query in queries {
      let differs =
        switch columns[Int(query)].labels {
        case .bytes(let bytes): bytes[Int(first)] != bytes[Int(second)]
        case .wide(let wide): wide[Int(first)] != wide[Int(second)]
        }
      if differs { return Int(query) }
    }
    return -1
  }

  private mutating func split(_ task: Task, by best: Int, live: [Int32]) -> [Task] {
    let parts = columns[best].classes(of: task.members)
    let isWide = parts.count > 8 && parts.contains { $0.members.count > 2 }
    var lists = isWide ? liveLists(parts, live) : parts.map { _ in live }
    if parts.count > 8 { separatePairs(parts, live, &lists) }
    var branches: [Strategy.Branch] = []
    var tasks: [Task] = []
    for (part, list) in zip(parts, lists) {
      let node = nodes.count
      branches.append(Strategy.Branch(answer: columns[best].codes[part.label], node: node))
      nodes.append(.identified(function: Int(part.members[0])))
      if part.members.count > 1 {
        tasks.append(Task(node: node, members: part.members, queries: list))
      }
    }
    nodes[task.node] = .ask(query: queryNumbers[best], branches: branches)
    return tasks
  }

  /// Leaves to each pair the first query that tells its functions apart, in one pass over the
  /// columns for all pairs.
  private func separatePairs(
    _ parts: [(label: Int, members: [Int32])], _ live: [Int32], _ lists: inout [[Int32]]
  ) {
    var open = parts.indices.filter { parts[$0].members.count == 2 }.map { place in
      (place: place, first: Int(parts[place].members[0]), second: Int(parts[place].members[1]))
    }
    for query in live where !open.isEmpty {
      let column = columns[Int(query)]
      func settle<Label: Equatable>(_ labels: [Label]) {
        open.removeAll { pair in
          guard labels[pair.first] != labels[pair.second] else { return false }
          lists[pair.place] = [query]
          return true
        }
      }
      switch column.labels {
      case .bytes(let bytes): settle(bytes)
      case .wide(let wide): settle(wide)
      }
    }
  }

  /// Per part the queries that split it, in one pass over each column; pairs get all queries.
  private func liveLists(
    _ parts: [(label: Int, members: [Int32])], _ live: [Int32]
  ) -> [[Int32]] {
    var lists = parts.map { $0.members.count == 2 ? live : [] }
    for query in live {
      let column = columns[Int(query)]
      for (place, part) in parts.enumerated()
      where part.members.count > 2 && !column.isConstant(on: part.members) {
        lists[place].append(query)
      }
    }
    return lists
  }
}
