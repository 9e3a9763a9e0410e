import Execution

/// A person has a function in mind and answers, the machine asks.
struct AnsweringGame<Play: Course> {
  let table: GameTable<Play.Whole>
  private(set) var record: Play
  private let start: Play
  /// The records before each answer, to go back to.
  private var earlier: [Play] = []

  var set: Play.Whole { table.set }

  init(_ table: GameTable<Play.Whole>, _ start: Play) {
    self.table = table
    record = start
    self.start = start
  }

  mutating func run() throws -> GameResult {
    let noun = Text.count(table.count, Play.Whole.noun)
    table.list("Have one of \(noun) in mind: ", set.functionNames)
    if Play.self == MachineRecord.self { table.tell("It is never reset: its state carries over.") }
    if let freedom = table.freedom("your") { table.tell(freedom) }
    let show = Play.self == MachineRecord.self ? "" : "show NAME, "
    table.tell("Answer, or say: \(show)left, back, give up.")
    while true {
      while let query = try nextQuery() {
        guard let line = try ask(query) else {
          table.say("")
          return try finish(.ended)
        }
        if try take(line, query) { return try finish(.gaveUp) }
      }
      if !record.isDecided { return try finish(.inseparable(record.versionSpace)) }
      if let outcome = try conclude() { return try finish(outcome) }
    }
  }

  private func nextQuery() throws -> Int? {
    try record.nextQuery(.worstCase, within: table.seconds)
  }

  private func ask(_ query: Int) throws -> String? {
    let number = record.exchanges.count + 1
    let question = "question \(number): \(set.queryNames[query])?"
    guard let answers = record.answers(to: query) else {
      return try table.console.ask("\(question) (a number) ")
    }
    let choices = answers.joined(separator: " or ")
    if answers.count <= 4 && question.count + choices.count + 5 <= table.width {
      return try table.console.ask("\(question) (\(choices)) ")
    }
    return try table.console.ask("\(question) ")
  }

  /// Takes an answer down, or does what else a line says; returns whether the person gave up.
  private mutating func take(_ line: String, _ query: Int) throws -> Bool {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard let first = words.first else { return false }
    let text = words.joined(separator: " ")
    if let answer = record.answer(AnswerValue(text), to: query) {
      try take(answer, query)
      return false
    }
    switch first.lowercased() {
    case "back": back()
    case "left": table.list("  Left: ", table.names(record.versionSpace), lines: 20)
    case "show" where words.count > 1:
      table.show(words.dropFirst().joined(separator: " "), record)
    case "give", "quit", "stop", "exit": return true
    default:
      table.list(
        "  \(set.queryNames[query]) is answered by: ", record.answers(to: query) ?? ["a number"])
    }
    return false
  }

  private mutating func take(_ answer: Answer, _ query: Int) throws {
    var next = record
    do {
      try next.add(query, answer)
    } catch let failure as Failure {
      let sentence = failure.message.prefix(1).uppercased() + failure.message.dropFirst()
      table.tell("  \(sentence). Answer again, or say back to take answers back.")
      return
    }
    earlier.append(record)
    record = next
    table.show(record, after: "")
  }

  mutating func back() {
    guard let last = earlier.popLast() else {
      return table.tell("  There is no answer to take back.")
    }
    record = last
    table.show(record, after: "")
  }

  private func finish(_ outcome: GameResult.Outcome) throws -> GameResult {
    let optimum = try start.optimum(within: table.seconds).bound
    let cost = try record.cost()
    let count = Text.count(record.exchanges.count, "question")
    let asked = table.terms.costs == nil ? count : "\(count), at a cost of \(cost)"
    switch outcome {
    case .found(let function):
      table.tell("You have \(set.functionNames[function]) in mind. I asked \(asked).")
    case .foundLabel(let label):
      table.tell("Its label is \(label). I asked \(asked).")
    case .denied(let name):
      table.tell("By your answers it is \(name), which you deny. I asked \(asked).")
    case .inseparable(let left):
      table.list("Nothing tells these apart any more: ", table.names(left), lines: 2)
    case .gaveUp, .ended:
      table.list("It could still have been ", table.names(record.versionSpace), lines: 2)
    }
    table.tell(optimum)
    return GameResult(
      outcome: outcome, transcript: record.transcript(), wrongGuesses: 0, cost: cost,
      optimum: optimum, firstMistake: nil)
  }
}
