import Execution

/// A tree with names at its nodes and on its branches, such as a decision tree.
public struct Tree: Sendable, Equatable {
  /// One node with the branch that leads to it.
  public struct Node: Sendable, Equatable {
    /// What is written at the node.
    public let label: String
    /// What is written on the branch that leads to it; nothing at the root.
    public let branch: String
    /// The numbers of the nodes below, from left to right; none for a leaf.
    public let children: [Int]

    /// A node.
    public init(label: String, branch: String = "", children: [Int] = []) {
      self.label = singleLine(label)
      self.branch = singleLine(branch)
      self.children = children
    }
  }

  /// Depths that may be asked for.
  public static let depths = 1...64

  /// The nodes, the root first, every other one after its parent.
  public let nodes: [Node]
  /// Branches below the root that are drawn one after the other, at most; nil for as many as are
  /// readable.
  public let depth: Int?
  /// Per node the number of leaves at and below it.
  let leaves: [Int]
  /// The greatest number of branches from the root to a leaf.
  let height: Int
}

extension Figure {
  /// A tree from the top down; what is below the depth drawn is counted.
  ///
  /// - Throws: a `Failure` for no nodes, nodes that are no tree, or a depth out of range.
  public static func tree(
    _ nodes: [Tree.Node], depth: Int? = nil, frame: Frame = Frame()
  ) throws -> Figure {
    try Check.notEmpty(nodes.count, "nodes", kind: "tree")
    if let depth, !Tree.depths.contains(depth) {
      throw Failure(
        "found a depth of \(depth), expected \(Tree.depths.lowerBound) to "
          + "\(Tree.depths.upperBound)")
    }
    var levels = [Int?](repeating: nil, count: nodes.count)
    levels[0] = 0
    for (place, node) in nodes.enumerated() {
      guard let level = levels[place] else {
        throw Failure("node \(place) of the tree is below no other")
      }
      for child in node.children {
        guard nodes.indices.contains(child), child > place, levels[child] == nil else {
          throw Failure("node \(place) of the tree leads to \(child), expected a new node after it")
        }
        levels[child] = level + 1
      }
    }
    var leaves = [Int](repeating: 0, count: nodes.count)
    for (place, node) in nodes.enumerated().reversed() {
      leaves[place] = node.children.isEmpty ? 1 : node.children.reduce(0) { $0 + leaves[$1] }
    }
    let height = levels.reduce(0) { max($0, $1 ?? 0) }
    return try Figure(
      .tree(Tree(nodes: nodes, depth: depth, leaves: leaves, height: height)), frame)
  }
}
