import Execution
import Testing

@testable import Interrogation

/// Strategies made for tolerance, lies, labels and costs, and those for machines, are played.
@Suite struct TermsGameTests {
  /// A random table of numbers whose functions can be told apart within the tolerance.
  private func numbers(
    _ random: inout RandomStream, _ terms: Terms
  ) throws -> FunctionSet? {
    let (n, m) = (2 + random.integer(below: 4), 1 + random.integer(below: 3))
    let rows = (0..<n).map { _ in (0..<m).map { _ in Int32(random.integer(below: 9)) } }
    guard Set(rows).count == n else { return nil }
    let set = try FunctionSet(rows)
    return try set.indistinguishable(tolerance: terms.tolerance).isEmpty ? set : nil
  }

  @Test func everyoneIsFoundWithinATolerance() throws {
    var random = RandomStream(seed: 3, purpose: "tolerance in play")
    var played = 0
    while played < 60 {
      let lies = random.integer(below: 2)
      let terms = Terms(lies: lies, tolerance: try Fraction(1 + random.integer(below: 3), 2))
      guard let set = try numbers(&random, terms) else { continue }
      played += 1
      let optimum = try set.interactive(on: terms)
      let list = try #require(try set.noninteractive(on: terms)).queries
      for function in 0..<set.functionCount {
        for seed in 0..<3 {
          for way in [Interrogator.tree(optimum.strategy), .list(list), .greedy, .entropy] {
            var liar = try LyingOracle(
              set, function: function, lies: lies, tolerance: terms.tolerance, seed: UInt64(seed))
            var noisy = try NoisyOracle(
              set, function: function, rate: 0, tolerance: terms.tolerance, seed: UInt64(seed))
            let first = try set.interrogate(way, &liar, rules: Rules(terms))
            let second = try set.interrogate(way, &noisy, rules: Rules(terms))
            #expect(first.verdict == .identified(function))
            #expect(second.verdict == .identified(function))
            #expect(second.exchanges.allSatisfy { !$0.isWrong })
            guard case .tree = way else { continue }
            #expect(Fraction(first.exchanges.count) <= optimum.bound.upper)
            #expect(Fraction(second.exchanges.count) <= optimum.bound.upper)
          }
        }
      }
    }
  }

