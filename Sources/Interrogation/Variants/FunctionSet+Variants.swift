import Execution

/// An optimum under some terms with the decision tree that reaches the upper end.
public struct TreeSolution: Sendable {
  /// The optimum, in units of cost.
  public let bound: Bound<Fraction>
  /// A verified decision tree that costs `bound.upper`.
  public let strategy: Strategy
}

/// An optimum under some terms, with a tree where one could be built.
struct TreeBound: Sendable {
  let bound: Bound<Fraction>
  let strategy: Strategy?

  /// What `search` gives, or the bounds that need no tree.
  init(_ search: () throws -> TreeSolution) throws {
    do {
      let solution = try search()
      (bound, strategy) = (solution.bound, solution.strategy)
    } catch let unbuilt as UnbuiltTree {
      (bound, strategy) = (unbuilt.bound, nil)
    }
  }

  private init(_ bound: Bound<Fraction>, _ strategy: Strategy?) {
    (self.bound, self.strategy) = (bound, strategy)
  }

  /// The same with a tree that costs less, or with what is known of such a tree.
  func lowered(to upper: Fraction, _ tree: Strategy?) -> TreeBound {
    guard upper < bound.upper else { return self }
    let lower = min(bound.lower, upper)
    return TreeBound(Bound(lower: lower, upper: upper, reason: bound.reason), tree)
  }
}

/// No tree could be built in time; what is known without one.
struct UnbuiltTree: Error {
  let bound: Bound<Fraction>

  var failure: Failure {
    Failure(
      "the decision tree is too large to be built in time; its cost is from \(bound.lower) to "
        + "\(bound.upper)", hint: "give more time with within, or fewer functions")
  }

  /// What `search` gives; the failure to build a tree as an error for the user.
  static func told<Result>(_ search: () throws -> Result) throws -> Result {
    do { return try search() } catch let unbuilt as UnbuiltTree { throw unbuilt.failure }
  }
}

/// An optimum under some terms with the list of queries that reaches the upper end.
public struct ListSolution: Sendable {
  /// The optimum, in units of cost.
  public let bound: Bound<Fraction>
  /// A verified list that costs `bound.upper`, ascending; queries may be repeated.
  public let queries: [Int]
}

extension Bound {
  /// The same interval in other units.
  func map<Other: Comparable>(_ change: (Value) throws -> Other) rethrows -> Bound<Other> {
    Bound<Other>(lower: try change(lower), upper: try change(upper), reason: reason)
  }
}

extension FunctionSet {
  /// The least cost in the worst case of an adaptive interrogation on some terms.
  ///
  /// With lies: until all functions that lied at most so often agree. With a tolerance: whatever
  /// answers within it are given.
  ///
  /// - Throws: `Failure` for terms that do not fit the set, or if no play ends on these terms.
  public func interactive(on terms: Terms, within seconds: Double = 10) throws -> TreeSolution {
    try UnbuiltTree.told { try interactiveTree(on: terms, within: seconds) }
  }

  func interactiveTree(on terms: Terms, within seconds: Double) throws -> TreeSolution {
    let checked = try CheckedTerms(terms, self)
    if terms.isPlain {
      let plain = try interactive(within: seconds)
      return TreeSolution(bound: plain.bound.map { Fraction($0) }, strategy: plain.strategy)
    }
    return try solve(checked, isMean: false, Deadline(within: seconds))
  }

  /// The same in the course of a game where answers may be wrong: from so many lies of each
  /// function on.
  func interactive(
    _ terms: CheckedTerms, liesSoFar: [Int], within seconds: Double
  ) throws -> TreeSolution {
    var game = ErringGame(columns, terms)
    game.start = ErringGame.position(lies: liesSoFar, atMost: terms.lies)
    return try UnbuiltTree.told { try solve(game, terms, false, Deadline(within: seconds)) }
  }

