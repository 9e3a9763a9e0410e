import Execution
import Testing

@testable import Interrogation

/// Priors, costs and lies whose sums do not fit into 64 bits: exact optima, or a refusal.
@Suite struct WideArithmeticTests {
  /// Least mean cost by plain enumeration in 128 bits.
  private struct Truth {
    let table: [[Int]]
    let costs: [Int128]
    let weights: [Int128]
    let labels: [Int]

    private func parts(_ left: [Int], _ query: Int) -> [[Int]] {
      Array(Dictionary(grouping: left) { table[$0][query] }.values)
    }

    func best(_ left: [Int], _ join: (Int128, [Int128], [Int]) -> Int128) -> Int128 {
      if Set(left.map { labels[$0] }).count < 2 { return 0 }
      return costs.indices.compactMap { query in
        let parts = parts(left, query)
        return parts.count < 2 ? nil : join(costs[query], parts.map { best($0, join) }, left)
      }.min() ?? 0
    }

    var mean: Int128 {
      best(Array(table.indices)) { cost, below, left in
        cost * left.reduce(0) { $0 + weights[$1] } + below.reduce(0, +)
      }
    }

    var worst: Int128 {
      best(Array(table.indices)) { cost, below, _ in cost + (below.max() ?? 0) }
    }
  }

  private func rows(_ random: inout RandomStream) -> [[Int]] {
    let (n, m) = (2 + random.integer(below: 4), 1 + random.integer(below: 4))
    var seen: Set<[Int]> = []
    return (0..<n).map { _ in (0..<m).map { _ in random.integer(below: 3) } }
      .filter { seen.insert($0).inserted }
  }

  private func large(_ random: inout RandomStream, bits: Int) -> Int128 {
    1 + Int128(random.next() >> UInt64(64 - random.integer(below: bits) - 1))
  }

  @Test func meansAgreeWithEnumerationInWholeNumbers() throws {
    var random = RandomStream(seed: 41, purpose: "wide sums")
    for _ in 0..<1500 {
      let rows = rows(&random)
      let truth = Truth(
        table: rows, costs: rows[0].map { _ in min(large(&random, bits: 40), 1_000_000_000_000) },
        weights: rows.map { _ in large(&random, bits: 55) },
        labels: random.uniform() < 0.3
          ? rows.map { _ in random.integer(below: 3) } : Array(rows.indices))
      let total = truth.weights.reduce(0, +)
      let terms = Terms(
        prior: try truth.weights.map { try Fraction($0, total) },
        labels: truth.labels == Array(rows.indices) ? nil : truth.labels.map { "l\($0)" },
        costs: truth.costs.map { Fraction($0) })
      let set = try FunctionSet(rows.map { $0.map { Int32($0) } })
      let report = try set.bounds(on: terms)
      #expect(report.mean.isProved && report.interactive.isProved)
      #expect(report.mean.upper == (try Fraction(truth.mean, total)))
      #expect(report.interactive.upper == Fraction(truth.worst))
    }
  }

  @Test func aMeanOfTinySharesAndHugeCosts() throws {
    let set = try FunctionSet([[0, 0], [1, 0], [1, 1]])
    let shares: [Int] = [1, 1_000_000_000, 999_999_999_999]
    let total = shares.reduce(0, +)
    let terms = Terms(
      prior: try shares.map { try Fraction($0, total) },
      costs: [Fraction(1_000_000_000_000), Fraction(1)])
    let bound = try set.mean(on: terms).bound
    #expect(bound.lower == Fraction(999_001_001) && bound.upper == Fraction(999_001_001))
  }

  @Test func lieCostsBeyond32Bits() throws {
    let set = try FunctionSet([[0, 0], [1, 0], [1, 1]])
    for cost in [3_000_000_000, 999_999_999_999] {
      let wide = Terms(costs: [Fraction(cost), Fraction(1)], lies: 1)
      let bound = try set.mean(on: wide).bound
      var truth = VariantBruteForce([[0, 0], [1, 0], [1, 1]])
      truth.costs = [cost, 1]
      truth.lies = 1
      #expect(bound.isProved)
      #expect(bound.upper == (try Fraction(truth.erringMean(), 3)))
    }
    let many = Terms(costs: [Fraction(1_000_000_000), Fraction(1)], lies: 3)
    #expect(try set.bounds(on: many, within: 1).mean.lower > Fraction(0))
  }

