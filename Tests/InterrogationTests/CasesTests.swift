import Execution
import Testing

@testable import Interrogation

@Suite struct CasesTests {
  static let all = TheoryCase.load("cases_public.json")
  static let tables = all.filter { $0.table != nil && $0.texts["error"] == nil }
  static let generated = all.filter { $0.generator != nil }

  @Test func allCasesAreThere() {
    #expect(CasesTests.all.count == 37)
    #expect(CasesTests.tables.count == 32)
    #expect(CasesTests.generated.count == 4)
  }

  @Test(arguments: tables) func optima(_ example: TheoryCase) throws {
    let set = try example.makeSet()
    #expect(set.functionCount == example.functions)
    #expect(set.queryCount == example.queries)
    try checkOptima(of: set, example)
    let teaching = try #require(example.lists["teaching"])
    for function in 0..<set.functionCount {
      let solution = try set.teaching(of: function)
      #expect(solution.bound.isProved)
      #expect(solution.bound.upper == teaching[function])
      try set.verify(teaching: solution.queries, of: function)
    }
    #expect(try set.teachingDimension().lower == teaching.max())
    #expect(try set.teachingDimension().upper == teaching.max())
  }

  @Test(arguments: tables) func greedyRules(_ example: TheoryCase) throws {
    let set = try example.makeSet()
    let tree = try set.greedyInteractive()
    try set.verify(tree)
    #expect(tree.depth == example.numbers["greedy_interactive"])
    let list = set.greedyNoninteractive()
    try set.verify(list: list)
    #expect(list.count == example.numbers["greedy_noninteractive"])
    #expect(set.naiveBound == example.numbers["naive_bound"])
    #expect(try set.optimalFirstQueries() == example.lists["optimal_first_queries"])
  }

  @Test(arguments: generated) func generators(_ example: TheoryCase) throws {
    let set = try example.makeSet()
    #expect(set.functionCount == example.functions)
    #expect(set.queryCount == example.queries)
    try checkOptima(of: set, example)
  }

  private func checkOptima(of set: FunctionSet, _ example: TheoryCase) throws {
    let interactive = try set.interactive()
    #expect(interactive.bound.isProved)
    #expect(interactive.bound.upper == example.numbers["interactive"])
    #expect(interactive.strategy.depth == interactive.bound.upper)
    let list = try set.noninteractive()
    #expect(list.bound.isProved)
    #expect(list.bound.upper == example.numbers["noninteractive"])
    #expect(list.queries.count == list.bound.upper)
    let mean = try set.mean()
    #expect(mean.bound.isProved)
    #expect(mean.bound.upper.description == example.texts["expected_depth_uniform"])
    #expect(try set.meanDepth(of: mean.strategy) == mean.bound.upper)
    #expect(set.informationBound == example.numbers["info_lower_bound"])
    if let prior = try example.prior?.map({ try Fraction($0) }) {
      let weighted = try set.mean(prior: prior)
      #expect(weighted.bound.isProved)
      #expect(weighted.bound.upper.description == example.texts["expected_depth_prior"])
      #expect(try set.meanDepth(of: weighted.strategy, prior: prior) == weighted.bound.upper)
    }
  }

  @Test func equalRowsAreAnError() throws {
    let example = try #require(CasesTests.all.first { $0.texts["error"] != nil })
    let rows = try #require(example.table)
    let failure = #expect(throws: Failure.self) { try FunctionSet(rows) }
    #expect(failure?.message.hasPrefix(example.texts["error"] ?? "?") == true)
    let found = try #require(try FunctionSet.duplicates(in: rows))
    #expect(found.pairs.map { [$0.first, $0.second] } == example.pairs)
    #expect(found.failure == failure)
    #expect(
      found.failure.message
        == "indistinguishable functions: every query gets equal answers from (f0, f2)")
    let merged = try FunctionSet.collapsed(example.table ?? [])
    #expect(merged.set.functionCount == 3)
    #expect(merged.place[0] == merged.place[2])
  }
}
