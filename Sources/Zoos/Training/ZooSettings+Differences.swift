import Execution

extension ZooSettings {
  /// The most differences that are shown.
  private static let shownDifferences = 6

  /// Where settings found in a file differ from these, as a table; nil if nowhere.
  ///
  /// Where the steps differ, the schedule and the snapshots that follow from them are passed over.
  func differences(found: ZooSettings) -> String? {
    let there = Dictionary(found.fields.map { ($0.name, $0.value.text) }) { first, _ in first }
    let asked = fields.map { (name: $0.name, value: $0.value.text) }
    var pairs = asked.filter { there[$0.name] != $0.value }
    pairs += found.fields.filter { one in !asked.contains { $0.name == one.name } }
      .map { (name: $0.name, value: "") }
    guard !pairs.isEmpty else { return nil }
    if steps != found.steps { pairs.removeAll { ["schedule", "snapshots"].contains($0.name) } }
    var lines = [["setting", "there", "asked"]]
    lines += pairs.prefix(Self.shownDifferences).map { [$0.name, there[$0.name] ?? "", $0.value] }
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
