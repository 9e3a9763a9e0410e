import Execution

/// A way to choose queries.
public enum Interrogator {
  /// What an interrogator of one's own does next.
  public enum Move: Sendable, Equatable {
    /// Ask this query.
    case ask(Int)
    /// Say that it is this function.
    case verdict(Int)
    /// Ask no more; the answers speak for themselves.
    case stop
  }

  /// Follow a decision tree, such as an optimal one.
  case tree(Strategy)
  /// Always the query with the smallest largest class.
  case greedy
  /// Always the query whose answer has the greatest entropy.
  case entropy
  /// These queries, whatever is answered.
  case list([Int])
  /// Whatever a closure makes of the questions and answers so far.
  case custom((Transcript) throws -> Move)

  /// More questions than this, and the interrogator is taken to be going round in circles.
  public static let questionLimit = 10_000
}

extension FunctionSet {
  /// Plays an interrogation to its end.
  ///
  /// - Throws: `Failure` where an answer contradicts those before, with the number of the question.
  public func interrogate(
    _ interrogator: Interrogator, _ oracle: inout some Oracle, rules: Rules = Rules()
  ) throws -> Transcript {
    var record = try Record(self, rules)
    let named = try record.play(interrogator, &oracle)
    return record.transcript(named: named, truth: oracle.truth)
  }

  /// Identifies the function that an oracle is, with the best query each time.
  ///
  /// - Parameter seconds: the budget for each query; beyond it the query with the smallest largest
  ///   class.
  /// - Throws: `Failure` where an answer contradicts those before, with the number of the question.
  public func identify(
    _ oracle: inout some Oracle, within seconds: Double = 0.1
  ) throws -> Transcript {
    var record = try Record(self)
    try record.ask(.worstCase, within: seconds, &oracle)
    return record.transcript(truth: oracle.truth)
  }
}

extension Course {
  /// Plays to the end; returns the interrogator's own verdict, if it has one.
  mutating func play(_ interrogator: Interrogator, _ oracle: inout some Oracle) throws -> Int? {
    switch interrogator {
    case .tree(let strategy): return try follow(strategy, &oracle)
    case .list(let queries):
      for query in queries {
        try set.checkQuery(query)
        try add(query, oracle.answer(query))
      }
    case .greedy: try ask(.largestClass, &oracle)
    case .entropy: try ask(.entropy, &oracle)
    case .custom(let move): return try ask(move, &oracle)
    }
    return nil
  }

  /// Asks the best query again and again.
  mutating func ask(
    _ goal: Goal, within seconds: Double = 0.1, _ oracle: inout some Oracle
  ) throws {
    while let query = try nextQuery(goal, within: seconds) {
      try Cancellation.current.check()
      try add(query, oracle.answer(query))
    }
  }

  private mutating func ask(
    _ move: (Transcript) throws -> Interrogator.Move, _ oracle: inout some Oracle
  ) throws -> Int? {
    while exchanges.count < Interrogator.questionLimit {
      try Cancellation.current.check()
      switch try move(transcript()) {
      case .ask(let query):
        try set.checkQuery(query)
        try add(query, oracle.answer(query))
      case .verdict(let function):
        try set.checkFunction(function)
        return function
      case .stop: return nil
      }
    }
    throw Failure(
      "the interrogator has asked \(Interrogator.questionLimit) questions without a verdict",
      hint: "it ends with none, or with a verdict such as (verdict=\"\(set.functionNames[0])\",)")
  }
}

extension Record {
  /// Follows a tree; returns the function at its leaf.
  ///
  /// With a tolerance an answer takes the first branch whose functions have room for all that may
  /// give it; where fewer may than the tree must reckon with, the game can be over before its leaf.
  mutating func follow(_ strategy: Strategy, _ oracle: inout some Oracle) throws -> Int? {
    guard !strategy.nodes.isEmpty else { throw Failure("the decision tree is empty") }
    try set.verifyPlaces(strategy)
    let game = terms.flatMap { $0.isInexact ? ErringGame(set.columns, $0) : nil }
    var position = game?.start ?? []
    var place = 0
    while case .ask(let query, let branches) = strategy.nodes[place] {
      if terms?.intervals != nil, isOver { return nil }
      let answer = try oracle.answer(query)
      try add(query, answer)
      var code: Int32?
      if let game {
        (code, position) = game.answer(position, query, answer, agreement(query, answer))
      } else if case .code(let own) = answer {
        code = own
      }
      guard let branch = branches.first(where: { $0.answer == code }) else {
        throw Failure(
          "the decision tree has no branch for the answer \"\(set.text(of: answer))\" "
            + "to \(set.queryNames[query])",
          hint: "the tree belongs to another function set")
      }
      place = branch.node
    }
    guard case .identified(let function) = strategy.nodes[place] else { return nil }
    return function
  }
}
