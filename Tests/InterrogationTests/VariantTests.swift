import Execution
import Testing

@testable import Interrogation

/// Lies, tolerance, labels, costs and machines against plain enumeration.
@Suite struct VariantTests {
  private func table(
    _ random: inout RandomStream, functions: Int, queries: Int, answers: Int
  ) -> [[Int]] {
    let (n, m) = (1 + random.integer(below: functions), 1 + random.integer(below: queries))
    let rows = (0..<n).map { _ in (0..<m).map { _ in random.integer(below: answers) } }
    var seen: Set<[Int]> = []
    return rows.filter { seen.insert($0).inserted }
  }

  private func set(_ rows: [[Int]]) throws -> FunctionSet {
    try FunctionSet(rows.map { $0.map { Int32($0) } })
  }

  @Test func labelsAndCosts() throws {
    var random = RandomStream(seed: 5, purpose: "labels")
    for _ in 0..<300 {
      let rows = table(&random, functions: 7, queries: 5, answers: 2 + random.integer(below: 2))
      var truth = VariantBruteForce(rows)
      var terms = Terms()
      if random.uniform() < 0.7 {
        truth.labels = rows.map { _ in random.integer(below: 3) }
        terms.labels = truth.labels.map { "l\($0)" }
      }
      if random.uniform() < 0.7 || terms.labels == nil {
        truth.costs = rows[0].map { _ in 1 + random.integer(below: 6) }
        terms.costs = try truth.costs.map { try Fraction($0, 4) }
      }
      truth.weights = rows.map { _ in 1 + random.integer(below: 4) }
      let total = truth.weights.reduce(0, +)
      terms.prior = try truth.weights.map { try Fraction($0, total) }
      try check(try set(rows), terms, truth, unit: terms.costs == nil ? 1 : 4, total)
    }
  }