  @Test func adversariesForceTheOptimumOnAllTerms() throws {
    var random = RandomStream(seed: 4, purpose: "adversaries")
    var played = 0
    while played < 80 {
      var terms = Terms(lies: random.integer(below: 2))
      if random.uniform() < 0.5 { terms.tolerance = try Fraction(random.integer(below: 4), 2) }
      guard let set = try numbers(&random, terms) else { continue }
      if random.uniform() < 0.3 {
        terms.labels = (0..<set.functionCount).map { _ in "l\(random.integer(below: 2))" }
      }
      if random.uniform() < 0.3 {
        terms.costs = try (0..<set.queryCount).map { _ in
          try Fraction(1 + random.integer(below: 4), 2)
        }
      }
      guard !terms.isPlain else { continue }
      played += 1
      let optimum = try set.interactive(on: terms)
      #expect(optimum.bound.isProved)
      var exact = try AdversaryOracle(set, .exact, on: terms)
      let forced = try set.interrogate(.tree(optimum.strategy), &exact, rules: Rules(terms))
      #expect(forced.cost == optimum.bound.upper)
      var other = try AdversaryOracle(set, .exact, on: terms)
      #expect(
        try set.interrogate(.greedy, &other, rules: Rules(terms)).cost >= optimum.bound.upper)
      var quick = try AdversaryOracle(set, .quick, on: terms)
      #expect(
        try set.interrogate(.tree(optimum.strategy), &quick, rules: Rules(terms)).cost
          <= optimum.bound.upper)
    }
  }

  @Test func answersWithinTheToleranceArePrinted() throws {
    let set = try FunctionSet([["0", "5"], ["3", "5"], ["3", "9"]])
    let terms = Terms(tolerance: Fraction(1))
    let tree = try set.interactive(on: terms).strategy
    var adversary = try AdversaryOracle(set, .exact, on: terms)
    let transcript = try set.interrogate(.tree(tree), &adversary, rules: Rules(terms))
    #expect(
      transcript.description == """
        1. x0? 3   2 of 3 left
        2. x1? 5   1 of 3 left
        It is f1, after 2 questions.
        """)
    var wrong = ClosureOracle { _ in .number(7) }
    let failure = #expect(throws: Failure.self) {
      try set.interrogate(.tree(tree), &wrong, rules: Rules(terms))
    }
    #expect(
      failure?.message
        == "contradiction at question 1: no function left answers within 1 of \"7\" to x0")
  }

  @Test func treesOfRangesAreReadBack() throws {
    let set = try FunctionSet([["0", "0"], ["2", "9"], ["4", "0"], ["6", "9"]])
    let terms = Terms(tolerance: Fraction(1))
    let tree = try set.interactive(on: terms).strategy
    // Codes are forgotten, as in the plain form of a tree.
    let bare = Strategy(
      nodes: tree.nodes.map { node in
        guard case .ask(let query, let branches) = node else { return node }
        return .ask(
          query: query,
          branches: branches.map { Strategy.Branch(answer: -1, node: $0.node, text: $0.text) })
      })
    #expect(throws: Failure.self) { try set.verify(bare, on: terms) }
    #expect(try set.verify(set.resolved(bare, on: terms), on: terms) == Fraction(tree.depth))
  }

  @Test func costsAreCounted() throws {
    let set = try Family.make("thresholds", [4])
    let costs = [try Fraction(1, 2), Fraction(3), try Fraction(1, 2)]
    let terms = Terms(costs: costs)
    var oracle = try HonestOracle(set, function: 3)
    let tree = try set.interactive(on: terms).strategy
    let transcript = try set.interrogate(.tree(tree), &oracle, rules: Rules(terms))
    #expect(
      transcript.cost
        == (try transcript.exchanges.reduce(Fraction(0)) { try $0.adding(costs[$1.query]) }))
    #expect(transcript.description.contains(" at a cost of "))
  }

  // MARK: - Machines

  private func machines() throws -> MachineSet {
    let a = try MealyMachine(next: [[1, 1], [0, 1]], output: [["a", "b"], ["a", "a"]])
    let c = try MealyMachine(next: [[1, 0], [0, 1]], output: [["a", "b"], ["b", "a"]])
    return try MachineSet([a, c], names: ["first", "second"])
  }

  @Test func machinesRunOn() throws {
    let set = try machines()
    let tree = try #require(try set.adaptive().witness)
    let word = try #require(try set.preset().witness)
    for machine in 0..<2 {
      for way in [Interrogator.tree(tree), .list(word), .greedy, .entropy] {
        var oracle = try MachineOracle(set, machine: machine)
        #expect(try set.interrogate(way, &oracle).verdict == .identified(machine))
      }
    }
    var oracle = try MachineOracle(set, machine: 1)
    #expect(
      try set.interrogate(.tree(tree), &oracle).description == """
        1. 0? a   2 of 2 left
        2. 0? b   1 of 2 left
        It is second, after 2 questions.
        """)
    var adversary = AdversaryOracle(set, .exact)
    #expect(try set.interrogate(.tree(tree), &adversary).exchanges.count == tree.depth)
  }

  @Test func randomMachinesAreFoundOrMerged() throws {
    var random = RandomStream(seed: 9, purpose: "machines in play")
    var found = 0
    for _ in 0..<200 {
      func tables(_ draw: (Int) -> Int) -> [[Int]] { (0..<3).map { _ in (0..<2).map(draw) } }
      let machines = try (0..<3).map { _ in
        try MealyMachine(
          next: tables { _ in random.integer(below: 3) },
          output: tables { _ in random.integer(below: 2) }.map { $0.map { String($0) } })
      }
      guard try MachineSet.duplicates(in: machines) == nil else { continue }
      let set = try MachineSet(machines)
      for machine in 0..<3 {
        var oracle = try MachineOracle(set, machine: machine)
        let greedy = try set.interrogate(.greedy, &oracle)
        #expect(greedy.candidates.contains(machine))
        guard let tree = try set.adaptive().witness else { continue }
        var other = try MachineOracle(set, machine: machine)
        #expect(try set.interrogate(.tree(tree), &other).verdict == .identified(machine))
        found += 1
      }
    }
    #expect(found > 300)
  }

  // MARK: - Play

  @Test func machinesArePlayed() throws {
    let console = RecordingConsole(answers: ["inputs", "0", "hint", "show first", "1", "0"])
    let result = try machines().play(on: console, role: .ask(.function(1)))
    #expect(
      console.output == """
        I am one of 2 machines: first, second.
        Inputs: 0, 1.
        I am never reset: my state carries over.
        Give an input, or say: hint, inputs, left, guess NAME, give up.
        question 1> inputs
          Inputs: 0, 1.
        question 1> 0
          0 = a   2 of 2 left: first, second.
        question 2> hint
          Give 0: at worst 1 of 2 are left then.
        question 2> show first
          A machine has no table of answers to show.
        question 2> 1
          1 = a   2 of 2 left: first, second.
        question 3> 0
          0 = b   1 of 2 left: second.
        I am second. You found it out in 3 questions.
        The best strategy needs at most 2 questions.
        Question 2 lost 1:
          after 1 there can be 1 more to ask,
          after 0 at most 0.

        """)
    #expect(result.outcome == .found(1))
    let answering = RecordingConsole(answers: ["a", "b", "yes"])
    #expect(try machines().play(on: answering, role: .answer).outcome == .found(1))
    #expect(answering.output.contains("question 2: 0? (a or b) b\n"))
  }

  @Test func machinesCanBecomeOne() throws {
    let a = try MealyMachine(
      next: [[1, 2], [1, 1], [2, 2]], output: [["a", "a"], ["a", "a"], ["c", "c"]])
    let b = try MealyMachine(
      next: [[1, 2], [1, 1], [2, 2]], output: [["a", "a"], ["a", "a"], ["b", "c"]])
    let set = try MachineSet([a, b])
    let console = RecordingConsole(answers: ["0"])
    let result = try set.play(on: console, role: .ask(.adversary(.exact)))
    #expect(result.outcome == .inseparable([0, 1]))
    #expect(!result.isFound)
    #expect(
      console.output.hasSuffix(
        """
          0 = a   2 of 2 left: m0, m1.
          Nothing tells these apart any more: m0, m1.
        I could still have been m0, m1.
        The best strategy needs at most 2 questions.
        Question 1 gave certainty away:
          after 0 some can be left that nothing tells apart,
          after 1 at most 1 more to ask.

        """))
  }

  @Test func liesArePlayed() throws {
    let set = try Family.make("thresholds", [4])
    let terms = Terms(lies: 1)
    let console = RecordingConsole(answers: ["x1", "x1", "x1", "x0", "x0", "x2", "x2"])
    let result = try set.play(on: console, role: .ask(.random(seed: 5)), terms: terms)
    #expect(result.isFound)
    #expect(result.optimum.upper == Fraction(5))
    #expect(console.output.contains("One of my answers may be wrong."))
    #expect(console.output.contains("\n  ■■□□\n") || console.output.contains("\n  □□■■\n"))
    let wrong = result.transcript.exchanges.count { $0.isWrong }
    #expect(console.output.split(separator: "\n").count { $0.contains("was wrong") } == wrong)
    // A person lies once and is seen through.
    let answering = RecordingConsole(answers: ["0", "1", "1", "1", "1", "1", "yes"])
    let other = try set.play(on: answering, role: .answer, terms: terms)
    #expect(other.isFound)
  }

  @Test func toleranceAndCostsArePlayed() throws {
    let set = try FunctionSet(
      [["0", "5"], ["3", "5"], ["3", "9"]], functionNames: ["a", "b", "c"])
    let terms = Terms(costs: [Fraction(1), try Fraction(3, 2)], tolerance: Fraction(1))
    let console = RecordingConsole(answers: ["much", "2.7", "4.4", "yes"])
    let result = try set.play(on: console, role: .answer, terms: terms)
    #expect(
      console.output == """
        Have one of 3 functions in mind: a, b, c.
        Your answers may be off by 1.
        Answer, or say: show NAME, left, back, give up.
        question 1: x0? (a number) much
          x0 is answered by: a number.
        question 1: x0? (a number) 2.7
          2 of 3 left: b, c.
          ·■■
        question 2: x1? (a number) 4.4
          1 of 3 left: b.
          ·■·
        Is it b? (yes or no) yes
        You have b in mind. I asked 2 questions, at a cost of 5/2.
        The best strategy costs at most 5/2.

        """)
    #expect(result.cost == (try Fraction(5, 2)))
    let asking = RecordingConsole(answers: ["x1", "x0"])
    let asked = try set.play(on: asking, role: .ask(.function(1)), terms: terms)
    #expect(asking.output.contains("Queries, with their costs: x0 (1), x1 (3/2)."))
    #expect(asked.transcript.exchanges.allSatisfy { !$0.isWrong })
  }
}