  /// The least mean cost of an adaptive interrogation under the prior of the terms.
  ///
  /// Where answers may be wrong, what a strategy costs for a function f is the cost of the most
  /// expensive play that f may bring about within its lies and the tolerance; the mean of these over
  /// the prior is made least. So functions are drawn, and errors are the worst for each.
  ///
  /// - Throws: `Failure` for terms that do not fit the set.
  public func mean(on terms: Terms, within seconds: Double = 10) throws -> TreeSolution {
    try UnbuiltTree.told { try meanTree(on: terms, within: seconds) }
  }

  func meanTree(on terms: Terms, within seconds: Double) throws -> TreeSolution {
    let checked = try CheckedTerms(terms, self)
    if checked.isInexact { return try erringMean(checked, within: seconds) }
    if terms.isPlain {
      let plain = try mean(prior: terms.prior, within: seconds)
      return TreeSolution(bound: plain.bound, strategy: plain.strategy)
    }
    return try solve(checked, isMean: true, Deadline(within: seconds))
  }

  private func erringMean(
    _ terms: CheckedTerms, within seconds: Double
  ) throws -> TreeSolution {
    let deadline = Deadline(within: seconds)
    let game = ErringGame(columns, terms)
    let total = terms.total
    func cost(_ tree: Strategy) throws -> Int128 { try meanCost(of: tree, game, terms) }
    // The best tree of the worst case is a beginning.
    let bounds = ErringMeanBounds(game, weights: terms.weights)
    let worst = try TreeBound { try solve(game, terms, false, Deadline(within: seconds / 4)) }
    guard var best = worst.strategy else {
      let lower = try Fraction(bounds.total(game.start, spent: 0), total)
      throw UnbuiltTree(
        bound: Bound(lower: lower, upper: worst.bound.upper, reason: .information))
    }
    var upper = try cost(best)
    if let greedy = GreedyPlay.strategy(game, deadline: Deadline(within: seconds / 8)),
      case let other = try cost(greedy), other < upper
    {
      (best, upper) = (greedy, other)
    }
    var search = ErringMeanSearch(
      game, weights: terms.weights, deadline: Deadline(within: deadline.remaining))
    let floor = search.rootBound
    let solved = search.solve(upper: upper)
    if let tree = solved.strategy, case let found = try cost(tree), found < upper {
      (best, upper) = (tree, found)
    }
    let lower = min(search.isStopped ? solved.lower : upper, upper)
    let reason: Reason =
      upper == 0 ? .trivial : lower > floor ? .search(nodes: search.nodes) : .information
    return TreeSolution(
      bound: Bound(
        lower: try Fraction(lower, total), upper: try Fraction(upper, total), reason: reason),
      strategy: best)
  }

  /// The tree of asking at each position what looks best, on some terms.
  ///
  /// - Throws: `Failure` for terms that do not fit the set, or a tree too large to be built in time.
  public func greedyInteractive(on terms: Terms, within seconds: Double = 10) throws -> TreeSolution
  {
    let checked = try CheckedTerms(terms, self)
    if terms.isPlain {
      let tree = try greedyInteractive(within: seconds)
      return TreeSolution(
        bound: Bound(
          lower: Fraction(informationBound), upper: Fraction(tree.depth), reason: .information),
        strategy: tree)
    }
    return try UnbuiltTree.told {
      if checked.isInexact { return try greedy(ErringGame(columns, checked), checked, seconds) }
      return try greedy(PartitionGame(searchTable(checked), checked), checked, seconds)
    }
  }

  private func greedy<Game: QuestionGame>(
    _ game: Game, _ terms: CheckedTerms, _ seconds: Double
  ) throws -> TreeSolution where Game: NamedQueries {
    let floor = try terms.cost(Int128(game.worstBound(game.start)))
    guard let tree = GreedyPlay.strategy(game, deadline: Deadline(within: seconds, grace: 0.05))
    else { throw try unbuilt(terms, floor) }
    let upper = try terms.cost(cost(of: tree, game, false))
    return TreeSolution(
      bound: Bound(lower: min(floor, upper), upper: upper, reason: .information),
      strategy: game.renamed(tree))
  }

