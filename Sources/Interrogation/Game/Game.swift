import Execution

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
    /// The player found this function.
    case found(Int)
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
}

extension FunctionSet {
  /// Plays with a person: the machine hides a function, the person asks queries.
  ///
  /// Reads queries by name or number, `hint`, `queries`, `left`, `guess NAME` and `give up`; the
  /// end of input ends the game.
  public func play(
    on console: any Console, secret: Secret = .random(seed: 0), within seconds: Double = 2
  ) throws -> GameResult {
    var game = try Game(self, console, secret, seconds)
    return try game.run()
  }
}

/// A game between a person at a console and the machine.
struct Game {
  private enum Hidden {
    case honest(HonestOracle)
    case adversary(AdversaryOracle)
  }

  let set: FunctionSet
  let console: any Console
  let seconds: Double
  private var hidden: Hidden
  private(set) var record: Record
  /// Version spaces before each question, for the review.
  private(set) var before: [[Int]] = []
  private(set) var wrongGuesses = 0

  init(
    _ set: FunctionSet, _ console: any Console, _ secret: Secret, _ seconds: Double
  ) throws {
    self.set = set
    self.console = console
    self.seconds = seconds
    record = Record(set)
    switch secret {
    case .random(let seed):
      var random = RandomStream(seed: seed, purpose: "secret function")
      let function = random.integer(below: set.functionCount)
      hidden = .honest(try HonestOracle(set, function: function))
    case .function(let function):
      hidden = .honest(try HonestOracle(set, function: function))
    case .adversary(let skill):
      hidden = .adversary(AdversaryOracle(set, skill))
    }
  }

  var width: Int { min(80, max(40, console.style.columns)) }

  private func say(_ text: String) { console.write(text + "\n") }

  mutating func run() throws -> GameResult {
    greet()
    var outcome: GameResult.Outcome?
    while outcome == nil {
      if record.versionSpace.count == 1 {
        outcome = .found(record.versionSpace[0])
        break
      }
      guard let line = try console.ask("question \(record.exchanges.count + wrongGuesses + 1)> ")
      else {
        say("")
        outcome = .ended
        break
      }
      outcome = try take(line)
    }
    return try finish(outcome ?? .ended)
  }

  private func greet() {
    say(
      Layout.list(
        "I am one of \(Text.count(set.functionCount, "function")): ", set.functionNames,
        width: width))
    say(Layout.list("Queries: ", set.queryNames, width: width))
    say("Ask a query, or say: hint, queries, left, guess NAME, give up.")
  }

  /// Does what a line says; returns how the game ended if it did.
  private mutating func take(_ line: String) throws -> GameResult.Outcome? {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard let first = words.first else { return nil }
    let text = words.joined(separator: " ")
    if let query = set.query(named: text) {
      try ask(query)
      return nil
    }
    switch first {
    case "hint": try hint()
    case "queries": say(Layout.list("  Queries: ", set.queryNames, width: width, lines: 20))
    case "left": say(Layout.list("  Left: ", names(record.versionSpace), width: width, lines: 20))
    case "guess" where words.count > 1:
      return try guess(words.dropFirst().joined(separator: " "))
    case "give", "quit", "stop": return .gaveUp
    default: explain(text)
    }
    return nil
  }

  private func names(_ functions: [Int]) -> [String] { functions.map { set.functionNames[$0] } }

  private func explain(_ text: String) {
    if set.functionNames.contains(text) {
      say("  That is a function. To name me say: guess \(text)")
      return
    }
    let near = Text.nearest(text, in: set.queryNames).first.map { "Did you mean \($0)?" }
    let other = "Say hint, queries, left, guess NAME or give up."
    say("  There is no query \"\(text)\". \(near ?? other)")
  }

  private mutating func ask(_ query: Int) throws {
    before.append(record.versionSpace)
    let answer: Int32
    switch hidden {
    case .honest(var oracle):
      answer = try oracle.answer(query)
    case .adversary(var oracle):
      answer = try oracle.answer(query)
      hidden = .adversary(oracle)
    }
    try record.add(query, answer)
    let left = record.versionSpace
    let heading =
      "  \(set.queryNames[query]) = \(set.answerText(answer))   "
      + "\(left.count) of \(set.functionCount) left: "
    say(Layout.list(heading, names(left), width: width, lines: 2))
  }

