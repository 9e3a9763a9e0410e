import Execution

/// A table of numbers whose answers may each be off by a tolerance.
///
/// Values are whole numbers of a unit fine enough to be exact for decimal fractions.
struct Intervals: Sendable {
  /// Per query the value of each function.
  let values: [[Int]]
  /// How far two values must be apart to be told apart: more than this.
  let width: Int
  private let unit: Double

  /// A set of functions that no answer of a query within the tolerance can rule out further.
  struct Window: Sendable {
    /// The functions, by value.
    var members: [Int]
    /// The least and greatest value among them.
    var range: ClosedRange<Int>
  }

  /// - Throws: `Failure` for an answer that is no number.
  init(_ set: FunctionSet, tolerance: Fraction) throws {
    var numbers: [Int32: Double] = [:]
    var fractions: [Fraction] = [tolerance]
    var isExact = true
    for query in 0..<set.queryCount {
      for code in set.answers(to: query) where numbers[code] == nil {
        let text = set.answerText(code)
        guard let number = Double(text), number.isFinite else {
          throw Failure(
            "a tolerance needs answers that are numbers, but \(set.queryNames[query]) "
              + "is answered \"\(text)\"")
        }
        numbers[code] = number
        let fraction = try? Fraction(text)
        isExact = isExact && fraction != nil
        if let fraction { fractions.append(fraction) }
      }
    }
    let largest = numbers.values.reduce(tolerance.value) { max($0, abs($1)) }
    let common = isExact ? try? Fraction.commonDenominator(of: fractions, limit: 1 << 30) : nil
    let unit: Double
    if let common, largest * Double(common) < Double(1 << 50) {
      unit = Double(common)
    } else {
      // Values without a short decimal form are read to 50 bits.
      unit = Double(1 << 50) / max(largest, Double.leastNormalMagnitude)
    }
    self.unit = unit
    width = Int((2 * tolerance.value * unit).rounded())
    values = (0..<set.queryCount).map { query in
      (0..<set.functionCount).map { function in
        Int(((numbers[set.answer(of: function, to: query)] ?? 0) * unit).rounded())
      }
    }
  }

  /// Whether no answer to a query is consistent with both functions.
  @inline(__always)
  func separates(_ query: Int, _ first: Int, _ second: Int) -> Bool {
    abs(values[query][first] - values[query][second]) > width
  }

  /// Twice a number in the unit of the table, for `isNear`.
  func doubled(_ number: Double) -> Double {
    let doubled = 2 * number * unit
    // A number with a short decimal form is meant exactly.
    return abs(doubled - doubled.rounded()) < 1e-6 ? doubled.rounded() : doubled
  }

  /// Whether a function may answer with a number, given doubled.
  @inline(__always)
  func isNear(_ query: Int, _ function: Int, doubled: Double) -> Bool {
    abs(2 * Double(values[query][function]) - doubled) <= Double(width)
  }

  /// How far apart two functions answer.
  func distance(_ query: Int, _ first: Int, _ second: Int) -> Int {
    abs(values[query][first] - values[query][second])
  }

  /// The number that leaves just the members of a window.
  func middle(of window: Window) -> Double {
    (Double(window.range.lowerBound) + Double(window.range.upperBound)) / 2 / unit
  }

  /// The largest sets of members that one answer can leave, by value.
  func windows(_ query: Int, _ members: [Int]) -> [Window] {
    let own = values[query]
    let order = members.sorted { (own[$0], $0) < (own[$1], $1) }
    var windows: [Window] = []
    var end = 0
    for start in order.indices {
      let before = end
      while end < order.count && own[order[end]] - own[order[start]] <= width { end += 1 }
      guard end > before else { continue }
      windows.append(
        Window(
          members: order[start..<end].sorted(),
          range: own[order[start]]...own[order[end - 1]]))
    }
    return windows
  }

  /// Whether a text like `1..3` or `2` holds all that another one does.
  static func covers(_ wide: String, _ narrow: String) -> Bool {
    if wide == narrow { return true }
    guard let wide = ends(wide), let narrow = ends(narrow) else { return false }
    return wide.lowerBound <= narrow.lowerBound && narrow.upperBound <= wide.upperBound
  }

  private static func ends(_ text: String) -> ClosedRange<Double>? {
    if let number = Double(text) { return number.isFinite ? number...number : nil }
    guard let dots = text.firstRange(of: "..") else { return nil }
    guard let low = Double(text[..<dots.lowerBound]), let high = Double(text[dots.upperBound...]),
      low <= high
    else { return nil }
    return low...high
  }

  /// What a window is called: its value, or from where to where.
  func text(of window: Window) -> String {
    let low = Double(window.range.lowerBound) / unit
    let high = Double(window.range.upperBound) / unit
    let (first, last) = (Text.significant(low), Text.significant(high))
    return low == high ? first : "\(first)..\(last)"
  }
}

extension Indistinguishable {
  /// The same as an error, where answers may be off by a tolerance.
  func failure(beyond tolerance: Fraction?) -> Failure {
    guard let tolerance else { return failure }
    let shown = pairs.prefix(5).map { "(\(functionNames[$0.first]), \(functionNames[$0.second]))" }
    let more = pairs.count > 5 ? " and \(pairs.count - 5) more" : ""
    return Failure(
      "indistinguishable functions: no query has answers more than twice the tolerance "
        + "\(tolerance) apart for " + shown.joined(separator: ", ") + more,
      hint: "a smaller tolerance, or more queries")
  }
}
