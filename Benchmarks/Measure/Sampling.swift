import Execution
import Kernels
import Networks
import Zoos

/// A thousand strings of a trained net, and whether each is in its language.
enum Sampling {
  static func run() throws {
    let language = try FormalLanguage([0, 1, 0, 1], length: 42, maximumN: 10)
    let shape = try NetworkShape(inputs: 6, outputs: 6)
    var stream = RandomStream(seed: 1, purpose: "measure")
    let trainer = try SequenceTrainer(
      shape: shape, weights: shape.initialWeights(&stream), length: 42,
      optimizer: OptimizerSettings(decay: 1e-4))
    for step in 0..<3000 {
      let batch = try language.sample(32, stream: &stream)
      _ = try trainer.step(
        tokens: batch.tokens, counts: batch.counts, rate: step < 2000 ? 0.01 : 0.001)
    }
    let weights = trainer.weights
    var members = 0
    let time = try Measure.time {
      let sampler = try TokenSampler(shape: shape, weights: weights)
      let drawn = try sampler.sample(
        count: 1000, length: 42, start: language.beginning, end: language.end, recorded: 100,
        stream: &stream)
      members = stride(from: 0, to: drawn.tokens.count, by: 42).reduce(0) { sum, start in
        sum + (language.membership(of: drawn.tokens[start..<(start + 42)]).isMember ? 1 : 0)
      }
    }
    Measure.report("sampling", time)
    Measure.report("sampled accuracy", Double(members) / 1000)
  }
}
