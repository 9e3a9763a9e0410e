import Execution
import Interrogation
import Language

/// One finished game at the prompt.
struct Score {
  /// What was played: the set, and against whom.
  let game: String
  /// The number of questions, or what they cost.
  let questions: Fraction
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
    guard parts.count == 5, let date = Double(parts[0]),
      let questions = try? Fraction(String(parts[1])),
      let optimum = try? Fraction(String(parts[2]))
    else { return nil }
    return Score(
      game: String(parts[4]), questions: questions, optimum: optimum, isFound: parts[3] == "found",
      date: date)
  }

  /// Adds a game to the file, and says how it compares with earlier ones.
  static func keep(_ result: GameResult, of game: String, _ call: Arguments) throws {
    guard let path = call.session.stateFile(fileName), result.questionCount > 0 else { return }
    let earlier = try read(call).filter { $0.game == game && $0.isFound }
    let score = Score(
      game: game, questions: result.cost, optimum: result.optimum.upper,
      isFound: result.isFound, date: Clock.date)
    let text = File.exists(path) ? try File.readText(path) : ""
    try File.writeText(text + line(score) + "\n", to: path)
    guard score.isFound, let best = earlier.map(\.questions).min() else { return }
    let asked =
      best.denominator == 1 ? Text.count(best.numerator, "question") : "a cost of \(best)"
    call.console.write(
      score.questions < best
        ? "Your best so far; before it was \(asked).\n" : "Your best so far is \(asked).\n")
  }

  private static func line(_ score: Score) -> String {
    let game = score.game.map { $0 == "\t" || $0 == "\n" ? " " : $0 }
    return "\(UInt64(max(0, score.date)))\t\(score.questions)\t\(score.optimum)\t"
      + "\(score.isFound ? "found" : "left")\t" + String(game)
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
      let best = found.map(\.questions).min().map { "\($0)" } ?? "-"
      let last = found.last.map { "\($0.questions)" } ?? "-"
      let least = own.map(\.optimum).min().flatMap { $0 == .infinite ? nil : $0 }
      let optimum = least.map { "\($0)" } ?? "-"
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
      ("game", .text(score.game)), ("questions", .number(score.questions.value)),
      ("optimum", .number(score.optimum == .infinite ? .infinity : score.optimum.value)),
      ("found", .boolean(score.isFound)),
      ("date", .number(score.date)),
    ])
  }
}
