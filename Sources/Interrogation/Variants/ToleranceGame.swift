/// Answers off by up to a tolerance: a position is the set of functions consistent with them.
///
/// An answer y leaves the functions with values within the tolerance of y; only the largest such
/// sets matter, and they overlap.
struct ToleranceGame: QuestionGame {
  let intervals: Intervals
  let costs: [Int]
  private let terms: CheckedTerms
  private let windowCount: Int

  init(_ intervals: Intervals, _ terms: CheckedTerms) {
    self.intervals = intervals
    self.terms = terms
    costs = terms.costs
    let all = Array(terms.labels.indices)
    windowCount = intervals.values.indices.reduce(1) { max($0, intervals.windows($1, all).count) }
  }

  var start: [Int] { Array(terms.labels.indices) }
  var work: Int { costs.count &* terms.labels.count &* 16 &+ 500 }

  func verdict(_ position: [Int]) -> Int? {
    let first = position.first ?? 0
    let isOver = position.allSatisfy { terms.labels[$0] == terms.labels[first] }
    return isOver ? first : nil
  }

  func moves(_ position: [Int]) -> [Move] {
    var moves: [(move: Move, largest: Int)] = []
    for query in costs.indices {
      let windows = intervals.windows(query, position)
      guard windows.count > 1 else { continue }
      let children = windows.map(\.members)
      let largest = children.reduce(0) { max($0, $1.count) }
      moves.append(((query, costs[query], children), largest))
    }
    return moves.sorted { ($0.largest, $0.move.query) < ($1.largest, $1.move.query) }.map(\.move)
  }

  func answers(_ position: [Int], _ query: Int) -> [(answer: Int32, position: [Int])] {
    intervals.windows(query, position).enumerated().map { (Int32($0), $1.members) }
  }

  func text(_ position: [Int], _ query: Int, _ answer: Int32) -> String? {
    intervals.text(of: intervals.windows(query, position)[Int(answer)])
  }

  func worstBound(_ position: [Int]) -> Int {
    let labels = Set(position.map { terms.labels[$0] }).count
    return Counting.ceilingLog(labels, base: windowCount) * (costs.min() ?? 1)
  }
}
