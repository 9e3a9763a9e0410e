/// The counting bounds of identification by queries with at most k answers.
enum Counting {
  /// The least d with k^d >= n.
  static func ceilingLog(_ n: Int, base k: Int) -> Int {
    var depth = 0
    var reach = 1
    while reach < n {
      guard k > 1 else { return n - 1 }
      depth += 1
      let (product, overflow) = reach.multipliedReportingOverflow(by: k)
      reach = overflow ? Int.max : product
    }
    return depth
  }

  /// k^d, or `limit` where it is larger.
  static func power(_ k: Int, _ d: Int, limit: Int) -> Int {
    var power = 1
    for _ in 0..<max(0, d) where power < limit {
      let (product, overflow) = power.multipliedReportingOverflow(by: k)
      power = overflow ? limit : min(limit, product)
      if k == 1 { break }
    }
    return min(power, limit)
  }

  /// Least sum of leaf depths over k-ary trees with n leaves.
  static func pathLength(_ n: Int, base k: Int) -> Int {
    guard n > 1 else { return 0 }
    guard k > 1 else { return n * (n - 1) }
    var depth = 0
    var full = 1
    while full <= n / k {
      full *= k
      depth += 1
    }
    // A full tree of this depth; each leaf opened makes room for k - 1 more.
    let opened = (n - full + k - 2) / (k - 1)
    return n * depth + (n - full) + opened
  }

  /// Least weighted path length over k-ary trees (Huffman); `weights` ascending.
  static func huffman(_ weights: [Int], base k: Int) -> Int {
    guard weights.count > 1, k > 1 else { return 0 }
    let missing = (weights.count - 1) % (k - 1)
    let padding = missing == 0 ? 0 : k - 1 - missing
    let leaves = [Int](repeating: 0, count: padding) + weights
    var merged: [Int] = []
    var leaf = 0
    var inner = 0
    var total = 0
    while leaves.count - leaf + merged.count - inner > 1 {
      var sum = 0
      for _ in 0..<k {
        if leaf < leaves.count, inner >= merged.count || leaves[leaf] <= merged[inner] {
          sum += leaves[leaf]
          leaf += 1
        } else {
          sum += merged[inner]
          inner += 1
        }
      }
      total += sum
      merged.append(sum)
    }
    return total
  }

  /// The combined bound: an adversary gives the majority answers of the best j queries.
  ///
  /// - Parameter largest: sizes of the largest class of each distinct query, ascending.
  static func combined(_ n: Int, base k: Int, largest: some Sequence<Int>) -> (depth: Int, j: Int) {
    var left = n
    var asked = 0
    var best = (depth: ceilingLog(n, base: k), j: 0)
    for size in largest {
      left -= n - size
      asked += 1
      guard left > 1 else { break }
      let depth = asked + ceilingLog(left, base: k)
      if depth > best.depth { best = (depth, asked) }
    }
    return best
  }
}
