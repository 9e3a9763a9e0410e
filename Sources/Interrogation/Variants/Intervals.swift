import Execution

/// A table of numbers whose answers may each be off by a tolerance.
///
/// Values are whole numbers of a unit fine enough to be exact for what is written with decimals.
struct Intervals: Sendable {
  /// Per query the value of each function.
  let values: [[Int128]]
  /// The value of each answer code.
  private let codes: [Int32: Int128]
  /// How far two values must be apart to be told apart: more than this.
  let width: Int128
  private let unit: Scale

  /// How many units make 1.
  private enum Scale: Sendable {
    case whole(Int128)
    /// A power of two, where values have no decimals of bounded length.
    case rough(Double)
  }

  /// A set of functions that no answer of a query within the tolerance can rule out further.
  struct Window: Sendable {
    /// The functions, by value.
    var members: [Int]
    /// The least and greatest value among them.
    var range: ClosedRange<Int128>
  }

  /// - Throws: `Failure` for an answer that is no number.
  init(_ set: FunctionSet, tolerance: Fraction) throws {
    var numbers: [Int32: Double] = [:]
    for query in 0..<set.queryCount {
      for code in set.answers(to: query) where numbers[code] == nil {
        guard let number = set.number(of: code), number.isFinite else {
          throw Failure(
            "a tolerance needs answers that are numbers, but \(set.queryNames[query]) "
              + "is answered \"\(set.answerText(code))\"")
        }
        numbers[code] = number
      }
    }
    let scaled = Intervals.scaled(numbers, tolerance)
    (unit, width, codes) = (scaled.unit, scaled.width, scaled.values)
    values = (0..<set.queryCount).map { query in
      (0..<set.functionCount).map { scaled.values[set.answer(of: $0, to: query)] ?? 0 }
    }
  }

  /// Numbers and twice the tolerance in whole units: exactly, as they are written in decimals, or,
  /// where that takes more than 110 bits, to so many bits.
  private static func scaled(
    _ numbers: [Int32: Double], _ tolerance: Fraction
  ) -> (unit: Scale, values: [Int32: Int128], width: Int128) {
    let largest = numbers.values.reduce(tolerance.value) { max($0, abs($1)) }
    if let fractions = try? numbers.mapValues({ try Fraction("\($0)") }),
      let unit = try? Fraction.commonDenominator(
        of: [tolerance] + fractions.values, limit: 1 << 100),
      Double(unit) * largest < 0x1p110,
      let values = try? fractions.mapValues({ try $0.scaled(by: unit) }),
      let width = try? tolerance.scaled(by: unit)
    {
      return (.whole(unit), values, 2 * width)
    }
    let exponent = 110 - (largest > 0 ? largest.exponent : 0)
    let unit = Double(sign: .plus, exponent: max(-1000, min(1000, exponent)), significand: 1)
    let values = numbers.mapValues { Int128(($0 * unit).rounded()) }
    return (.rough(unit), values, Int128((2 * tolerance.value * unit).rounded()))
  }

  /// Whether no answer to a query is consistent with both functions.
  @inline(__always)
  func separates(_ query: Int, _ first: Int, _ second: Int) -> Bool {
    abs(values[query][first] - values[query][second]) > width
  }

  /// A number in the unit of the table, for `isNear`: twice its value, and whether more follows.
  struct Point {
    var doubled: Int128
    /// Whether the number lies between this place and the next one.
    var isBetween: Bool
  }

  /// Where an answer lies; nil for none that is a number, or one far beyond all values.
  func point(_ answer: Answer) -> Point? {
    switch answer {
    case .code(let code): codes[code].map { Point(doubled: 2 * $0, isBetween: false) }
    case .number(let number): point(number)
    case .other(let text): Double(text).flatMap { $0.isFinite ? point($0) : nil }
    }
  }

  private func point(_ number: Double) -> Point? {
    if case .whole(let unit) = unit {
      guard let exact = try? Fraction(written: number).times(2 * unit) else {
        return roughPoint(number, Double(unit))
      }
      let floor = exact.numerator / exact.denominator
      let isWhole = exact.denominator == 1
      let isBelow = !isWhole && exact.numerator < 0
      return Point(doubled: isBelow ? floor - 1 : floor, isBetween: !isWhole)
    }
    guard case .rough(let unit) = unit else { return nil }
    return roughPoint(number, unit)
  }

  private func roughPoint(_ number: Double, _ unit: Double) -> Point? {
    let doubled = 2 * number * unit
    guard abs(doubled) < 0x1p120 else { return nil }
    return Point(doubled: Int128(doubled.rounded(.down)), isBetween: doubled != doubled.rounded())
  }

  /// Whether a function may answer with a number.
  @inline(__always)
  func isNear(_ query: Int, _ function: Int, _ point: Point) -> Bool {
    // Of a place between two the one farther away must be near.
    let gap = 2 * values[query][function] - point.doubled
    return -gap + (point.isBetween ? 1 : 0) <= width && gap <= width
  }

  /// How far apart two functions answer.
  func distance(_ query: Int, _ first: Int, _ second: Int) -> Int128 {
    abs(values[query][first] - values[query][second])
  }

  /// The number that leaves just the members of a window.
  func middle(of window: Window) -> Double {
    number(window.range.lowerBound + window.range.upperBound) / 2
  }

  private func number(_ units: Int128) -> Double {
    switch unit {
    case .whole(let unit): (try? Fraction(units, unit))?.value ?? Double(units) / Double(unit)
    case .rough(let unit): Double(units) / unit
    }
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
    let (low, high) = (number(window.range.lowerBound), number(window.range.upperBound))
    let (first, last) = (Text.significant(low), Text.significant(high))
    if low == high { return first }
    // Where a few digits do not tell the ends apart, more do.
    return first == last
      ? "\(AnswerValue.digits(low))..\(AnswerValue.digits(high))" : "\(first)..\(last)"
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
