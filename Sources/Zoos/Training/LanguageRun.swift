import Execution
import Kernels
import Networks
import Tensors

/// What one training run leaves: a row for each kept step, column by column.
struct RunRows: Sendable {
  /// Flat weights, [S * P].
  var weights: [Float] = []
  /// Sampled sequences, [S * R * T].
  var sequences: [Int16] = []
  /// Their log-probabilities, [S * R * (T - 1) * O].
  var logProbabilities: [Float16] = []
  /// Differences m, [S * K].
  var tasks: [Int64] = []
  /// Run, step and how many samples have counts that agree, [S * 3].
  var counts: [Int64] = []
  /// Order-checked accuracy, accuracy by counts, loss, [S * 3].
  var measures: [Float] = []
  /// When the loss first was no finite number; nil if it always was one.
  var divergence: ZooDivergence?
}

/// One training run of a zoo: its numbers depend on the settings and its own number only.
struct LanguageRun {
  /// The most samples drawn from a net at once: strings drawn together share their beginnings.
  private static let portion = 4000
  /// Updates between two looks at the cancellation.
  private static let stride = 4

  private let settings: LanguageZooSettings
  private let run: Int
  private let task: [Int]
  private let language: FormalLanguage
  private let shape: NetworkShape

  /// The run of this number.
  init(_ settings: LanguageZooSettings, run: Int) throws {
    self.settings = settings
    self.run = run
    task = settings.task(run: run)
    language = try settings.language(run: run)
    shape = try settings.networkShape()
  }

  /// Trains the net.
  ///
  /// A loss that is no finite number does not end the training: NaN goes its way.
  /// - Parameter tick: called every few updates with how many were made; throws to stop.
  func train(tick: (Int) throws -> Void) throws -> RunRows {
    let schedule = try Schedule(settings.points.map { (step: $0.step, rate: $0.rate) })
    let kept = Set(settings.keptSteps)
    var weightStream = stream("initial weights")
    var strings = stream("strings")
    let trainer = try TokenTrainer(
      shape: shape, weights: try shape.initialWeights(&weightStream),
      length: settings.length,
      optimizer: OptimizerSettings(
        settings.optimizer, decay: settings.weightDecay, beta1: settings.beta1,
        beta2: settings.beta2,
        epsilon: settings.epsilon))
    let sequences = language.sequences
    var rows = RunRows()
    for step in 0...settings.steps {
      if step % Self.stride == 0 { try tick(min(Self.stride, settings.steps + 1 - step)) }
      let batch = try language.sample(settings.batch, from: sequences, stream: &strings)
      // The update of step k uses the rate of step k. (The original sets it after the update, so
      // that its step k uses the rate of k - 1.)
      let loss = try trainer.step(
        tokens: batch.tokens, counts: batch.counts, rate: Float(schedule.rate(at: step)))
      if !loss.isFinite, rows.divergence == nil {
        rows.divergence = ZooDivergence(run: run, step: step)
      }
      if kept.contains(step) {
        try keep(trainer.weights, step: step, loss: loss, in: &rows) { try tick(0) }
      }
    }
    return rows
  }

  /// A check sum by which builds and processors that compute other numbers are told apart: that of
  /// the rows of run 0 after a few steps.
  static func arithmetic(_ settings: LanguageZooSettings) throws -> String {
    // A schedule that is spelled out is the default one if it has its points.
    var plain = settings
    plain.schedule = nil
    var brief = plain.points == settings.points ? plain : settings
    brief.steps = min(settings.steps, 3)
    brief.snapshots = []
    brief.samples = min(settings.samples, 8)
    brief.rollouts = min(settings.rollouts, 8)
    let rows = try LanguageRun(brief, run: 0).train { _ in }
    return Checksum.text(rows.sums(rows: 1)[0])
  }

  private func stream(_ purpose: String) -> RandomStream {
    RandomStream(
      seed: settings.seed, purpose: "language zoo: " + purpose, index: UInt64(run))
  }

  /// Adds the row of a net as it is after `step`.
  private func keep(
    _ weights: Tensor, step: Int, loss: Float, in rows: inout RunRows, pause: () throws -> Void
  ) throws {
    let key = RandomStream.key(
      RandomStream.key(seed: settings.seed, purpose: "language zoo: samples"), UInt64(step))
    var stream = RandomStream(key: key, index: UInt64(run))
    let sampler = try TokenSampler(shape: shape, weights: weights)
    var members = 0
    var counted = 0
    for first in Swift.stride(from: 0, to: settings.samples, by: Self.portion) {
      try pause()
      let recorded = max(0, min(settings.rollouts - first, Self.portion))
      let drawn = try sampler.sample(
        count: min(Self.portion, settings.samples - first), length: settings.length,
        start: language.beginning, end: language.end, recorded: recorded, stream: &stream)
      for start in Swift.stride(from: 0, to: drawn.tokens.count, by: settings.length) {
        let found = language.membership(of: drawn.tokens[start..<(start + settings.length)])
        members += found.isMember ? 1 : 0
        counted += found.isCounted ? 1 : 0
      }
      rows.sequences += drawn.tokens.prefix(recorded * settings.length).map(Int16.init)
      drawn.logProbabilities.buffer.read { rows.logProbabilities += $0.map { Float16($0) } }
    }
    weights.buffer.read { rows.weights += $0 }
    rows.tasks += task.map(Int64.init)
    rows.counts += [Int64(run), Int64(step), Int64(counted)]
    let total = Float(settings.samples)
    rows.measures += [
      Float(members) / total, Float(counted) / total, rows.divergence?.marked(loss) ?? loss,
    ]
  }
}