  /// What is known where no tree can be built in time.
  private func unbuilt(_ terms: CheckedTerms, _ lower: Fraction) throws -> UnbuiltTree {
    // Each question is a lie of one of any two functions more.
    let questions = (terms.lies + 1) * (functionCount - 1) + terms.lies
    let most = try terms.cost(Int128(questions) * Int128(terms.costs.max() ?? 1))
    return UnbuiltTree(bound: Bound(lower: min(lower, most), upper: most, reason: .information))
  }

  private func solve(
    _ terms: CheckedTerms, isMean: Bool, _ deadline: Deadline
  ) throws -> TreeSolution {
    if terms.isInexact { return try solve(ErringGame(columns, terms), terms, isMean, deadline) }
    return try solve(PartitionGame(searchTable(terms), terms), terms, isMean, deadline)
  }

  /// The table with all queries that costs may make worth asking.
  func searchTable(_ terms: CheckedTerms) throws -> SearchTable {
    if Set(terms.costs).count <= 1, let table = searchTable(Reduction(self)) { return table }
    guard functionCount * queryCount <= SearchTable.cellLimit else {
      throw Failure(
        "a table of \(functionCount) functions and \(queryCount) queries is too large for costs: "
          + "at most \(SearchTable.cellLimit) answers are possible")
    }
    return SearchTable(
      columns: columns, queryNumbers: Array(0..<queryCount), functionCount: functionCount)
  }

  private func solve<Game: QuestionGame>(
    _ game: Game, _ terms: CheckedTerms, _ isMean: Bool, _ deadline: Deadline
  ) throws -> TreeSolution where Game: NamedQueries {
    let total = isMean ? terms.total : Int128(terms.unit)
    var search = GameSearch(game, isMean: isMean, deadline: deadline)
    let floor = search.rootBound
    let limit = max(0.5, deadline.remaining)
    guard
      var best = GreedyPlay.strategy(game, deadline: Deadline(within: limit, grace: 0.05))
    else { throw try unbuilt(terms, try Fraction(floor, total)) }
    var upper = try cost(of: best, game, isMean)
    var solved = search.solve(upper: upper)
    let nodes = search.nodes
    if solved.isReached {
      search.restart(Deadline(within: 30))
      if let tree = search.strategy() {
        best = tree
        upper = try cost(of: tree, game, isMean)
      }
      solved.lower = min(solved.lower, upper)
    }
    let reason: Reason =
      upper == 0
      ? .trivial : solved.lower > floor ? .search(nodes: nodes) : .information
    return TreeSolution(
      bound: Bound(
        lower: try Fraction(solved.lower, total), upper: try Fraction(upper, total),
        reason: reason),
      strategy: game.renamed(best))
  }

  private func cost<Game: QuestionGame & NamedQueries>(
    of tree: Strategy, _ game: Game, _ isMean: Bool
  ) throws -> Int128 {
    let replay = game.replay(tree, cost: game.cost) { game.verdict($0) == $1 }
    if let mistake = replay.mistake { throw failure(mistake, game) }
    return isMean ? replay.total : replay.worst
  }

  /// The error that a mistake of a tree is.
  func failure(_ mistake: Replay.Mistake, _ game: some NamedQueries) -> Failure {
    switch mistake {
    case .wrongName(let function, let left):
      let others = left.filter { $0 != function }
      let shown = others.prefix(3).map { functionNames[$0] }.joined(separator: ", ")
      let more = others.count > 3 ? " and \(others.count - 3) more" : ""
      return Failure(
        left.contains(function)
          ? "the decision tree names \(functionNames[function]) where it may still be \(shown)\(more)"
          : "the decision tree takes \(shown)\(more) for \(functionNames[function])")
    case .missingBranch(let query, let answer):
      let number = game.number(of: query)
      return Failure(
        "the decision tree has no branch for the answer \"\(answerText(answer))\" "
          + "to \(queryNames[number])")
    }
  }

