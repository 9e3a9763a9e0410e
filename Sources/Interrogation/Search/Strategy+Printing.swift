import Execution

extension FunctionSet {
  /// A decision tree as indented text, cut after `lines` lines.
  ///
  /// A line says the answer that led there and the query asked next, or the function identified.
  public func text(of strategy: Strategy, lines limit: Int = 40) throws -> String {
    try verifyPlaces(strategy)
    return strategy.text(
      lines: limit, name: { functionNames[$0] }, query: { queryNames[$0] },
      answer: { answerText($0) })
  }
}

extension Strategy {
  /// The tree as indented text, cut after so many lines.
  ///
  /// A line says the answer that led there and the query asked next, or the function identified.
  func text(
    lines limit: Int, name: (Int) -> String, query queryName: (Int) -> String,
    answer: (Int32) -> String
  ) -> String {
    var lines: [String] = []
    var tasks: [(node: Int, depth: Int, answer: String)] = [(0, 0, "")]
    while let task = tasks.popLast() {
      if lines.count >= limit {
        let left = ([task] + tasks).reduce(0) { $0 + size(below: $1.node) }
        lines.append("... \(left) more")
        break
      }
      let indent = String(repeating: "  ", count: task.depth) + task.answer
      switch nodes[task.node] {
      case .identified(let function):
        lines.append(indent + name(function))
      case .ask(let query, let branches):
        lines.append(indent + queryName(query) + "?")
        for branch in Strategy.ordered(branches, answer: answer).reversed() {
          tasks.append((branch.node, task.depth + 1, (branch.text ?? answer(branch.answer)) + ": "))
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Number of nodes at and below one.
  func size(below root: Int) -> Int {
    var count = 0
    var stack = [root]
    while let place = stack.popLast() {
      count += 1
      if case .ask(_, let branches) = nodes[place] { stack += branches.map(\.node) }
    }
    return count
  }

  /// Branches as they are shown: numbers and ranges first, by value, then other answers by their
  /// texts.
  public static func ordered(_ branches: [Branch], answer: (Int32) -> String) -> [Branch] {
    branches.map { branch -> (branch: Branch, text: String, value: Double) in
      let text = branch.text ?? answer(branch.answer)
      let first = text.firstRange(of: "..").map { String(text[..<$0.lowerBound]) } ?? text
      return (branch, text, Double(first) ?? .infinity)
    }.sorted { ($0.value, $0.text) < ($1.value, $1.text) }.map(\.branch)
  }
}
