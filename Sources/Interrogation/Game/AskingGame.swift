import Execution

/// A person asks, the machine hides a function, or none.
struct AskingGame<Play: Course> {
  let table: GameTable<Play.Whole>
  private var hidden: any Oracle
  private(set) var record: Play
  private let start: Play
  /// The records before each question, for the review.
  private(set) var before: [Play] = []
  private(set) var wrongGuesses = 0

  private var set: Play.Whole { table.set }
  private var nouns: (one: String, many: String) { Play.Whole.queryNoun }

  init(_ table: GameTable<Play.Whole>, _ hidden: any Oracle, _ start: Play) {
    self.table = table
    self.hidden = hidden
    record = start
    self.start = start
  }

  mutating func run() throws -> GameResult {
    greet()
    while true {
      if record.isOver { return try finish(end()) }
      let number = record.exchanges.count + wrongGuesses + 1
      guard let line = try table.console.ask("question \(number)> ") else {
        table.say("")
        return try finish(.ended)
      }
      if let outcome = try take(line) { return try finish(outcome) }
    }
  }

  /// How a game is over whose questions have come to their end.
  private func end() -> GameResult.Outcome {
    guard record.isDecided else { return .inseparable(record.versionSpace) }
    return found(record.versionSpace[0])
  }

  private func found(_ function: Int) -> GameResult.Outcome {
    if let labels = table.labels { return .foundLabel(labels[function]) }
    return .found(function)
  }

  private func greet() {
    table.list("I am one of \(Text.count(table.count, Play.Whole.noun)): ", set.functionNames)
    if let labels = table.labels {
      var seen: Set<String> = []
      table.list("Find out which label I have: ", labels.filter { seen.insert($0).inserted })
    }
    table.list(title + (table.terms.costs == nil ? ": " : ", with their costs: "), table.queries)
    if Play.self == MachineRecord.self { table.tell("I am never reset: my state carries over.") }
    if let freedom = table.freedom("my") { table.tell(freedom) }
    table.tell("\(isQuery ? "Ask a query" : "Give an input"), or say: \(commands), give up.")
  }

  private var title: String { nouns.many.prefix(1).uppercased() + nouns.many.dropFirst() }
  private var isQuery: Bool { nouns.one == "query" }

  private var commands: String {
    let show = isQuery ? " show NAME," : ""
    return "hint, \(nouns.many), left,\(show) guess NAME"
  }

  /// Does what a line says; returns how the game ended if it did.
  private mutating func take(_ line: String) throws -> GameResult.Outcome? {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard let first = words.first else { return nil }
    let text = words.joined(separator: " ")
    let rest = words.dropFirst().joined(separator: " ")
    let asked = text.hasSuffix("?") ? String(text.dropLast()) : text
    if let query = set.query(named: text) ?? set.query(named: asked) ?? capitals(text, asked) {
      try ask(query)
      return nil
    }
    switch first.lowercased() {
    case "hint": try hint()
    case "queries", "inputs": table.list("  \(title): ", table.queries, lines: 20)
    case "left": table.list("  Left: ", table.names(record.versionSpace), lines: 20)
    case "show" where words.count > 1: table.show(rest, record)
    case "guess" where words.count > 1: return try guess(rest)
    case "give", "quit", "stop", "exit": return .gaveUp
    default: explain(text)
    }
    return nil
  }

  /// The one query that is called so but for capitals, where the text is no command.
  private func capitals(_ text: String, _ asked: String) -> Int? {
    let names = [text.lowercased(), asked.lowercased()]
    guard !["hint", "queries", "inputs", "left", "quit", "stop", "exit"].contains(names[0]) else {
      return nil
    }
    let alike = set.queryNames.indices.filter { names.contains(set.queryNames[$0].lowercased()) }
    return alike.count == 1 ? alike[0] : nil
  }

  private func explain(_ text: String) {
    if set.functionNames.contains(text) {
      table.tell("  That is a \(Play.Whole.noun). To name me say: guess \(text)")
      return
    }
    let near = Text.nearest(text, in: set.queryNames).first.map { "Did you mean \($0)?" }
    let other = "Say \(commands) or give up."
    table.tell("  There is no \(nouns.one) \"\(text)\". \(near ?? other)")
  }

  private mutating func ask(_ query: Int) throws {
    let earlier = record
    let answer = try hidden.answer(query)
    try record.add(query, answer)
    before.append(earlier)
    table.show(record, after: "\(set.queryNames[query]) = \(set.text(of: answer))   ")
    tellMerged(since: earlier)
  }

  /// Says which machines an input has made one.
  private func tellMerged(since earlier: Play) {
    guard let record = record as? MachineRecord, let earlier = earlier as? MachineRecord else {
      return
    }
    let old = earlier.merged
    for group in record.merged where !old.contains(where: { Set($0).isSuperset(of: group) }) {
      table.list("  Nothing tells these apart any more: ", table.names(group), lines: 2)
    }
  }

  private func hint() throws {
    let left = record.versionSpace
    guard let query = try record.nextQuery(.worstCase, within: table.seconds) else { return }
    let verb = isQuery ? "Ask" : "Give"
    table.tell(
      "  \(verb) \(set.queryNames[query]): at worst \(record.largest(after: query)) of "
        + "\(left.count) are left then.")
  }

