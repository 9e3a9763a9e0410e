import Execution
import Kernels
import Networks
import Tensors

extension LanguageZooSettings {
  /// The seed as a description keeps it: it may have more than the 53 bits of a JSON number.
  var seedForm: JSON { .string("\(seed)") }

  /// All other settings as a description keeps them.
  var form: JSON {
    func number(_ name: String, _ value: Double) -> (key: String, value: JSON) {
      (name, .number(value))
    }
    func count(_ name: String, _ value: Int) -> (key: String, value: JSON) {
      (name, .number(Double(value)))
    }
    return .object([
      count("runs", runs), count("steps", steps), count("letters", letters),
      count("length", length), count("lowest", lowest), count("highest", highest),
      count("maximum_n", maximumN), ("cell", .string(cell.rawValue)), count("layers", layers),
      count("hidden", hidden), count("batch", batch), ("optimizer", .string(optimizer.rawValue)),
      (
        "schedule",
        .array(points.map { .array([.number(Double($0.step)), .number($0.rate)]) })
      ),
      number("decay", weightDecay), number("beta1", beta1), number("beta2", beta2),
      number("epsilon", epsilon),
      ("snapshots", .array(keptSteps.map { .number(Double($0)) })),
      count("samples", samples), count("rollouts", rollouts), ("tasks", .string(tasks.rawValue)),
    ])
  }
}

/// The members of a JSON object, with failures that name the file.
struct ZooMembers {
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

  func count(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
    let value = try count(name)
    guard range.contains(value) else {
      throw missing(name, "from \(range.lowerBound) to \(range.upperBound)")
    }
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
