import Execution

/// The terms on which a set is interrogated, where they differ from the plain game.
public struct Terms: Sendable {
  /// One probability a function, for the mean; uniform if nil.
  public var prior: [Fraction]?
  /// One label a function: the game ends when all functions left have one label.
  public var labels: [String]?
  /// One cost a query, each above 0; all 1 if nil.
  public var costs: [Fraction]?
  /// How many answers in all may be wrong (Ulam 1976, Renyi 1961); with a tolerance a wrong answer
  /// is one beyond it.
  public var lies: Int
  /// How far an answer may be from the true value; answers must be numbers then.
  public var tolerance: Fraction
  /// Whether a fixed list may ask a query more than once; matters where answers may be wrong.
  public var repeats: Bool

  /// The plain game, unless said otherwise.
  public init(
    prior: [Fraction]? = nil, labels: [String]? = nil, costs: [Fraction]? = nil, lies: Int = 0,
    tolerance: Fraction = Fraction(0), repeats: Bool = true
  ) {
    self.prior = prior
    self.labels = labels
    self.costs = costs
    self.lies = lies
    self.tolerance = tolerance
    self.repeats = repeats
  }

  /// Whether answers are always right, queries cost 1 each, and the function itself is asked for.
  public var isPlain: Bool { labels == nil && costs == nil && !isInexact }

  /// Whether an answer may differ from the table's.
  public var isInexact: Bool { lies > 0 || tolerance > Fraction(0) }

  /// More lies than this are refused.
  public static let lieLimit = 100
}

/// Terms checked against a set, in whole numbers.
struct CheckedTerms: Sendable {
  /// Per function the number of its label.
  let labels: [Int]
  let labelCount: Int
  let labelNames: [String]?
  /// Per query its cost in units of 1/`unit`.
  let costs: [Int]
  let unit: Int
  /// Per function its share of the prior.
  let weights: [Int]
  let lies: Int
  let repeats: Bool
  /// Values per query and function where there is a tolerance.
  let intervals: Intervals?

  /// How often a query list must separate two functions.
  var demand: Int { 2 * lies + 1 }
  var isInexact: Bool { lies > 0 || intervals != nil }
  /// Whether each function has a label of its own.
  var hasOwnLabels: Bool { labelCount == labels.count }

  /// Whether a function may be named where a verdict is due: any of its label may.
  func isRight(_ named: Int, _ verdict: Int?) -> Bool {
    verdict.map { labels[$0] == labels[named] } ?? false
  }

  /// A sum of costs as a fraction.
  func cost(_ units: Int128) throws -> Fraction { try Fraction(units, Int128(unit)) }

  /// What a list of queries costs, in units: as long as a list may be, the sum fits.
  func cost(of queries: [Int]) -> Int128 { queries.reduce(0) { $0 + Int128(costs[$1]) } }

  /// The whole weight of the prior in units of cost, by which sums of weight times cost are divided.
  var total: Int128 { Int128(weights.reduce(0, +)) * Int128(unit) }

  /// - Parameter isDecidable: whether all functions must be told apart by some query.
  init(_ terms: Terms, _ set: FunctionSet, isDecidable: Bool = true) throws {
    (labels, labelCount) = try CheckedTerms.labels(terms.labels, set)
    labelNames = terms.labels
    (costs, unit) = try CheckedTerms.costs(terms.costs, set)
    weights = try terms.prior.map(set.weights) ?? [Int](repeating: 1, count: set.functionCount)
    guard terms.lies >= 0 && terms.lies <= Terms.lieLimit else {
      throw Failure("found \(terms.lies) lies, expected 0 to \(Terms.lieLimit)")
    }
    guard terms.tolerance >= Fraction(0) else {
      throw Failure("the tolerance is \(terms.tolerance), expected 0 or more")
    }
    lies = terms.lies
    repeats = terms.repeats
    let isExact = terms.tolerance == Fraction(0)
    intervals = isExact ? nil : try Intervals(set, tolerance: terms.tolerance)
    let pairs = isDecidable ? unseparatedPairs(set) : []
    if !pairs.isEmpty {
      throw Indistinguishable(pairs: pairs, functionNames: set.functionNames).failure(
        beyond: isExact ? nil : terms.tolerance)
    }
  }

