import Execution

/// A way to choose queries.
public enum Interrogator: Sendable {
  /// Follow a decision tree, such as an optimal one.
  case tree(Strategy)
  /// Always the query with the smallest largest class.
  case greedy
  /// Always the query whose answer has the greatest entropy.
  case entropy
  /// These queries, whatever is answered.
  case list([Int])
}

extension FunctionSet {
  /// Plays an interrogation to its end.
  ///
  /// - Throws: `Failure` where an answer contradicts those before, with the number of the question.
  public func interrogate(
    _ interrogator: Interrogator, _ oracle: inout some Oracle
  ) throws -> Transcript {
    var record = Record(self)
    switch interrogator {
    case .tree(let strategy):
      try follow(strategy, &oracle, &record)
    case .list(let queries):
      for query in queries { try record.add(query, oracle.answer(query)) }
    case .greedy, .entropy:
      var isEntropy = false
      if case .entropy = interrogator { isEntropy = true }
      while let query = try nextQuery(
        record.versionSpace, goal: isEntropy ? .entropy : .largestClass)
      {
        try record.add(query, oracle.answer(query))
      }
    }
    return record.transcript
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
    while let query = try nextQuery(record.versionSpace, within: seconds) {
      try record.add(query, oracle.answer(query))
    }
    return record.transcript
  }

  private func follow(
    _ strategy: Strategy, _ oracle: inout some Oracle, _ record: inout Record
  ) throws {
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
  }
}
