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
  /// The interactive optimum of the set.
  public let optimum: Bound<Int>
  /// The first question, counted from 1, that made the worst case longer than it need have been.
  public let firstMistake: Int?

  /// Whether the game came to an end.
  public var isFound: Bool {
    switch outcome {
    case .found, .foundLabel: true
    case .denied, .gaveUp, .ended: false
    }
  }
}

extension FunctionSet {
  /// Plays with a person at a console.
  ///
  /// Whoever asks reads queries by name or number; `help` says what else. The end of input ends the
  /// game.
  ///
  /// - Parameter labels: one a function; then the label is asked for, not the function.
  /// - Parameter seconds: the budget for each thought of the machine.
  public func play(
    on console: any Console, role: Role = .ask(.random(seed: 0)), labels: [String]? = nil,
    within seconds: Double = 2
  ) throws -> GameResult {
    let table = GameTable(self, console, labels, seconds)
    switch role {
    case .ask(let secret):
      var game = try AskingGame(table, secret)
      return try game.run()
    case .answer:
      var game = AnsweringGame(table)
      return try game.run()
    }
  }
}

/// What both games share: the set, the console, and how things are shown.
struct GameTable {
  let set: FunctionSet
  let console: any Console
  let labels: [String]?
  let seconds: Double

  init(_ set: FunctionSet, _ console: any Console, _ labels: [String]?, _ seconds: Double) {
    self.set = set
    self.console = console
    self.labels = labels
    self.seconds = seconds
  }

  var width: Int { min(80, max(20, console.style.columns)) }

  func say(_ text: String) { console.write(text + "\n") }

  /// Says words in lines of the console's width.
  func tell(_ text: String) { say(Layout.wrapped(text, width: width, indent: "  ")) }

  /// Lists names after a heading.
  func list(_ heading: String, _ names: [String], lines: Int = 4) {
    say(Layout.list(heading, names, width: width, lines: lines))
  }

  func names(_ functions: [Int]) -> [String] { functions.map { set.functionNames[$0] } }

  /// The functions left, as marks and by name.
  func show(_ left: [Int], after heading: String) {
    list("  \(heading)\(left.count) of \(set.functionCount) left: ", names(left), lines: 2)
    guard set.functionCount > 2 else { return }
    say("  " + Layout.strip(left, of: set.functionCount, width: width - 2))
  }

  /// What a function answers.
  func show(_ function: Int) {
    let answers = (0..<set.queryCount).map {
      "\(set.queryNames[$0])=\(set.answerText(set.answer(of: function, to: $0)))"
    }
    list("  \(set.functionNames[function]): ", answers, lines: 20)
  }

  /// What a name means that is none.
  func miss(_ name: String, _ kind: String, in names: [String]) {
    let near = Text.nearest(name, in: names).first.map { " Did you mean \($0)?" } ?? ""
    tell("  There is no \(kind) \"\(name)\".\(near)")
  }

  /// The optimum for some of the functions, and a query that keeps to it.
  func optimum(
    of space: [Int], within seconds: Double
  ) throws -> (bound: Bound<Int>, query: Int?) {
    let part = try set.restricted(to: space)
    let terms = Terms(labels: labels.map { labels in space.map { labels[$0] } })
    let solution = try part.interactive(on: terms, within: seconds)
    var query: Int?
    if case .ask(let first, _)? = solution.strategy.nodes.first { query = first }
    return (solution.bound.map { Int($0.value.rounded(.up)) }, query)
  }

  /// The best query, as far as the budget shows.
  func hint(_ record: Record) throws -> Int? {
    if labels != nil, record.versionSpace.count * set.queryCount <= 100_000 {
      let (bound, query) = try optimum(of: record.versionSpace, within: seconds)
      if bound.isProved { return query }
    }
    return try record.nextQuery(.worstCase, within: seconds)
  }

  func tell(_ optimum: Bound<Int>) {
    tell(
      "The best strategy needs at most \(Text.count(optimum.upper, "question"))"
        + (optimum.isProved ? "." : " (\(optimum.lower) at least)."))
  }
}