  private static func labels(
    _ names: [String]?, _ set: FunctionSet
  ) throws -> (labels: [Int], count: Int) {
    guard let names else { return (Array(0..<set.functionCount), set.functionCount) }
    guard names.count == set.functionCount else {
      throw Failure(
        "found \(Text.count(names.count, "label")) for "
          + Text.count(set.functionCount, "function"))
    }
    var places: [String: Int] = [:]
    let labels = names.map { name in
      let place = places[name] ?? places.count
      places[name] = place
      return place
    }
    return (labels, places.count)
  }

  private static func costs(
    _ costs: [Fraction]?, _ set: FunctionSet
  ) throws -> (costs: [Int], unit: Int) {
    guard let costs else { return ([Int](repeating: 1, count: set.queryCount), 1) }
    guard costs.count == set.queryCount else {
      throw Failure(
        "found \(Text.count(costs.count, "cost")) for "
          + "\(set.queryCount) \(set.queryCount == 1 ? "query" : "queries")")
    }
    if let wrong = costs.firstIndex(where: { $0 <= Fraction(0) }) {
      throw Failure("the cost of \(set.queryNames[wrong]) is \(costs[wrong]), expected more than 0")
    }
    // In these units the cost of any play stays within 64 bits, and times a prior within 128.
    guard let unit = try? Fraction.commonDenominator(of: costs, limit: 1_000_000_000),
      let whole = try? costs.map({ try $0.scaled(by: unit) }),
      whole.allSatisfy({ $0 <= 1_000_000_000_000 })
    else {
      throw Failure(
        "the costs from \(costs.min() ?? Fraction(0)) to \(costs.max() ?? Fraction(0)) have too "
          + "many digits to be reckoned with exactly",
        hint: "take whole numbers up to 1,000,000,000,000, or fractions with a common denominator "
          + "up to 1,000,000,000")
    }
    return (whole.map { Int($0) }, Int(unit))
  }

  /// Pairs of functions of different labels that no query separates.
  private func unseparatedPairs(_ set: FunctionSet) -> [Indistinguishable.Pair] {
    guard let intervals else { return [] }
    var pairs: [Indistinguishable.Pair] = []
    for first in 0..<set.functionCount {
      for second in (first + 1)..<max(first + 1, set.functionCount)
      where labels[first] != labels[second] {
        if !(0..<set.queryCount).contains(where: { intervals.separates($0, first, second) }) {
          pairs.append(Indistinguishable.Pair(first: first, second: second))
        }
      }
    }
    return pairs
  }
}

extension FunctionSet {
  /// Checks that labels, prior and costs fit the set.
  ///
  /// - Throws: `Failure` that says what does not.
  public func check(_ terms: Terms) throws {
    _ = try CheckedTerms(terms, self, isDecidable: false)
  }
}

extension Fraction {
  /// The least common denominator.
  ///
  /// - Throws: `Failure` where it is above `limit`.
  static func commonDenominator(of fractions: [Fraction], limit: Int128) throws -> Int128 {
    var common: Int128 = 1
    for fraction in fractions {
      let divisor = greatestDivisor(common, fraction.denominator)
      let (product, overflow) = common.multipliedReportingOverflow(
        by: fraction.denominator / divisor)
      guard !overflow, product <= limit else { throw Fraction.overflow }
      common = product
    }
    return common
  }

  /// The whole number that this is of units 1/`unit`.
  func scaled(by unit: Int128) throws -> Int128 {
    let (product, overflow) = numerator.multipliedReportingOverflow(by: unit / denominator)
    guard !overflow else { throw Fraction.overflow }
    return product
  }
}