  private mutating func guess(_ name: String) throws -> GameResult.Outcome? {
    if let labels = table.labels, let label = labels.first(where: { $0 == name }) {
      return guess(label: label, labels)
    }
    guard let function = set.function(named: name) else {
      table.miss(name, Play.Whole.noun, in: set.functionNames)
      return nil
    }
    if hidden.truth == function { return found(function) }
    wrongGuesses += 1
    table.tell("  No, I am not \(set.functionNames[function]). That counts as a question.")
    exclude { $0 == function }
    return nil
  }

  private mutating func guess(label: String, _ labels: [String]) -> GameResult.Outcome? {
    if let truth = hidden.truth, labels[truth] == label { return .foundLabel(label) }
    wrongGuesses += 1
    table.tell("  No, my label is not \(label). That counts as a question.")
    exclude { labels[$0] == label }
    return nil
  }

  /// Takes functions guessed in vain out of play, unless none would be left.
  private mutating func exclude(_ isWrong: (Int) -> Bool) {
    guard !record.versionSpace.allSatisfy(isWrong) else { return }
    record.exclude(isWrong)
    if var adversary = hidden as? AdversaryOracle {
      adversary.exclude(isWrong)
      hidden = adversary
    }
  }

  // MARK: - The end

  private func finish(_ outcome: GameResult.Outcome) throws -> GameResult {
    let optimum = try start.optimum(within: table.seconds).bound
    let mistake = try firstMistake()
    let guesses = try cheapest.times(Int128(wrongGuesses))
    let cost = try record.cost().adding(guesses)
    let count = Text.count(record.exchanges.count + wrongGuesses, "question")
    let asked = table.terms.costs == nil ? count : "\(count), at a cost of \(cost)"
    tell(outcome, asked)
    tellLies()
    table.tell(optimum)
    if let mistake { review(mistake) }
    return GameResult(
      outcome: outcome, transcript: record.transcript(truth: hidden.truth),
      wrongGuesses: wrongGuesses, cost: cost, optimum: optimum, firstMistake: mistake?.question)
  }

  /// What a wrong guess costs: as much as the cheapest query.
  private var cheapest: Fraction { table.terms.costs?.min() ?? Fraction(1) }

  private func tell(_ outcome: GameResult.Outcome, _ asked: String) {
    switch outcome {
    case .found(let function):
      table.tell("I am \(set.functionNames[function]). You found it out in \(asked).")
    case .foundLabel(let label):
      table.tell("My label is \(label). You found it out in \(asked).")
    case .inseparable, .denied, .gaveUp, .ended:
      if let truth = hidden.truth {
        table.tell("I was \(set.functionNames[truth]). You asked \(asked).")
      } else {
        table.list("I could still have been ", table.names(record.versionSpace), lines: 2)
      }
    }
  }

  /// Says which answers were wrong, where some may be.
  private func tellLies() {
    guard let truth = hidden.truth, table.terms.lies > 0 else { return }
    for (place, exchange) in record.exchanges.enumerated()
    where record.isWrong(at: place, for: truth) {
      table.tell(
        "My answer to question \(place + 1) was wrong: \(exchange.queryName) is "
          + "\(record.trueAnswer(of: truth, at: place)).")
    }
  }
}

// MARK: - Review

extension AskingGame {
  /// A question that made the worst case longer.
  private struct Mistake {
    /// Its number, counted from 1.
    var question: Int
    /// The optimum before it.
    var best: Fraction
    /// The worst case with it.
    var reached: Fraction
    /// A query that keeps to the optimum.
    var better: Int
  }

  private func cost(_ query: Int) -> Fraction { table.terms.costs?[query] ?? Fraction(1) }

  private func review(_ mistake: Mistake) {
    let query = record.exchanges[mistake.question - 1].query
    let (asked, better) = (table.set.queryNames[query], table.set.queryNames[mistake.better])
    guard let rest = try? mistake.best.subtracting(cost(mistake.better)) else { return }
    let isPriced = table.terms.costs != nil
    if mistake.reached == .infinite {
      table.say("Question \(mistake.question) gave certainty away:")
      table.tell("  after \(asked) some can be left that nothing tells apart,")
      return table.tell("  after \(better) at most \(rest) more to ask.")
    }
    guard let lost = try? mistake.reached.subtracting(mistake.best),
      let after = try? mistake.reached.subtracting(cost(query))
    else { return }
    table.say("Question \(mistake.question) lost \(lost):")
    let more = isPriced ? "the rest can cost \(after)" : "there can be \(after) more to ask"
    table.tell("  after \(asked) \(more),")
    table.tell("  after \(better) at most \(rest).")
  }

  /// The first question that lost, as far as the optima are proved in time.
  private func firstMistake() throws -> Mistake? {
    var deadline = Deadline(within: table.seconds)
    for (place, exchange) in record.exchanges.enumerated() {
      if deadline.check() { return nil }
      let (optimum, query) = try before[place].optimum(within: deadline.remaining)
      guard optimum.isProved, let better = query else { continue }
      let reached = try worstCase(of: exchange.query, before[place], &deadline)
      if reached > optimum.upper {
        return Mistake(
          question: place + 1, best: optimum.upper, reached: reached, better: better)
      }
    }
    return nil
  }

  /// A lower bound of the worst case after asking a query.
  private func worstCase(
    of query: Int, _ record: Play, _ deadline: inout Deadline
  ) throws -> Fraction {
    var worst = Fraction(0)
    for (_, after) in try record.options(query) where !after.isDecided {
      worst = max(worst, try after.optimum(within: deadline.remaining).bound.lower)
    }
    return worst == .infinite ? worst : try worst.adding(cost(query))
  }
}
