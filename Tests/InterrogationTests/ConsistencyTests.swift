import Execution
import Testing

@testable import Interrogation

/// What the rows of one table say of each other, plays without reset that would run in circles, and
/// budgets of memory.
@Suite struct ConsistencyTests {
  private func machine(
    _ next: [[Int]], _ output: [[Int]], initial: Int = 0
  ) throws -> MealyMachine {
    try MealyMachine(next: next, output: output.map { $0.map { "\($0)" } }, initial: initial)
  }

  /// Depth-first deepening comes by this set's positions twice, with less depth left.
  @Test func aPlayThatComesByAPositionTwice() throws {
    let set = try MachineSet([
      machine([[1, 0], [0, 1]], [[0, 1], [0, 0]]),
      machine([[1, 0], [0, 0]], [[0, 1], [1, 0]]),
      machine([[1, 0], [0, 0]], [[1, 0], [0, 0]], initial: 1),
      machine([[1, 0], [0, 0]], [[0, 1], [0, 0]]),
    ])
    let solution = try set.adaptive(within: 5)
    #expect(solution.bound.lower == 5 && solution.bound.upper == 5)
    #expect(solution.witness?.depth == 5)
  }

  @Test func smallMachinesAgreeWithEnumeration() throws {
    var random = RandomStream(seed: 42, purpose: "small machines")
    var deep = 0
    for _ in 0..<3000 {
      let (count, states) = (2 + random.integer(below: 3), 1 + random.integer(below: 3))
      let truth = MachineBruteForce(
        next: (0..<count).map { _ in
          (0..<states).map { _ in (0..<2).map { _ in random.integer(below: states) } }
        },
        output: (0..<count).map { _ in
          (0..<states).map { _ in (0..<2).map { _ in random.uniform() < 0.3 ? 1 : 0 } }
        })
      let machines = try (0..<count).map { try machine(truth.next[$0], truth.output[$0]) }
      guard try MachineSet.duplicates(in: machines) == nil else { continue }
      let set = try MachineSet(machines)
      let adaptive = try set.adaptive(within: 5)
      #expect(adaptive.bound.isProved)
      let depth = truth.adaptive((0..<count).map { ($0, 0) }, limit: 7)
      #expect(depth == (adaptive.bound.lower > 7 ? nil : adaptive.bound.lower))
      if let tree = adaptive.witness {
        #expect(tree.depth == adaptive.bound.upper)
        try set.verify(tree)
        if tree.depth > 3 { deep += 1 }
      }
    }
    // So many of this seed take more than three inputs.
    #expect(deep == 73)
  }

  @Test func aBoundOfNoProofSaysSo() throws {
    let open = SequencesReport.text(Bound(lower: 3, upper: Int.max, reason: .trivial))
    #expect(open == "3 or more")
    #expect(SequencesReport.text(Bound(lower: 3, upper: 5, reason: .trivial)) == "3..5")
  }

  /// A machine of a long cycle for each prime, so that positions are many.
  private func cycles(_ primes: [Int]) throws -> MachineSet {
    try MachineSet(
      primes.flatMap { prime in
        try [0, 1].map { mark in
          try machine(
            (0..<prime).map { [($0 + 1) % prime, $0] },
            (0..<prime).map { [$0 == prime - 1 ? mark : 0, $0 == 0 ? prime : 0] })
        }
      })
  }

  @Test func memoryEndsASearchAsTimeDoes() throws {
    let set = try cycles([29, 31, 37, 41, 43])
    let start = Clock.now
    var search = AdaptiveSearch(set, deadline: Deadline(within: 60, memory: 1 << 22))
    let bound = search.solve()
    #expect(bound.isProved || (search.isOutOfMemory && Clock.now - start < 30))
    #expect(bound.lower >= 1)
  }

