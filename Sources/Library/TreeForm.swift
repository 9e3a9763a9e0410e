import Execution
import Interrogation
import Language

/// Decision trees as plain values: a leaf is a name, a position the record
/// `(ask=query, answers=[(answer, tree), ...])`.
enum TreeForm {
  /// A tree as a plain value, built from the leaves up.
  static func value(
    _ strategy: Strategy, name: (Int) -> String, query: (Int) -> String, answer: (Int32) -> String
  ) -> Value {
    var values = [Value](repeating: .none, count: strategy.nodes.count)
    // Children stand after their parents.
    for place in strategy.nodes.indices.reversed() {
      switch strategy.nodes[place] {
      case .identified(let function): values[place] = .text(name(function))
      case .ask(let number, let branches):
        values[place] = .fields([
          ("ask", .text(query(number))),
          (
            "answers",
            .items(
              Strategy.ordered(branches, answer: answer).map {
                .tuple([.text($0.text ?? answer($0.answer)), values[$0.node]])
              })
          ),
        ])
      }
    }
    return values.first ?? .none
  }

  /// Where a tree finds its names.
  struct Names {
    let call: Arguments
    let functions: [String]
    let queries: [String]
    /// The code of an answer to a query, or nil if no function gives it.
    let code: (_ answer: AnswerValue, _ query: Int) -> Int32?
  }

  /// Reads a tree from its plain form.
  ///
  /// - Throws: `Failure` for what is no tree, or names what does not exist.
  static func strategy(_ value: Value, _ names: Names) throws -> Strategy {
    var nodes: [Strategy.Node] = [.identified(function: 0)]
    var tasks: [(node: Int, value: Value)] = [(0, value)]
    while let task = tasks.popLast() {
      guard let asked = task.value.held("ask"), let answers = task.value.held("answers") else {
        nodes[task.node] = .identified(function: try place(task.value, names.functions, names.call))
        continue
      }
      let query = try place(asked, names.queries, names.call)
      var branches: [Strategy.Branch] = []
      for (given, below) in try pairs(answers, names.call) {
        let answer = names.call.answer(given)
        // What no function answers is a branch that no play takes, but for ranges of numbers.
        let code = names.code(answer, query) ?? -1
        branches.append(Strategy.Branch(answer: code, node: nodes.count, text: answer.text))
        tasks.append((nodes.count, below))
        nodes.append(.identified(function: 0))
      }
      nodes[task.node] = .ask(query: query, branches: branches)
    }
    return Strategy(nodes: nodes)
  }

  /// The place of a name, or of what is given by number.
  static func place(_ value: Value, _ names: [String], _ call: Arguments) throws -> Int {
    // A name that is a number comes before the number of a place.
    let text = call.session.text(value)
    if let place = names.firstIndex(of: text) { return place }
    if let number = call.plainNumber(value),
      let place = Int(whole: number, below: names.count)
    {
      return place
    }
    let near = Text.nearest(text, in: names).first
    throw Failure(
      "there is no \"\(text)\" among the \(names.count) names of the set", at: .position(0),
      hint: near.map { "did you mean \"\($0)\"?" })
  }
}
