import Execution

/// How far an interrogation has come: for who brings answers and wants to know what to ask next.
public struct PartialInterrogation: Sendable {
  private var course: any Course

  /// Nothing is asked yet.
  ///
  /// - Throws: `Failure` for terms that do not fit the set.
  public init(_ set: FunctionSet, on terms: Terms = Terms()) throws {
    course = try Record(set, Rules(terms))
  }

  /// Machines without reset, each in its initial state.
  public init(_ set: MachineSet) { course = MachineRecord(set) }

  /// The names of the functions left.
  public var candidates: [String] { names(course) }

  private func names(_ play: some Course) -> [String] {
    play.versionSpace.map { play.set.functionNames[$0] }
  }

  /// Takes down an answer, given as a value.
  ///
  /// - Throws: `Failure` where no function is left.
  public mutating func add(_ query: Int, _ answer: AnswerValue) throws {
    try course.add(query, course.answer(answer, to: query) ?? .other(answer.text))
  }

  /// Takes down an answer, given as a text.
  ///
  /// - Throws: `Failure` where no function is left.
  public mutating func add(_ query: Int, _ text: String) throws {
    try add(query, AnswerValue(text))
  }

  /// The best query, or nil if nothing is left to ask.
  public func nextQuery(_ goal: Goal, within seconds: Double) throws -> Int? {
    try course.nextQuery(goal, within: seconds)
  }
}
