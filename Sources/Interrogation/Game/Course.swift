import Execution

/// What a game is about, beside the set.
public struct Rules: Sendable {
  /// The terms of the interrogation: labels, costs, lies, tolerance.
  public var terms: Terms
  /// Whether answers with which no function is consistent end the game with an error.
  public var isStrict: Bool

  /// The game on some terms.
  public init(_ terms: Terms, isStrict: Bool = true) {
    self.terms = terms
    self.isStrict = isStrict
  }

  /// The plain game, unless said otherwise.
  public init(lies: Int = 0, labels: [String]? = nil, isStrict: Bool = true) {
    self.init(Terms(labels: labels, lies: lies), isStrict: isStrict)
  }
}

/// What is interrogated: functions over queries, or machines over inputs.
protocol Subject: Sendable {
  /// The names of the functions.
  var functionNames: [String] { get }
  /// The names of the queries.
  var queryNames: [String] { get }
  /// What one of the functions is called in general.
  static var noun: String { get }
  /// What the queries are called.
  static var queryNoun: (one: String, many: String) { get }
  /// The place of a function given by name or number.
  func function(named name: String) -> Int?
  /// The place of a query given by name or number.
  func query(named name: String) -> Int?
  /// The text of an answer.
  func text(of answer: Answer) -> String
  /// Throws `Failure` if there is no function of this number.
  func checkFunction(_ function: Int) throws
  /// Throws `Failure` if there is no query of this number.
  func checkQuery(_ query: Int) throws
}

/// An interrogation in the making: what was asked and answered, and who is left.
protocol Course: Sendable {
  associatedtype Whole: Subject
  /// What is interrogated.
  var set: Whole { get }
  /// The terms of the game.
  var rules: Rules { get }
  /// The questions so far, in order.
  var exchanges: [Transcript.Exchange] { get }
  /// The functions consistent with all answers, ascending.
  var versionSpace: [Int] { get }
  /// Whether what is asked for is known, or will never be.
  var isOver: Bool { get }
  /// How much is left open, for comparison.
  var room: Double { get }

  /// Whether an answer speaks against a function that is left.
  func isDoubtful(_ function: Int) -> Bool

  /// Takes down an answer.
  ///
  /// - Throws: `Failure` if no function is consistent with it.
  mutating func add(_ query: Int, _ answer: Answer) throws
  /// Follows a decision tree; returns the function at its leaf, or nil where the game is over before.
  mutating func follow(_ strategy: Strategy, _ oracle: inout some Oracle) throws -> Int?
  /// Takes functions out of play.
  mutating func exclude(_ isOut: (Int) -> Bool)
  /// The answers that someone who wants the game to be long may give, each with what follows.
  func options(_ query: Int) throws -> [(answer: Answer, after: Self)]
  /// What is left of the answers that functions still possible give to a query, in functions.
  func largest(after query: Int) -> Int
  /// The query that looks best, or nil where the game is over.
  func nextQuery(_ goal: Goal, within seconds: Double) throws -> Int?
  /// What the rest costs in the worst case, and a query that keeps to it.
  func optimum(within seconds: Double) throws -> (bound: Bound<Fraction>, query: Int?)
  /// The answer that a value, or a line of text, is, or nil.
  func answer(_ given: AnswerValue, to query: Int) -> Answer?
  /// Texts of the answers that a query can get; nil where they are numbers within a tolerance.
  func answers(to query: Int) -> [String]?
  /// What a function answers to each query of its own; nil where that is more than can be shown.
  func card(of function: Int) -> [String]?
  /// What a function would have answered to a question asked before.
  func trueAnswer(of function: Int, at place: Int) -> String
  /// Whether the answer to a question asked before is none that a function gives.
  func isWrong(at place: Int, for function: Int) -> Bool
}

extension Course {
  func isDoubtful(_ function: Int) -> Bool { false }

  /// Whether all functions left are what is asked for.
  var isDecided: Bool {
    guard let first = versionSpace.first else { return false }
    guard let labels = rules.terms.labels else { return versionSpace.count == 1 }
    return versionSpace.allSatisfy { labels[$0] == labels[first] }
  }

  /// What the questions so far cost together.
  func cost() throws -> Fraction {
    guard let costs = rules.terms.costs else { return Fraction(exchanges.count) }
    return try exchanges.reduce(Fraction(0)) { try $0.adding(costs[$1.query]) }
  }

  /// The record so far; `named` is the interrogator's own verdict, `truth` what the oracle is.
  func transcript(named: Int? = nil, truth: Int? = nil) -> Transcript {
    Transcript(self, named: named, truth: truth)
  }
}

extension FunctionSet: Subject {
  static var noun: String { "function" }
  static var queryNoun: (one: String, many: String) { ("query", "queries") }
}
