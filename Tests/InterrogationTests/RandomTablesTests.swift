import Execution
import Testing

@testable import Interrogation

/// Random small tables against plain enumeration.
@Suite struct RandomTablesTests {
  private func table(_ random: inout RandomStream) -> [[Int32]] {
    let (n, m) = (1 + random.integer(below: 8), 1 + random.integer(below: 6))
    let (k, density) = (2 + random.integer(below: 3), random.uniform())
    return (0..<n).map { _ in
      (0..<m).map { _ in
        random.uniform() < density ? Int32(1 + random.integer(below: k - 1)) : 0
      }
    }
  }

  @Test func optimaAgreeWithEnumeration() throws {
    var random = RandomStream(seed: 3, purpose: "random tables")
    var checked = 0
    for _ in 0..<600 {
      let (set, place) = try FunctionSet.collapsed(table(&random))
      #expect(Set(place).count == set.functionCount)
      let rows = (0..<set.functionCount).map { function in
        (0..<set.queryCount).map { set.answer(of: function, to: $0) }
      }
      let weights = rows.map { _ in random.integer(below: 5) }
      guard weights.contains(where: { $0 > 0 }) else { continue }
      try check(set, BruteForce(table: rows, weights: weights))
      checked += 1
    }
    #expect(checked > 500)
  }

  private func check(_ set: FunctionSet, _ truth: BruteForce) throws {
    let everyone = Array(0..<set.functionCount)
    let interactive = try set.interactive()
    #expect(interactive.bound.lower == truth.interactive(everyone))
    #expect(interactive.strategy.depth == interactive.bound.lower)
    #expect(try set.noninteractive().bound.lower == truth.noninteractive())
    #expect(try set.noninteractive().queries.count == truth.noninteractive())
    let total = truth.weights.reduce(0, +)
    let prior = try truth.weights.map { try Fraction($0, total) }
    let mean = try set.mean(prior: prior)
    #expect(mean.bound.lower == (try Fraction(truth.mean(everyone), total)))
    #expect(try set.meanDepth(of: mean.strategy, prior: prior) == mean.bound.lower)
    let uniform = BruteForce(table: truth.table, weights: everyone.map { _ in 1 })
    #expect(
      try set.mean().bound.lower == (try Fraction(uniform.mean(everyone), set.functionCount)))
    for function in everyone {
      #expect(try set.teaching(of: function).queries.count == truth.teaching(function))
    }
    #expect(try set.teachingDimension().lower == everyone.map { truth.teaching($0) }.max())
    let first = truth.queries.filter {
      truth.worst(everyone, $0) == truth.interactive(everyone) && everyone.count > 1
    }
    #expect(try set.optimalFirstQueries() == first)
  }

  @Test func boundsFormAChain() throws {
    var random = RandomStream(seed: 4, purpose: "random tables")
    for _ in 0..<200 {
      let (set, _) = try FunctionSet.collapsed(table(&random))
      let report = try set.bounds()
      #expect(report.information <= report.interactive.lower)
      #expect(report.interactive.upper <= report.noninteractive.lower)
      #expect(report.noninteractive.upper <= report.naive)
      #expect(report.teaching.upper <= report.interactive.lower)
      #expect(report.mean.upper <= Fraction(report.interactive.lower))
      #expect(report.noninteractive.upper <= report.largestGap)
    }
  }
}
