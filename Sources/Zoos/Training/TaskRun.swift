import Execution
import Kernels
import Networks
import Tensors

/// What one training run leaves: a row for each kept step, file by file.
struct RunRows: Sendable {
  /// The bytes of the rows in each file of the layout.
  var files: [[UInt8]]
  /// The family's score of the last kept net.
  var score = 0.0
  /// When the loss first was no finite number; nil if it always was one.
  var divergence: ZooDivergence?

  /// The check sum of each row: of its bytes in all files, in their order.
  func sums(rows: Int) -> [UInt32] {
    var sums = [UInt32](repeating: 0, count: rows)
    for bytes in files { Self.add(bytes, to: &sums) }
    return sums
  }

  /// Goes on with the sums of rows by those of one more file.
  static func add(_ bytes: [UInt8], to sums: inout [UInt32]) {
    bytes.withUnsafeBytes { bytes in
      let size = bytes.count / max(sums.count, 1)
      for row in sums.indices {
        sums[row] = Checksum.crc32(
          UnsafeRawBufferPointer(rebasing: bytes[(row * size)..<((row + 1) * size)]),
          after: sums[row])
      }
    }
  }
}

/// One training run of a zoo: its numbers depend on the settings and its own number only.
struct TaskRun {
  /// Updates between two looks at the cancellation.
  private static let stride = 4

  private let settings: ZooSettings
  private let run: Int
  private let task: [Double]
  private let shape: NetworkShape

  /// The run of this number.
  init(_ settings: ZooSettings, run: Int) throws {
    self.settings = settings
    self.run = run
    task = try settings.family.task(run: run, seed: settings.seed)
    shape = try settings.networkShape()
  }

  /// Trains the net.
  ///
  /// A loss that is no finite number does not end the training: NaN goes its way.
  /// - Parameter tick: called every few updates with how many were made; throws to stop.
  func train(tick: @escaping (Int) throws -> Void) throws -> RunRows {
    let family = settings.family
    let schedule = try Schedule(settings.points.map { (step: $0.step, rate: $0.rate) })
    let kept = Set(settings.keptSteps)
    var weightStream = family.stream("initial weights", seed: settings.seed, run: run)
    var examples = family.stream("strings", seed: settings.seed, run: run)
    var data = try family.data(task, run: run, seed: settings.seed)
    let trainer = try SequenceTrainer(
      shape: shape, weights: try shape.initialWeights(&weightStream), steps: data.steps,
      optimizer: OptimizerSettings(
        settings.optimizer,
        decay: family.decay(run: run, seed: settings.seed) ?? settings.weightDecay,
        beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon))
    let ownLoss = data.ownLoss
    var rows = RunRows(files: try settings.layout().files.map { _ in [] })
    for step in 0...settings.steps {
      if step % Self.stride == 0 { try tick(min(Self.stride, settings.steps + 1 - step)) }
      let batch = try data.batch(settings.batch, step: step, stream: &examples)
      // The update of step k uses the rate of step k. (The original sets it after the update, so
      // that its step k uses the rate of k - 1.)
      let rate = Float(schedule.rate(at: step))
      let loss = try trainer.step(
        batch, rate: rate, ownLoss: ownLoss.map { own in { try own(batch, $0, step) } })
      if !loss.isFinite, rows.divergence == nil {
        rows.divergence = ZooDivergence(run: run, step: step)
      }
      if kept.contains(step) {
        try keep(trainer.weights, step: step, loss: loss, in: &rows) { try tick(0) }
      }
    }
    return rows
  }

  /// Adds the row of a net as it is after `step`.
  private func keep(
    _ weights: Tensor, step: Int, loss: Float, in rows: inout RunRows,
    pause: @escaping () throws -> Void
  ) throws {
    let judgement = try settings.family.judge(
      KeptNet(
        shape: shape, weights: weights, settings: settings, task: task, run: run, step: step,
        loss: rows.divergence?.marked(loss) ?? loss, pause: pause))
    rows.files[0].append(bytesOf: weights.elements)
    for (place, bytes) in judgement.files.enumerated() { rows.files[place + 1] += bytes }
    rows.score = judgement.score
  }

  /// A check sum by which builds and processors that compute other numbers are told apart, and
  /// families whose code has changed: that of the rows of run 0 after a few steps.
  static func arithmetic(_ settings: ZooSettings) throws -> String {
    // A schedule that is spelled out is the default one if it has its points.
    var plain = settings
    plain.schedule = nil
    var brief = plain.points == settings.points ? plain : settings
    brief.steps = min(settings.steps, 3)
    brief.snapshots = []
    brief.samples = min(settings.samples, 8)
    brief.rollouts = min(settings.rollouts, 8)
    let rows = try TaskRun(brief, run: 0).train { _ in }
    return Checksum.text(rows.sums(rows: 1)[0])
  }
}
