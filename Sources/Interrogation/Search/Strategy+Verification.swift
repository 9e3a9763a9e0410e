import Execution

extension FunctionSet {
  /// Checks a decision tree against the table: each function must arrive at the leaf that names it.
  ///
  /// - Throws: `Failure` that names the first function that goes astray.
  public func verify(_ strategy: Strategy) throws {
    guard !strategy.nodes.isEmpty else { throw Failure("the decision tree is empty") }
    try verifyPlaces(strategy)
    var waiting = [[Int32]](repeating: [], count: strategy.nodes.count)
    waiting[0] = (0..<Int32(functionCount)).map { $0 }
    for (place, node) in strategy.nodes.enumerated() where !waiting[place].isEmpty {
      switch node {
      case .identified(let function):
        if let lost = waiting[place].first(where: { Int($0) != function }) {
          throw Failure(
            "the decision tree takes \(functionNames[Int(lost)]) for \(functionNames[function])")
        }
      case .ask(let query, let branches):
        for part in columns[query].classes(of: waiting[place]) {
          let answer = columns[query].codes[part.label]
          guard let branch = branches.first(where: { $0.answer == answer }) else {
            throw Failure(
              "the decision tree has no branch for the answer \"\(answerText(answer))\" "
                + "to \(queryNames[query])")
          }
          waiting[branch.node] += part.members
        }
      }
      waiting[place] = []
    }
  }

  func verifyPlaces(_ strategy: Strategy) throws {
    for (place, node) in strategy.nodes.enumerated() {
      switch node {
      case .identified(let function):
        guard functionNames.indices.contains(function) else {
          throw Failure("the decision tree names function \(function) of \(functionCount)")
        }
      case .ask(let query, let branches):
        guard queryNames.indices.contains(query) else {
          throw Failure("the decision tree asks query \(query) of \(queryCount)")
        }
        guard branches.allSatisfy({ $0.node > place && $0.node < strategy.nodes.count }) else {
          throw Failure("the decision tree has a branch that does not lead downwards")
        }
      }
    }
  }

  /// Checks a fixed list of queries: together they must tell all functions apart.
  ///
  /// - Throws: `Failure` that names a pair left together.
  public func verify(list: [Int]) throws {
    if let wrong = list.first(where: { !queryNames.indices.contains($0) }) {
      throw Failure("the list asks query \(wrong) of \(queryCount)")
    }
    // Rows with different hashes differ; only where hashes meet are the classes refined.
    let hashes = FunctionSet.rowHashes(list.map { columns[$0] }, count: functionCount)
    if Set(hashes).count == functionCount { return }
    var partition = Partition(functionCount)
    for query in list { partition.refine(columns[query]) }
    if let pair = partition.unseparatedPair {
      throw Failure(
        "the list does not separate \(functionNames[pair.0]) from \(functionNames[pair.1])")
    }
  }

  /// Checks a teaching set: its answers must rule out all functions but one.
  ///
  /// - Throws: `Failure` that names a function not ruled out.
  public func verify(teaching list: [Int], of function: Int) throws {
    try checkFunction(function)
    if let wrong = list.first(where: { !queryNames.indices.contains($0) }) {
      throw Failure("the teaching set asks query \(wrong) of \(queryCount)")
    }
    for other in 0..<functionCount where other != function {
      if list.allSatisfy({ columns[$0][other] == columns[$0][function] }) {
        throw Failure(
          "the teaching set does not rule out \(functionNames[other]) "
            + "for \(functionNames[function])")
      }
    }
  }

}
