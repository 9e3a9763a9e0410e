import Execution

/// A person has a function in mind and answers, the machine asks.
struct AnsweringGame {
  let table: GameTable
  private(set) var record: Record
  /// The records before each answer, to go back to.
  private var earlier: [Record] = []

  var set: FunctionSet { table.set }

  init(_ table: GameTable) {
    self.table = table
    record = Record(table.set, Rules(labels: table.labels))
  }

  mutating func run() throws -> GameResult {
    let count = Text.count(set.functionCount, "function")
    table.list("Have one of \(count) in mind: ", set.functionNames)
    table.tell("Answer, or say: show NAME, left, back, give up.")
    while true {
      while let query = try nextQuery() {
        guard let line = try ask(query) else {
          table.say("")
          return try finish(.ended)
        }
        if try take(line, query) { return try finish(.gaveUp) }
      }
      if let outcome = try conclude() { return try finish(outcome) }
    }
  }

  private func nextQuery() throws -> Int? {
    record.isOver ? nil : try table.hint(record)
  }

  private func ask(_ query: Int) throws -> String? {
    let number = record.exchanges.count + 1
    let answers = set.answers(to: query).map(set.answerText).sorted()
    let question = "question \(number): \(set.queryNames[query])?"
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
    if let answer = set.code(of: text, to: query) {
      try take(answer, query)
      return false
    }
    switch first {
    case "back": back()
    case "left": table.list("  Left: ", table.names(record.versionSpace), lines: 20)
    case "show" where words.count > 1: show(words.dropFirst().joined(separator: " "))
    case "give", "quit", "stop", "exit": return true
    default:
      table.list(
        "  \(set.queryNames[query]) is answered by: ",
        set.answers(to: query).map(set.answerText).sorted())
    }
    return false
  }

  private mutating func take(_ answer: Int32, _ query: Int) throws {
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
    table.show(record.versionSpace, after: "")
  }

  mutating func back() {
    guard let last = earlier.popLast() else {
      return table.tell("  There is no answer to take back.")
    }
    record = last
    table.show(record.versionSpace, after: "")
  }

  private func show(_ name: String) {
    guard let function = set.function(named: name) else {
      return table.miss(name, "function", in: set.functionNames)
    }
    table.show(function)
  }

  private func finish(_ outcome: GameResult.Outcome) throws -> GameResult {
    let optimum = try table.optimum(
      of: Array(0..<set.functionCount), within: table.seconds
    ).bound
    let asked = Text.count(record.exchanges.count, "question")
    switch outcome {
    case .found(let function):
      table.tell("You have \(set.functionNames[function]) in mind. I asked \(asked).")
    case .foundLabel(let label):
      table.tell("Its label is \(label). I asked \(asked).")
    case .denied(let name):
      table.tell("By your answers it is \(name), which you deny. I asked \(asked).")
    case .gaveUp, .ended:
      table.list("It could still have been ", table.names(record.versionSpace), lines: 2)
    }
    table.tell(optimum)
    return GameResult(
      outcome: outcome, transcript: record.transcript(), wrongGuesses: 0, optimum: optimum,
      firstMistake: nil)
  }
}
