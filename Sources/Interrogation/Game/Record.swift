import Execution
import Glibc

/// A transcript in the making, with the version space after each answer.
struct Record: Course {
  let set: FunctionSet
  let rules: Rules
  private(set) var exchanges: [Transcript.Exchange] = []
  /// Per function the number of answers that are not its own, where answers may be wrong.
  private(set) var disagreements: [Int]
  private(set) var versionSpace: [Int]
  /// The terms in whole numbers, where they are not the plain game's.
  let terms: CheckedTerms?

  /// An interrogation that begins.
  ///
  /// - Throws: `Failure` for terms that do not fit the set.
  init(_ set: FunctionSet, _ rules: Rules = Rules()) throws {
    self.set = set
    self.rules = rules
    terms =
      rules.terms.isPlain ? nil : try CheckedTerms(rules.terms, set, isDecidable: false)
    versionSpace = Array(0..<set.functionCount)
    disagreements = rules.terms.lies > 0 ? [Int](repeating: 0, count: set.functionCount) : []
  }

  func isDoubtful(_ function: Int) -> Bool {
    !disagreements.isEmpty && disagreements[function] > 0
  }

  /// Whether what is asked for is known.
  var isOver: Bool { versionSpace.isEmpty || isDecided }

  /// Takes down an answer.
  ///
  /// - Throws: `Failure` if no function is consistent with it.
  mutating func add(_ query: Int, _ answer: Answer) throws {
    try set.checkQuery(query)
    let next = consistent(query, answer)
    if next.isEmpty && rules.isStrict { throw contradiction(query, answer) }
    versionSpace = next
    exchanges.append(
      Transcript.Exchange(
        query: query, answer: answer, remaining: next.count, queryName: set.queryNames[query],
        answerText: set.text(of: answer)))
  }

  /// Takes functions out of play.
  mutating func exclude(_ isOut: (Int) -> Bool) {
    for function in versionSpace where isOut(function) && !disagreements.isEmpty {
      disagreements[function] = rules.terms.lies + 1
    }
    versionSpace = versionSpace.filter { !isOut($0) }
  }

  private mutating func consistent(_ query: Int, _ answer: Answer) -> [Int] {
    if terms?.isInexact != true, case .code(let code) = answer {
      return set.versionSpace(versionSpace, query: query, answer: code)
    }
    let agrees = agreement(query, answer)
    guard rules.terms.lies > 0 else { return versionSpace.filter(agrees) }
    return versionSpace.filter { function in
      if !agrees(function) { disagreements[function] += 1 }
      return disagreements[function] <= rules.terms.lies
    }
  }

  /// Whether a function may give an answer, within the tolerance.
  func agreement(_ query: Int, _ answer: Answer) -> (Int) -> Bool {
    if let intervals = terms?.intervals {
      guard let point = intervals.point(answer) else { return { _ in false } }
      return { intervals.isNear(query, $0, point) }
    }
    guard case .code(let code) = answer, let label = set.columns[query].label(of: code) else {
      return { _ in false }
    }
    let column = set.columns[query]
    return { column[$0] == label }
  }

  private func contradiction(_ query: Int, _ answer: Answer) -> Failure {
    let (lies, tolerance) = (rules.terms.lies, rules.terms.tolerance)
    let beyond = lies == 0 ? "" : ", with up to \(Text.count(lies, "lie"))"
    let near = tolerance == Fraction(0) ? "" : "within \(tolerance) of "
    return Failure(
      "contradiction at question \(exchanges.count + 1): no function left answers "
        + "\(near)\"\(set.text(of: answer))\" to \(set.queryNames[query])\(beyond)",
      hint: "some answer was wrong, or the secret is no function of this set")
  }

  // MARK: - Answers

  func answer(_ given: AnswerValue, to query: Int) -> Answer? {
    if let code = set.code(of: given, to: query) { return .code(code) }
    guard terms?.intervals != nil, let number = given.number, number.isFinite else { return nil }
    return .number(number)
  }

  func answers(to query: Int) -> [String]? {
    terms?.intervals == nil ? set.answers(to: query).map(set.answerText).sorted() : nil
  }

  func card(of function: Int) -> [String]? {
    (0..<set.queryCount).map {
      "\(set.queryNames[$0])=\(set.answerText(set.answer(of: function, to: $0)))"
    }
  }

  func trueAnswer(of function: Int, at place: Int) -> String {
    set.answerText(set.answer(of: function, to: exchanges[place].query))
  }

  func isWrong(at place: Int, for function: Int) -> Bool {
    !agreement(exchanges[place].query, exchanges[place].answer)(function)
  }

  func options(_ query: Int) throws -> [(answer: Answer, after: Record)] {
    let answers: [Answer]
    if let intervals = terms?.intervals {
      answers = intervals.windows(query, versionSpace).map { .number(intervals.middle(of: $0)) }
    } else {
      answers = set.columns[query].classes(of: versionSpace.map { Int32($0) })
        .map { .code(set.columns[query].codes[$0.label]) }
    }
    return try answers.map { answer in
      var next = self
      try next.add(query, answer)
      return (answer, next)
    }
  }
}

extension FunctionSet {
  /// The number that an answer is, where it is one.
  func number(of answer: Answer) -> Double? {
    switch answer {
    case .code(let code): number(of: code)
    case .number(let number): number
    case .other(let text): Double(text)
    }
  }
}
