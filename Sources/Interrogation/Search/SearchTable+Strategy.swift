extension SearchTable {
  /// Appends a bit set of these functions.
  func append(_ members: [Int32], to sets: inout [UInt64]) {
    let offset = sets.count
    for _ in 0..<words { sets.append(0) }
    for member in members { sets[offset + Int(member >> 6)] |= 1 << UInt64(member & 63) }
  }

  /// The decision tree whose first query for three or more functions is `first`; nil if that has
  /// none.
  func strategy(first: ([Int32]) -> Int?) -> Strategy? {
    var nodes: [Strategy.Node] = [.identified(function: 0)]
    var tasks: [(node: Int, members: [Int32])] = [(0, (0..<Int32(count)).map { $0 })]
    while let task = tasks.popLast() {
      guard task.members.count > 1 else {
        nodes[task.node] = .identified(function: Int(task.members[0]))
        continue
      }
      let query = task.members.count == 2 ? separator(task.members) : first(task.members)
      guard let query else { return nil }
      var parts: [Int: [Int32]] = [:]
      for member in task.members { parts[label(query, Int(member)), default: []].append(member) }
      var branches: [Strategy.Branch] = []
      for (label, part) in parts.sorted(by: { $0.key < $1.key }) {
        branches.append(Strategy.Branch(answer: code(query, label), node: nodes.count))
        tasks.append((nodes.count, part))
        nodes.append(.identified(function: 0))
      }
      nodes[task.node] = .ask(query: queryNumbers[query], branches: branches)
    }
    return Strategy(nodes: nodes)
  }

  private func separator(_ pair: [Int32]) -> Int? {
    (0..<queryCount).first { label($0, Int(pair[0])) != label($0, Int(pair[1])) }
  }
}

/// Per function the labels as bit planes over the queries: which queries separate two functions.
struct Rows {
  let words: Int
  private let planes: Int
  private let bits: [UInt64]

  init(_ table: SearchTable) {
    words = max(1, (table.queryCount + 63) / 64)
    planes = max(1, Int.bitWidth - (table.answerCount - 1).leadingZeroBitCount)
    let width = words * planes
    var bits = [UInt64](repeating: 0, count: table.count * width)
    for query in 0..<table.queryCount {
      for function in 0..<table.count {
        let label = table.label(query, function)
        for plane in 0..<planes where label >> plane & 1 == 1 {
          bits[function * width + plane * words + query >> 6] |= 1 << UInt64(query & 63)
        }
      }
    }
    self.bits = bits
  }

  /// One word of the set of queries that separate two functions.
  @inline(__always)
  func separators(_ a: Int, _ b: Int, word: Int) -> UInt64 {
    let width = words &* planes
    var differ: UInt64 = 0
    for plane in 0..<planes {
      let place = plane &* words &+ word
      differ |= bits[a &* width &+ place] ^ bits[b &* width &+ place]
    }
    return differ
  }

  /// How many of the queries `available` separate two functions.
  @inline(__always)
  func count(_ a: Int, _ b: Int, _ available: [UInt64]) -> Int {
    var count = 0
    for word in 0..<words {
      count &+= (separators(a, b, word: word) & available[word]).nonzeroBitCount
    }
    return count
  }

  /// Whether a query separates two functions.
  func separates(_ query: Int, _ a: Int, _ b: Int) -> Bool {
    separators(a, b, word: query >> 6) >> UInt64(query & 63) & 1 == 1
  }
}