  /// Checks a decision tree on some terms; gives its cost in the worst case.
  ///
  /// - Throws: `Failure` that says where it goes astray.
  @discardableResult
  public func verify(_ strategy: Strategy, on terms: Terms) throws -> Fraction {
    guard !strategy.nodes.isEmpty else { throw Failure("the decision tree is empty") }
    try verifyPlaces(strategy)
    let checked = try CheckedTerms(terms, self)
    if checked.isInexact { return try replay(strategy, ErringGame(columns, checked), checked) }
    let table = SearchTable(
      columns: columns, queryNumbers: Array(0..<queryCount), functionCount: functionCount)
    return try replay(strategy, PartitionGame(table, checked), checked)
  }

  /// What a tree that keeps to the terms costs in the mean.
  func meanCost(of strategy: Strategy, on terms: Terms) throws -> Fraction {
    let checked = try CheckedTerms(terms, self)
    if checked.isInexact {
      let cost = try meanCost(of: strategy, ErringGame(columns, checked), checked)
      return try Fraction(cost, checked.total)
    }
    let table = SearchTable(
      columns: columns, queryNumbers: Array(0..<queryCount), functionCount: functionCount)
    let cost = try cost(of: strategy, PartitionGame(table, checked), true)
    return try Fraction(cost, checked.total)
  }

  /// What a tree costs in the mean where answers may be wrong, times the sum of the weights.
  private func meanCost(
    of tree: Strategy, _ game: ErringGame, _ terms: CheckedTerms
  ) throws -> Int128 {
    let replay = game.replay(tree, cost: game.cost) { terms.isRight($1, game.verdict($0)) }
    if let mistake = replay.mistake { throw failure(mistake, game) }
    return replay.longest.reduce(0) { $0 + Int128(terms.weights[$1.key]) * $1.value }
  }

  private func replay<Game: QuestionGame & NamedQueries>(
    _ strategy: Strategy, _ game: Game, _ terms: CheckedTerms
  ) throws -> Fraction {
    let replay = game.replay(strategy, cost: game.cost) { terms.isRight($1, game.verdict($0)) }
    if let mistake = replay.mistake { throw failure(mistake, game) }
    return try terms.cost(replay.worst)
  }
}

extension FunctionSet {
  /// A tree whose branches are known by their texts only, such as `2` or `1..3` for the answers
  /// within a tolerance, with the codes of the game on these terms.
  ///
  /// Branches that no play takes keep their codes.
  public func resolved(_ strategy: Strategy, on terms: Terms) throws -> Strategy {
    guard terms.tolerance > Fraction(0), !strategy.nodes.isEmpty else { return strategy }
    try verifyPlaces(strategy)
    let checked = try CheckedTerms(terms, self)
    let game = ErringGame(columns, checked)
    var resolved = strategy
    var tasks = [(node: 0, position: game.start)]
    while let task = tasks.popLast() {
      guard case .ask(let query, var branches) = resolved.nodes[task.node] else { continue }
      for place in branches.indices { branches[place].answer = -1 }
      for (answer, position) in game.answers(task.position, query) {
        let text = game.text(task.position, query, answer)
        let place = branches.indices.first {
          branches[$0].answer < 0 && Intervals.covers(branches[$0].text ?? "", text ?? "")
        }
        guard let place else { continue }
        branches[place].answer = answer
        tasks.append((branches[place].node, position))
      }
      resolved.nodes[task.node] = .ask(query: query, branches: branches)
    }
    return resolved
  }
}

/// A game whose queries have numbers of their own.
protocol NamedQueries {
  /// The cost of a query of the game.
  func cost(_ query: Int) -> Int
  /// The query of the set that a query of the game is.
  func number(of query: Int) -> Int
}

extension NamedQueries {
  func number(of query: Int) -> Int { query }

  /// A tree over queries of the set, from one over queries of the game.
  func renamed(_ strategy: Strategy) -> Strategy {
    var renamed = strategy
    for place in renamed.nodes.indices {
      if case .ask(let query, let branches) = renamed.nodes[place] {
        renamed.nodes[place] = .ask(query: number(of: query), branches: branches)
      }
    }
    return renamed
  }
}

extension PartitionGame: NamedQueries {
  func cost(_ query: Int) -> Int { costs[query] }
  func number(of query: Int) -> Int { table.queryNumbers[query] }
}
