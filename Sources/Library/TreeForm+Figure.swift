import Execution
import Figures
import Interrogation
import Language

extension TreeForm {
  /// The nodes to draw of the decision tree that the first argument is.
  ///
  /// - Throws: `Failure` for what is no decision tree.
  static func nodes(_ call: Arguments) throws -> [Tree.Node] {
    if case .native(let box) = call[0] {
      if let value = box.object as? StrategyValue, case .tree(let strategy) = value.form {
        let set = value.functions
        let labels = value.asked?.terms.labels
        return nodes(
          strategy, name: { labels?[$0] ?? set.functionNames[$0] },
          query: { set.queryNames[$0] }, answer: { set.answerText($0) })
      }
      if let value = box.object as? MachineStrategyValue, case .tree(let strategy) = value.form {
        let machines = value.machines
        return nodes(
          strategy, name: { machines.names[$0] }, query: { machines.inputNames[$0] },
          answer: { machines.outputTexts[Int($0)] })
      }
      if box.object is StrategyValue || box.object is MachineStrategyValue {
        throw call.wrong(
          0, expected: "a decision tree",
          hint: "a fixed list has no branches; interactive_strategy(D) makes a tree")
      }
    }
    guard call[0].held("ask") != nil else {
      throw call.wrong(
        0, expected: "a decision tree", hint: "interactive_strategy(D) makes one of a set")
    }
    return try nodes(call[0], call)
  }

  private static func nodes(
    _ strategy: Strategy, name: (Int) -> String, query: (Int) -> String, answer: (Int32) -> String
  ) -> [Tree.Node] {
    var branches = [String](repeating: "", count: strategy.nodes.count)
    // Children stand after their parents.
    return strategy.nodes.enumerated().map { place, node in
      switch node {
      case .identified(let function):
        return Tree.Node(label: name(function), branch: branches[place])
      case .ask(let number, let parts):
        let parts = Strategy.ordered(parts, answer: answer)
        for part in parts { branches[part.node] = part.text ?? answer(part.answer) }
        return Tree.Node(
          label: query(number) + "?", branch: branches[place], children: parts.map(\.node))
      }
    }
  }

  /// The nodes of a tree in its plain form.
  private static func nodes(_ value: Value, _ call: Arguments) throws -> [Tree.Node] {
    var waiting: [(value: Value, branch: String)] = [(value, "")]
    var nodes: [Tree.Node] = []
    while nodes.count < waiting.count {
      let (value, branch) = waiting[nodes.count]
      guard let asked = value.held("ask"), let answers = value.held("answers") else {
        nodes.append(Tree.Node(label: call.session.text(value), branch: branch))
        continue
      }
      let first = waiting.count
      waiting += try pairs(answers, call).map { ($0.tree, call.session.text($0.answer)) }
      nodes.append(
        Tree.Node(
          label: call.session.text(asked) + "?", branch: branch,
          children: Array(first..<waiting.count)))
    }
    return nodes
  }

  /// The pairs of an answer and the tree that it leads to.
  ///
  /// - Throws: `Failure` for what is no list of pairs.
  static func pairs(
    _ answers: Value, _ call: Arguments
  ) throws -> [(answer: Value, tree: Value)] {
    try call.items(of: answers).map { pair in
      let parts = try call.items(of: pair)
      guard parts.count == 2 else {
        throw Failure("an answer of a tree must be a pair (answer, tree)", at: .position(0))
      }
      return (parts[0], parts[1])
    }
  }
}
