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
    var record = Record(self, rules)
    var named: Int?
    switch interrogator {
    case .tree(let strategy): named = try follow(strategy, &oracle, &record)
    case .list(let queries):
      for query in queries { try record.add(query, oracle.answer(query)) }
    case .greedy: try ask(.largestClass, &oracle, &record)
    case .entropy: try ask(.entropy, &oracle, &record)
    case .custom(let move): named = try ask(move, &oracle, &record)
    }
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
    var record = Record(self)
    try ask(.worstCase, within: seconds, &oracle, &record)
    return record.transcript(truth: oracle.truth)
  }

  private func ask(
    _ goal: Goal, within seconds: Double = 0.1, _ oracle: inout some Oracle,
    _ record: inout Record
  ) throws {
    while let query = try record.nextQuery(goal, within: seconds) {
      try Cancellation.current.check()
      try record.add(query, oracle.answer(query))
    }
  }

  private func ask(
    _ move: (Transcript) throws -> Interrogator.Move, _ oracle: inout some Oracle,
    _ record: inout Record
  ) throws -> Int? {
    while record.exchanges.count < Interrogator.questionLimit {
      try Cancellation.current.check()
      switch try move(record.transcript()) {
      case .ask(let query):
        try checkQuery(query)
        try record.add(query, oracle.answer(query))
      case .verdict(let function):
        try checkFunction(function)
        return function
      case .stop: return nil
      }
    }
    throw Failure(
      "the interrogator has asked \(Interrogator.questionLimit) questions without a verdict",
      hint: "it ends with none, or with a verdict such as (verdict=\"\(functionNames[0])\",)")
  }

  /// Follows a tree; returns the function at its leaf.
  private func follow(
    _ strategy: Strategy, _ oracle: inout some Oracle, _ record: inout Record
  ) throws -> Int? {
    guard !strategy.nodes.isEmpty else { throw Failure("the decision tree is empty") }
    try verifyPlaces(strategy)
    var place = 0
    while case .ask(let query, let branches) = strategy.nodes[place] {
      let answer = try oracle.answer(query)
      try record.add(query, answer)
      guard let branch = branches.first(where: { $0.answer == answer }) else {
        throw Failure(
          "the decision tree has no branch for the answer \"\(answerText(answer))\" "
            + "to \(queryNames[query])",
          hint: "the tree belongs to another function set")
      }
      place = branch.node
    }
    guard case .identified(let function) = strategy.nodes[place] else { return nil }
    return function
  }
}
