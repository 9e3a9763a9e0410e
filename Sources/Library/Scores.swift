import Execution
import Interrogation
import Language

/// One finished game at the prompt.
struct Score {
  /// What was played: the set, and against whom.
  let game: String
  /// The number of questions, wrong guesses among them; nil where an older file has not kept it.
  let questions: Int?
  /// What they cost; their number where each costs 1.
  let cost: Fraction
  /// Whether queries had costs.
  let isPriced: Bool
  let optimum: Fraction
  let isFound: Bool
  /// Seconds since 1970.
  let date: Double
}

/// The games played, in a file of the project or the user: a line each, fields between tabs.
enum Scores {
  private static let fileName = "scores"

  /// All games kept, oldest first; lines that are none are passed over.
  static func read(_ call: Arguments) throws -> [Score] {
    guard let path = call.session.stateFile(fileName), File.exists(path) else { return [] }
    return try File.readText(path).split(separator: "\n").compactMap(score)
  }

  private static func score(_ line: Substring) -> Score? {
    let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard (5...6).contains(parts.count), let date = Double(parts[0]),
      let cost = try? Fraction(String(parts[1])), let optimum = try? Fraction(String(parts[2]))
    else { return nil }
    let game = String(parts[4])
    let isPriced = game.contains(priced)
    let kept = parts.count == 6 ? Int(parts[5]) : nil
    return Score(
      game: game, questions: kept ?? (isPriced ? nil : Int(exactly: cost.numerator)), cost: cost,
      isPriced: isPriced,
      optimum: optimum == Fraction(Int.max) ? .infinite : optimum, isFound: parts[3] == "found",
      date: date)
  }

  /// What the terms of a game say where its queries have costs.
  private static let priced = "costs per query"

  /// Adds a game to the file, and says how it compares with earlier ones.
  static func keep(_ result: GameResult, of game: String, _ call: Arguments) throws {
    guard let path = call.session.stateFile(fileName), result.questionCount > 0 else { return }
    let earlier = try read(call).filter { $0.game == game && $0.isFound }
    let score = Score(
      game: game, questions: result.questionCount, cost: result.cost,
      isPriced: game.contains(priced), optimum: result.optimum.upper, isFound: result.isFound,
      date: Clock.date)
    let text = File.exists(path) ? try File.readText(path) : ""
    try File.writeText(text + line(score) + "\n", to: path)
    guard score.isFound, let best = earlier.map(\.cost).min() else { return }
    let asked =
      score.isPriced
      ? "a cost of \(best)" : Text.count(Int(clamping: best.numerator), "question")
    call.console.write(
      score.cost < best
        ? "Your best so far; before it was \(asked).\n" : "Your best so far is \(asked).\n")
  }

  private static func line(_ score: Score) -> String {
    let game = score.game.map { $0 == "\t" || $0 == "\n" ? " " : $0 }
    return "\(UInt64(max(0, score.date)))\t\(score.cost)\t\(score.optimum)\t"
      + "\(score.isFound ? "found" : "left")\t" + String(game)
      + (score.questions.map { "\t\($0)" } ?? "")
  }
}

/// The games kept, by what was played.
struct ScoresValue: NativeObject {
  let scores: [Score]

  init(_ scores: [Score]) { self.scores = scores }

  var typeName: String { "scores" }
  var elementCount: Int? { scores.count }

  func card(_ style: ConsoleStyle) -> String {
    guard !scores.isEmpty else { return "scores: no games yet" }
    var games: [String] = []
    for score in scores where !games.contains(score.game) { games.append(score.game) }
    let rows = games.suffix(10).map { game -> [String] in
      let own = scores.filter { $0.game == game }
      let found = own.filter(\.isFound)
      func shown(_ cost: Fraction?) -> String {
        guard let cost, cost != .infinite else { return "-" }
        return own.contains(where: \.isPriced) ? "cost \(cost)" : "\(cost)"
      }
      let best = shown(found.map(\.cost).min())
      let last = shown(found.last?.cost)
      let optimum = shown(own.map(\.optimum).min())
      return [game, "\(own.count)", best, last, optimum]
    }
    return "scores: \(Text.count(scores.count, "game"))\n"
      + ScoresValue.table([["", "games", "best", "last", "optimum"]] + rows)
  }

  private static func table(_ rows: [[String]]) -> String {
    let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + padding : padding + row[column]
      }
      return "  " + cells.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  func element(at index: Value) throws -> Value? {
    guard case .number(let number) = index,
      let place = Int(whole: number, below: scores.count)
    else { throw Failure("there are games 0 to \(scores.count - 1)") }
    let score = scores[place]
    return .fields([
      ("game", .text(score.game)),
      ("questions", score.questions.map { .integer($0) } ?? Value.none),
      ("cost", .number(score.cost.value)),
      ("optimum", .number(score.optimum == .infinite ? .infinity : score.optimum.value)),
      ("found", .boolean(score.isFound)),
      ("date", .number(score.date)),
    ])
  }
}
