/// What differs between the lines that were expected and those that were found.
struct LineDifference {
  private enum Line {
    case same(String)
    case missing(String)
    case new(String)
  }

  /// Longer texts are not compared line by line, which would take long.
  private static let comparedLimit = 1000
  /// The most lines that are shown.
  private static let shownLimit = 40
  /// How many lines that agree are shown around those that differ.
  private static let context = 2

  private var lines: [Line] = []

  /// Compares lines by their longest common subsequence.
  init(_ wanted: [String], _ found: [String]) {
    guard max(wanted.count, found.count) <= LineDifference.comparedLimit else {
      lines = wanted.map(Line.missing) + found.map(Line.new)
      return
    }
    let common = LineDifference.commonLengths(wanted, found)
    var (i, j) = (0, 0)
    while i < wanted.count || j < found.count {
      if i < wanted.count, j < found.count, wanted[i].trimmed == found[j].trimmed {
        lines.append(.same(found[j]))
        (i, j) = (i + 1, j + 1)
      } else if i < wanted.count, j == found.count || common[i + 1][j] >= common[i][j + 1] {
        lines.append(.missing(wanted[i]))
        i += 1
      } else {
        lines.append(.new(found[j]))
        j += 1
      }
    }
  }

  /// For each pair of places the length of the longest common subsequence behind them.
  private static func commonLengths(_ wanted: [String], _ found: [String]) -> [[Int]] {
    let empty = [Int](repeating: 0, count: found.count + 1)
    var lengths = [[Int]](repeating: empty, count: wanted.count + 1)
    for i in wanted.indices.reversed() {
      for j in found.indices.reversed() {
        lengths[i][j] =
          wanted[i].trimmed == found[j].trimmed
          ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
      }
    }
    return lengths
  }

  /// The lines with `-` where they were expected and `+` where they were found.
  func rendered(_ paint: Paint) -> [String] {
    let isNear = lines.indices.map { place in
      (place - LineDifference.context...place + LineDifference.context).contains { near in
        guard lines.indices.contains(near), case .same = lines[near] else {
          return lines.indices.contains(near)
        }
        return false
      }
    }
    var shown: [String] = []
    for (place, line) in lines.enumerated() {
      switch line {
      case .missing(let text): shown.append(paint("  - " + text, .error))
      case .new(let text): shown.append(paint("  + " + text, .hint))
      case .same(let text) where isNear[place]: shown.append("    " + text)
      case .same: if place == 0 || isNear[place - 1] { shown.append("    ...") }
      }
    }
    let hidden = shown.count - LineDifference.shownLimit
    guard hidden > 0 else { return shown }
    return shown.prefix(LineDifference.shownLimit) + ["    ... \(hidden) lines more"]
  }
}