  /// In a process of its own, as what other tests free would count, too.
  @Test func deadlinesHearOfMemory() async {
    await #expect(processExitsWith: .success) {
      var deadline = Deadline(within: 60, memory: 1 << 20)
      var kept: [[UInt8]] = []
      while !deadline.check(), kept.count < 1000 {
        kept.append([UInt8](repeating: 1, count: 1 << 20))
      }
      #expect(deadline.isOutOfMemory && kept.count < 1000)
    }
  }

  @Test func rowsOfOneTableAgree() throws {
    var random = RandomStream(seed: 43, purpose: "rows of a table")
    for round in 0..<40 {
      let (n, m) = (20 + random.integer(below: 60), 15 + random.integer(below: 50))
      let density = [0.03, 0.1, 0.3][round % 3]
      var seen: Set<[Int32]> = []
      let rows = (0..<n).map { _ in (0..<m).map { _ in random.uniform() < density ? Int32(1) : 0 } }
        .filter { seen.insert($0).inserted }
      let set = try FunctionSet(rows)
      let report = try set.bounds(within: 0.02)
      #expect(report.noninteractive.lower >= report.interactive.lower)
      #expect(report.interactive.lower >= report.teaching.lower)
      #expect(Fraction(report.interactive.lower) >= report.mean.lower)
      #expect(report.mean.upper <= Fraction(report.interactive.upper))
      #expect(report.interactive.upper <= report.noninteractive.upper)
      #expect(report.interactiveTree.depth == report.interactive.upper)
      #expect(report.noninteractive.upper <= set.greedyNoninteractive().count)
      let weights = rows.indices.map { Fraction(Int128(1 + $0 % 3)) }
      for terms in [
        Terms(lies: 1), Terms(labels: rows.indices.map { "\($0 % 4)" }),
        Terms(costs: (0..<m).map { weights[$0 % weights.count] }),
      ] {
        let report = try set.bounds(on: terms, within: 0.02)
        let list = try #require(report.noninteractive)
        #expect(list.bound.lower >= report.interactive.lower)
        #expect(report.interactive.lower >= report.mean.lower)
        let greedy = try #require(try set.greedyNoninteractive(on: terms))
        try set.verify(list: greedy.queries, on: terms)
        let tree = try set.greedyInteractive(on: terms)
        #expect(try set.verify(tree.strategy, on: terms) == tree.bound.upper)
      }
    }
  }

  /// Lazily counted pairs choose what counting all pairs anew chooses.
  @Test func greedyListsAreThoseOfFullCounts() throws {
    var random = RandomStream(seed: 44, purpose: "greedy lists")
    for _ in 0..<300 {
      let (n, m, k) = (
        2 + random.integer(below: 30), 1 + random.integer(below: 20), 2 + random.integer(below: 3)
      )
      var seen: Set<[Int32]> = []
      let rows = (0..<n).map { _ in (0..<m).map { _ in Int32(random.integer(below: k)) } }
        .filter { seen.insert($0).inserted }
      let set = try FunctionSet(rows)
      var list: [Int] = []
      var classes = [rows]
      while classes.contains(where: { $0.count > 1 }) {
        func together(_ query: Int) -> Int {
          classes.reduce(0) { sum, rows in
            Dictionary(grouping: rows) { $0[query] }.values
              .reduce(sum) { $0 + $1.count * ($1.count - 1) / 2 }
          }
        }
        let best = (0..<m).min { together($0) < together($1) } ?? 0
        list.append(best)
        classes = classes.flatMap { Dictionary(grouping: $0) { $0[best] }.values }
      }
      #expect(set.greedyNoninteractive() == list)
    }
  }

  @Test func tiesGoToTheFirst() throws {
    #expect(!Score.isBelow(0.1 + 0.2, 0.3) && !Score.isBelow(0.3, 0.1 + 0.2))
    #expect(Score.isBelow(1, .infinity) && !Score.isBelow(.infinity, .infinity))
    #expect(!Score.isBelow(1e9, 1e9 + 0.1) && Score.isBelow(1, 1.001))
    // Classes of 1, 2, 3 and of 3, 2, 1: the same entropy, summed in another order.
    let rows: [[Int32]] = [[0, 0, 0], [1, 0, 1], [1, 0, 0], [2, 1, 1], [2, 1, 0], [2, 2, 1]]
    for columns in [[0, 1, 2], [1, 0, 2]] {
      let set = try FunctionSet(rows.map { row in columns.map { row[$0] } })
      #expect(try set.nextQuery(Array(0..<6), goal: .entropy) == 0)
    }
  }
}
