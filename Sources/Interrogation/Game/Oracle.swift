import Execution

/// Whoever answers the queries of an interrogation.
public protocol Oracle {
  /// The answer to a query, given by number.
  mutating func answer(_ query: Int) throws -> Answer
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

  /// The answer to a query.
  public mutating func answer(_ query: Int) throws -> Answer {
    try set.checkQuery(query)
    return .code(set.answer(of: function, to: query))
  }
}

/// Answers by a closure: whatever the caller can query, such as a network or a person.
public struct ClosureOracle: Oracle {
  private let body: (Int) throws -> Answer

  /// An oracle that calls `body` with the number of the query.
  public init(_ body: @escaping (Int) throws -> Answer) {
    self.body = body
  }

  /// The answer to a query.
  public mutating func answer(_ query: Int) throws -> Answer { try body(query) }
}

/// Answers as one function, but lies a limited number of times (Renyi and Ulam's game).
public struct LyingOracle: Oracle, Sendable {
  private let set: FunctionSet
  private var random: RandomStream
  private let intervals: Intervals?
  /// The function that it is.
  public let function: Int
  /// The function that it is.
  public var truth: Int? { function }
  /// How many lies it has left.
  public private(set) var liesLeft: Int

  /// An oracle that lies at most `lies` times, at questions drawn from the seed; with a tolerance a
  /// lie is farther than that from the truth.
  public init(
    _ set: FunctionSet, function: Int, lies: Int, tolerance: Fraction = Fraction(0),
    seed: UInt64 = 0
  ) throws {
    try set.checkFunction(function)
    intervals = tolerance == Fraction(0) ? nil : try Intervals(set, tolerance: tolerance)
    guard lies >= 0 else { throw Failure("found \(lies) lies, expected 0 or more") }
    self.set = set
    self.function = function
    liesLeft = lies
    random = RandomStream(seed: seed, purpose: "lies")
  }

  /// The answer to a query.
  public mutating func answer(_ query: Int) throws -> Answer {
    try set.checkQuery(query)
    let truth = set.answer(of: function, to: query)
    guard liesLeft > 0, random.uniform() < 0.5 else { return .code(truth) }
    guard let lie = set.falseAnswer(to: query, of: function, intervals, &random) else {
      return .code(truth)
    }
    liesLeft -= 1
    return .code(lie)
  }
}

/// Answers as one function, but each answer is off by up to a tolerance, or wrong with some
/// probability.
public struct NoisyOracle: Oracle, Sendable {
  private let set: FunctionSet
  private var random: RandomStream
  private let rate: Double
  private let tolerance: Double
  private let intervals: Intervals?
  /// The function that it is.
  public let function: Int
  /// The function that it is.
  public var truth: Int? { function }

  /// An oracle that errs with probability `rate`, independently each time, and else is off by
  /// something drawn evenly from within the tolerance.
  public init(
    _ set: FunctionSet, function: Int, rate: Double, tolerance: Fraction = Fraction(0),
    seed: UInt64 = 0
  ) throws {
    try set.checkFunction(function)
    guard rate >= 0 && rate <= 1 else {
      throw Failure("the rate of errors is \(Text.significant(rate)), expected 0 to 1")
    }
    self.set = set
    self.function = function
    self.rate = rate
    self.tolerance = tolerance.value
    intervals = tolerance == Fraction(0) ? nil : try Intervals(set, tolerance: tolerance)
    random = RandomStream(seed: seed, purpose: "noise")
  }

  /// The answer to a query.
  public mutating func answer(_ query: Int) throws -> Answer {
    try set.checkQuery(query)
    let truth = set.answer(of: function, to: query)
    if random.uniform() < rate,
      let wrong = set.falseAnswer(to: query, of: function, intervals, &random)
    {
      return .code(wrong)
    }
    guard tolerance > 0, let number = set.number(of: .code(truth)) else { return .code(truth) }
    // No more digits than are read easily.
    let shown = Text.significant(number + tolerance * (2 * random.uniform() - 1))
    guard let near = Double(shown), abs(near - number) <= tolerance else { return .code(truth) }
    return .number(near)
  }
}

extension FunctionSet {
  /// A wrong answer that some function gives, or nil where all give the same, within the tolerance.
  func falseAnswer(
    to query: Int, of function: Int, _ intervals: Intervals?, _ random: inout RandomStream
  ) -> Int32? {
    let column = columns[query]
    let truth = answer(of: function, to: query)
    var others = column.codes.filter { $0 != truth }
    if let intervals {
      // One function for each answer: the first that gives it.
      others = others.filter { code in
        let label = column.label(of: code)
        let other = (0..<functionCount).first { column[$0] == label } ?? function
        return 2 * intervals.distance(query, function, other) > intervals.width
      }
    }
    return others.isEmpty ? nil : others[random.integer(below: others.count)]
  }
}
