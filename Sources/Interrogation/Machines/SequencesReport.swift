import Execution
import Synchronization

/// What is known of a set of machines without reset, in one table.
public struct SequencesReport: Sendable {
  /// The number of machines.
  public let machineCount: Int
  /// The number of inputs.
  public let inputCount: Int
  /// The longest play considered, or nil if there is no limit.
  public let horizon: Int?
  /// The shortest adaptive play.
  public let adaptive: SequenceSolution<Strategy>
  /// The shortest input word.
  public let preset: SequenceSolution<[Int]>

  /// The optimum in words: a number, an interval, or that there is none.
  public static func text(_ bound: Bound<Int>) -> String {
    if bound.lower == Int.max { return "none" }
    return bound.upper == Int.max ? "\(bound.lower) or more" : bound.description
  }
}

extension SequencesReport: CustomStringConvertible {
  /// An aligned table.
  public var description: String {
    let size =
      "\(Text.count(machineCount, "machine")), \(Text.count(inputCount, "input")), no reset"
      + (horizon.map { "; words of up to \(Text.count($0, "input"))" } ?? "")
    let rows = [("adaptive, inputs", adaptive.bound), ("preset, inputs", preset.bound)].map {
      (name: $0.0, value: SequencesReport.text($0.1), remark: remark($0.1))
    }
    let width = max(5, rows.map(\.value.count).max() ?? 0)
    return
      ([
        size,
        Layout.left("naive bound", 27) + Layout.right("-", width)
          + "   Proposition 3.1 needs a reset",
      ]
      + rows.map {
        Layout.left($0.name, 27) + Layout.right($0.value, width) + "   " + $0.remark
      }).joined(separator: "\n")
  }

  private func remark(_ bound: Bound<Int>) -> String {
    if bound.lower == Int.max {
      let reach = horizon.map { "within \(Text.count($0, "input"))" } ?? "of any length"
      return "proved: no play \(reach), \(bound.reason)"
    }
    return bound.isProved ? "proved: \(bound.reason)" : "not closed: \(bound.reason)"
  }
}

extension MachineSet {
  /// Both optima without reset within the budget, at once where there are two cores.
  public func bounds(within seconds: Double = 10) throws -> SequencesReport {
    let adaptive = Mutex<SequenceSolution<Strategy>?>(nil)
    let preset = Mutex<SequenceSolution<[Int]>?>(nil)
    try BudgetShare.run(within: seconds) { share in
      let found = try self.adaptive(within: share.rest)
      adaptive.withLock { $0 = found }
    } and: { share in
      let found = try self.preset(within: share.rest)
      preset.withLock { $0 = found }
    }
    guard let tree = adaptive.withLock({ $0 }), let word = preset.withLock({ $0 }) else {
      throw Interrupted()
    }
    let (adaptivePlay, presetPlay) = try reconciled(tree, word)
    return SequencesReport(
      machineCount: count, inputCount: inputCount, horizon: horizon, adaptive: adaptivePlay,
      preset: presetPlay)
  }

  /// What each says of the other: a word is a tree, too, and none is shorter than the best tree.
  private func reconciled(
    _ tree: SequenceSolution<Strategy>, _ word: SequenceSolution<[Int]>
  ) throws -> (SequenceSolution<Strategy>, SequenceSolution<[Int]>) {
    var (adaptive, preset) = (tree, word)
    if tree.witness == nil, !tree.isImpossible, let inputs = word.witness {
      let play = strategy(word: inputs)
      try verify(play)
      adaptive = SequenceSolution(
        bound: Bound(
          lower: min(tree.bound.lower, play.depth), upper: play.depth, reason: tree.bound.reason),
        witness: play)
    }
    if word.witness == nil {
      preset = SequenceSolution(
        bound: word.bound.raised(to: tree.bound.lower, .interactive), witness: nil,
        isOutOfMemory: word.isOutOfMemory)
    }
    return (adaptive, preset)
  }

  /// The tree that gives the inputs of a word that tells all machines apart, in order.
  private func strategy(word: [Int]) -> Strategy {
    var nodes: [Strategy.Node] = [.identified(function: 0)]
    let everyone = (0..<count).map { (machine: $0, state: initial[$0]) }
    var tasks = [(node: 0, members: everyone, step: 0)]
    while let task = tasks.popLast() {
      guard task.members.count > 1, word.indices.contains(task.step) else {
        nodes[task.node] = .identified(function: task.members[0].machine)
        continue
      }
      let input = word[task.step]
      let parts = Dictionary(grouping: task.members) {
        output[Int($0.state) * inputCount + input]
      }
      var branches: [Strategy.Branch] = []
      for (answer, members) in parts.sorted(by: { $0.key < $1.key }) {
        branches.append(Strategy.Branch(answer: answer, node: nodes.count))
        let after = members.map { member in
          (machine: member.machine, state: next[Int(member.state) * inputCount + input])
        }
        tasks.append((nodes.count, after, task.step + 1))
        nodes.append(.identified(function: 0))
      }
      nodes[task.node] = .ask(query: input, branches: branches)
    }
    return Strategy(nodes: nodes)
  }
}
