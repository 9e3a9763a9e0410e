import Execution

/// What was asked and answered, and what follows from it.
public struct Transcript: Sendable, Equatable {
  /// One question with its answer.
  public struct Exchange: Sendable, Equatable {
    /// The query, by number.
    public let query: Int
    /// The answer.
    public let answer: Answer
    /// How many functions are consistent with the answers up to this one.
    public let remaining: Int
    /// The name of the query.
    public let queryName: String
    /// The text of the answer.
    public let answerText: String
    /// Whether the answer is known to be wrong.
    public internal(set) var isWrong = false
  }

  /// What is known at the end.
  public enum Verdict: Sendable, Equatable {
    /// Only this function is left.
    case identified(Int)
    /// All functions left have this label.
    case labelled(String)
    /// The interrogator says this function, though others may be left, or it is not among them.
    case named(Int)
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
  /// What the questions cost together; their number where they cost 1 each.
  public let cost: Fraction
  private let noun: String
  /// What is known at the end.
  public let verdict: Verdict
  /// The name or label that the verdict gives, if it gives one.
  public let verdictName: String?
  /// The name or label that would have been right, where the oracle is one function.
  public let truthName: String?

  /// Whether the verdict is right; nil where there is none, or the truth is not known.
  public var isCorrect: Bool? {
    guard let verdictName, let truthName else { return nil }
    return verdictName == truthName
  }

  /// Checks answers one by one against a set.
  ///
  /// - Throws: `Failure` that says at which question no function is left.
  public init(_ set: FunctionSet, _ answers: [(query: Int, answer: Int32)]) throws {
    var record = try Record(set)
    for (query, answer) in answers { try record.add(query, .code(answer)) }
    self = record.transcript()
  }

  init(_ record: some Course, named: Int?, truth: Int?) {
    let set = record.set
    candidates = record.versionSpace
    candidateNames = candidates.map { set.functionNames[$0] }
    functionCount = set.functionNames.count
    noun = type(of: set).noun
    cost = (try? record.cost()) ?? Fraction(record.exchanges.count)
    exchanges = record.exchanges.enumerated().map { place, exchange in
      var exchange = exchange
      exchange.isWrong = truth.map { record.isWrong(at: place, for: $0) } ?? false
      return exchange
    }
    let labels = record.rules.terms.labels
    let isDecided = record.isDecided
    if let named, !isDecided || !record.rules.isStrict || !candidates.contains(named) {
      verdict = .named(named)
      verdictName = labels?[named] ?? set.functionNames[named]
      truthName = truth.map { labels?[$0] ?? set.functionNames[$0] }
      return
    }
    truthName = truth.map { labels?[$0] ?? set.functionNames[$0] }
    if let labels, isDecided, let first = candidates.first {
      verdict = .labelled(labels[first])
      verdictName = labels[first]
    } else if labels == nil && candidates.count == 1 {
      verdict = .identified(candidates[0])
      verdictName = candidateNames[0]
    } else {
      verdict = .undecided(candidates)
      verdictName = nil
    }
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
        + (exchange.isWrong ? "   (a wrong answer)" : "")
    }
    lines.append(verdictLine)
    if isCorrect == false, let truthName { lines.append("That is wrong: it was \(truthName).") }
    return lines.joined(separator: "\n")
  }

  private var verdictLine: String {
    let isPriced = cost != Fraction(exchanges.count)
    let asked =
      Text.count(exchanges.count, "question") + (isPriced ? " at a cost of \(cost)" : "")
    switch verdict {
    case .identified: return "It is \(candidateNames[0]), after \(asked)."
    case .labelled(let label): return "Its label is \(label), after \(asked)."
    case .named:
      return "The verdict is \(verdictName ?? ""), after \(asked); "
        + Text.count(candidates.count, noun)
        + (candidates.count == 1 ? " is left." : " are left.")
    case .undecided:
      return Layout.list("\(candidates.count) \(noun)s are left: ", candidateNames, lines: 3)
    }
  }
}
