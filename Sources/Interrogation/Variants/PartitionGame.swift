/// Exact answers, with labels and costs: a position is the set of functions left.
struct PartitionGame: QuestionGame {
  let table: SearchTable
  private let terms: CheckedTerms
  /// Per query of the table its cost.
  let costs: [Int]
  /// The sums of the cheapest costs: entry d is the least that d different queries cost.
  private let cheapest: [Int]

  /// No play of the whole game has fewer questions: an adversary always gives the commonest answer.
  private let startDepth: Int

  init(_ table: SearchTable, _ terms: CheckedTerms) {
    self.table = table
    if terms.hasOwnLabels {
      let all = (0..<Int32(table.count)).map { $0 }
      let largest = (0..<table.queryCount).map { table.split(all, $0).largest }.sorted()
      let base = table.answerCount
      startDepth = Counting.combined(table.count, base: base, largest: largest).depth
    } else {
      startDepth = 0
    }
    self.terms = terms
    costs = table.queryNumbers.map { terms.costs[$0] }
    cheapest = costs.sorted().reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
  }

  var start: [UInt64] { table.everything }
  var work: Int { table.queryCount &* table.words &* 8 &+ 500 }

  private func each(_ position: [UInt64], _ body: (Int) -> Bool) {
    for word in position.indices {
      var bits = position[word]
      while bits != 0 {
        if !body(word &<< 6 &+ bits.trailingZeroBitCount) { return }
        bits &= bits &- 1
      }
    }
  }

  func alive(_ position: [UInt64]) -> [Int] {
    var alive: [Int] = []
    each(position) {
      alive.append($0)
      return true
    }
    return alive
  }

  func verdict(_ position: [UInt64]) -> Int? {
    var first = -1
    var isOver = true
    each(position) { function in
      if first < 0 { first = function }
      isOver = terms.labels[function] == terms.labels[first]
      return isOver
    }
    return isOver ? max(first, 0) : nil
  }

  func moves(_ position: [UInt64]) -> [Move] {
    let size = position.reduce(0) { $0 + $1.nonzeroBitCount }
    let all = (0..<Int32(table.queryCount)).map { $0 }
    let found = table.candidates(position, 0, size: size, among: all)
      .sorted { ($0.rank, costs[Int($0.query)]) < ($1.rank, costs[Int($1.query)]) }
    // Of queries that split alike the cheapest is enough.
    var best: [UInt64: Int32] = [:]
    for candidate in found {
      let other = best[candidate.key]
      if other.map({ costs[Int(candidate.query)] < costs[Int($0)] }) ?? true {
        best[candidate.key] = candidate.query
      }
    }
    return found.filter { best[$0.key] == $0.query }.map { candidate in
      (Int(candidate.query), costs[Int(candidate.query)], classes(position, candidate.query))
    }
  }

  private func classes(_ position: [UInt64], _ query: Int32) -> [[UInt64]] {
    var sets = position
    return table.appendClasses(of: Int(query), 0, to: &sets).map { part in
      Array(sets[part.offset..<part.offset + table.words])
    }
  }

  func answers(_ position: [UInt64], _ query: Int) -> [(answer: Int32, position: [UInt64])] {
    var sets = position
    return table.appendClasses(of: query, 0, to: &sets).map { part in
      (table.code(query, part.label), Array(sets[part.offset..<part.offset + table.words]))
    }
  }

  func weight(_ position: [UInt64]) -> Int {
    var weight = 0
    each(position) {
      weight &+= terms.weights[$0]
      return true
    }
    return weight
  }

  /// The weights of the labels left.
  private func labelWeights(_ position: [UInt64]) -> [Int] {
    var sums = [Int](repeating: -1, count: terms.labelCount)
    each(position) { function in
      let label = terms.labels[function]
      sums[label] = max(sums[label], 0) + terms.weights[function]
      return true
    }
    return sums.filter { $0 >= 0 }
  }

  /// The lower bound of the whole game.
  var startBound: Int { worstBound(start) }

  func worstBound(_ position: [UInt64]) -> Int {
    let log = Counting.ceilingLog(labelWeights(position).count, base: table.answerCount)
    let depth = startDepth > log && position == start ? startDepth : log
    return cheapest[min(depth, cheapest.count - 1)]
  }

  func meanBound(_ position: [UInt64]) -> Int128 {
    let path = Counting.huffman(labelWeights(position).sorted(), base: table.answerCount)
    return Int128(path) * Int128(costs.min() ?? 1)
  }
}
