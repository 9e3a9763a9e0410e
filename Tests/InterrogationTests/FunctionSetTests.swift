import Execution
import Testing

@testable import Interrogation

@Suite struct FunctionSetTests {
  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let failure as Failure {
      return failure.hint.map { failure.message + " / " + $0 } ?? failure.message
    } catch {
      return "another error"
    }
  }

  @Test func mistakesAreFailures() {
    #expect(
      message { _ = try FunctionSet([[Int32]]()) }
        == "a function set needs at least one function, found none "
        + "/ give a table with one row of answers per function")
    #expect(
      message { _ = try FunctionSet([[1, 2], [3]] as [[Int32]]) }
        == "a ragged table: function 0 has 2 answers, function 1 has 1 "
        + "/ every function answers every query")
    #expect(
      message { _ = try FunctionSet([[1], [2]] as [[Int32]], functionNames: ["a", "a"]) }
        == "two functions are called \"a\", names must differ")
    #expect(
      message { _ = try FunctionSet([[1], [2]] as [[Int32]], queryNames: []) }
        == "found 0 names for 1 queries")
    #expect(
      message { _ = try FunctionSet([["a"], ["a"]]) }
        == "indistinguishable functions: every query gets equal answers from (f0, f1) "
        + "/ collapse the duplicates to one function per row")
  }

  @Test func familiesCheckTheirParameters() {
    #expect(
      message { _ = try Family.make("treshold", [3]) }
        == "there is no family \"treshold\" / did you mean \"thresholds\"?")
    #expect(
      message { _ = try Family.make("cube", []) }
        == "the family cube takes the parameters (d[, k]), found 0")
    #expect(
      message { _ = try Family.make("sorting", [20]) } == "sorting: s is 20, expected 1 to 8")
    #expect(
      message { _ = try Family.make("cube", [16, 256]) }
        == "cube: 256^16 functions are too many, at most 65536 are possible")
    #expect(
      message { _ = try Family.make("mastermind", [5, 9]) }
        == "a table of 59049 functions and 59049 queries is too large, "
        + "at most 400000000 answers are possible")
    #expect(
      message { _ = try Family.make("edgetree", [0, 2]) }
        == "edgetree: the parent of vertex 2 is 2, expected 0 to 1")
  }

  /// The tables of the cases file, which name their family, are those that the families make.
  @Test func familiesMakeTheTablesOfTheCases() throws {
    let examples: [(String, String, [Int])] = [
      ("indicator_5", "indicator", [5]), ("indicator_with_zero_6", "indicator0", [6]),
      ("cube_3", "cube", [3]), ("cube_2_ternary", "cube", [2, 3]),
      ("thresholds_6", "thresholds", [6]), ("address_2", "address", [2]),
      ("pointer_3", "pointer", [3]), ("searchtree_2_3", "searchtree", [2, 3]),
      ("searchtree_3_2", "searchtree", [3, 2]),
      ("edgetree_spider", "edgetree", [0, 0, 0, 1, 2, 3]),
      ("sorting_3", "sorting", [3]), ("linear_3", "linear", [3]),
    ]
    for (name, family, values) in examples {
      let example = try #require(CasesTests.all.first { $0.name == name })
      let (stored, made) = (try example.makeSet(), try Family.make(family, values))
      #expect(stored.queryCount == made.queryCount)
      for query in 0..<stored.queryCount {
        #expect(stored.columns[query].isSamePartition(as: made.columns[query]), "\(name)")
      }
    }
  }

  /// The formulas of the table of families, where tables are small enough to search.
  @Test(arguments: [
    ("address", [4], 5, 20), ("pointer", [7], 2, 8), ("searchtree", [3, 3], 3, 13),
    ("linear", [4], 4, 4), ("sorting", [4], 5, 6), ("sorting", [5], 7, 10),
    ("indicator0", [9], 8, 8), ("cube", [3, 3], 3, 3),
  ])
  func formulas(_ family: String, _ values: [Int], _ interactive: Int, _ list: Int) throws {
    let set = try Family.make(family, values)
    #expect(try set.interactive().bound.lower == interactive)
    #expect(try set.interactive().bound.upper == interactive)
    #expect(try set.noninteractive().bound.lower == list)
    #expect(try set.noninteractive().bound.upper == list)
  }

  @Test func answersKeepTheirTextsAndCodes() throws {
    let set = try FunctionSet([["a", "b"], ["a", "c"], ["d", "b"]], queryNames: ["one", "two"])
    #expect(set.answerText(set.answer(of: 2, to: 0)) == "d")
    #expect(set.code(of: "c", to: 1) == set.answer(of: 1, to: 1))
    #expect(set.code(of: "c", to: 0) == nil)
    #expect(set.query(named: "two") == 1)
    #expect(set.query(named: "0") == 0)
    #expect(set.query(named: "three") == nil)
    let numbers = try FunctionSet([[-7], [40_000], [3]])
    #expect((0..<3).map { numbers.answer(of: $0, to: 0) } == [-7, 40_000, 3])
    #expect(numbers.answerText(-7) == "-7")
    let wide = try FunctionSet((0..<700).map { [Int32($0)] })
    #expect(wide.answer(of: 699, to: 0) == 699)
    #expect(try wide.interactive().bound.upper == 1)
  }

  @Test func badWitnessesAreRefused() throws {
    let set = try Family.make("thresholds", [4])
    #expect(
      message { try set.verify(list: [0, 1]) } == "the list does not separate t2 from t3")
    #expect(message { try set.verify(list: [7]) } == "the list asks query 7 of 3")
    let good = try set.interactive().strategy
    var wrong = good
    wrong.nodes[good.nodes.count - 1] = .identified(function: 0)
    #expect(message { try set.verify(wrong) }?.hasPrefix("the decision tree takes t") == true)
    #expect(
      message { try set.verify(teaching: [0], of: 1) }
        == "the teaching set does not rule out t2 for t1")
    #expect(message { try set.verify(Strategy(nodes: [])) } == "the decision tree is empty")
  }

  @Test func priorsMustBeProbabilities() throws {
    let set = try Family.make("cube", [1])
    let half = try Fraction(1, 2)
    #expect(
      message { _ = try set.mean(prior: [half]) } == "the prior has 1 entries for 2 functions")
    #expect(
      message { _ = try set.mean(prior: [half, Fraction(1, 3)]) }
        == "the prior adds up to 5/6, expected 1 / write shares as fractions like \"1/3\", or as "
        + "whole numbers")
    #expect(
      message { _ = try set.mean(prior: [Fraction(2), Fraction(-1)]) }
        == "the prior has a negative entry")
  }

  @Test func noTimeStillGivesIntervals() throws {
    let example = try #require(
      TheoryCase.load("bench_tables.json").first { $0.name == "bench_60x60x2_p0.1_3" })
    let set = try example.makeSet()
    let start = Clock.now
    let depth = try set.interactive(within: 0)
    #expect(depth.bound.lower <= 12 && depth.bound.upper >= 12)
    let list = try set.noninteractive(within: 0).bound
    #expect(list.lower <= 17 && list.upper >= 17)
    let mean = try set.mean(within: 0).bound
    let expected = try Fraction(29, 4)
    #expect(mean.lower <= expected && mean.upper >= expected)
    #expect(Clock.now - start < 2)
  }

  /// Tables of the benchmark file that are solved in a moment.
  @Test func benchmarkTables() throws {
    let quick = ["bench_60x30x2_p0.2_1", "bench_30x15x2_1", "bench_40x40x2_1", "bench_60x60x3_1"]
    for example in TheoryCase.load("bench_tables.json") where quick.contains(example.name) {
      let set = try example.makeSet()
      #expect(try set.interactive().bound.lower == example.numbers["interactive"])
      #expect(try set.noninteractive().bound.lower == example.numbers["noninteractive"])
      let mean = try set.mean().bound
      #expect(mean.isProved)
      #expect(mean.lower.description == example.texts["expected_depth_uniform"])
    }
  }
}
