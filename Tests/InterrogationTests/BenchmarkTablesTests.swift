import Execution
import Foundation
import Testing

@testable import Interrogation

/// The benchmark tables, where the environment asks for them: `RNR_BENCH=<seconds>`.
///
/// What is proved must contain the stored optimum; the times are printed to be read.
@Suite(.enabled(if: Bench.seconds != nil), .serialized)
struct BenchmarkTablesTests {
  @Test(arguments: TheoryCase.load("bench_tables.json").filter(Bench.isWanted))
  func table(_ example: TheoryCase) throws {
    let seconds = try #require(Bench.seconds)
    let set = try example.makeSet()
    var watch = Watch(example.name)
    let depth = try set.interactive(within: seconds).bound
    watch.lap("I \(depth)")
    let mean = try set.mean(within: seconds).bound
    watch.lap("E \(mean)")
    let list = try set.noninteractive(within: seconds).bound
    watch.lap("N \(list)")
    let teaching = try set.teachingDimension(within: seconds)
    watch.lap("TD \(teaching)")
    print(watch.line)
    let optimum = try #require(example.numbers["interactive"])
    #expect(depth.lower <= optimum && optimum <= depth.upper)
    let average = try Fraction(#require(example.texts["expected_depth_uniform"]))
    #expect(mean.lower <= average && average <= mean.upper)
    if let shortest = example.numbers["noninteractive"] {
      #expect(list.lower <= shortest && shortest <= list.upper)
    }
    #expect(teaching.lower <= optimum)
  }

  static let families: [(name: String, values: [Int], interactive: Int, list: Int?)] = [
    ("thresholds", [10_000], 14, 9999), ("address", [12], 13, 4108), ("pointer", [5000], 2, 5001),
    ("indicator", [1000], 999, 999), ("searchtree", [10, 4], 4, 1111), ("cube", [14], 14, 14),
    ("sorting", [6], 10, 15), ("sorting", [7], 13, 21), ("mastermind", [4, 6], 4, nil),
  ]

  @Test(arguments: families)
  func family(_ name: String, _ values: [Int], _ interactive: Int, _ list: Int?) throws {
    let seconds = try #require(Bench.seconds)
    var watch = Watch("\(name) \(values)")
    let set = try Family.make(name, values)
    watch.lap("made")
    let depth = try set.interactive(within: seconds).bound
    watch.lap("I \(depth)")
    watch.lap("E \(try set.mean(within: seconds).bound)")
    let separating = try set.noninteractive(within: seconds).bound
    watch.lap("N \(separating)")
    print(watch.line)
    #expect(depth.isProved && depth.upper == interactive)
    if let list { #expect(separating.isProved && separating.upper == list) }
  }
}

private enum Bench {
  static let seconds = value("RNR_BENCH").flatMap { Double($0) }

  static func isWanted(_ example: TheoryCase) -> Bool {
    value("RNR_BENCH_NAME").map { example.name.contains($0) } ?? true
  }

  private static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

/// Collects what was done and how long it took.
private struct Watch {
  private(set) var line: String
  private var start = Clock.now

  init(_ name: String) {
    line = name
  }

  mutating func lap(_ what: String) {
    line += "  \(what) \(Text.fixed(Clock.now - start, 3))s"
    start = Clock.now
  }
}
