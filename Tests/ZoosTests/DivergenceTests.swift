import Execution
import Kernels
import Networks
import Tensors
import Testing

@testable import Zoos

/// Runs whose loss stops being a finite number: told of by name, and kept as they come out.
@Suite struct DivergenceTests {
  private static func settings() -> ZooSettings {
    var settings = smallSettings(runs: 6)
    settings.schedule = try? Schedule([(step: 0, rate: 1e6)])
    return settings
  }

  /// The step at which a run's loss first is no finite number, by training it alone.
  private static func firstStep(_ settings: ZooSettings, run: Int) throws -> Int? {
    let language = try settings.language(run: run)
    let shape = try settings.networkShape()
    func stream(_ purpose: String) -> RandomStream {
      RandomStream(seed: 7, purpose: "language zoo: " + purpose, index: UInt64(run))
    }
    var weights = stream("initial weights")
    var strings = stream("strings")
    let trainer = try SequenceTrainer(
      shape: shape, weights: try shape.initialWeights(&weights), length: settings.length,
      optimizer: OptimizerSettings(decay: settings.weightDecay))
    for step in 0...settings.steps {
      let batch = try language.sample(8, from: language.sequences, stream: &strings)
      let loss = try trainer.step(tokens: batch.tokens, counts: batch.counts, rate: 1e6)
      if !loss.isFinite { return step }
    }
    return nil
  }

  @Test func runsAreNamedAndKeptAsTheyAre() throws {
    let settings = Self.settings()
    let expected = try (0..<6).compactMap { run in
      try Self.firstStep(settings, run: run).map { ZooDivergence(run: run, step: $0) }
    }
    try #require(expected.count == 6 && expected.allSatisfy { (1..<30).contains($0.step) })
    let console = RecordingConsole()
    let zoo = try trained(settings, console: console)
    #expect(try zoo.isComplete && zoo.divergences == expected)
    let text = try #require(
      console.notes.split(separator: "\n").first { $0.contains("diverged") })
    #expect(
      text.hasPrefix("6 runs diverged, with a loss that is no finite number: run 0 from step ")
        && text.hasSuffix(" and 2 more; lower rates of the schedule may help"))
    // Rows before are numbers, those after are what became of them; no string of theirs ends.
    for (row, step) in zoo.step.elements.enumerated() {
      let isDiverged = Int(step) >= expected[row / 3].step
      let one = try zoo[rows: [row]]
      #expect(one.loss.elements[0].isFinite == !isDiverged)
      guard step == 30 else { continue }
      #expect(try one.weights.elements.allSatisfy { $0.isNaN })
      #expect(try one.logProbabilities.elements.allSatisfy { $0.isNaN })
      #expect(one.accuracy.elements == [0] && one.countAccuracy.elements == [0])
    }
    #expect(try zoo[rows: [17, 2]].divergences == [expected[0], expected[5]])
  }

  @Test func filesTellAndAreTheSameHoweverMade() throws {
    let settings = Self.settings()
    let folder = try TemporaryFolder()
    let console = RecordingConsole()
    let zoo = try trained(settings, path: folder.path + "/one")
    for shard in ["2/2", "1/2"] {
      _ = try Zoo.train(
        settings, path: folder.path + "/two", shard: try ZooShard(shard), console: console,
        cancellation: Cancellation())
    }
    for name in try File.list(folder.path + "/one") {
      #expect(
        try File.read(folder.path + "/one/" + name) == File.read(folder.path + "/two/" + name))
    }
    let status = try ZooStatus(folder.path + "/two", console: console, cancellation: Cancellation())
    #expect(try status.diverged == zoo.divergences && status.diverged.count == 6)
    #expect(status.isComplete && status.failingRows.isEmpty)
  }

  @Test func ordinaryRunsAreNotNamed() throws {
    let console = RecordingConsole()
    let zoo = try trained(smallSettings(), console: console)
    #expect(try zoo.divergences.isEmpty && !console.notes.contains("diverged"))
  }

  /// A mark that does not fit, or an infinite loss, leaves the first kept step.
  @Test func marksAreRead() {
    let late = ZooDivergence(run: 0, step: 1 << 21)
    let early = ZooDivergence(run: 1, step: (1 << 21) - 2)
    let losses = [1, late.marked(.nan), 2, early.marked(.nan), early.marked(.infinity), .nan, 3]
    #expect(losses[4] == .infinity && losses[3].isNaN)
    let found = ZooDivergence.found(
      runs: [0, 0, 1, 1, 2, 3, 4], steps: [0, 9, 0, 9, 8, 7, 0], losses: losses)
    #expect(
      found == [
        ZooDivergence(run: 0, step: 9), early, ZooDivergence(run: 2, step: 8),
        ZooDivergence(run: 3, step: 7),
      ])
  }
}
