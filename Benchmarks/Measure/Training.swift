import Execution
import Kernels
import Networks
import Tensors
import Zoos

/// Training steps of small language models.
enum Training {
  /// The paper's language with the most training strings: n below 10, none left out.
  private static let task = [0, 0, 0, 0]

  private static func trainer(_ shape: NetworkShape, length: Int) throws -> SequenceTrainer {
    var stream = RandomStream(seed: 1, purpose: "measure")
    return try SequenceTrainer(
      shape: shape, weights: try shape.initialWeights(&stream), length: length,
      optimizer: OptimizerSettings(decay: 1e-4))
  }

  private static func shape(
    _ cell: NetworkShape.Cell = .lstm, hidden: Int = 32
  ) throws -> NetworkShape {
    try NetworkShape(cell: cell, inputs: 6, outputs: 6, hidden: hidden, layers: 2)
  }

  /// A step on a batch drawn from the language.
  private static func drawn(_ cell: NetworkShape.Cell) throws -> () throws -> Void {
    let trainer = try trainer(try shape(cell), length: 42)
    let language = try FormalLanguage(task, length: 42, maximumN: 10)
    var stream = RandomStream(seed: 2, purpose: "measure")
    return {
      let batch = try language.sample(32, stream: &stream)
      _ = try trainer.step(tokens: batch.tokens, counts: batch.counts, rate: 1e-3)
    }
  }

  /// A step on strings that all differ.
  private static func distinct(
    hidden: Int = 32, length: Int = 42, strings: Int = 32
  ) throws -> () throws -> Void {
    let trainer = try trainer(try shape(hidden: hidden), length: length)
    var stream = RandomStream(seed: 3, purpose: "measure")
    let tokens = (0..<(strings * length)).map { _ in UInt8(stream.integer(below: 6)) }
    let counts = [Int](repeating: 1, count: strings)
    return { _ = try trainer.step(tokens: tokens, counts: counts, rate: 1e-3) }
  }

  /// A step on turned digits, cut into tiles as they are drawn: the paper's second data set.
  private static func digits() throws -> () throws -> Void {
    let family = DigitTasks(try DigitImages.synthetic(count: 4000, seed: 1))
    let (inputs, outputs) = family.sizes
    let shape = try NetworkShape(inputs: inputs, outputs: outputs, hidden: 32, layers: 2)
    var data = try family.data([37], run: 0, seed: 1)
    var stream = RandomStream(seed: 1, purpose: "measure")
    let trainer = try SequenceTrainer(
      shape: shape, weights: try shape.initialWeights(&stream), steps: data.steps,
      optimizer: OptimizerSettings(decay: 1e-4))
    return {
      _ = try trainer.step(try data.batch(32, step: 0, stream: &stream), rate: 1e-3)
    }
  }

  static func zoo() throws {
    Measure.report("zoo step", try Measure.time(try drawn(.lstm)))
    Measure.report("distinct step", try Measure.time(try distinct()))
    Measure.report("digits step", try Measure.time(try digits()))
  }

  static func cells() throws {
    for cell in NetworkShape.Cell.allCases {
      Measure.report("zoo step \(cell)", try Measure.time(try drawn(cell)))
    }
  }

  /// Steps a second of as many nets as there are threads, against those of one.
  static func cores() throws {
    func rate(_ nets: Int) throws -> Double {
      let steps = 400
      var best = 0.0
      for _ in 0..<5 {
        let start = Clock.now
        try Parallel.forEach(nets) { _ in
          let step = try drawn(.lstm)
          for _ in 0..<steps { try step() }
        }
        best = max(best, Double(nets * steps) / (Clock.now - start))
      }
      return best
    }
    var cores = 1
    while cores <= Parallel.threads {
      Measure.report("steps/s on \(cores)", try rate(cores))
      cores *= 2
    }
  }

  /// A step of a 2 x 32 net on 32 different strings of 42 symbols, one of the four changed at a
  /// time.
  static func growth() throws {
    for hidden in [16, 32, 64, 128, 256] {
      Measure.report(
        "hidden \(hidden)", try Measure.time(repetitions: 5, try distinct(hidden: hidden)))
    }
    for length in [11, 21, 42, 84, 168] {
      Measure.report(
        "length \(length)", try Measure.time(repetitions: 5, try distinct(length: length)))
    }
    for strings in [8, 16, 32, 64, 128] {
      Measure.report(
        "strings \(strings)", try Measure.time(repetitions: 5, try distinct(strings: strings)))
    }
  }
}
