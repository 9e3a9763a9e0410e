import Execution

extension AnsweringGame {
  /// Says what the answers leave, and lets the person confirm it.
  ///
  /// - Returns: how the game ends; nil where the person takes an answer back.
  mutating func conclude() throws -> GameResult.Outcome? {
    let function = record.versionSpace[0]
    let label = table.labels?[function]
    let found = label.map { GameResult.Outcome.foundLabel($0) } ?? .found(function)
    let name = label ?? set.functionNames[function]
    let question = label.map { "Is its label \($0)?" } ?? "Is it \(name)?"
    // Where the input ends, the answers speak for themselves.
    while let line = try table.console.ask("\(question) (yes or no) ") {
      switch line.lowercased().filter({ !$0.isWhitespace }) {
      case "yes", "y": return found
      case "no", "n":
        try explainDenial(of: name)
        return .denied(name)
      case "back":
        back()
        return nil
      default: table.tell("  Say yes, no, or back to take an answer back.")
      }
    }
    table.say("")
    return found
  }

  /// Says which answers speak against what the person has in mind, or that nothing fits.
  private func explainDenial(of name: String) throws {
    let noun = Play.Whole.noun
    let line = try table.console.ask("Which \(noun) do you have in mind? ") ?? ""
    let given = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
    if let function = set.function(named: given) {
      return contradict(function)
    }
    if !given.isEmpty {
      table.tell("  There is no \(noun) \"\(given)\" in the set, so nobody can find it by asking.")
    }
    table.tell("  No other \(table.labels == nil ? noun : "label") fits all your answers.")
    nearest(besides: name)
  }

  /// The answers, with their numbers, that a function would not have given.
  private func contradictions(_ function: Int) -> [(number: Int, exchange: Transcript.Exchange)] {
    record.exchanges.enumerated().compactMap { place, exchange in
      record.isWrong(at: place, for: function) ? (place + 1, exchange) : nil
    }
  }

  private func contradict(_ function: Int) {
    let name = set.functionNames[function]
    let against = contradictions(function)
    guard against.count > table.terms.lies else {
      let label = table.labels.map { ", and its label is \($0[function])" } ?? ""
      let well = against.isEmpty ? "" : " well enough"
      table.tell("  \(name) answers as you did\(well)\(label): that is what I say.")
      return
    }
    let answers = against.count == 1 ? "one answer" : "\(against.count) answers"
    table.tell("  \(name) contradicts \(answers) of yours:")
    for (number, exchange) in against.prefix(8) {
      let right = record.trueAnswer(of: function, at: number - 1)
      table.tell(
        "  question \(number): \(exchange.queryName) is \(right) for \(name), "
          + "you said \(exchange.answerText).")
    }
    if against.count > 8 { table.tell("  ... \(against.count - 8) more.") }
  }

  /// The functions that the fewest answers speak against, but for what was named.
  private func nearest(besides name: String) {
    let others = (0..<table.count).filter { function in
      (table.labels?[function] ?? set.functionNames[function]) != name
    }
    let counts = others.map { contradictions($0).count }
    guard let least = counts.min() else { return }
    let near = zip(others, counts).filter { $0.1 == least }.map(\.0)
    let speaks = least == 1 ? "one answer speaks" : "\(least) answers speak"
    table.list("  Only \(speaks) against ", table.names(near), lines: 3)
  }
}
