import Execution

/// What was asked and answered, and what follows from it.
public struct Transcript: Sendable, Equatable {
  /// One question with its answer.
  public struct Exchange: Sendable, Equatable {
    /// The query, by number.
    public let query: Int
    /// The answer code.
    public let answer: Int32
    /// How many functions are consistent with the answers up to this one.
    public let remaining: Int
    /// The name of the query.
    public let queryName: String
    /// The text of the answer.
    public let answerText: String
  }

  /// What is known at the end.
  public enum Verdict: Sendable, Equatable {
    /// Only this function is left.
    case identified(Int)
    /// These functions are left.
    case undecided([Int])
  }

  /// The questions, in order.
  public let exchanges: [Exchange]
  /// The functions left, ascending.
  public let candidates: [Int]
  /// The names of the functions left.
  public let candidateNames: [String]
  /// The number of functions at the start.
  public let functionCount: Int

  /// What is known at the end.
  public var verdict: Verdict {
    candidates.count == 1 ? .identified(candidates[0]) : .undecided(candidates)
  }

  /// Checks answers one by one against a set.
  ///
  /// - Throws: `Failure` that says at which question no function is left.
  public init(_ set: FunctionSet, _ answers: [(query: Int, answer: Int32)]) throws {
    var record = Record(set)
    for (query, answer) in answers { try record.add(query, answer) }
    self = record.transcript
  }

  init(_ set: FunctionSet, exchanges: [Exchange], candidates: [Int]) {
    self.exchanges = exchanges
    self.candidates = candidates
    candidateNames = candidates.map { set.functionNames[$0] }
    functionCount = set.functionCount
  }
}

extension Transcript: CustomStringConvertible {
  /// The dialogue, one line a question, and the verdict.
  public var description: String {
    let names = exchanges.map(\.queryName.count).max() ?? 0
    let answers = exchanges.map(\.answerText.count).max() ?? 0
    let digits = String(exchanges.count).count
    var lines = exchanges.enumerated().map { place, exchange in
      let number = Layout.right(String(place + 1), digits)
      let query = Layout.left(exchange.queryName + "?", names + 1)
      let answer = Layout.left(exchange.answerText, answers)
      return "\(number). \(query) \(answer)   \(exchange.remaining) of \(functionCount) left"
    }
    switch verdict {
    case .identified:
      lines.append("It is \(candidateNames[0]), after \(Text.count(exchanges.count, "question")).")
    case .undecided:
      lines.append(
        Layout.list("\(candidates.count) functions are left: ", candidateNames, lines: 3))
    }
    return lines.joined(separator: "\n")
  }
}

/// A transcript in the making, with the version space after each answer.
struct Record {
  let set: FunctionSet
  private(set) var exchanges: [Transcript.Exchange] = []
  var versionSpace: [Int]

  init(_ set: FunctionSet) {
    self.set = set
    versionSpace = Array(0..<set.functionCount)
  }

  /// Takes down an answer.
  ///
  /// - Throws: `Failure` if no function is consistent with it.
  mutating func add(_ query: Int, _ answer: Int32) throws {
    try set.checkQuery(query)
    let next = set.versionSpace(versionSpace, query: query, answer: answer)
    guard !next.isEmpty else {
      throw Failure(
        "contradiction at question \(exchanges.count + 1): no function left answers "
          + "\"\(set.answerText(answer))\" to \(set.queryNames[query])",
        hint: "some answer was wrong, or the oracle is no function of this set")
    }
    versionSpace = next
    exchanges.append(
      Transcript.Exchange(
        query: query, answer: answer, remaining: next.count, queryName: set.queryNames[query],
        answerText: set.answerText(answer)))
  }

  var transcript: Transcript {
    Transcript(set, exchanges: exchanges, candidates: versionSpace)
  }
}
