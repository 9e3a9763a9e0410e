/// An adaptive interrogator written out: a decision tree over the queries of a function set.
public struct Strategy: Sendable, Equatable {
  /// What follows one answer.
  public struct Branch: Sendable, Equatable {
    /// The answer code.
    public var answer: Int32
    /// The number of the node that it leads to.
    public var node: Int
    /// What the answer is called where its code alone does not say.
    public var text: String?

    /// A branch to a node.
    public init(answer: Int32, node: Int, text: String? = nil) {
      self.answer = answer
      self.node = node
      self.text = text
    }
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

  /// A tree of these nodes, the root first, children after their parents; `verify` checks it.
  public init(nodes: [Node]) {
    self.nodes = nodes
  }

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
