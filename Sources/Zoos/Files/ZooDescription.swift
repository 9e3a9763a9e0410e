import Execution
import Kernels
import Networks
import Tensors

/// What `zoo.json` says of a zoo: its settings, and what of the program its numbers depend on.
struct ZooDescription: Equatable {
  /// The name of the file.
  static let file = "zoo.json"
  private static let form = "rnr language zoo"
  private static let formVersion = 2.0

  var settings: LanguageZooSettings
  /// The version of the program that began the zoo.
  var version: String
  /// The width of the vectors in bits by which the sums are ordered.
  var vectorWidth: Int
  /// The check sum of the rows of a training of a few steps: builds and processors that round
  /// differently have another.
  var arithmetic: String

  /// The description of a zoo that this program begins.
  init(_ settings: LanguageZooSettings) throws {
    self.settings = settings
    version = Version.current
    vectorWidth = VectorWidth.bits
    arithmetic = try LanguageRun.arithmetic(settings)
  }

  // MARK: - A folder's zoo

  /// Whether a name is that of a description that was never finished.
  static func isLeftOver(_ name: String) -> Bool {
    [file, OfficialArguments.file].contains { name.hasPrefix($0 + ".part-") }
  }

  /// Whether a zoo of these settings is in a folder, finished or not; false if there is none.
  ///
  /// - Throws: `Failure` that shows where the zoo there has other settings.
  static func isBegun(_ folder: String, _ settings: LanguageZooSettings) throws -> Bool {
    guard File.exists(folder + "/" + file) else { return false }
    let found = try ZooDescription(folder: folder)
    if let differences = settings.differences(found: found.settings) {
      throw Failure(
        "\"\(folder)\" holds a zoo of other settings\n\(differences)", at: .keyword("path"),
        hint: "take another folder, or load(\"\(folder)\")")
    }
    return true
  }

  /// Throws unless this program makes the same numbers as the one that began the zoo in a folder.
  static func checkArithmetic(_ folder: String, _ settings: LanguageZooSettings) throws {
    let found = try ZooDescription(folder: folder)
    let here = try ZooDescription(settings)
    guard found.vectorWidth == here.vectorWidth else {
      throw Failure(
        "\"\(folder)\" was begun with vectors of \(found.vectorWidth) bits, but this build has "
          + "\(here.vectorWidth): the numbers would differ", at: .keyword("path"),
        hint: "go on with the build that began it, or take another folder")
    }
    guard found.arithmetic == here.arithmetic else {
      throw Failure(
        "\"\(folder)\" was begun by another build of rnr (version \(found.version)) or on another "
          + "kind of processor, which rounds differently: the numbers would differ",
        at: .keyword("path"), hint: "go on with the build that began it, or take another folder")
    }
  }

  // MARK: - Writing

  /// The text of the file.
  var text: String {
    let settings = self.settings
    func number(_ name: String, _ value: Double) -> (key: String, value: JSON) {
      (name, .number(value))
    }
    func count(_ name: String, _ value: Int) -> (key: String, value: JSON) {
      (name, .number(Double(value)))
    }
    return JSON.object([
      ("form", .string(Self.form)), number("form_version", Self.formVersion),
      ("version", .string(version)), count("vector_width", vectorWidth),
      ("arithmetic", .string(arithmetic)),
      // A seed may have more than the 53 bits of a JSON number.
      ("seed", .string("\(settings.seed)")),
      (
        "settings",
        .object([
          count("runs", settings.runs), count("steps", settings.steps),
          count("letters", settings.letters), count("length", settings.length),
          count("lowest", settings.lowest), count("highest", settings.highest),
          count("maximum_n", settings.maximumN), ("cell", .string(settings.cell.rawValue)),
          count("layers", settings.layers), count("hidden", settings.hidden),
          count("batch", settings.batch), ("optimizer", .string(settings.optimizer.rawValue)),
          (
            "schedule",
            .array(settings.points.map { .array([.number(Double($0.step)), .number($0.rate)]) })
          ),
          number("decay", settings.weightDecay), number("beta1", settings.beta1),
          number("beta2", settings.beta2), number("epsilon", settings.epsilon),
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
    let form = json["form_version"]?.number
    guard form == ZooDescription.formVersion else {
      throw Failure(
        "\"\(path)\" has the form version \(form.map { Text.significant($0) } ?? "none"), but this "
          + "version of rnr reads \(Text.significant(ZooDescription.formVersion))")
    }
    version = try members.string("version")
    vectorWidth = try members.count("vector_width")
    arithmetic = try members.string("arithmetic")
    let inner = Members(json: json["settings"] ?? .null, path: path)
    settings = try inner.settings(seed: try members.string("seed"))
    do {
      try settings.validate(inMemory: false)
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

  /// One of the names of an enumeration.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> Choice {
    guard let value = Choice(rawValue: try string(name)) else {
      let names = Choice.allCases.map { "\"\($0.rawValue)\"" }
      throw missing(name, names.joined(separator: " or "))
    }
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
    settings.cell = try choice("cell")
    settings.layers = try count("layers")
    settings.hidden = try count("hidden")
    settings.batch = try count("batch")
    settings.optimizer = try choice("optimizer")
    settings.schedule = try schedule()
    settings.weightDecay = try number("decay")
    settings.beta1 = try number("beta1")
    settings.beta2 = try number("beta2")
    settings.epsilon = try number("epsilon")
    guard let snapshots = json["snapshots"]?.wholeNumbers else {
      throw missing("snapshots", "a list of whole numbers")
    }
    settings.snapshots = snapshots
    settings.samples = try count("samples")
    settings.rollouts = try count("rollouts")
    settings.tasks = try choice("tasks")
    guard let number = UInt64(seed) else { throw missing("seed", "a whole number") }
    settings.seed = number
    return settings
  }

  private func schedule() throws -> Schedule {
    let points = try list("schedule").map { pair in
      guard let parts = pair.elements, parts.count == 2, let rate = parts[1].number,
        let step = parts[0].number.flatMap({ Int(exactly: $0) })
      else { throw missing("schedule", "a list of pairs of step and rate") }
      return (step: step, rate: rate)
    }
    return try Schedule(points)
  }
}
