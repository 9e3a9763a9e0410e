import Execution
import Kernels
import Zoos

/// Measures the compute core: `measure SECTION...` prints a line `name<TAB>value` for each number.
///
/// Times are milliseconds, the best of several, since other work on the machine only adds.
@main
enum Measure {
  private static let sections: [(name: String, run: @Sendable () throws -> Void)] = [
    ("peak", { report("peak", MultiplyAddPeak.measure()) }),
    ("zoo", Training.zoo), ("cells", Training.cells), ("cores", Training.cores),
    ("growth", Training.growth), ("sampling", Sampling.run), ("nets", Nets.run),
    ("products", Products.run),
  ]

  static func main() throws {
    let names = CommandLine.arguments.dropFirst()
    for section in sections where names.isEmpty || names.contains(section.name) {
      try section.run()
    }
  }

  static func report(_ name: String, _ value: Double) {
    print("\(name)\t\(Text.fixed(value, 5))")
  }

  /// Milliseconds of one call: the best of `repetitions` runs of as many calls as take about 30 ms.
  static func time(repetitions: Int = 9, _ body: () throws -> Void) rethrows -> Double {
    try body()
    let first = Clock.now
    try body()
    let calls = max(1, min(10_000, Int(0.03 / max(Clock.now - first, 1e-7))))
    var best = Double.infinity
    for _ in 0..<repetitions {
      let start = Clock.now
      for _ in 0..<calls { try body() }
      best = min(best, (Clock.now - start) / Double(calls))
    }
    return best * 1000
  }
}
