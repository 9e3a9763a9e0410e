import Execution
import Glibc

/// What a game is about, beside the set.
public struct Rules: Sendable {
  /// How many answers in all may be wrong; functions stay in play as long.
  public var lies: Int
  /// One label a function: the game is over when all functions left have one label.
  public var labels: [String]?
  /// Whether answers with which no function is consistent end the game with an error.
  public var isStrict: Bool

  /// The plain game, unless said otherwise.
  public init(lies: Int = 0, labels: [String]? = nil, isStrict: Bool = true) {
    self.lies = lies
    self.labels = labels
    self.isStrict = isStrict
  }
}

/// A transcript in the making, with the version space after each answer.
struct Record {
  let set: FunctionSet
  let rules: Rules
  private(set) var exchanges: [Transcript.Exchange] = []
  /// Per function the number of answers that are not its own, where answers may be wrong.
  private var disagreements: [Int]
  var versionSpace: [Int]

  init(_ set: FunctionSet, _ rules: Rules = Rules()) {
    self.set = set
    self.rules = rules
    versionSpace = Array(0..<set.functionCount)
    disagreements = rules.lies > 0 ? [Int](repeating: 0, count: set.functionCount) : []
  }

  /// Whether what is asked for is known.
  var isOver: Bool {
    guard versionSpace.count > 1 else { return true }
    guard let labels = rules.labels else { return false }
    return versionSpace.allSatisfy { labels[$0] == labels[versionSpace[0]] }
  }

  /// Takes down an answer.
  ///
  /// - Throws: `Failure` if no function is consistent with it.
  mutating func add(_ query: Int, _ answer: Int32) throws {
    try set.checkQuery(query)
    let next = consistent(query, answer)
    if next.isEmpty && rules.isStrict { throw contradiction(query, answer) }
    versionSpace = next
    exchanges.append(
      Transcript.Exchange(
        query: query, answer: answer, remaining: next.count, queryName: set.queryNames[query],
        answerText: set.answerText(answer)))
  }

  private mutating func consistent(_ query: Int, _ answer: Int32) -> [Int] {
    if rules.lies == 0 { return set.versionSpace(versionSpace, query: query, answer: answer) }
    return versionSpace.filter { function in
      if set.answer(of: function, to: query) != answer { disagreements[function] += 1 }
      return disagreements[function] <= rules.lies
    }
  }

  private func contradiction(_ query: Int, _ answer: Int32) -> Failure {
    let beyond = rules.lies == 0 ? "" : ", with up to \(Text.count(rules.lies, "lie"))"
    return Failure(
      "contradiction at question \(exchanges.count + 1): no function left answers "
        + "\"\(set.answerText(answer))\" to \(set.queryNames[query])\(beyond)",
      hint: "some answer was wrong, or the oracle is no function of this set")
  }

  /// The record so far; `named` is the interrogator's own verdict, `truth` what the oracle is.
  func transcript(named: Int? = nil, truth: Int? = nil) -> Transcript {
    Transcript(self, named: named, truth: truth)
  }

  /// The query that looks best, or nil where the game is over.
  ///
  /// - Throws: `Failure` if no query tells the functions left apart.
  func nextQuery(_ goal: Goal, within seconds: Double = 0.1) throws -> Int? {
    if isOver { return nil }
    guard rules.lies > 0 || rules.labels != nil else {
      return try set.nextQuery(versionSpace, goal: goal, within: seconds)
    }
    var best: (query: Int, score: Double)?
    for query in 0..<set.queryCount {
      guard let score = score(query, goal), score < best?.score ?? .infinity else { continue }
      best = (query, score)
    }
    return best?.query
  }

  /// How much of the room of the functions left an answer may leave; nil if it tells nothing.
  ///
  /// A function with r lies left counts 8^r: a lie is worth about three questions.
  private func score(_ query: Int, _ goal: Goal) -> Double? {
    let column = set.columns[query]
    if let labels = rules.labels, rules.lies == 0 { return score(column, labels, goal) }
    let all = versionSpace.reduce(0.0) { $0 + room(of: $1, minus: 0) }
    let lied = versionSpace.reduce(0.0) { $0 + room(of: $1, minus: 1) }
    var rooms = [Double](repeating: 0, count: column.classCount)
    var sizes = [Int](repeating: 0, count: column.classCount)
    for function in versionSpace {
      let label = Int(column[function])
      rooms[label] += room(of: function, minus: 0) - room(of: function, minus: 1)
      sizes[label] += 1
    }
    guard sizes.max() != versionSpace.count else { return nil }
    let after = sizes.indices.filter { sizes[$0] > 0 }.map { rooms[$0] + lied }
    if goal != .entropy { return after.max() }
    return after.reduce(0) { $0 + $1 / all * log2($1 / all) }
  }

  /// The largest class of several labels; or what is still unknown of the label, in bits.
  private func score(_ column: Column, _ labels: [String], _ goal: Goal) -> Double? {
    var classes = [[String: Int]](repeating: [:], count: column.classCount)
    for function in versionSpace {
      classes[Int(column[function])][labels[function], default: 0] += 1
    }
    let parts = classes.filter { !$0.isEmpty }
    guard parts.count > 1 else { return nil }
    return parts.reduce(0) { worst, part in
      let size = part.values.reduce(0, +)
      if goal != .entropy { return max(worst, part.count > 1 ? Double(size) : 0) }
      return part.values.reduce(worst) { $0 - Double($1) * log2(Double($1) / Double(size)) }
    }
  }

  private func room(of function: Int, minus lies: Int) -> Double {
    let spent = rules.lies == 0 ? 0 : disagreements[function]
    let left = rules.lies - spent - lies
    return left < 0 ? 0 : Double(UInt64(1) << UInt64(min(60, 3 * left)))
  }
}
