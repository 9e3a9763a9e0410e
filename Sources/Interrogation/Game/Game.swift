import Execution

/// Who does what in a game between a person and the machine.
public enum Role: Sendable {
  /// The person asks, the machine hides this.
  case ask(Secret)
  /// The person has a function in mind and answers, the machine asks.
  case answer
}

/// What the machine hides in a game.
public enum Secret: Sendable {
  /// A function drawn from the seed.
  case random(seed: UInt64)
  /// This function.
  case function(Int)
  /// None: an adversary who answers so as to make the game long.
  case adversary(AdversaryOracle.Skill)
}

/// How a game went.
public struct GameResult: Sendable {
  /// How it ended.
  public enum Outcome: Sendable, Equatable {
    /// Whoever asks found this function.
    case found(Int)
    /// All functions left have this label, and it is the label that is asked for.
    case foundLabel(String)
    /// These machines are left, and nothing tells them apart any more.
    case inseparable([Int])
    /// The answers leave this function or label, which the person denies.
    case denied(String)
    /// The player gave up.
    case gaveUp
    /// The input ended.
    case ended
  }

  /// How it ended.
  public let outcome: Outcome
  /// What was asked and answered.
  public let transcript: Transcript
  /// Wrong guesses; each counts as a question.
  public let wrongGuesses: Int
  /// The number of questions with wrong guesses.
  public var questionCount: Int { transcript.exchanges.count + wrongGuesses }
  /// What the questions cost, with wrong guesses; their number where each costs 1.
  public let cost: Fraction
  /// The interactive optimum of the set on the terms of the game.
  public let optimum: Bound<Fraction>
  /// The first question, counted from 1, that made the worst case longer than it need have been.
  public let firstMistake: Int?

  /// Whether the game came to an end.
  public var isFound: Bool {
    switch outcome {
    case .found, .foundLabel: true
    case .inseparable, .denied, .gaveUp, .ended: false
    }
  }
}

extension FunctionSet {
  /// Plays with a person at a console.
  ///
  /// Whoever asks reads queries by name or number; the game says what else. The end of input ends
  /// it. Whoever answers may be wrong so often, and so far off, as the terms allow.
  ///
  /// - Parameter seconds: the budget for each thought of the machine.
  public func play(
    on console: any Console, role: Role = .ask(.random(seed: 0)), terms: Terms = Terms(),
    within seconds: Double = 2
  ) throws -> GameResult {
    if !terms.isPlain { _ = try CheckedTerms(terms, self) }
    let table = GameTable(self, console, terms, seconds)
    let start = try Record(self, Rules(terms))
    return try table.play(role, start) { secret in
      switch secret {
      case .random(let seed):
        var random = RandomStream(seed: seed, purpose: "secret function")
        return try oracle(random.integer(below: functionCount), terms, seed: seed)
      case .function(let function): return try oracle(function, terms, seed: 0)
      case .adversary(let skill):
        return try AdversaryOracle(self, skill, on: terms, within: 0.2)
      }
    }
  }

  /// Answers as a function, with what freedom the terms give.
  private func oracle(_ function: Int, _ terms: Terms, seed: UInt64) throws -> any Oracle {
    if terms.lies > 0 {
      return try LyingOracle(
        self, function: function, lies: terms.lies, tolerance: terms.tolerance, seed: seed)
    }
    if terms.tolerance > Fraction(0) {
      return try NoisyOracle(
        self, function: function, rate: 0, tolerance: terms.tolerance, seed: seed)
    }
    return try HonestOracle(self, function: function)
  }
}

extension MachineSet {
  /// Plays with a person at a console, without reset: the machine asked for goes on from state to
  /// state.
  public func play(
    on console: any Console, role: Role = .ask(.random(seed: 0)), within seconds: Double = 2
  ) throws -> GameResult {
    let table = GameTable(self, console, Terms(), seconds)
    return try table.play(role, MachineRecord(self)) { secret in
      switch secret {
      case .random(let seed):
        var random = RandomStream(seed: seed, purpose: "secret function")
        return try MachineOracle(self, machine: random.integer(below: count))
      case .function(let machine): return try MachineOracle(self, machine: machine)
      case .adversary(let skill): return AdversaryOracle(self, skill, within: 0.2)
      }
    }
  }
}

