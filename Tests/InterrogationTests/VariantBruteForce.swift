/// Optima on all terms by plain enumeration; slow, and written without any of the tested code.
struct VariantBruteForce {
  let table: [[Int]]
  var labels: [Int]
  var costs: [Int]
  var weights: [Int]
  var lies = 0
  /// Twice the tolerance.
  var width = 0

  init(_ table: [[Int]]) {
    self.table = table
    labels = Array(table.indices)
    costs = [Int](repeating: 1, count: table.first?.count ?? 0)
    weights = [Int](repeating: 1, count: table.count)
  }

  private var queries: Range<Int> { 0..<(table.first?.count ?? 0) }

  private func isDecided(_ left: [Int]) -> Bool { Set(left.map { labels[$0] }).count <= 1 }

  /// Least cost in the worst case with exact answers.
  func interactive(_ left: [Int]) -> Int {
    if isDecided(left) { return 0 }
    var best = Int.max
    for query in queries {
      let parts = Dictionary(grouping: left) { table[$0][query] }.values
      guard parts.count > 1 else { continue }
      best = min(best, costs[query] + (parts.map(interactive).max() ?? 0))
    }
    return best
  }

  /// Least weighted cost with exact answers.
  func mean(_ left: [Int]) -> Int {
    if isDecided(left) { return 0 }
    var best = Int.max
    let weight = left.reduce(0) { $0 + weights[$1] }
    for query in queries {
      let parts = Dictionary(grouping: left) { table[$0][query] }.values
      guard parts.count > 1 else { continue }
      best = min(best, weight * costs[query] + parts.map(mean).reduce(0, +))
    }
    return best
  }

  /// Whether so many questions are enough against so many lies: `told[f]` lies so far.
  func canDecide(_ told: [Int], within depth: Int) -> Bool {
    let left = told.indices.filter { told[$0] <= lies }
    if isDecided(left) { return true }
    guard depth > 0 else { return false }
    return queries.contains { query in
      // With a tolerance all answers on a fine grid are tried; values are doubled for that.
      let values = table.map { 2 * $0[query] }
      let answers =
        width == 0 ? Set(values) : Set((values.min() ?? 0) - width...(values.max() ?? 0) + width)
      return answers.allSatisfy { answer in
        canDecide(
          told.indices.map { told[$0] + (abs(values[$0] - answer) <= width ? 0 : 1) },
          within: depth - 1)
      }
    }
  }

  /// Least questions against lies.
  func lying(limit: Int) -> Int? {
    (0...limit).first { canDecide(table.map { _ in 0 }, within: $0) }
  }

  /// Least questions with answers off by the tolerance: all answers on a fine grid are tried.
  func tolerant(_ left: [Int]) -> Int? {
    if isDecided(left) { return 0 }
    var best: Int?
    for query in queries {
      var worst = 0
      // Values are doubled so that every midpoint is on the grid.
      let values = left.map { 2 * table[$0][query] }
      for answer in (values.min() ?? 0) - width...(values.max() ?? 0) + width {
        let next = left.filter { abs(2 * table[$0][query] - answer) <= width }
        if next.isEmpty { continue }
        if next.count == left.count { worst = -1 }
        guard worst >= 0 else { break }
        guard let value = tolerant(next) else {
          worst = -1
          break
        }
        worst = max(worst, value)
      }
      if worst >= 0 { best = min(best ?? Int.max, 1 + worst) }
    }
    return best
  }