  /// Where an answer is a lie of all, a leaf may name another function of the right label.
  @Test func leavesNameAnyFunctionOfTheLabel() throws {
    let rows: [[Int]] = [[1, 2, 2], [0, 1, 0], [2, 0, 1], [2, 1, 2], [2, 0, 2]]
    let shares = [
      266_384_639_387_220, 486_699_930_066_227, 155_099_462_653_216, 653_029_851_856_054,
      894_149_162_590_434,
    ]
    let total = shares.reduce(0, +)
    let terms = Terms(
      prior: try shares.map { try Fraction($0, total) }, labels: ["a", "a", "a", "b", "b"], lies: 1)
    let set = try FunctionSet(rows.map { $0.map { Int32($0) } })
    var truth = VariantBruteForce(rows)
    truth.lies = 1
    truth.labels = [0, 0, 0, 1, 1]
    let report = try set.bounds(on: terms)
    #expect(report.interactive.upper == Fraction(truth.lying(limit: 9) ?? -1))
    let tree = try #require(report.meanTree)
    try set.verify(tree, on: terms)
    #expect(report.mean.isProved)
  }

  @Test func halvedSharesWithCosts() throws {
    let n = 50
    let set = try Family.make("indicator", [n])
    let prior = try (1..<n).map { try Fraction(1, Int128(1) << Int128($0)) }
    let terms = Terms(
      prior: prior + [prior[n - 2]], costs: [Fraction](repeating: Fraction(10_000), count: n))
    let mean = try set.mean(on: terms, within: 1).bound
    // Sum of k / 2^k for the first, and the last two together after the last question.
    let last = Int128(n - 1)
    var sum = try Fraction(last, Int128(1) << last)
    for k in 1..<Int128(n) { sum = try sum.adding(try Fraction(k, Int128(1) << k)) }
    let exact = try sum.times(10_000)
    #expect(mean.lower <= exact && exact <= mean.upper)
  }

  @Test(arguments: [
    (
      ["1/4611686018427387904", "4611686018427387903/4611686018427387904"],
      "the shares of the prior"
    ),
    (["1/3", "1/3"], "the prior adds up to 2/3"),
  ])
  func whatCannotBeExactIsRefused(_ prior: [String], _ message: String) throws {
    let set = try FunctionSet([[0], [1]])
    let terms = Terms(prior: try prior.map { try Fraction($0) }, costs: [Fraction(7)])
    let failure = #expect(throws: Failure.self) { try set.mean(on: terms) }
    #expect(failure?.message.hasPrefix(message) == true)
  }

  @Test(arguments: ["10000000000000", "1/7000000000", "1e-12", "1000000000001"])
  func costsOfTooManyDigitsAreRefused(_ cost: String) throws {
    let set = try FunctionSet([[0], [1]])
    let failure = #expect(throws: Failure.self) {
      try set.bounds(on: Terms(costs: [try Fraction(cost)]))
    }
    #expect(failure?.message.hasSuffix("have too many digits to be reckoned with exactly") == true)
  }

  @Test func longListsOfDearQueriesAddUp() throws {
    let set = try FunctionSet([[0], [1]])
    let list = [Int](repeating: 0, count: 20_000_000)
    let terms = Terms(costs: [Fraction(1_000_000_000_000)])
    #expect(
      try set.verify(list: list, on: terms) == Fraction(Int128(20_000_000) * 1_000_000_000_000))
  }

  @Test(arguments: [
    ("1e-13", 1, 10_000_000_000_000), ("-2.5E3", -2500, 1),
    ("0.1234567890123456", 77_160_493_132_716, 625_000_000_000_000),
    ("170141183460469231731687303715884105727/170141183460469231731687303715884105727", 1, 1),
  ])
  func fractionsAreReadExactly(_ text: String, _ above: Int, _ below: Int) throws {
    #expect(try Fraction(text) == Fraction(above, below))
  }

  @Test(arguments: ["1e", "1e+", "e5", "1/2e3", "1.-5", "--1", "1e99", "0x10", "1.2.3", ""])
  func otherTextsAreNone(_ text: String) {
    #expect(throws: Failure.self) { try Fraction(text) }
  }
}
