import Execution
import Glibc

/// An interrogation of machines without reset in the making: each machine left is in a state.
struct MachineRecord: Course {
  let set: MachineSet
  let rules: Rules
  private(set) var exchanges: [Transcript.Exchange] = []
  private(set) var versionSpace: [Int]
  /// Per machine of the set the state that it is in if it is the one; -1 beyond the horizon.
  private var states: [Int32]

  /// An interrogation that begins, with every machine in its initial state.
  init(_ set: MachineSet, isStrict: Bool = true) {
    self.set = set
    rules = Rules(isStrict: isStrict)
    versionSpace = Array(0..<set.count)
    states = set.initial
  }

  /// Whether one machine is left, or nothing tells those apart that are.
  var isOver: Bool {
    guard let first = versionSpace.first else { return true }
    return versionSpace.allSatisfy { isAlike($0, first) }
  }

  /// Whether two machines left can no longer be told apart.
  func isAlike(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (states[first], states[second])
    return a < 0 || b < 0 ? a < 0 && b < 0 : set.classes[Int(a)] == set.classes[Int(b)]
  }

  /// Machines left that nothing tells apart any more, in groups of two or more.
  var merged: [[Int]] {
    var groups: [[Int]] = []
    for machine in versionSpace {
      if let place = groups.firstIndex(where: { isAlike($0[0], machine) }) {
        groups[place].append(machine)
      } else {
        groups.append([machine])
      }
    }
    return groups.filter { $0.count > 1 }
  }

  var room: Double { Double(versionSpace.count) }

  mutating func add(_ query: Int, _ answer: Answer) throws {
    try set.checkQuery(query)
    guard versionSpace.allSatisfy({ states[$0] >= 0 }) else {
      throw Failure("input \(exchanges.count + 1) is beyond the horizon of \(exchanges.count)")
    }
    let next = versionSpace.filter { answer == .code(set.output[place(of: $0, query)]) }
    if next.isEmpty && rules.isStrict {
      throw Failure(
        "contradiction at question \(exchanges.count + 1): no machine left answers "
          + "\"\(set.text(of: answer))\" to \(set.inputNames[query])",
        hint: "the oracle is no machine of this set, or it was not in its initial state")
    }
    for machine in next { states[machine] = set.next[place(of: machine, query)] }
    versionSpace = next
    exchanges.append(
      Transcript.Exchange(
        query: query, answer: answer, remaining: next.count, queryName: set.inputNames[query],
        answerText: set.text(of: answer)))
  }

  private func place(of machine: Int, _ input: Int) -> Int {
    Int(states[machine]) * set.inputCount + input
  }

  mutating func exclude(_ isOut: (Int) -> Bool) {
    versionSpace = versionSpace.filter { !isOut($0) }
  }

  func options(_ query: Int) throws -> [(answer: Answer, after: MachineRecord)] {
    guard versionSpace.allSatisfy({ states[$0] >= 0 }) else {
      throw Failure("input \(exchanges.count + 1) is beyond the horizon of \(exchanges.count)")
    }
    return try Set(versionSpace.map { set.output[place(of: $0, query)] }).sorted().map { output in
      var next = self
      try next.add(query, .code(output))
      return (.code(output), next)
    }
  }

  func largest(after query: Int) -> Int {
    (try? options(query))?.map(\.after.versionSpace.count).max() ?? versionSpace.count
  }

  // MARK: - Answers

  func answer(_ given: AnswerValue, to query: Int) -> Answer? {
    set.code(of: given, among: allAnswers(to: query).sorted()).map { .code($0) }
  }

  func answers(to query: Int) -> [String]? {
    allAnswers(to: query).map { set.outputTexts[Int($0)] }.sorted()
  }

  /// The outputs that any state has for an input.
  private func allAnswers(to input: Int) -> Set<Int32> {
    Set(stride(from: input, to: set.output.count, by: set.inputCount).map { set.output[$0] })
  }

  /// Machines have no table of answers.
  func card(of function: Int) -> [String]? { nil }

  func trueAnswer(of function: Int, at place: Int) -> String {
    let word = exchanges[...place].map(\.query)
    return (try? set.outputs(of: function, to: word))?.last ?? ""
  }

  func isWrong(at place: Int, for function: Int) -> Bool {
    trueAnswer(of: function, at: place) != exchanges[place].answerText
  }

  // MARK: - What to ask

  func optimum(within seconds: Double) throws -> (bound: Bound<Fraction>, query: Int?) {
    if versionSpace.count < 2 {
      return (Bound(lower: Fraction(0), upper: Fraction(0), reason: .trivial), nil)
    }
    let start = versionSpace.map { states[$0] }
    var search = AdaptiveSearch(set, from: start, deadline: Deadline(within: seconds))
    // Two machines in states of one behaviour are never told apart.
    guard merged.isEmpty, !start.contains(where: { $0 < 0 }) else {
      return (Bound(lower: .infinite, upper: .infinite, reason: .trivial), nil)
    }
    let depth = search.solve()
    let bound = depth.map { $0 == Int.max ? .infinite : Fraction($0) }
    return (bound, depth.isProved ? search.firstInput : nil)
  }

  func nextQuery(_ goal: Goal, within seconds: Double) throws -> Int? {
    if isOver { return nil }
    if goal == .worstCase, let best = try optimum(within: seconds).query { return best }
    return firstStep(goal, isSafe: true) ?? firstStep(goal, isSafe: false)
  }

  /// The first input of a shortest word that tells some machines apart, without making others one
  /// if it is to be safe.
  private func firstStep(_ goal: Goal, isSafe: Bool) -> Int? {
    var seen: Set<[Int32]> = []
    var layer = [(record: self, first: -1)]
    while !layer.isEmpty, seen.count < 10_000 {
      var best: (first: Int, score: Double)?
      var following: [(record: MachineRecord, first: Int)] = []
      for (record, first) in layer {
        for input in 0..<set.inputCount {
          guard let options = try? record.options(input).map(\.after) else { continue }
          if isSafe && options.contains(where: { !$0.merged.isEmpty }) { continue }
          let begun = first < 0 ? input : first
          if options.count == 1 {
            let next = options[0]
            guard seen.insert(next.versionSpace.map { next.states[$0] }).inserted else { continue }
            following.append((next, begun))
          } else if let score = Optional(score(options.map(\.versionSpace.count), goal)),
            Score.isBelow(score, best?.score ?? .infinity)
          {
            best = (begun, score)
          }
        }
      }
      if let best { return best.first }
      layer = following
    }
    return nil
  }

  private func score(_ sizes: [Int], _ goal: Goal) -> Double {
    goal == .entropy
      ? sizes.reduce(0) { $0 + Double($1) * log2(Double($1)) } : Double(sizes.max() ?? 0)
  }
}

extension Fraction {
  /// Stands for what no play reaches.
  public static let infinite = Fraction(Int128.max)
}
