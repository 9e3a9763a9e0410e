import Execution
import Networks

extension ZooSettings {
  /// The most runs, updates or examples that a setting may ask for.
  static let limit = Setting<ZooSettings>.limit

  /// The settings of all families; those of the family come after the first two.
  public static let table: [Setting<ZooSettings>] = [
    .integer("runs", \.runs),
    .integer("steps", \.steps, 0...limit),
    .choice("cell", \.cell),
    .integer("layers", \.layers, 1...64),
    .integer("hidden", \.hidden, 1...4096),
    .integer("batch", \.batch),
    .choice("optimizer", \.optimizer),
    schedule,
    .number("decay", \.weightDecay, "0 or above") { $0.isFinite && $0 >= 0 },
    .number("beta1", \.beta1, "from 0 to below 1") { $0 >= 0 && $0 < 1 },
    .number("beta2", \.beta2, "from 0 to below 1") { $0 >= 0 && $0 < 1 },
    .number("epsilon", \.epsilon, "above 0") { $0 > 0 && $0.isFinite },
    snapshots,
    .integer("samples", \.samples),
    .integer("rollouts", \.rollouts, 0...limit),
    seed,
  ]

  /// Shown and kept as its points, however it was given.
  private static let schedule = Setting<ZooSettings>(
    name: "schedule", kind: .schedule, get: { .points($0.points) },
    set: {
      if case .points(let points) = $1 {
        $0.schedule = try? Schedule(points.map { (step: $0.step, rate: $0.rate) })
      }
    })

  /// Shown and kept as the steps that they are in this training.
  private static let snapshots = Setting<ZooSettings>(
    name: "snapshots", kind: .integers, get: { .integers($0.keptSteps) },
    set: { if case .integers(let steps) = $1 { $0.snapshots = steps } })

  private static let seed = Setting<ZooSettings>(
    name: "seed", kind: .seed, get: { .seed($0.seed) },
    set: { if case .seed(let number) = $1 { $0.seed = number } })

  /// All settings by name, in the order in which files, records and messages show them.
  public var fields: [(name: String, value: SettingValue)] {
    let own = Self.table.map { ($0.name, $0.get(self)) }
    let ofFamily = family.settings
    // How tasks are chosen stands last but the seed, as in the first zoos' files.
    return Array(own.prefix(2)) + ofFamily.filter { $0.name != "tasks" }
      + own.dropFirst(2).dropLast()
      + ofFamily.filter { $0.name == "tasks" } + own.suffix(1)
  }

  /// What settings of zoos of a family may be, by name.
  public static func kinds(of family: any TaskFamily) -> [(name: String, kind: SettingKind)] {
    table.map { ($0.name, $0.kind) } + type(of: family).kinds
  }

  /// Changes a setting of the training or of the family.
  public mutating func set(_ name: String, _ value: SettingValue) {
    if let setting = Self.table.first(where: { $0.name == name }) {
      setting.set(&self, value)
    } else {
      family.set(name, value)
    }
  }
}
