import Execution
import Glibc
import Kernels
import Networks
import Tensors

extension DigitTasks {
  /// What a net of this task is trained on.
  public func data(_ task: [Double], run: Int, seed: UInt64) throws -> any TaskData {
    DigitData(
      sequences: try sequences(task), labels: try source().labels, places: part(trains: true))
  }

  private func sequences(_ task: [Double]) throws -> DigitSequences {
    DigitSequences(
      try source(), tiles: try TiledImage(side: side, tile: tile),
      rotation: ImageRotation(degrees: task.first ?? 0, side: side))
  }

  /// Runs the net over images that it was not trained on, and over as many that it was.
  public func judge(_ net: KeptNet) throws -> Judgement {
    let settings = net.settings
    let sequences = try sequences(net.task)
    let labels = try source().labels
    let evaluated = try score(
      net, sequences, labels, places(false, settings), kept: settings.rollouts)
    let trained = try score(net, sequences, labels, places(true, settings), kept: 0)
    var (tasks, counts, measures): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
    tasks.append(bytesOf: net.task)
    counts.append(bytesOf: [Int64(net.run), Int64(net.step)])
    let decay = decay(run: net.run, seed: settings.seed) ?? settings.weightDecay
    measures.append(
      bytesOf: [
        evaluated.accuracy, net.loss.isNaN ? Double(net.loss) : trained.loss, evaluated.loss, decay,
      ])
    return Judgement(
      files: [evaluated.inputs, evaluated.outputs, tasks, counts, measures],
      score: evaluated.accuracy)
  }

  /// The images that judge all nets of a zoo, drawn without replacement.
  private func places(_ trains: Bool, _ settings: ZooSettings) -> [Int] {
    let all = part(trains: trains)
    var stream = stream(trains ? "images trained on" : "evaluation", seed: settings.seed, run: 0)
    return stream.permutation(all.count).prefix(settings.samples).map { all[$0] }
  }

  /// Images that go through a net at once.
  private static let portion = 250

  private struct Score {
    var accuracy = 0.0
    var loss = 0.0
    var inputs: [UInt8] = []
    var outputs: [UInt8] = []
  }

  private func score(
    _ net: KeptNet, _ sequences: DigitSequences, _ labels: [UInt8], _ places: [Int], kept: Int
  ) throws -> Score {
    var score = Score()
    var (right, sum) = (0, 0.0)
    let (steps, features) = (sequences.tiles.steps, sequences.tiles.features)
    for first in stride(from: 0, to: places.count, by: Self.portion) {
      try net.pause()
      let part = Array(places[first..<min(first + Self.portion, places.count)])
      let input = sequences.of(part)
      let outputs = try net.outputs(Tensor(shape: [part.count, steps, features], input))
      let scored = ClassScores(outputs)
      for (place, image) in part.enumerated() {
        let label = Int(labels[image])
        right += scored.isRight(place, steps - 1, label) ? 1 : 0
        for step in 0..<steps { sum += scored.loss(place, step, label) }
      }
      let count = max(0, min(kept - first, part.count))
      score.inputs.append(
        bytesOf: input.prefix(count * steps * features).map { Float16($0) })
      score.outputs.append(
        bytesOf: scored.logProbabilities.prefix(count * steps * 10).map { Float16($0) })
    }
    score.accuracy = Double(right) / Double(places.count)
    score.loss = sum / Double(places.count * steps)
    return score
  }
}

/// Images as sequences of tiles, turned: each number of a sequence knows its pixel.
struct DigitSequences {
  let tiles: TiledImage
  private let pixels: [UInt8]
  private let imageSize: Int
  /// For each number of a sequence the pixel that it shows, -1 for what is always black, -2 for the
  /// zero tile.
  private let sources: [Int32]
  private let values: [Float]

  init(_ digits: DigitImages, tiles: TiledImage, rotation: ImageRotation) {
    self.tiles = tiles
    pixels = digits.pixels
    imageSize = digits.side * digits.side
    var sources = [Int32](repeating: -2, count: tiles.steps * tiles.features)
    for (pixel, place) in tiles.places.enumerated() {
      sources[Int(place)] = rotation.sources[pixel]
    }
    self.sources = sources
    values = (0..<256).map { TiledImage.normalized(Float($0)) }
  }

  /// The sequences [S,T,D] of some images.
  func of(_ places: [Int]) -> [Float] {
    let size = sources.count
    return [Float](unsafeUninitializedCapacity: places.count * size) { out, count in
      for (row, place) in places.enumerated() {
        let image = place &* imageSize
        for number in 0..<size {
          let source = Int(sources[number])
          out[row &* size &+ number] =
            source >= 0
            ? values[Int(pixels[image &+ source])] : source == -1 ? values[0] : 0
        }
      }
      count = places.count * size
    }
  }
}

/// Turned digits, drawn anew for each batch.
private struct DigitData: TaskData {
  let sequences: DigitSequences
  let labels: [UInt8]
  let places: [Int]

  var steps: Int { sequences.tiles.steps }

  func batch(_ count: Int, step: Int, stream: inout RandomStream) throws -> ExampleBatch {
    let drawn = (0..<count).map { _ in places[stream.integer(below: places.count)] }
    // The digit is told after every tile.
    let classes = drawn.flatMap { [UInt16](repeating: UInt16(labels[$0]), count: steps) }
    return ExampleBatch(
      inputs: .numbers(sequences.of(drawn)), targets: .classes(classes),
      counts: [Int](repeating: 1, count: count))
  }
}