  private func check(
    _ set: FunctionSet, _ terms: Terms, _ truth: VariantBruteForce, unit: Int, _ total: Int
  ) throws {
    let everyone = Array(truth.table.indices)
    let interactive = try set.interactive(on: terms)
    #expect(interactive.bound.isProved)
    #expect(interactive.bound.upper == (try Fraction(truth.interactive(everyone), unit)))
    #expect(try set.verify(interactive.strategy, on: terms) == interactive.bound.upper)
    let mean = try set.mean(on: terms)
    #expect(mean.bound.isProved)
    #expect(mean.bound.upper == (try Fraction(truth.mean(everyone), unit * total)))
    let list = try #require(try set.noninteractive(on: terms))
    #expect(list.bound.isProved)
    #expect(list.bound.upper == (try Fraction(truth.list(most: 1) ?? -1, unit)))
    #expect(try set.verify(list: list.queries, on: terms) == list.bound.upper)
    for function in everyone {
      let pairs = everyone.filter { truth.labels[$0] != truth.labels[function] }
        .map { (function, $0) }
      let teaching = try #require(try set.teaching(of: function, on: terms))
      #expect(
        teaching.bound.upper == (try Fraction(truth.list(most: 1, pairs: pairs) ?? -1, unit)))
      try set.verify(teaching: teaching.queries, of: function, on: terms)
    }
  }

  @Test func listsThatTellLabelsApart() throws {
    var random = RandomStream(seed: 15, purpose: "label lists")
    for _ in 0..<200 {
      let rows = table(&random, functions: 9, queries: 6, answers: 2 + random.integer(below: 4))
      var truth = VariantBruteForce(rows)
      truth.labels = rows.map { _ in random.integer(below: 4) }
      let set = try set(rows)
      let all = Array(0..<set.queryCount)
      let known = ListSolution(
        bound: Bound(lower: Fraction(0), upper: Fraction(all.count), reason: .trivial), queries: all
      )
      // Without the search for covers that comes first.
      let found = set.noninteractive(
        labels: truth.labels, from: known, atLeast: 0, .trivial, within: 10)
      #expect(found.bound.isProved)
      #expect(found.bound.upper == Fraction(truth.list(most: 1) ?? -1))
      let terms = Terms(labels: truth.labels.map { "l\($0)" })
      #expect(try set.verify(list: found.queries, on: terms) == found.bound.upper)
    }
  }

  @Test func largeSetsKeepTheBudgetOnAllTerms() throws {
    let set = try Family.make("indicator", [800])
    for terms in [Terms(lies: 1), Terms(labels: (0..<800).map { "l\($0 / 2)" })] {
      let start = Clock.now
      let report = try set.bounds(on: terms, within: 0.5)
      #expect(report.interactive.lower <= report.interactive.upper)
      #expect(report.mean.upper <= report.interactive.upper)
      #expect(try #require(report.noninteractive).bound.upper >= Fraction(398))
      // Several times the budget on a loaded machine, but not minutes.
      #expect(Clock.now - start < 20)
    }
  }

  /// A search for the mean that came to nothing takes over what the worst case has found.
  @Test func theMeanIsNeverAboveTheWorstCase() throws {
    let set = try Family.make("indicator", [12])
    let halves = (0..<set.functionCount).map { "l\($0 / 2)" }
    let nothing = UnbuiltTree(
      bound: Bound(lower: Fraction(1), upper: Fraction(100), reason: .information))
    let unknown = try TreeBound { throw nothing }
    for terms in [Terms(lies: 1), Terms(labels: halves), Terms(labels: halves, lies: 1)] {
      let worst = try TreeBound { try set.interactiveTree(on: terms, within: 1) }
      let tree = try #require(worst.strategy)
      let mean = try set.reconciled(unknown, with: worst, on: terms)
      #expect(mean.bound.lower == Fraction(1))
      #expect(mean.bound.upper == (try set.meanCost(of: tree, on: terms)))
      #expect(mean.bound.upper <= worst.bound.upper)
      let optimum = try set.meanTree(on: terms, within: 5)
      #expect(optimum.bound.lower <= mean.bound.upper)
      #expect(try set.meanCost(of: optimum.strategy, on: terms) == optimum.bound.upper)
      // Without a tree the worst case itself is the bound.
      let depth = UnbuiltTree(
        bound: Bound(lower: Fraction(1), upper: Fraction(50), reason: .information))
      let without = try set.reconciled(
        unknown, with: try TreeBound { throw depth }, on: terms)
      #expect(without.bound.upper == Fraction(50))
      #expect(without.strategy == nil)
    }
  }

  @Test func lies() throws {
    var random = RandomStream(seed: 6, purpose: "lies")
    for _ in 0..<200 {
      let rows = table(&random, functions: 4, queries: 3, answers: 2 + random.integer(below: 2))
      var truth = VariantBruteForce(rows)
      truth.lies = 1
      var terms = Terms(lies: 1)
      if random.uniform() < 0.3 {
        truth.labels = rows.map { _ in random.integer(below: 2) }
        terms.labels = truth.labels.map { "l\($0)" }
      }
      let set = try set(rows)
      let interactive = try set.interactive(on: terms)
      #expect(interactive.bound.isProved)
      let depth = try #require(truth.lying(limit: 9))
      #expect(interactive.bound.upper == Fraction(depth))
      #expect(try set.verify(interactive.strategy, on: terms) == interactive.bound.upper)
      let list = try #require(try set.noninteractive(on: terms))
      #expect(list.bound.isProved)
      #expect(list.bound.upper == Fraction(truth.list(most: 3) ?? -1))
      terms.repeats = false
      #expect(
        try set.noninteractive(on: terms)?.bound.upper == truth.list(most: 1).map { Fraction($0) })
    }
  }

  @Test func tolerance() throws {
    var random = RandomStream(seed: 7, purpose: "tolerance")
    var checked = 0
    for _ in 0..<300 {
      let rows = table(&random, functions: 6, queries: 4, answers: 9)
      var truth = VariantBruteForce(rows)
      truth.width = 1 + random.integer(below: 3)
      let terms = Terms(tolerance: try Fraction(truth.width, 2))
      let set = try set(rows)
      let pairs = try set.indistinguishable(tolerance: terms.tolerance)
      guard let depth = truth.tolerant(Array(rows.indices)) else {
        #expect(!pairs.isEmpty)
        #expect(throws: Failure.self) { try set.interactive(on: terms) }
        continue
      }
      #expect(pairs.isEmpty)
      checked += 1
      let interactive = try set.interactive(on: terms)
      #expect(interactive.bound.isProved)
      #expect(interactive.bound.upper == Fraction(depth))
      #expect(try set.verify(interactive.strategy, on: terms) == interactive.bound.upper)
      let list = try #require(try set.noninteractive(on: terms))
      #expect(list.bound.upper == Fraction(truth.list(most: 1) ?? -1))
    }
    #expect(checked > 100)
  }

  @Test func liesAndToleranceAtOnce() throws {
    var random = RandomStream(seed: 17, purpose: "lies and tolerance")
    var checked = 0
    while checked < 40 {
      let rows = table(&random, functions: 3, queries: 2, answers: 7)
      var truth = VariantBruteForce(rows)
      truth.width = 1 + random.integer(below: 3)
      truth.lies = 1
      let terms = Terms(lies: 1, tolerance: try Fraction(truth.width, 2))
      let set = try set(rows)
      guard try set.indistinguishable(tolerance: terms.tolerance).isEmpty else { continue }
      checked += 1
      let interactive = try set.interactive(on: terms)
      #expect(interactive.bound.isProved)
      #expect(interactive.bound.upper == Fraction(try #require(truth.lying(limit: 9))))
      #expect(try set.verify(interactive.strategy, on: terms) == interactive.bound.upper)
      let list = try #require(try set.noninteractive(on: terms))
      #expect(list.bound.upper == Fraction(truth.list(most: 3) ?? -1))
      for function in rows.indices {
        let pairs = rows.indices.filter { $0 != function }.map { (function, $0) }
        let teaching = try #require(try set.teaching(of: function, on: terms))
        #expect(teaching.bound.upper == Fraction(truth.list(most: 3, pairs: pairs) ?? -1))
      }
    }
  }

  @Test func meansWhereAnswersMayBeWrong() throws {
    var random = RandomStream(seed: 19, purpose: "means with errors")
    var (checked, better) = (0, 0)
    while checked < 300 {
      let rows = table(&random, functions: 3, queries: 3, answers: 2 + random.integer(below: 5))
      var truth = VariantBruteForce(rows)
      truth.width = random.integer(below: 4)
      truth.lies = truth.width == 0 ? 1 : random.integer(below: 2)
      var terms = Terms(lies: truth.lies, tolerance: try Fraction(truth.width, 2))
      if random.uniform() < 0.3 {
        truth.labels = rows.map { _ in random.integer(below: 2) }
        terms.labels = truth.labels.map { "l\($0)" }
      }
      if random.uniform() < 0.3 {
        truth.costs = rows[0].map { _ in 1 + random.integer(below: 3) }
        terms.costs = truth.costs.map { Fraction($0) }
      }
      truth.weights = rows.map { _ in random.integer(below: 7) }
      let total = truth.weights.reduce(0, +)
      guard total > 0, rows.count > 1 else { continue }
      terms.prior = try truth.weights.map { try Fraction($0, total) }
      let set = try set(rows)
      guard try set.indistinguishable(tolerance: terms.tolerance).isEmpty else { continue }
      checked += 1
      let mean = try set.mean(on: terms)
      #expect(mean.bound.isProved)
      #expect(mean.bound.upper == (try Fraction(truth.erringMean(), total)))
      let worst = try set.verify(mean.strategy, on: terms)
      let least = try set.interactive(on: terms).bound.upper
      #expect(worst >= least && mean.bound.upper <= least)
      if mean.bound.upper < least { better += 1 }
    }
    #expect(better > 15)
  }

  @Test func meansThatTakeTooLongAreIntervals() throws {
    let set = try Family.make("thresholds", [24])
    let mean = try set.mean(on: Terms(lies: 2), within: 0.3)
    let worst = try set.interactive(on: Terms(lies: 2), within: 1)
    #expect(mean.bound.lower > Fraction(5) && mean.bound.lower < mean.bound.upper)
    #expect(mean.bound.upper <= worst.bound.upper)
    try set.verify(mean.strategy, on: Terms(lies: 2))
  }

  @Test func machines() throws {
    var random = RandomStream(seed: 8, purpose: "machines")
    var (possible, impossible) = (0, 0)
    for _ in 0..<600 {
      let (count, states, inputs) = (
        2 + random.integer(below: 4), 2 + random.integer(below: 2), 1 + random.integer(below: 2)
      )
      func tables(_ draw: () -> Int) -> [[[Int]]] {
        (0..<count).map { _ in (0..<states).map { _ in (0..<inputs).map { _ in draw() } } }
      }
      // Many ways lead to the last state, so that machines merge.
      let truth = MachineBruteForce(
        next: tables { random.uniform() < 0.85 ? states - 1 : random.integer(below: states) },
        output: tables { random.integer(below: 2) })
      let machines = try (0..<count).map {
        try MealyMachine(
          next: truth.next[$0], output: truth.output[$0].map { $0.map { String($0) } })
      }
      guard try MachineSet.duplicates(in: machines) == nil else { continue }
      let set = try MachineSet(machines)
      let adaptive = try set.adaptive()
      let preset = try set.preset()
      #expect(adaptive.bound.isProved && preset.bound.isProved)
      let depth = truth.adaptive((0..<count).map { ($0, 0) }, limit: 8)
      if adaptive.isImpossible || adaptive.bound.lower > 8 {
        #expect(depth == nil)
        impossible += 1
      } else {
        #expect(depth == adaptive.bound.lower)
        #expect(adaptive.witness?.depth == depth)
        possible += 1
      }
      let length = truth.preset(limit: 8)
      #expect(length == (preset.bound.lower > 8 ? nil : preset.bound.lower))
      #expect(preset.bound.lower >= adaptive.bound.lower)
    }
    #expect(possible > 100 && impossible > 2)
  }

  @Test func cyclesOfPrimes() throws {
    func machine(_ place: Int, _ prime: Int, marked: Bool) throws -> MealyMachine {
      let next = [[1, 1]] + (1...prime).map { [$0 == prime ? 1 : $0 + 1, prime + 1] }
      let output =
        [["\(place)", "\(place)"]] + (1...prime).map { ["0", $0 == prime && marked ? "1" : "0"] }
      return try MealyMachine(
        next: next + [[prime + 1, prime + 1]], output: output + [["0", "0"]])
    }
    let machines = try [2, 3, 5, 7, 11].enumerated().flatMap { place, prime in
      try [false, true].map { try machine(place, prime, marked: $0) }
    }
    let set = try MachineSet(machines)
    #expect(try set.preset().bound.upper == 2311)
    #expect(try set.adaptive().bound.upper == 12)
  }

  @Test func noTimeGivesAnInterval() throws {
    var random = RandomStream(seed: 9, purpose: "interval")
    let rows = (0..<40).map { _ in (0..<30).map { _ in random.uniform() < 0.1 ? 1 : 0 } }
    var seen: Set<[Int]> = []
    let set = try set(rows.filter { seen.insert($0).inserted })
    for terms in [Terms(lies: 1), Terms(labels: set.functionNames.map { String($0.count) })] {
      let tree = try set.interactive(on: terms, within: 0)
      #expect(tree.bound.lower <= tree.bound.upper)
      #expect(try set.verify(tree.strategy, on: terms) == tree.bound.upper)
      let list = try #require(try set.noninteractive(on: terms, within: 0))
      #expect(list.bound.lower <= list.bound.upper)
    }
  }

  @Test(arguments: [
    (Terms(labels: ["a"]), "found 1 label for 3 functions"),
    (Terms(costs: [Fraction(1)]), "found 1 cost for 2 queries"),
    (Terms(costs: [Fraction(0), Fraction(1)]), "the cost of x0 is 0, expected more than 0"),
    (Terms(lies: 101), "found 101 lies, expected 0 to 100"),
    (Terms(tolerance: Fraction(-1)), "the tolerance is -1, expected 0 or more"),
    (
      Terms(tolerance: Fraction(1)),
      "indistinguishable functions: no query has answers more than twice the tolerance 1 apart "
        + "for (t0, t1), (t0, t2), (t1, t2)"
    ),
  ])
  func termsThatDoNotFit(_ terms: Terms, _ message: String) throws {
    let set = try Family.make("thresholds", [3])
    let failure = #expect(throws: Failure.self) { try set.interactive(on: terms) }
    #expect(failure?.message == message)
  }

  @Test func machinesThatDoNotFit() throws {
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: Failure.self) { try body() }?.message
    }
    #expect(
      message { _ = try MealyMachine(next: [[0, 2]], output: [["a", "b"]]) }
        == "state 0 leads to state 2 of 1")
    #expect(
      message { _ = try MealyMachine(next: [[0]], output: [["a"]], initial: 1) }
        == "the initial state is 1, there are 1 states")
    let one = try MealyMachine(next: [[0]], output: [["a"]])
    #expect(
      message { _ = try MachineSet([one, one]) }
        == "indistinguishable functions: every query gets equal answers from (m0, m1)")
    let two = try MealyMachine(next: [[0, 0]], output: [["a", "b"]])
    #expect(message { _ = try MachineSet([one, two]) } == "machine 0 has 1 input, machine 1 has 2")
    let set = try MachineSet([one])
    #expect(message { try set.verify(word: [1]) } == "there is no input 1 among 1")
  }

  @Test func reportsPrintAsTables() throws {
    let set = try Family.make("thresholds", [4])
    #expect(
      try set.bounds(on: Terms(lies: 1)).description == """
        4 functions, 3 queries; up to 1 wrong answer
        interactive optimum I          5   proved: information bound
        mean, uniform prior E          5   proved: search, 70 nodes
        non-interactive optimum N      9   proved: forced queries
        teaching dimension TD          6   proved: forced queries
        """)
    let costs = try [Fraction(1, 2), Fraction(3), Fraction(1)]
    #expect(
      try set.bounds(on: Terms(costs: costs)).description.split(separator: "\n").first
        == "4 functions, 3 queries; costs per query")
  }
}
