import Execution

extension FunctionSet {
  /// Checks a decision tree against the table: each function must arrive at the leaf that names it.
  ///
  /// - Throws: `Failure` that names the first function that goes astray.
  public func verify(_ strategy: Strategy) throws {
    guard !strategy.nodes.isEmpty else { throw Failure("the decision tree is empty") }
    try verifyPlaces(strategy)
    var passage = Passage(functionCount, nodes: strategy.nodes.count)
    for (place, node) in strategy.nodes.enumerated() where !passage.ranges[place].isEmpty {
      switch node {
      case .identified(let function):
        if let lost = passage.members(at: place).first(where: { Int($0) != function }) {
          throw Failure(
            "the decision tree takes \(functionNames[Int(lost)]) for \(functionNames[function])")
        }
      case .ask(let query, let branches):
        for part in passage.split(at: place, by: columns[query]) {
          let answer = columns[query].codes[part.label]
          guard let branch = branches.first(where: { $0.answer == answer }) else {
            throw Failure(
              "the decision tree has no branch for the answer \"\(answerText(answer))\" "
                + "to \(queryNames[query])")
          }
          passage.send(part.range, to: branch.node)
        }
      }
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

/// Functions on their way down a tree, kept in one array: those at a node lie side by side.
private struct Passage {
  private var order: [Int32]
  /// Which stretch of the order is at each node.
  private(set) var ranges: [Range<Int>]
  private var counts: [Int] = []
  private var labels: [Int] = []

  /// All functions at the first of some nodes.
  init(_ functions: Int, nodes: Int) {
    order = (0..<Int32(functions)).map { $0 }
    ranges = [Range<Int>](repeating: 0..<0, count: nodes)
    ranges[0] = 0..<functions
  }

  func members(at node: Int) -> ArraySlice<Int32> { order[ranges[node]] }

  /// Brings functions of a node with the same answer together; the stretches, by label.
  mutating func split(
    at node: Int, by column: Column
  ) -> [(label: Int, range: Range<Int>)] {
    let range = ranges[node]
    if counts.count < column.classCount {
      counts = [Int](repeating: 0, count: column.classCount)
    }
    labels.removeAll(keepingCapacity: true)
    for member in order[range] {
      let label = column[Int(member)]
      if counts[label] == 0 { labels.append(label) }
      counts[label] += 1
    }
    labels.sort()
    var start = range.lowerBound
    var parts: [(label: Int, range: Range<Int>)] = []
    for label in labels {
      parts.append((label, start..<start + counts[label]))
      (counts[label], start) = (start, start + counts[label])
    }
    if parts.count > 1 {
      for member in Array(order[range]) {
        let label = column[Int(member)]
        order[counts[label]] = member
        counts[label] += 1
      }
    }
    for label in labels { counts[label] = 0 }
    return parts
  }

  /// Sends functions to a node, at which others may be: then they move together.
  mutating func send(_ range: Range<Int>, to node: Int) {
    guard !ranges[node].isEmpty else {
      ranges[node] = range
      return
    }
    let start = order.count
    order += Array(order[ranges[node]]) + Array(order[range])
    ranges[node] = start..<order.count
  }
}
