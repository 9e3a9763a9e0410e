import Execution
import Glibc
import Networks
import Tensors

/// Tiled sequential digits, each run's images turned by an angle of its own: the second zoo of the
/// paper, whose settings are the defaults.
public struct DigitTasks: TaskFamily {
  /// Rows and columns of a tile.
  public var tile = 4
  /// The lowest angle, in degrees; they are uniform from it
  /// to below the highest.
  public var lowest = 0.0
  /// The highest angle.
  public var highest = 360.0
  /// Weight decays, one of which each run draws; without any the decay is that of the settings.
  public var decays = [0, 0.001, 0.01, 0.1]
  /// Rows and columns of an image.
  public private(set) var side = 28
  /// What the images are, and a check sum of them.
  public private(set) var images = "none"
  /// The images; nil for the family of a zoo that was loaded.
  private var digits: DigitImages?

  /// The paper's tasks, for reading files alone.
  init() {}

  /// Tasks of these images.
  public init(_ digits: DigitImages) {
    self.digits = digits
    side = digits.side
    let sum = digits.pixels.withUnsafeBytes { Checksum.crc32($0) }
    let both = digits.labels.withUnsafeBytes { Checksum.crc32($0, after: sum) }
    images = "\(digits.count) \(digits.name), \(Checksum.text(both))"
  }

  /// The tasks of a zoo whose sequences have these sizes.
  ///
  /// - Throws: `Failure` if they are no square image in square tiles.
  init(steps: Int, inputs: Int, path: String) throws {
    let tile = Int(within: 0...4096, Double(inputs).squareRoot())
    let across = Int(within: 0...4096, Double(max(steps - 1, 0)).squareRoot())
    guard tile >= 1, tile * tile == inputs, across >= 1, across * across == steps - 1 else {
      throw Failure(
        "\"\(path)\" holds no tiled images: sequences of \(steps) steps of \(inputs) numbers")
    }
    self.tile = tile
    side = tile * across
  }

  /// The name of its kind.
  public static let kind = "digit"

  /// Its settings.
  public static let table: [Setting<DigitTasks>] = [
    .integer("tile", \.tile, 1...256),
    .number("lowest", \.lowest, "an angle") { $0.isFinite && abs($0) <= 360_000 },
    .number("highest", \.highest, "an angle") { $0.isFinite && abs($0) <= 360_000 },
    .numbers("decays", \.decays),
    .integer("side", \.side, 1...4096),
    Setting(
      name: "images", kind: .text, get: { .text($0.images) },
      set: { if case .text(let name) = $1 { $0.images = name } }),
  ]

  /// Settings that cannot be asked for.
  public static let facts: Set<String> = ["side", "images"]

  /// Steps of a sequence, with the zero tile that begins it.
  private var steps: Int { (try? TiledImage(side: side, tile: tile))?.steps ?? 1 }

  /// What its nets read and give.
  public var sizes: (inputs: Int, outputs: Int) { (tile * tile, 10) }
  /// Of what kind that is.
  public var form: TaskForm { TaskForm(readsTokens: false, givesClasses: true) }
  /// The measure that progress shows.
  public var score: String { "accuracy" }
  /// The column whose NaN tell that a training diverged.
  public var lossColumn: String { "training_loss" }

  /// The official columns.
  public func files(rollouts: Int) -> [ZooFile] {
    [
      ZooFile(
        "sequences.npy", .float16, [rollouts, steps, tile * tile], column: "inputs"),
      ZooFile("logits.npy", .float16, [rollouts, steps, 10], column: "outputs"),
      ZooFile("tasks.npy", .float64, [1], column: "tasks"),
      ZooFile("num_step.npy", .int64, [2], columns: ["run", "step"]),
      ZooFile(
        "accuracy_losses.npy", .float64, [4],
        columns: ["accuracy", "training_loss", "evaluation_loss", "decay"]),
    ]
  }

  // MARK: - Tasks

  /// The angle of a run, in single precision as it was trained on.
  public func task(run: Int, seed: UInt64) -> [Double] {
    var stream = stream("task", seed: seed, run: run)
    return [Double(Float(lowest + (highest - lowest) * stream.uniform()))]
  }

  /// The weight decay of a run.
  public func decay(run: Int, seed: UInt64) -> Double? {
    guard !decays.isEmpty else { return nil }
    var stream = stream("decay", seed: seed, run: run)
    return decays[stream.integer(below: decays.count)]
  }

  /// The angle: the paper trains on those below 312 degrees.
  public func novelty(of task: [Double]) -> Double? { task.first ?? 0 }
  /// From here on a task is out of distribution.
  public var noveltyBound: Double? { 312 }
  /// What the nets were trained on.
  public var title: String? {
    let count = images.split(separator: ",").first.map(String.init) ?? images
    return images == "none"
      ? nil : "\(count), in tiles of \(tile) x \(tile), turned by an angle each"
  }
  /// What a task is called.
  public func name(of task: [Double]) -> String { Text.fixed(task.first ?? 0, 1) }

  /// What the released code's loader reads beside the arrays.
  public func officialArguments(_ settings: ZooSettings) -> (file: String, text: String)? {
    (
      OfficialArguments.file,
      OfficialArguments.text(
        seed: settings.seed, runs: settings.runs, hidden: settings.hidden, layers: settings.layers)
    )
  }

  // MARK: - What can be trained

  /// Whether the images are at hand.
  public var canTrain: Bool { digits != nil }

  /// Throws if there is nothing that can be trained on.
  public func validate(_ settings: ZooSettings) throws {
    guard lowest <= highest else {
      throw Failure(
        "lowest must not be above highest, but they are \(Text.significant(lowest)) and "
          + Text.significant(highest), at: .keyword("lowest"))
    }
    if let bad = decays.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw Failure(
        "a decay must be 0 or above, but one is \(Text.significant(bad))", at: .keyword("decays"))
    }
    do {
      _ = try TiledImage(side: side, tile: tile)
    } catch let failure as Failure {
      throw Failure(failure.message, at: .keyword("tile"), hint: failure.hint)
    }
    guard digits != nil else { return }
    let evaluated = part(trains: false).count
    guard evaluated > 0, part(trains: true).count > 0 else {
      throw Failure("there are too few images to train and to evaluate on")
    }
    guard settings.rollouts <= evaluated else {
      throw Failure(
        "rollouts are images of the part that evaluates, which has \(evaluated), but "
          + "\(settings.rollouts) were asked", at: .keyword("rollouts"))
    }
  }

  // MARK: - Images

  /// The images of one part of the published split; of both published parts only the first counts.
  func part(trains: Bool) -> [Int] {
    let count = digits?.count ?? 0
    return (0..<(count == 70_000 ? 60_000 : count)).filter { DigitImages.trains($0) == trains }
  }

  /// The images.
  ///
  /// - Throws: `Failure` for the family of a zoo that was loaded.
  func source() throws -> DigitImages {
    guard let digits else {
      throw Failure(
        "the images on which the zoo was trained (\(images)) are not at hand",
        hint: "call digit_zoo again, which knows them")
    }
    return digits
  }
}
