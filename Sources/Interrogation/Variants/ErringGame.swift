import Glibc

/// Answers that may be wrong: off by up to a tolerance, or up to e of them false altogether.
///
/// A position is how often each function would have lied so far. With a tolerance an answer y leaves
/// the functions with values within it of y; only the largest such sets matter, and they overlap.
/// Where that leaves out a function, the answer was a lie of it.
struct ErringGame: QuestionGame {
  typealias Position = [UInt8]
  private let columns: [Column]
  private let terms: CheckedTerms
  private let answerCount: Int
  let costs: [Int]
  var start: [UInt8]
  /// A function that lied more often than allowed.
  private static let dead: UInt8 = 255

  /// The game over all columns; queries are numbers of columns.
  init(_ columns: [Column], _ terms: CheckedTerms) {
    self.columns = columns
    self.terms = terms
    costs = terms.costs
    start = [UInt8](repeating: 0, count: terms.labels.count)
    let all = Array(terms.labels.indices)
    let most = terms.intervals.map { intervals in
      columns.indices.map { intervals.windows($0, all).count }
    }
    // A query with fewer answers has others in reserve that nobody gives.
    answerCount = max(2, (most ?? columns.map(\.classCount)).max() ?? 2)
  }

  /// The position after so many lies of each function.
  static func position(lies: [Int], atMost most: Int) -> [UInt8] {
    lies.map { $0 > most ? dead : UInt8($0) }
  }

  var work: Int { columns.count &* terms.labels.count &* 8 &+ 500 }

  func verdict(_ position: [UInt8]) -> Int? {
    var first = -1
    for function in position.indices where position[function] != ErringGame.dead {
      if first < 0 { first = function }
      if terms.labels[function] != terms.labels[first] { return nil }
    }
    return max(first, 0)
  }

  /// The functions that may still be the one that answers, ascending.
  func alive(_ position: [UInt8]) -> [Int] {
    position.indices.filter { position[$0] != ErringGame.dead }
  }

  /// Per function how many lies it has left; -1 where it is out.
  func liesLeft(_ position: [UInt8]) -> [Int] {
    position.map { $0 == ErringGame.dead ? -1 : terms.lies - Int($0) }
  }

  /// The number of a function's label.
  func label(of function: Int) -> Int { terms.labels[function] }

  /// One more lie for all functions but those that agree with the answer.
  private func after(_ position: [UInt8], _ agrees: (Int) -> Bool) -> [UInt8] {
    var next = position
    for function in next.indices where next[function] != ErringGame.dead && !agrees(function) {
      next[function] = Int(next[function]) >= terms.lies ? ErringGame.dead : next[function] + 1
    }
    return next
  }

  private func after(_ position: [UInt8], _ members: [Int]) -> [UInt8] {
    var isMember = [Bool](repeating: false, count: position.count)
    for member in members { isMember[member] = true }
    return after(position) { isMember[$0] }
  }

  /// Where the answers lead that functions still possible give; none that tells nothing.
  private func children(_ query: Int, _ position: [UInt8], _ alive: [Int]) -> [[UInt8]] {
    if let intervals = terms.intervals {
      let windows = intervals.windows(query, alive)
      return windows.count > 1 ? windows.map { after(position, $0.members) } : []
    }
    let column = columns[query]
    let labels = Set(alive.map { column[$0] })
    guard labels.count > 1 else { return [] }
    return labels.sorted().map { label in after(position) { column[$0] == label } }
  }

  func moves(_ position: [UInt8]) -> [Move] {
    let alive = alive(position)
    var moves: [(move: Move, largest: Int)] = []
    for query in columns.indices {
      let children = children(query, position, alive)
      guard !children.isEmpty else { continue }
      let largest = children.reduce(0) { max($0, room($1)) }
      moves.append(((query, costs[query], children), largest))
    }
    return moves.sorted { ($0.largest, $0.move.query) < ($1.largest, $1.move.query) }.map(\.move)
  }

  /// How much a position leaves open: functions with few lies count most.
  private func room(_ position: [UInt8]) -> Int {
    position.reduce(0) { sum, lies in
      lies == ErringGame.dead ? sum : sum + 1 << min(40, 3 * (terms.lies - Int(lies)))
    }
  }

