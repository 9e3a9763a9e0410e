import Execution

extension Family {
  static func searchTree(_ k: Int, _ d: Int) throws -> FunctionSet {
    try check(k, 2...1024, "k", of: "searchtree")
    try check(d, 1...16, "d", of: "searchtree")
    let leaves = try words(base: k, length: d, of: "searchtree")
    var nodes: [[Int]] = []
    for depth in 0..<d { nodes += try words(base: k, length: depth, of: "searchtree") }
    // A node of depth e with number u is above a leaf w when w / k^(d-e) = u.
    let spans = nodes.map { Counting.power(k, d - $0.count, limit: Int.max) }
    let starts = nodes.map { node in node.reduce(0) { $0 * k + $1 } }
    return try FunctionSet(
      functions: leaves.map { "w" + name($0, base: k) },
      queries: nodes.map { $0.isEmpty ? "root" : "u" + name($0, base: k) }
    ) { leaf, node in
      guard leaf / spans[node] == starts[node] else { return 0 }
      return Int32(leaves[leaf][nodes[node].count])
    }
  }

  /// Parents of vertices 1, 2, ...; each stands before its child.
  static func edgeTree(_ parents: [Int]) throws -> FunctionSet {
    for (place, parent) in parents.enumerated() {
      try check(parent, 0...place, "the parent of vertex \(place + 1)", of: "edgetree")
    }
    let count = parents.count + 1
    // below[v][e]: vertex v lies below the edge from vertex e + 1 to its parent.
    var below = [[Bool]](repeating: [Bool](repeating: false, count: count - 1), count: count)
    for vertex in 1..<count {
      below[vertex] = below[parents[vertex - 1]]
      below[vertex][vertex - 1] = true
    }
    return try FunctionSet(
      functions: (0..<count).map { "v\($0)" },
      queries: (1..<count).map { "e\(parents[$0 - 1])-\($0)" }
    ) { below[$0][$1] ? 1 : 0 }
  }

  static func sorting(_ s: Int) throws -> FunctionSet {
    try check(s, 1...8, "s", of: "sorting")
    let orders = permutations(s)
    var pairs: [(Int, Int)] = []
    for first in 0..<s {
      for second in (first + 1)..<max(s, first + 1) { pairs.append((first, second)) }
    }
    let known = pairs
    return try FunctionSet(
      functions: orders.map { name($0, base: s) }, queries: pairs.map { "\($0.0)<\($0.1)" },
      texts: [0: "no", 1: "yes"]
    ) { orders[$0][known[$1].0] < orders[$0][known[$1].1] ? 1 : 0 }
  }

  /// All orders of 0 ..< count, in lexicographic order.
  private static func permutations(_ count: Int) -> [[Int]] {
    var orders: [[Int]] = [[]]
    for _ in 0..<count {
      orders = orders.flatMap { order in
        (0..<count).filter { !order.contains($0) }.map { order + [$0] }
      }
    }
    return orders
  }

  static func mastermind(_ pegs: Int, _ colours: Int) throws -> FunctionSet {
    try check(pegs, 1...8, "pegs", of: "mastermind")
    try check(colours, 1...20, "colours", of: "mastermind")
    let codes = try words(base: colours, length: pegs, of: "mastermind")
    try FunctionSet.checkSize(functions: codes.count, queries: codes.count)
    var texts: [Int32: String] = [:]
    for black in 0...pegs {
      for white in 0...(pegs - black) {
        texts[Int32(10 * black + white)] = "\(black) black, \(white) white"
      }
    }
    let tallies = codes.map { code in
      code.reduce(into: [Int](repeating: 0, count: colours)) { $0[$1] += 1 }
    }
    let names = codes.map { name($0, base: colours) }
    return try FunctionSet(functions: names, queries: names, texts: texts) { secret, guess in
      var black = 0
      for place in 0..<pegs where codes[secret][place] == codes[guess][place] { black += 1 }
      var common = 0
      for colour in 0..<colours { common += min(tallies[secret][colour], tallies[guess][colour]) }
      return Int32(10 * black + common - black)
    }
  }
}
