import Execution

extension Profile {
  /// Lines of a profile that are shown.
  static let lineLimit = 20

  /// On a terminal that is narrower the seconds of each line are left out.
  private static let narrow = 60

  /// The profile as a table, the costliest line first; no newline at the end.
  ///
  /// Shares are of the time that was measured, so that they add up to 100 %.
  public func table(columns: Int = 80) -> String {
    let sorted = merged.sorted { ($0.seconds, $1.name) > ($1.seconds, $0.name) }
    let total = sorted.reduce(0) { $0 + $1.seconds }
    guard total > 0 else { return "nothing was called" }
    let width = min(32, (sorted.prefix(Profile.lineLimit).map(\.name.count).max() ?? 0))
    let isNarrow = columns < Profile.narrow
    var lines = [isNarrow ? " share     calls  name" : " share    seconds     calls  name"]
    lines += sorted.prefix(Profile.lineLimit).map { line($0, total, width, isNarrow) }
    if sorted.count > Profile.lineLimit {
      let others = sorted[Profile.lineLimit...]
      let seconds = others.reduce(0) { $0 + $1.seconds }
      lines.append(
        cells(seconds, total, calls: others.reduce(0) { $0 + $1.calls }, isNarrow)
          + "... \(others.count) others")
    }
    lines = lines.map { String($0.prefix(columns)) }
    lines.append(HelpText.wrapped(summary(total), columns: columns, hanging: 2))
    return lines.joined(separator: "\n")
  }

  /// The entries, those that would look alike in one: a module of the library runs in parts.
  private var merged: [Entry] {
    var (result, places): ([Entry], [[String]: Int]) = ([], [:])
    for entry in entries {
      let key = [entry.kind.rawValue, entry.name, entry.place]
      guard let place = places[key] else {
        places[key] = result.count
        result.append(entry)
        continue
      }
      result[place].calls += entry.calls
      result[place].seconds += entry.seconds
      result[place].operations += entry.operations
    }
    return result
  }

  /// How the time is divided among the language itself, built-in functions and operators.
  private func summary(_ total: Double) -> String {
    func share(_ kind: Kind) -> String {
      let seconds = entries.reduce(0) { $0 + ($1.kind == kind ? $1.seconds : 0) }
      return Text.fixed(100 * seconds / total, 1) + " %"
    }
    return "\(Text.significant(total)) s: \(share(.function)) in the language, "
      + "\(share(.native)) in built-in functions, \(share(.operation)) in operators on tensors"
  }

  private func line(
    _ entry: Entry, _ total: Double, _ width: Int, _ isNarrow: Bool
  ) -> String {
    var text = cells(entry.seconds, total, calls: entry.calls, isNarrow)
    text += Profile.left(entry.name, isNarrow ? 0 : width)
    text += "  " + (entry.place.isEmpty ? entry.kind.described : entry.place)
    if entry.operations > 0, entry.seconds > 0 {
      text += "  \(Text.fixed(entry.operations / entry.seconds / 1e9, 1)) GFLOP/s"
    }
    return text
  }

  private func cells(
    _ seconds: Double, _ total: Double, calls: Int, _ isNarrow: Bool
  ) -> String {
    Profile.right(Text.fixed(100 * seconds / total, 1), 5) + "%"
      + (isNarrow ? "" : Profile.right(Text.fixed(seconds, 6), 11))
      + Profile.right(String(calls), 10) + "  "
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension Profile.Kind {
  var described: String {
    switch self {
    case .function: "function"
    case .native: "built-in"
    case .operation: "operator"
    }
  }
}