  /// Answers are numbered: by code, with a tolerance by the place of their window.
  func answers(_ position: [UInt8], _ query: Int) -> [(answer: Int32, position: [UInt8])] {
    if let intervals = terms.intervals {
      return intervals.windows(query, alive(position)).enumerated().map {
        (Int32($0), after(position, $1.members))
      }
    }
    let column = columns[query]
    return (0..<column.classCount).compactMap { label in
      let next = after(position) { column[$0] == label }
      guard next.contains(where: { $0 != ErringGame.dead }) else { return nil }
      return (column.codes[label], next)
    }
  }

  /// The branch of a tree that an answer takes, and where it leads.
  ///
  /// - Parameter agrees: which functions may give the answer.
  func answer(
    _ position: [UInt8], _ query: Int, _ answer: Answer, _ agrees: (Int) -> Bool
  ) -> (code: Int32?, position: [UInt8]) {
    let options = answers(position, query)
    if terms.intervals == nil, case .code(let code) = answer {
      let next = options.first { $0.answer == code }?.position ?? position
      return (code, next)
    }
    // What nobody gives may take any branch: it is a lie of all.
    let near = alive(position).filter(agrees)
    let option = options.first { option in
      near.allSatisfy { option.position[$0] == position[$0] }
    }
    return (option?.answer, option?.position ?? position)
  }

  func text(_ position: [UInt8], _ query: Int, _ answer: Int32) -> String? {
    terms.intervals.map { $0.text(of: $0.windows(query, alive(position))[Int(answer)]) }
  }

  /// Berlekamp's bound: each function with each placement of its lies needs its own transcript.
  func worstBound(_ position: [UInt8]) -> Int {
    var counts = [Int](repeating: 0, count: terms.lies + 1)
    // Of one label only the function with most freedom is sure to need telling apart.
    for fewest in groups(position) { counts[terms.lies - fewest] += 1 }
    var depth = pairBound(counts)
    while !fits(counts, depth) { depth += 1 }
    return depth * (costs.min() ?? 1)
  }

  /// Per label left the fewest lies of its functions.
  private func groups(_ position: [UInt8]) -> [Int] {
    var fewest = [Int](repeating: Int.max, count: terms.labelCount)
    for function in position.indices where position[function] != ErringGame.dead {
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
    // In whole numbers, as a bound that rounding decides is none; beyond 2^62 it is not pursued.
    let limit = 1 << 62
    let room = Counting.power(answerCount, depth, limit: limit)
    if room >= limit { return true }
    var needed = 0
    for left in counts.indices where counts[left] > 0 {
      guard let ball = wholeBall(depth, lies: left, limit: room) else { return false }
      let (share, isFar) = ball.multipliedReportingOverflow(by: counts[left])
      guard !isFar, share <= room - needed else { return false }
      needed += share
    }
    return true
  }

  /// How many transcripts of so many answers have at most so many lies; nil above `limit`.
  private func wholeBall(_ depth: Int, lies: Int, limit: Int) -> Int? {
    var (ball, shell) = (Int128(0), Int128(1))
    for lie in 0...lies {
      ball += shell
      if ball > Int128(limit) { return nil }
      // The product is divided last, so that it is whole; a shell is at most 2^62 here.
      shell = shell * Int128(max(0, depth - lie)) * Int128(answerCount - 1) / Int128(lie + 1)
      if shell == 0 { break }
    }
    return Int(ball)
  }

  /// Of all transcripts of so many answers the share that a function can bring about, at least.
  func share(_ depth: Int, lies: Int) -> Double {
    ball(depth, lies: lies) / pow(Double(answerCount), Double(depth))
  }

  /// How many transcripts of so many answers have at most so many lies, at least.
  private func ball(_ depth: Int, lies: Int) -> Double {
    var ball = 0.0
    var shell = 1.0
    for lie in 0...lies {
      ball += shell
      shell *= Double(max(0, depth - lie)) / Double(lie + 1) * Double(answerCount - 1)
    }
    return ball
  }
}

extension ErringGame: NamedQueries {
  func cost(_ query: Int) -> Int { costs[query] }
}
