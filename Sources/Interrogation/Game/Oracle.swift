import Execution

/// Whoever answers the queries of an interrogation.
public protocol Oracle {
  /// The answer code to a query, given by number.
  mutating func answer(_ query: Int) throws -> Int32
  /// The function that it is, if it is one of the set.
  var truth: Int? { get }
}

extension Oracle {
  /// Not known.
  public var truth: Int? { nil }
}

/// Answers as one function of the set.
public struct HonestOracle: Oracle, Sendable {
  private let set: FunctionSet
  /// The function that answers.
  public let function: Int
  /// The function that answers.
  public var truth: Int? { function }

  /// The oracle that is this function.
  public init(_ set: FunctionSet, function: Int) throws {
    try set.checkFunction(function)
    self.set = set
    self.function = function
  }

  /// The answer code to a query.
  public mutating func answer(_ query: Int) throws -> Int32 {
    try set.checkQuery(query)
    return set.answer(of: function, to: query)
  }
}

/// Answers by a closure: whatever the caller can query, such as a network or a person.
public struct ClosureOracle: Oracle {
  private let body: (Int) throws -> Int32

  /// An oracle that calls `body` with the number of the query.
  public init(_ body: @escaping (Int) throws -> Int32) {
    self.body = body
  }

  /// The answer code to a query.
  public mutating func answer(_ query: Int) throws -> Int32 { try body(query) }
}

/// Is no function until it has to be: answers so as to make the interrogation long.
public struct AdversaryOracle: Oracle, Sendable {
  /// How it chooses.
  public enum Skill: Sendable {
    /// The answer that most functions give.
    case quick
    /// The answer whose functions take most queries to tell apart, ties to the commoner one.
    case exact
  }

  private let set: FunctionSet
  private let skill: Skill
  private let seconds: Double
  /// The functions consistent with all answers so far; never empty.
  public internal(set) var versionSpace: [Int]

  /// An adversary; an exact one thinks at most `seconds` about each class of an answer.
  public init(_ set: FunctionSet, _ skill: Skill = .quick, within seconds: Double = 1) {
    self.set = set
    self.skill = skill
    self.seconds = seconds
    versionSpace = Array(0..<set.functionCount)
  }

  /// The answer code to a query.
  public mutating func answer(_ query: Int) throws -> Int32 {
    try set.checkQuery(query)
    let column = set.columns[query]
    let parts = column.classes(of: versionSpace.map { Int32($0) })
    var best = (label: 0, depth: -1, members: [Int32]())
    for part in parts.sorted(by: { $0.members.count > $1.members.count }) {
      let depth = skill == .quick ? 0 : try depth(part.members)
      if depth > best.depth { best = (part.label, depth, part.members) }
    }
    versionSpace = best.members.map { Int($0) }
    return column.codes[best.label]
  }

  private func depth(_ members: [Int32]) throws -> Int {
    if members.count <= 2 { return members.count - 1 }
    return try set.restricted(to: members.map { Int($0) }).interactive(within: seconds).bound.lower
  }
}

/// Answers as one function, but lies a limited number of times (Renyi and Ulam's game).
public struct LyingOracle: Oracle, Sendable {
  private let set: FunctionSet
  private var random: RandomStream
  /// The function that it is.
  public let function: Int
  /// The function that it is.
  public var truth: Int? { function }
  /// How many lies it has left.
  public private(set) var liesLeft: Int

  /// An oracle that lies at most `lies` times, at questions drawn from the seed.
  public init(_ set: FunctionSet, function: Int, lies: Int, seed: UInt64 = 0) throws {
    try set.checkFunction(function)
    guard lies >= 0 else { throw Failure("found \(lies) lies, expected 0 or more") }
    self.set = set
    self.function = function
    liesLeft = lies
    random = RandomStream(seed: seed, purpose: "lies")
  }

  /// The answer code to a query.
  public mutating func answer(_ query: Int) throws -> Int32 {
    try set.checkQuery(query)
    let truth = set.answer(of: function, to: query)
    guard liesLeft > 0, random.uniform() < 0.5 else { return truth }
    guard let lie = set.falseAnswer(to: query, truth: truth, &random) else { return truth }
    liesLeft -= 1
    return lie
  }
}

/// Answers as one function, but each answer is wrong with some probability.
public struct NoisyOracle: Oracle, Sendable {
  private let set: FunctionSet
  private var random: RandomStream
  private let rate: Double
  /// The function that it is.
  public let function: Int
  /// The function that it is.
  public var truth: Int? { function }

  /// An oracle that errs with probability `rate`, independently each time.
  public init(_ set: FunctionSet, function: Int, rate: Double, seed: UInt64 = 0) throws {
    try set.checkFunction(function)
    guard rate >= 0 && rate <= 1 else {
      throw Failure("the rate of errors is \(Text.significant(rate)), expected 0 to 1")
    }
    self.set = set
    self.function = function
    self.rate = rate
    random = RandomStream(seed: seed, purpose: "noise")
  }

  /// The answer code to a query.
  public mutating func answer(_ query: Int) throws -> Int32 {
    try set.checkQuery(query)
    let truth = set.answer(of: function, to: query)
    guard random.uniform() < rate else { return truth }
    return set.falseAnswer(to: query, truth: truth, &random) ?? truth
  }
}

extension FunctionSet {
  /// A wrong answer that some function gives, or nil where all give the same.
  func falseAnswer(to query: Int, truth: Int32, _ random: inout RandomStream) -> Int32? {
    let others = columns[query].codes.filter { $0 != truth }
    return others.isEmpty ? nil : others[random.integer(below: others.count)]
  }
}
