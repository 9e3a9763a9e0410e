import Execution

extension FunctionSet {
  /// The decision tree that always asks the query with the smallest largest class, ties to the
  /// lowest number.
  ///
  /// - Throws: `Interrupted`.
  public func greedyInteractive(within seconds: Double = 10) throws -> Strategy {
    var builder = GreedyTree(
      columns: columns, queryNumbers: Array(0..<queryCount), criterion: .largestClass,
      deadline: Deadline(within: seconds))
    return try builder.build((0..<Int32(functionCount)).map { $0 })
  }

  /// The list that always adds the query that separates most pairs still together, ties to the
  /// lowest number.
  public func greedyNoninteractive(within seconds: Double = 10) -> [Int] {
    GreedyList.list(
      columns, from: Partition(functionCount), deadline: Deadline(within: seconds))
  }

  /// Every query that can begin an interrogation of optimal worst case.
  ///
  /// - Throws: `Failure` if the budget is over before all queries are decided.
  public func optimalFirstQueries(within seconds: Double = 10) throws -> [Int] {
    let deadline = Deadline(within: seconds)
    let reduction = Reduction(self)
    let solution = try interactive(reduction, deadline)
    let undecided = Failure(
      "the optimal first queries are not decided within \(Text.significant(seconds)) seconds",
      hint: "give more time with within")
    guard solution.bound.isProved else { throw undecided }
    guard functionCount > 1 else { return [] }
    guard let table = searchTable(reduction) else { throw undecided }
    var search = InteractiveSearch(table, deadline: deadline)
    let everyone = (0..<Int32(functionCount)).map { $0 }
    return try (0..<queryCount).filter { query in
      let parts = columns[query].classes(of: everyone).map(\.members)
      guard parts.count > 1 else { return false }
      let isOptimal = parts.sorted { $0.count > $1.count }.allSatisfy {
        search.canIdentify($0, within: solution.bound.upper - 1)
      }
      if search.isStopped { throw undecided }
      return isOptimal
    }
  }
}