/// What both games share: the set, the console, and how things are shown.
struct GameTable<Whole: Subject> {
  let set: Whole
  let console: any Console
  let terms: Terms
  let seconds: Double

  init(_ set: Whole, _ console: any Console, _ terms: Terms, _ seconds: Double) {
    self.set = set
    self.console = console
    self.terms = terms
    self.seconds = seconds
  }

  /// Plays the game of a role from a record on; `hide` makes what is asked of a secret.
  func play<Play: Course>(
    _ role: Role, _ start: Play, hide: (Secret) throws -> any Oracle
  ) throws -> GameResult where Play.Whole == Whole {
    switch role {
    case .ask(let secret):
      var game = AskingGame(self, try hide(secret), start)
      return try game.run()
    case .answer:
      var game = AnsweringGame(self, start)
      return try game.run()
    }
  }

  var labels: [String]? { terms.labels }
  var count: Int { self.set.functionNames.count }
  var width: Int { min(80, max(20, console.style.columns)) }

  func say(_ text: String) { console.write(text + "\n") }

  /// Says words in lines of the console's width.
  func tell(_ text: String) { say(Layout.wrapped(text, width: width, indent: "  ")) }

  /// Lists names after a heading.
  func list(_ heading: String, _ names: [String], lines: Int = 4) {
    say(Layout.list(heading, names, width: width, lines: lines))
  }

  func names(_ functions: [Int]) -> [String] { functions.map { set.functionNames[$0] } }

  /// The queries, with their costs where they have any.
  var queries: [String] {
    guard let costs = terms.costs else { return self.set.queryNames }
    return zip(self.set.queryNames, costs).map { "\($0) (\($1))" }
  }

  /// What the terms allow whoever answers, in a sentence; nil where answers are right.
  func freedom(_ whose: String) -> String? {
    let lies =
      terms.lies == 0
      ? nil
      : terms.lies == 1
        ? "one of \(whose) answers may be wrong"
        : "up to \(terms.lies) of \(whose) answers may be wrong"
    let off =
      terms.tolerance == Fraction(0) ? nil : "\(whose) answers may be off by \(terms.tolerance)"
    let parts = [off, lies].compactMap { $0 }
    guard !parts.isEmpty else { return nil }
    let text = parts.joined(separator: ", and ")
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  /// The functions left, as marks and by name; where lies are reckoned with, those against which an
  /// answer speaks have a mark of their own.
  func show(_ record: some Course, after heading: String) {
    let left = record.versionSpace
    list("  \(heading)\(left.count) of \(count) left: ", names(left), lines: 2)
    guard count > 2 else { return }
    let strip = Layout.strip(left, of: count, width: width - 2, isDoubtful: record.isDoubtful)
    say("  " + strip)
  }

  /// What a function answers.
  func show(_ name: String, _ record: some Course) {
    guard let function = set.function(named: name) else {
      return miss(name, Whole.noun, in: set.functionNames)
    }
    guard let answers = record.card(of: function) else {
      return tell("  A \(Whole.noun) has no table of answers to show.")
    }
    list("  \(set.functionNames[function]): ", answers, lines: 20)
  }

  /// What a name means that is none.
  func miss(_ name: String, _ kind: String, in names: [String]) {
    let near = Text.nearest(name, in: names).first.map { " Did you mean \($0)?" } ?? ""
    tell("  There is no \(kind) \"\(name)\".\(near)")
  }

  func tell(_ optimum: Bound<Fraction>) {
    if optimum.lower == .infinite {
      return tell("No strategy is sure to find it out.")
    }
    let verb = terms.costs == nil ? "needs" : "costs"
    if optimum.upper == .infinite {
      return tell("The best strategy \(verb) \(amount(optimum.lower)) or more.")
    }
    tell(
      "The best strategy \(verb) at most \(amount(optimum.upper))"
        + (optimum.isProved ? "." : " (\(optimum.lower) at least)."))
  }

  /// So many questions, or so much.
  func amount(_ cost: Fraction) -> String {
    terms.costs == nil ? Text.count(Int(clamping: cost.numerator), "question") : "\(cost)"
  }
}
