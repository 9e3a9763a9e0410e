/// Up to e wrong answers: a position is how often each function would have lied so far.
struct LyingGame: QuestionGame {
  private let columns: [Column]
  let costs: [Int]
  private let terms: CheckedTerms
  private let answerCount: Int
  /// A function that lied more often than allowed.
  private static let dead: UInt8 = 255

  /// The game over all columns; queries are numbers of columns.
  init(_ columns: [Column], costs: [Int], _ terms: CheckedTerms) {
    self.columns = columns
    self.costs = costs
    self.terms = terms
    answerCount = max(2, columns.map(\.classCount).max() ?? 2)
  }

  var start: [UInt8] { [UInt8](repeating: 0, count: terms.labels.count) }
  var work: Int { columns.count &* terms.labels.count &* 8 &+ 500 }

  func verdict(_ position: [UInt8]) -> Int? {
    var first = -1
    for function in position.indices where position[function] != LyingGame.dead {
      if first < 0 { first = function }
      if terms.labels[function] != terms.labels[first] { return nil }
    }
    return max(first, 0)
  }

  /// Whether a function may still be the one that answers.
  static func isAlive(_ position: [UInt8], _ function: Int) -> Bool {
    position[function] != dead
  }

  private func after(_ position: [UInt8], _ column: Column, _ label: Int) -> [UInt8] {
    var next = position
    for function in next.indices
    where next[function] != LyingGame.dead && column[function] != label {
      next[function] = Int(next[function]) >= terms.lies ? LyingGame.dead : next[function] + 1
    }
    return next
  }

  func moves(_ position: [UInt8]) -> [Move] {
    let alive = position.indices.filter { position[$0] != LyingGame.dead }
    var moves: [(move: Move, largest: Int)] = []
    for (query, column) in columns.enumerated() {
      let labels = Set(alive.map { column[$0] })
      guard labels.count > 1 else { continue }
      let children = labels.sorted().map { after(position, column, $0) }
      let largest = children.reduce(0) { max($0, freedom($1)) }
      moves.append(((query, costs[query], children), largest))
    }
    return moves.sorted { ($0.largest, $0.move.query) < ($1.largest, $1.move.query) }.map(\.move)
  }

  /// How much room a position leaves: functions with few lies count most.
  private func freedom(_ position: [UInt8]) -> Int {
    position.reduce(0) { sum, lies in
      lies == LyingGame.dead ? sum : sum + 1 << min(40, 3 * (terms.lies - Int(lies)))
    }
  }

  func answers(_ position: [UInt8], _ query: Int) -> [(answer: Int32, position: [UInt8])] {
    let column = columns[query]
    return (0..<column.classCount).compactMap { label in
      let next = after(position, column, label)
      guard next.contains(where: { $0 != LyingGame.dead }) else { return nil }
      return (column.codes[label], next)
    }
  }

  /// Berlekamp's bound: each function with each placement of its lies needs its own transcript.
  func worstBound(_ position: [UInt8]) -> Int {
    var counts = [Int](repeating: 0, count: terms.lies + 1)
    for (label, group) in groups(position).enumerated() {
      _ = label
      // Of one label only the function with most freedom is sure to need telling apart.
      counts[terms.lies - group] += 1
    }
    var depth = pairBound(counts)
    while !fits(counts, depth) { depth += 1 }
    return depth * (costs.min() ?? 1)
  }

  /// Per label left the fewest lies of its functions.
  private func groups(_ position: [UInt8]) -> [Int] {
    var fewest = [Int](repeating: Int.max, count: terms.labelCount)
    for function in position.indices where position[function] != LyingGame.dead {
      let label = terms.labels[function]
      fewest[label] = min(fewest[label], Int(position[function]))
    }
    return fewest.filter { $0 != Int.max }
  }

  /// Two functions with a and b lies left: the adversary may use both up.
  private func pairBound(_ counts: [Int]) -> Int {
    let left = counts.indices.reversed().flatMap { left in
      [Int](repeating: left, count: min(2, counts[left]))
    }
    return left.count < 2 ? 0 : left[0] + left[1] + 1
  }

  /// Whether the transcripts of `depth` answers are enough.
  private func fits(_ counts: [Int], _ depth: Int) -> Bool {
    let limit = Double(Int.max)
    let room = (0..<depth).reduce(1.0) { power, _ in min(limit, power * Double(answerCount)) }
    if room >= limit { return true }
    var needed = 0.0
    var ball = 0.0
    var shell = 1.0
    for left in counts.indices {
      ball += shell
      needed += Double(counts[left]) * ball
      shell *= Double(max(0, depth - left)) / Double(left + 1) * Double(answerCount - 1)
    }
    return needed <= room
  }
}