  private func hint() throws {
    let left = record.versionSpace
    guard let query = try set.nextQuery(left, within: seconds) else { return }
    let worst = set.columns[query].sizes(of: left.map { Int32($0) }).max() ?? 0
    say("  Ask \(set.queryNames[query]): at worst \(worst) of \(left.count) are left then.")
  }

  private mutating func guess(_ name: String) throws -> GameResult.Outcome? {
    guard let function = set.function(named: name) else {
      let near = Text.nearest(name, in: set.functionNames).first.map { " Did you mean \($0)?" }
      say("  There is no function \"\(name)\".\(near ?? "")")
      return nil
    }
    if case .honest(let oracle) = hidden, oracle.function == function { return .found(function) }
    wrongGuesses += 1
    say("  No, I am not \(set.functionNames[function]). That counts as a question.")
    guard record.versionSpace.count > 1 else { return nil }
    record.versionSpace.removeAll { $0 == function }
    if case .adversary(var oracle) = hidden {
      oracle.exclude(function)
      hidden = .adversary(oracle)
    }
    return nil
  }

  private func finish(_ outcome: GameResult.Outcome) throws -> GameResult {
    let optimum = try set.interactive(within: seconds).bound
    let mistake = try firstMistake()
    let asked = Text.count(record.exchanges.count + wrongGuesses, "question")
    switch outcome {
    case .found(let function):
      say("I am \(set.functionNames[function]). You found it out in \(asked).")
    case .gaveUp, .ended:
      if case .honest(let oracle) = hidden {
        say("I was \(set.functionNames[oracle.function]). You asked \(asked).")
      } else {
        let left = names(record.versionSpace)
        say(Layout.list("I could still have been ", left, width: width, lines: 2))
      }
    }
    say(
      "The best strategy needs at most \(Text.count(optimum.upper, "question"))"
        + (optimum.isProved ? "." : " (\(optimum.lower) at least)."))
    if let mistake { review(mistake) }
    return GameResult(
      outcome: outcome, transcript: record.transcript, wrongGuesses: wrongGuesses,
      optimum: optimum, firstMistake: mistake?.question)
  }

  private func review(_ mistake: Mistake) {
    let asked = set.queryNames[record.exchanges[mistake.question - 1].query]
    let better = set.queryNames[mistake.better]
    say("Question \(mistake.question) lost \(mistake.reached - mistake.best):")
    say("  after \(asked) there can be \(mistake.reached - 1) more to ask,")
    say("  after \(better) at most \(mistake.best - 1).")
  }
}

// MARK: - Review

extension Game {
  /// A question that made the worst case longer.
  struct Mistake {
    /// Its number, counted from 1.
    var question: Int
    /// The optimum before it.
    var best: Int
    /// The worst case with it.
    var reached: Int
    /// A query that keeps to the optimum.
    var better: Int
  }

  /// The first question that lost, as far as the optima are proved in time.
  func firstMistake() throws -> Mistake? {
    var deadline = Deadline(within: seconds)
    for (place, exchange) in record.exchanges.enumerated() {
      let space = before[place]
      if deadline.check() { return nil }
      let optimum = try set.restricted(to: space).interactive(within: deadline.remaining)
      guard optimum.bound.isProved, case .ask(let better, _) = optimum.strategy.nodes[0] else {
        continue
      }
      let best = optimum.bound.upper
      let reached = try worstCase(of: exchange.query, space, &deadline)
      if reached > best {
        return Mistake(question: place + 1, best: best, reached: reached, better: better)
      }
    }
    return nil
  }

  /// A lower bound of the worst case after asking a query.
  private func worstCase(
    of query: Int, _ space: [Int], _ deadline: inout Deadline
  ) throws -> Int {
    let parts = set.columns[query].classes(of: space.map { Int32($0) }).map(\.members)
    var worst = 0
    for part in parts where part.count > 1 {
      let own = try set.restricted(to: part.map { Int($0) })
      worst = max(worst, try own.interactive(within: deadline.remaining).bound.lower)
    }
    return worst + 1
  }
}

extension AdversaryOracle {
  /// Gives up a function that was guessed in vain.
  mutating func exclude(_ function: Int) {
    if versionSpace.count > 1 { versionSpace.removeAll { $0 == function } }
  }
}
