import Execution
import Glibc
import Kernels
import Networks
import Tensors

extension Languages {
  static func logarithm(_ x: Double) -> Double { log(x) }

  /// What a net of this task is trained on.
  public func data(_ task: [Double], run: Int, seed: UInt64) throws -> any TaskData {
    LanguageData(language: try language(task))
  }

  /// The most samples drawn from a net at once: strings drawn together share their beginnings.
  private static let portion = 4000

  /// Samples strings from the net: some are kept, all are held against the language.
  public func judge(_ net: KeptNet) throws -> Judgement {
    let settings = net.settings
    let language = try language(net.task)
    let key = RandomStream.key(
      RandomStream.key(seed: settings.seed, purpose: "language zoo: samples"), UInt64(net.step))
    var stream = RandomStream(key: key, index: UInt64(net.run))
    let sampler = try TokenSampler(shape: net.shape, weights: net.weights)
    var (sequences, probabilities): ([UInt8], [UInt8]) = ([], [])
    var (members, counted) = (0, 0)
    for first in Swift.stride(from: 0, to: settings.samples, by: Self.portion) {
      try net.pause()
      let recorded = max(0, min(settings.rollouts - first, Self.portion))
      let drawn = try sampler.sample(
        count: min(Self.portion, settings.samples - first), length: length,
        start: language.beginning, end: language.end, recorded: recorded, stream: &stream)
      for start in Swift.stride(from: 0, to: drawn.tokens.count, by: length) {
        let found = language.membership(of: drawn.tokens[start..<(start + length)])
        members += found.isMember ? 1 : 0
        counted += found.isCounted ? 1 : 0
      }
      sequences.append(bytesOf: drawn.tokens.prefix(recorded * length).map(Int16.init))
      probabilities.append(bytesOf: drawn.logProbabilities.elements.map { Float16($0) })
    }
    var (tasks, counts, measures): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
    tasks.append(bytesOf: net.task.map { Int64($0) })
    counts.append(bytesOf: [Int64(net.run), Int64(net.step), Int64(counted)])
    let total = Float(settings.samples)
    let accuracy = Float(members) / total
    measures.append(bytesOf: [accuracy, Float(counted) / total, net.loss])
    return Judgement(
      files: [sequences, probabilities, tasks, counts, measures], score: Double(accuracy))
  }
}

/// Strings of one language: few distinct ones, each of which a batch holds once with its count.
private struct LanguageData: TaskData {
  private let language: FormalLanguage
  private let sequences: [[UInt8]]

  init(language: FormalLanguage) {
    self.language = language
    sequences = language.sequences
  }

  var steps: Int { language.length - 1 }

  func batch(_ count: Int, step: Int, stream: inout RandomStream) throws -> ExampleBatch {
    let batch = try language.sample(count, from: sequences, stream: &stream)
    return ExampleBatch(inputs: .tokens(batch.tokens), targets: .next, counts: batch.counts)
  }
}
