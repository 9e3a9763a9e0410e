import Execution
import Kernels
import Networks
import Tensors

/// What `zoo.json` says of a zoo: its settings, and what of the program its numbers depend on.
struct ZooDescription: Equatable {
  /// The name of the file.
  static let file = "zoo.json"
  private static let form = "rnr language zoo"
  private static let formVersion = 1.0

  var settings: LanguageZooSettings
  /// The version of the program that began the zoo.
  var version: String
  /// The width of the vectors in bits by which the sums are ordered.
  var vectorWidth: Int

  /// The description of a zoo that this program begins.
  init(_ settings: LanguageZooSettings) {
    self.settings = settings
    version = Version.current
    vectorWidth = VectorWidth.bits
  }

  // MARK: - Writing

  /// The text of the file.
  var text: String {
    let settings = self.settings
    func count(_ name: String, _ value: Int) -> (key: String, value: JSON) {
      (name, .number(Double(value)))
    }
    return JSON.object([
      ("form", .string(Self.form)), ("form_version", .number(Self.formVersion)),
      ("version", .string(version)), count("vector_width", vectorWidth),
      // A seed may have more than the 53 bits of a JSON number.
      ("seed", .string("\(settings.seed)")),
      (
        "settings",
        .object([
          count("runs", settings.runs), count("steps", settings.steps),
          count("letters", settings.letters), count("length", settings.length),
          count("lowest", settings.lowest), count("highest", settings.highest),
          count("maximum_n", settings.maximumN), count("layers", settings.layers),
          count("hidden", settings.hidden), count("batch", settings.batch),
          (
            "schedule",
            .array(settings.points.map { .array([.number(Double($0.step)), .number($0.rate)]) })
          ),
          ("weight_decay", .number(settings.weightDecay)),
          ("snapshots", .array(settings.keptSteps.map { .number(Double($0)) })),
          count("samples", settings.samples), count("rollouts", settings.rollouts),
          ("tasks", .string(settings.tasks.rawValue)),
        ])
      ),
    ]).text(indent: 2) + "\n"
  }

  // MARK: - Reading

  /// Reads the description of the zoo in a folder.
  ///
  /// - Throws: `Failure` that names the file and the member that is missing or of another kind.
  init(folder: String) throws {
    let path = folder + "/" + ZooDescription.file
    let json = try JSON.read(path)
    let members = Members(json: json, path: path)
    guard json["form"]?.string == ZooDescription.form else {
      throw Failure("\"\(path)\" does not describe a zoo of formal languages")
    }
    guard json["form_version"]?.number == ZooDescription.formVersion else {
      throw Failure("\"\(path)\" has a form that this version of rnr does not know")
    }
    version = try members.string("version")
    vectorWidth = try members.count("vector_width")
    let inner = Members(json: json["settings"] ?? .null, path: path)
    settings = try inner.settings(seed: try members.string("seed"))
    do {
      try settings.validate()
    } catch let failure as Failure {
      throw Failure("\"\(path)\" holds settings that cannot be: \(failure.message)")
    }
  }
}

/// The members of a JSON object, with failures that name the file.
private struct Members {
  var json: JSON
  var path: String

  private func missing(_ name: String, _ expected: String) -> Failure {
    Failure("\"\(path)\" lacks \"\(name)\", or it is not \(expected)")
  }

  func number(_ name: String) throws -> Double {
    guard let value = json[name]?.number else { throw missing(name, "a number") }
    return value
  }

  func count(_ name: String) throws -> Int {
    guard let value = Int(exactly: try number(name)) else { throw missing(name, "a whole number") }
    return value
  }

  func string(_ name: String) throws -> String {
    guard let value = json[name]?.string else { throw missing(name, "a text") }
    return value
  }

  func list(_ name: String) throws -> [JSON] {
    guard let value = json[name]?.elements else { throw missing(name, "a list") }
    return value
  }

  func settings(seed: String) throws -> LanguageZooSettings {
    var settings = LanguageZooSettings()
    settings.runs = try count("runs")
    settings.steps = try count("steps")
    settings.letters = try count("letters")
    settings.length = try count("length")
    settings.lowest = try count("lowest")
    settings.highest = try count("highest")
    settings.maximumN = try count("maximum_n")
    settings.layers = try count("layers")
    settings.hidden = try count("hidden")
    settings.batch = try count("batch")
    let points = try list("schedule").map { pair in
      guard let parts = pair.elements, parts.count == 2, let rate = parts[1].number,
        let step = parts[0].number.flatMap({ Int(exactly: $0) })
      else { throw missing("schedule", "a list of pairs of step and rate") }
      return (step: step, rate: rate)
    }
    settings.schedule = try Schedule(points)
    settings.weightDecay = try number("weight_decay")
    guard let snapshots = json["snapshots"]?.wholeNumbers else {
      throw missing("snapshots", "a list of whole numbers")
    }
    settings.snapshots = snapshots
    settings.samples = try count("samples")
    settings.rollouts = try count("rollouts")
    guard let tasks = LanguageZooSettings.Tasks(rawValue: try string("tasks")) else {
      throw missing("tasks", "\"random\" or \"all\"")
    }
    settings.tasks = tasks
    guard let number = UInt64(seed) else { throw missing("seed", "a whole number") }
    settings.seed = number
    return settings
  }
}
