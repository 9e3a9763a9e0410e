import Execution
import Testing

@testable import Interrogation

@Suite struct PrintingTests {
  @Test func boundsOfThresholds() throws {
    #expect(
      try Family.make("thresholds", [6]).bounds().description == """
        6 functions, 5 queries
        naive bound |D|-1              5   Propositions 3.1, 3.2
        information bound              3   up to 2 answers a query
        interactive optimum I          3   proved: information bound
        mean, uniform prior E        8/3   about 2.667, proved: information bound
        non-interactive optimum N      5   proved: all splits compatible
        teaching dimension TD          2   proved: search, 1 node
        gap N - I                      2   N is at most 5 for this I
        tight                      3.3: I = log2|D| (rounded up) while N = |D|-1
        """)
  }

  @Test(arguments: [
    ("indicator", [5], "3.1 and 3.2: I = N = |D|-1"),
    ("thresholds", [9], "3.3: I = log2|D| (rounded up) while N = |D|-1"),
    ("edgetree", [0, 0, 0, 1, 2, 3], "3.2: N = |D|-1"),
    ("cube", [3], "none: I and N are below |D|-1"),
    ("cube", [1], "3.1 and 3.2: I = N = |D|-1"),
    ("indicator", [1], "nothing to tell apart"),
  ])
  func tightPropositions(_ family: String, _ values: [Int], _ expected: String) throws {
    let report = try Family.make(family, values).bounds()
    #expect(report.tight == expected)
    let lines = report.description.split(separator: "\n")
    #expect(lines.count <= 12)
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func treesAreIndentedAndCut() throws {
    let set = try Family.make("thresholds", [5])
    let tree = try set.interactive().strategy
    #expect(
      try set.text(of: tree) == """
        x1?
          0: x0?
            0: t0
            1: t1
          1: x2?
            0: t2
            1: x3?
              0: t3
              1: t4
        """)
    #expect(
      try set.text(of: tree, lines: 4) == """
        x1?
          0: x0?
            0: t0
            1: t1
        ... 5 more
        """)
  }

  @Test func boundsSayHowFarTheyAre() {
    #expect(Bound(lower: 3, upper: 5, reason: .information).description == "3..5")
    #expect(Bound(lower: 5, upper: 5, reason: .search(nodes: 1)).description == "5")
    #expect(Reason.search(nodes: 3).description == "search, 3 nodes")
  }

  @Test func fractionsAreExact() throws {
    #expect(try Fraction(6, -4).description == "-3/2")
    #expect(try Fraction("0.75") == Fraction(3, 4))
    #expect(try Fraction("8/3").adding(Fraction(1, 3)) == Fraction(3))
    #expect(try Fraction(1, 3) < Fraction(1, 2))
    #expect(throws: Failure.self) { try Fraction(1, 0) }
    #expect(throws: Failure.self) { try Fraction("1/2/3") }
    #expect(throws: Failure.self) { try Fraction("-.") }
    #expect(try Fraction(Int.max).adding(Fraction(1)) == Fraction(Int128(1) << 63))
    #expect(throws: Failure.self) { try Fraction(Int128.max).adding(Fraction(1)) }
    #expect(throws: Failure.self) { try Fraction(Int128.max).times(2) }
  }
}
