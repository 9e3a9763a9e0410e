import Execution

extension LanguageZooSettings {
  /// The settings by name, as they are shown, compared, and written to a zoo's file.
  var fields: [(name: String, value: String)] {
    [
      ("runs", "\(runs)"), ("steps", "\(steps)"), ("letters", "\(letters)"),
      ("length", "\(length)"), ("lowest", "\(lowest)"), ("highest", "\(highest)"),
      ("maximum_n", "\(maximumN)"), ("cell", cell.rawValue), ("layers", "\(layers)"),
      ("hidden", "\(hidden)"), ("batch", "\(batch)"), ("optimizer", optimizer.rawValue),
      ("schedule", "[" + points.map { "(\($0.step), \($0.rate))" }.joined(separator: ", ") + "]"),
      ("decay", "\(weightDecay)"), ("beta1", "\(beta1)"), ("beta2", "\(beta2)"),
      ("epsilon", "\(epsilon)"),
      ("snapshots", "[" + keptSteps.map(String.init).joined(separator: ", ") + "]"),
      ("samples", "\(samples)"), ("rollouts", "\(rollouts)"), ("tasks", tasks.rawValue),
      ("seed", "\(seed)"),
    ]
  }

  /// The most differences that are shown.
  private static let shownDifferences = 6

  /// Where settings found in a file differ from these, as a table; nil if nowhere.
  ///
  /// Where the steps differ, the schedule and the snapshots that follow from them are passed over.
  func differences(found: LanguageZooSettings) -> String? {
    var pairs = zip(found.fields, fields).filter { $0.value != $1.value }
    guard !pairs.isEmpty else { return nil }
    if steps != found.steps { pairs.removeAll { ["schedule", "snapshots"].contains($0.0.name) } }
    var lines = [["setting", "there", "asked"]]
    lines += pairs.prefix(Self.shownDifferences).map { [$0.name, $0.value, $1.value] }
    let widths = (0..<2).map { place in lines.map { $0[place].count }.max() ?? 0 }
    var text = lines.map { line in
      "  " + Self.padded(line[0], widths[0]) + "  " + Self.padded(line[1], widths[1]) + "  "
        + line[2]
    }
    if pairs.count > Self.shownDifferences {
      text.append("  and \(pairs.count - Self.shownDifferences) more")
    }
    return text.joined(separator: "\n")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
