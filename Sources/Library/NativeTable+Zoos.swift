import Execution
import Glibc
import Language
import Networks
import Zoos

extension NativeTable {
  /// Trains or opens a zoo of formal languages.
  static func languageZoo(_ call: Arguments) throws -> Value {
    let settings = try zooSettings(call)
    let shard = try zooShard(call)
    guard !call.isNone(0) else {
      let zoo = try LanguageZoo.train(settings, console: call.console)
      if !zoo.isComplete {
        try call.keepPartialResult("the zoo of the finished runs is kept; on a path it could go on")
      }
      return .object(ZooValue(zoo: zoo))
    }
    let zoo = try LanguageZoo.train(
      settings, path: try call.path(0), shard: shard ?? .whole, console: call.console)
    // What is finished is on disk; a script must not go on with half a zoo, unless it asked for a
    // part of one.
    guard zoo.isComplete || shard != nil && Cancellation.current.level == 0 else {
      call.console.note("the same call goes on with them")
      throw Interrupted()
    }
    return .object(ZooValue(zoo: zoo))
  }

  /// The shard that the call or the environment asks for, nil for the whole zoo.
  private static func zooShard(_ call: Arguments) throws -> ZooShard? {
    let place = 23
    if !call.isNone(place) {
      guard !call.isNone(0) else {
        throw Failure(
          "a shard is a part of a zoo on disk, but no path is given", at: .position(place),
          hint: "language_zoo(\"zoos/mine\", shard=...)")
      }
      do {
        return try ZooShard(try call.string(place))
      } catch let failure as Failure where failure.labels.isEmpty {
        throw Failure(failure.message, at: .position(place), hint: failure.hint)
      }
    }
    guard let text = getenv("RNR_SHARD").map({ String(cString: $0) }), !text.isEmpty else {
      return nil
    }
    do {
      return try ZooShard(text)
    } catch let failure as Failure {
      throw Failure("RNR_SHARD: " + failure.message, hint: failure.hint)
    }
  }

  private static func zooSettings(_ call: Arguments) throws -> LanguageZooSettings {
    var settings = LanguageZooSettings()
    settings.runs = try call.integer(1, 1...1_000_000_000)
    settings.steps = try call.integer(2, 0...1_000_000_000)
    settings.tasks = try choice(call, 3)
    settings.letters = try call.integer(4)
    settings.length = try call.integer(5)
    settings.lowest = try call.integer(6)
    settings.highest = try call.integer(7)
    settings.maximumN = try call.integer(8)
    settings.cell = try choice(call, 9)
    settings.layers = try call.integer(10)
    settings.hidden = try call.integer(11)
    settings.batch = try call.integer(12)
    settings.optimizer = try choice(call, 13)
    settings.schedule = try schedule(call, 14)
    settings.weightDecay = try call.number(15)
    settings.beta1 = try call.number(16)
    settings.beta2 = try call.number(17)
    settings.epsilon = try call.number(18)
    settings.snapshots = try call.integers(19)
    settings.samples = try call.integer(20)
    settings.rollouts = try call.integer(21)
    settings.seed = try call.seed(22)
    return settings
  }

  /// One of the names of an enumeration.
  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ call: Arguments, _ place: Int
  ) throws -> Choice {
    guard let choice = Choice(rawValue: try call.string(place)) else {
      let names = Choice.allCases.map { "\"\($0.rawValue)\"" }
      throw call.wrongValue(place, expected: names.joined(separator: " or "))
    }
    return choice
  }

  /// A learning rate, or a list of pairs of step and rate.
  private static func schedule(_ call: Arguments, _ place: Int) throws -> Schedule? {
    if call.isNone(place) { return nil }
    func wrong() -> Failure {
      call.wrong(
        place, expected: "a rate or a list of pairs of step and rate",
        hint: "such as [(0, 0.01), (10_000, 0.003)]")
    }
    if case .number(let rate) = call[place] { return try Schedule([(step: 0, rate: rate)]) }
    guard case .list(let list) = call[place] else { throw wrong() }
    let points = try list.items.map { pair -> (step: Int, rate: Double) in
      guard let parts = try? call.items(of: pair).map({ try Arguments.exactNumber($0) }),
        parts.count == 2, let step = Int(exactly: parts[0])
      else { throw wrong() }
      return (step, parts[1])
    }
    do {
      return try Schedule(points)
    } catch let failure as Failure {
      throw Failure(failure.message, at: .position(place), hint: failure.hint)
    }
  }
}
