import Execution

/// An adaptive interrogator written out: a decision tree over the queries of a function set.
public struct Strategy: Sendable, Equatable {
  /// What follows one answer.
  public struct Branch: Sendable, Equatable {
    /// The answer code.
    public var answer: Int32
    /// The number of the node that it leads to.
    public var node: Int
  }

  /// One position of the game.
  public enum Node: Sendable, Equatable {
    /// Only this function is left.
    case identified(function: Int)
    /// Ask this query; one branch for each possible answer.
    case ask(query: Int, branches: [Branch])
  }

  /// The nodes, from the root 0 on; children stand after their parents.
  public internal(set) var nodes: [Node]

  /// Per function the number of queries until it is identified.
  public func depths(functionCount: Int) -> [Int] {
    var depths = [Int](repeating: 0, count: functionCount)
    var level = [Int](repeating: 0, count: nodes.count)
    for (place, node) in nodes.enumerated() {
      switch node {
      case .identified(let function): depths[function] = level[place]
      case .ask(_, let branches): for branch in branches { level[branch.node] = level[place] + 1 }
      }
    }
    return depths
  }

  /// The greatest number of queries.
  public var depth: Int {
    var depth = 0
    var level = [Int](repeating: 0, count: nodes.count)
    for (place, node) in nodes.enumerated() {
      depth = max(depth, level[place])
      if case .ask(_, let branches) = node {
        for branch in branches { level[branch.node] = level[place] + 1 }
      }
    }
    return depth
  }

  /// How many positions ask a query.
  public var questionCount: Int {
    nodes.count { if case .ask = $0 { true } else { false } }
  }
}

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

  func checkFunction(_ function: Int) throws {
    guard functionNames.indices.contains(function) else {
      throw Failure("there is no function \(function) among \(functionCount)")
    }
  }
}

/// A partition of the functions into classes that queries refine.
struct Partition {
  private(set) var classOf: [Int32]
  private(set) var classCount: Int

  init(_ count: Int) {
    classOf = [Int32](repeating: 0, count: count)
    classCount = count > 0 ? 1 : 0
  }

  /// Splits the classes by a query.
  mutating func refine(_ column: Column) {
    switch column.labels {
    case .bytes(let labels): refine(labels, classes: column.classCount)
    case .wide(let labels): refine(labels, classes: column.classCount)
    }
  }

  private mutating func refine<Label: FixedWidthInteger>(_ labels: [Label], classes: Int) {
    if classes &* classCount <= 1 << 18 {
      refineNarrow(labels, classes: classes)
      return
    }
    var places: [Int: Int32] = [:]
    for function in classOf.indices {
      let key = Int(classOf[function]) &* classes &+ Int(labels[function])
      let place = places[key] ?? Int32(places.count)
      places[key] = place
      classOf[function] = place
    }
    classCount = places.count
  }

  private mutating func refineNarrow<Label: FixedWidthInteger>(_ labels: [Label], classes: Int) {
    var places = [Int32](repeating: -1, count: classCount * classes)
    var next: Int32 = 0
    for function in classOf.indices {
      let key = Int(classOf[function]) &* classes &+ Int(labels[function])
      if places[key] < 0 {
        places[key] = next
        next &+= 1
      }
      classOf[function] = places[key]
    }
    classCount = Int(next)
  }

  /// Two functions of one class, if there are.
  var unseparatedPair: (Int, Int)? {
    var firsts = [Int32](repeating: -1, count: classCount)
    for function in classOf.indices {
      let place = Int(classOf[function])
      if firsts[place] >= 0 { return (Int(firsts[place]), function) }
      firsts[place] = Int32(function)
    }
    return nil
  }

  var isDiscrete: Bool { classCount == classOf.count }
}
