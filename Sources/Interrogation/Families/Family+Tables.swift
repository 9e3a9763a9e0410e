import Execution

extension Family {
  private static func numbered(_ letter: String, _ range: Range<Int>) -> [String] {
    range.map { "\(letter)\($0)" }
  }

  static func indicator(_ n: Int) throws -> FunctionSet {
    try check(n, 1...20_000, "n", of: "indicator")
    return try FunctionSet(functions: numbered("f", 0..<n), queries: numbered("x", 0..<n)) {
      $0 == $1 ? 1 : 0
    }
  }

  static func indicatorWithZero(_ n: Int) throws -> FunctionSet {
    try check(n, 1...20_000, "n", of: "indicator0")
    let names = ["zero"] + numbered("f", 0..<(n - 1))
    return try FunctionSet(functions: names, queries: numbered("x", 0..<(n - 1))) {
      $0 == $1 + 1 ? 1 : 0
    }
  }

  static func thresholds(_ n: Int) throws -> FunctionSet {
    try check(n, 1...20_000, "n", of: "thresholds")
    return try FunctionSet(functions: numbered("t", 0..<n), queries: numbered("x", 0..<(n - 1))) {
      $1 < $0 ? 1 : 0
    }
  }

  static func cube(_ d: Int, _ k: Int) throws -> FunctionSet {
    try check(d, 1...16, "d", of: "cube")
    try check(k, 2...256, "k", of: "cube")
    let words = try words(base: k, length: d, of: "cube")
    return try FunctionSet(
      functions: words.map { name($0, base: k) }, queries: numbered("digit", 0..<d)
    ) { Int32(words[$0][$1]) }
  }

  static func linear(_ d: Int) throws -> FunctionSet {
    try check(d, 1...13, "d", of: "linear")
    let count = 1 << d
    return try FunctionSet(functions: numbered("w", 0..<count), queries: numbered("x", 1..<count)) {
      Int32(($0 & ($1 + 1)).nonzeroBitCount & 1)
    }
  }

  static func address(_ j: Int) throws -> FunctionSet {
    try check(j, 0...13, "j", of: "address")
    let cells = 1 << j
    let names = (0..<2 * cells).map { "a\($0 / 2)b\($0 % 2)" }
    return try FunctionSet(
      functions: names, queries: numbered("bit", 0..<j) + numbered("cell", 0..<cells)
    ) { function, query in
      let (place, content) = (function / 2, function % 2)
      if query < j { return Int32(place >> query & 1) }
      return query - j == place ? Int32(content) : 0
    }
  }

  static func pointer(_ p: Int) throws -> FunctionSet {
    try check(p, 1...10_000, "p", of: "pointer")
    let names = (0..<2 * p).map { "p\($0 / 2 + 1)b\($0 % 2)" }
    return try FunctionSet(functions: names, queries: ["which"] + numbered("x", 1..<(p + 1))) {
      function, query in
      let place = function / 2 + 1
      if query == 0 { return Int32(place) }
      return query == place ? Int32(function % 2) : 0
    }
  }

  /// All words of a length over 0 ..< base, in lexicographic order.
  static func words(base: Int, length: Int, of family: String) throws -> [[Int]] {
    let count = Counting.power(base, length, limit: FunctionSet.functionLimit + 1)
    guard count <= FunctionSet.functionLimit else {
      throw Failure(
        "\(family): \(base)^\(length) functions are too many, "
          + "at most \(FunctionSet.functionLimit) are possible")
    }
    return (0..<count).map { number in
      var word = [Int](repeating: 0, count: length)
      var rest = number
      for place in stride(from: length - 1, through: 0, by: -1) {
        word[place] = rest % base
        rest /= base
      }
      return word
    }
  }

  static func name(_ word: [Int], base: Int) -> String {
    word.map { String($0) }.joined(separator: base > 10 ? "." : "")
  }
}