  /// All vectors of costs, one a function, that strategies reach where answers may be wrong.
  ///
  /// Each is the cost of the most expensive play that a function may bring about. Answers are all on
  /// a fine grid, and one that nobody gives.
  func costVectors(_ told: [Int]) -> Set<[Int]> {
    let left = told.indices.filter { told[$0] <= lies }
    if isDecided(left) { return [told.map { _ in 0 }] }
    var vectors: Set<[Int]> = []
    for query in queries where Set(left.map { table[$0][query] }).count > 1 {
      let values = table.map { 2 * $0[query] }
      let (low, high) = ((values.min() ?? 0) - width - 1, (values.max() ?? 0) + width + 1)
      let children = Set(
        (low...high).map { answer in
          told.indices.map {
            min(lies + 1, told[$0] + (abs(values[$0] - answer) <= width ? 0 : 1))
          }
        }
      ).filter { $0.contains { $0 <= lies } }
      if children.contains(told) { continue }
      var joined: Set<[Int]> = [told.map { _ in 0 }]
      for child in children {
        let below = costVectors(child)
        joined = Set(joined.flatMap { first in below.map { zip(first, $0).map { max($0, $1) } } })
      }
      for vector in joined {
        vectors.insert(
          vector.indices.map { told[$0] <= lies ? vector[$0] + costs[query] : 0 })
      }
    }
    return vectors
  }

  /// Least weighted cost where answers may be wrong.
  func erringMean() -> Int {
    costVectors(table.map { _ in 0 }).map { zip($0, weights).reduce(0) { $0 + $1.0 * $1.1 } }.min()
      ?? -1
  }

  private func separates(_ query: Int, _ a: Int, _ b: Int) -> Bool {
    width > 0
      ? abs(table[a][query] - table[b][query]) > width : table[a][query] != table[b][query]
  }

  /// Least cost of a list in which every pair is separated 2 lies + 1 times; `most` repeats.
  func list(most: Int, pairs: [(Int, Int)]? = nil) -> Int? {
    let pairs =
      pairs
      ?? table.indices.flatMap { a in
        (a + 1..<max(a + 1, table.count)).filter { labels[a] != labels[$0] }.map { (a, $0) }
      }
    var best: Int?
    func extend(_ query: Int, _ counts: [Int], _ cost: Int) {
      if let known = best, cost >= known { return }
      if query == queries.count {
        let isEnough = pairs.allSatisfy { a, b in
          queries.reduce(0) { $0 + (separates($1, a, b) ? counts[$1] : 0) } >= 2 * lies + 1
        }
        if isEnough { best = cost }
        return
      }
      for often in 0...most {
        extend(query + 1, counts + [often], cost + often * costs[query])
      }
    }
    extend(0, [], 0)
    return best
  }
}

/// Plays without reset by plain enumeration.
struct MachineBruteForce {
  let next: [[[Int]]]
  let output: [[[Int]]]

  private var inputs: Range<Int> { 0..<next[0][0].count }

  /// Least depth of an adaptive play; nil if none within `limit`.
  func adaptive(_ left: [(machine: Int, state: Int)], limit: Int) -> Int? {
    if left.count <= 1 { return 0 }
    guard limit > 0 else { return nil }
    var best: Int?
    for input in inputs {
      let parts = Dictionary(grouping: left) { output[$0.machine][$0.state][input] }.values
      var worst = 0
      for part in parts {
        let after = part.map { (machine: $0.machine, state: next[$0.machine][$0.state][input]) }
        guard let depth = adaptive(after, limit: min(limit, best ?? limit) - 1) else {
          worst = -1
          break
        }
        worst = max(worst, depth)
      }
      if worst >= 0 { best = min(best ?? Int.max, worst + 1) }
    }
    return best
  }

  /// Least length of a word whose outputs all differ; nil if none within `limit`.
  func preset(limit: Int) -> Int? {
    var words: [[Int]] = [[]]
    for length in 0...limit {
      for word in words where Set(next.indices.map { run($0, word) }).count == next.count {
        return length
      }
      words = words.flatMap { word in inputs.map { word + [$0] } }
    }
    return nil
  }

  private func run(_ machine: Int, _ word: [Int]) -> [Int] {
    var state = 0
    return word.map { input in
      defer { state = next[machine][state][input] }
      return output[machine][state][input]
    }
  }
}
