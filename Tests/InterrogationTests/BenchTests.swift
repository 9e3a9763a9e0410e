import Execution
import Foundation
import Testing

@testable import Interrogation

/// Prints what is proved of every benchmark table within a time; runs only when asked for.
@Suite struct BenchTests {
  @Test(.enabled(if: Environment.value("RNR_BENCH") != nil))
  func benchmarkTables() throws {
    let seconds = Double(Environment.value("RNR_BENCH") ?? "") ?? 5
    for example in TheoryCase.load("bench_tables.json") {
      let set = try example.makeSet()
      var line = example.name
      var start = Clock.now
      func lap() -> String {
        defer { start = Clock.now }
        return Text.fixed(Clock.now - start, 3)
      }
      let depth = try set.interactive(within: seconds).bound
      line += " I \(depth) \(lap())s (\(example.numbers["interactive"] ?? -1))"
      let mean = try set.mean(within: seconds).bound
      line += " E \(mean) \(lap())s (\(example.texts["expected_depth_uniform"] ?? ""))"
      let list = try set.noninteractive(within: seconds).bound
      line += " N \(list) \(lap())s (\(example.numbers["noninteractive"] ?? -1)) \(list.reason)"
      line += " TD \(try set.teachingDimension(within: seconds)) \(lap())"
      line += " \(depth.reason)"
      print(line)
    }
    for (name, values) in [
      ("thresholds", [10_000]), ("address", [12]), ("pointer", [5000]), ("indicator", [1000]),
      ("searchtree", [10, 4]), ("cube", [14]), ("sorting", [6]), ("mastermind", [4, 6]),
    ] {
      var start = Clock.now
      func lap() -> String {
        defer { start = Clock.now }
        return Text.fixed(Clock.now - start, 3)
      }
      let set = try Family.make(name, values)
      var line = "\(name) \(values) made \(lap())"
      let depth = try set.interactive(within: seconds).bound
      line += " I \(depth) \(lap())s \(depth.reason)"
      let mean = try set.mean(within: seconds).bound
      line += " E \(mean) \(lap())s"
      let list = try set.noninteractive(within: seconds).bound
      line += " N \(list) \(lap())s \(list.reason)"
      print(line)
    }
    for (n, m) in [(1000, 1000), (10_000, 10_000)] {
      var random = RandomStream(seed: 1, purpose: "bench")
      let names = (0..<n).map { "f\($0)" }
      let set = try FunctionSet(functions: names, queries: (0..<m).map { "x\($0)" }) { _, _ in
        Int32(truncatingIfNeeded: random.next32() & 1)
      }
      let start = Clock.now
      let query = try set.nextQuery(Array(0..<n)) ?? -1
      print("bench next \(n)x\(m): \(query) in \(Text.fixed(Clock.now - start, 4))s")
    }
    let start = Clock.now
    print("bench", try Family.make("thresholds", [10_000]).bounds(), Clock.now - start)
  }
}

private enum Environment {
  static func value(_ name: String) -> String? {
    guard let text = getenv(name) else { return nil }
    return String(cString: text)
  }
}
