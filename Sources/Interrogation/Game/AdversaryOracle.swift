import Execution

/// Is no function until it has to be: answers so as to make the interrogation long.
public struct AdversaryOracle: Oracle, Sendable {
  /// How it chooses.
  public enum Skill: Sendable {
    /// The answer that leaves most functions.
    case quick
    /// The answer after which most is left to ask, ties to the one that leaves more functions.
    case exact
  }

  private let skill: Skill
  private let seconds: Double
  private var course: any Course
  /// The functions consistent with all answers so far; never empty.
  public var versionSpace: [Int] { course.versionSpace }

  /// An adversary on some terms: it lies as often, and is off by as much, as they allow.
  ///
  /// An exact one thinks at most `seconds` about each answer.
  ///
  /// - Throws: `Failure` for terms that do not fit the set.
  public init(
    _ set: FunctionSet, _ skill: Skill = .quick, on terms: Terms = Terms(),
    within seconds: Double = 1
  ) throws {
    if !terms.isPlain { _ = try CheckedTerms(terms, set) }
    self.init(try Record(set, Rules(terms)), skill, within: seconds)
  }

  /// An adversary among machines without reset: it likes to make some of them one.
  public init(_ set: MachineSet, _ skill: Skill = .quick, within seconds: Double = 1) {
    self.init(MachineRecord(set), skill, within: seconds)
  }

  init(_ course: any Course, _ skill: Skill, within seconds: Double) {
    self.course = course
    self.skill = skill
    self.seconds = seconds
  }

  /// The answer to a query.
  public mutating func answer(_ query: Int) throws -> Answer {
    try choose(query, course)
  }

  private mutating func choose<Play: Course>(_ query: Int, _ play: Play) throws -> Answer {
    try play.set.checkQuery(query)
    var best: (answer: Answer, worth: Fraction, after: Play)?
    for (answer, after) in try play.options(query).sorted(by: { $0.after.room > $1.after.room }) {
      let worth =
        skill == .quick ? Fraction(0) : try after.optimum(within: seconds).bound.lower
      if best.map({ worth > $0.worth }) ?? true { best = (answer, worth, after) }
    }
    guard let best else { throw Failure("no function is left to answer") }
    course = best.after
    return best.answer
  }

  /// Takes functions out of play, unless none would be left.
  mutating func exclude(_ isOut: (Int) -> Bool) {
    guard !course.versionSpace.allSatisfy(isOut) else { return }
    course.exclude(isOut)
  }
}
