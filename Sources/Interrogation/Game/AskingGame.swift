import Execution

/// A person asks, the machine hides a function, or none.
struct AskingGame {
  private enum Hidden {
    case honest(HonestOracle)
    case adversary(AdversaryOracle)
  }

  let table: GameTable
  private var hidden: Hidden
  private(set) var record: Record
  /// Version spaces before each question, for the review.
  private(set) var before: [[Int]] = []
  private(set) var wrongGuesses = 0

  var set: FunctionSet { table.set }

  init(_ table: GameTable, _ secret: Secret) throws {
    self.table = table
    record = Record(table.set, Rules(labels: table.labels))
    switch secret {
    case .random(let seed):
      var random = RandomStream(seed: seed, purpose: "secret function")
      let function = random.integer(below: table.set.functionCount)
      hidden = .honest(try HonestOracle(table.set, function: function))
    case .function(let function):
      hidden = .honest(try HonestOracle(table.set, function: function))
    case .adversary(let skill):
      hidden = .adversary(AdversaryOracle(table.set, skill, within: 0.2))
    }
  }

  mutating func run() throws -> GameResult {
    greet()
    while true {
      if record.isOver { return try finish(found(record.versionSpace[0])) }
      let number = record.exchanges.count + wrongGuesses + 1
      guard let line = try table.console.ask("question \(number)> ") else {
        table.say("")
        return try finish(.ended)
      }
      if let outcome = try take(line) { return try finish(outcome) }
    }
  }

  private func found(_ function: Int) -> GameResult.Outcome {
    if let labels = table.labels { return .foundLabel(labels[function]) }
    return .found(function)
  }

  private func greet() {
    let count = Text.count(set.functionCount, "function")
    table.list("I am one of \(count): ", set.functionNames)
    if let labels = table.labels {
      var seen: Set<String> = []
      table.list("Find out which label I have: ", labels.filter { seen.insert($0).inserted })
    }
    table.list("Queries: ", set.queryNames)
    table.tell("Ask a query, or say: hint, queries, left, show NAME, guess NAME, give up.")
  }

  /// Does what a line says; returns how the game ended if it did.
  private mutating func take(_ line: String) throws -> GameResult.Outcome? {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard let first = words.first else { return nil }
    let text = words.joined(separator: " ")
    let rest = words.dropFirst().joined(separator: " ")
    let asked = text.hasSuffix("?") ? String(text.dropLast()) : text
    if let query = set.query(named: text) ?? set.query(named: asked) {
      try ask(query)
      return nil
    }
    switch first {
    case "hint": try hint()
    case "queries": table.list("  Queries: ", set.queryNames, lines: 20)
    case "left": table.list("  Left: ", table.names(record.versionSpace), lines: 20)
    case "show" where words.count > 1: show(rest)
    case "guess" where words.count > 1: return try guess(rest)
    case "give", "quit", "stop", "exit": return .gaveUp
    default: explain(text)
    }
    return nil
  }

  private func explain(_ text: String) {
    if set.functionNames.contains(text) {
      table.tell("  That is a function. To name me say: guess \(text)")
      return
    }
    let near = Text.nearest(text, in: set.queryNames).first.map { "Did you mean \($0)?" }
    let other = "Say hint, queries, left, show NAME, guess NAME or give up."
    table.tell("  There is no query \"\(text)\". \(near ?? other)")
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
    table.show(
      record.versionSpace, after: "\(set.queryNames[query]) = \(set.answerText(answer))   ")
  }

  private func hint() throws {
    let left = record.versionSpace
    guard let query = try table.hint(record) else { return }
    let worst = set.columns[query].sizes(of: left.map { Int32($0) }).max() ?? 0
    table.tell(
      "  Ask \(set.queryNames[query]): at worst \(worst) of \(left.count) are left then.")
  }

  private func show(_ name: String) {
    guard let function = set.function(named: name) else {
      return table.miss(name, "function", in: set.functionNames)
    }
    table.show(function)
  }

  private mutating func guess(_ name: String) throws -> GameResult.Outcome? {
    if let labels = table.labels, let label = labels.first(where: { $0 == name }) {
      return try guess(label: label, labels)
    }
    guard let function = set.function(named: name) else {
      table.miss(name, "function", in: set.functionNames)
      return nil
    }
    if case .honest(let oracle) = hidden, oracle.function == function { return found(function) }
    wrongGuesses += 1
    table.tell("  No, I am not \(set.functionNames[function]). That counts as a question.")
    exclude { $0 == function }
    return nil
  }

  private mutating func guess(
    label: String, _ labels: [String]
  ) throws -> GameResult.Outcome? {
    if case .honest(let oracle) = hidden, labels[oracle.function] == label {
      return .foundLabel(label)
    }
    wrongGuesses += 1
    table.tell("  No, my label is not \(label). That counts as a question.")
    exclude { labels[$0] == label }
    return nil
  }

  /// Takes functions guessed in vain out of play, unless none would be left.
  private mutating func exclude(_ isWrong: (Int) -> Bool) {
    let left = record.versionSpace.filter { !isWrong($0) }
    guard !left.isEmpty else { return }
    record.versionSpace = left
    if case .adversary(var oracle) = hidden {
      oracle.versionSpace = left
      hidden = .adversary(oracle)
    }
  }

  // MARK: - The end

  private func finish(_ outcome: GameResult.Outcome) throws -> GameResult {
    let optimum = try table.optimum(
      of: Array(0..<set.functionCount), within: table.seconds
    ).bound
    let mistake = try firstMistake()
    let asked = Text.count(record.exchanges.count + wrongGuesses, "question")
    switch outcome {
    case .found(let function):
      table.tell("I am \(set.functionNames[function]). You found it out in \(asked).")
    case .foundLabel(let label):
      table.tell("My label is \(label). You found it out in \(asked).")
    case .denied, .gaveUp, .ended:
      if case .honest(let oracle) = hidden {
        table.tell("I was \(set.functionNames[oracle.function]). You asked \(asked).")
      } else {
        table.list("I could still have been ", table.names(record.versionSpace), lines: 2)
      }
    }
    table.tell(optimum)
    if let mistake { review(mistake) }
    var truth: Int?
    if case .honest(let oracle) = hidden { truth = oracle.function }
    return GameResult(
      outcome: outcome, transcript: record.transcript(truth: truth), wrongGuesses: wrongGuesses,
      optimum: optimum, firstMistake: mistake?.question)
  }

  private func review(_ mistake: Mistake) {
    let asked = set.queryNames[record.exchanges[mistake.question - 1].query]
    let better = set.queryNames[mistake.better]
    table.say("Question \(mistake.question) lost \(mistake.reached - mistake.best):")
    table.tell("  after \(asked) there can be \(mistake.reached - 1) more to ask,")
    table.tell("  after \(better) at most \(mistake.best - 1).")
  }
}

// MARK: - Review

extension AskingGame {
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
    var deadline = Deadline(within: table.seconds)
    for (place, exchange) in record.exchanges.enumerated() {
      let space = before[place]
      if deadline.check() { return nil }
      let (optimum, query) = try table.optimum(of: space, within: deadline.remaining)
      guard optimum.isProved, let better = query else { continue }
      let best = optimum.upper
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
    var worst = 0
    for part in set.columns[query].classes(of: space.map { Int32($0) }) where part.members.count > 1
    {
      let members = part.members.map { Int($0) }
      worst = max(worst, try table.optimum(of: members, within: deadline.remaining).bound.lower)
    }
    return worst + 1
  }
}
