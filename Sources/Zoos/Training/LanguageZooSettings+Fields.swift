import Execution

extension LanguageZooSettings {
  /// The settings by name, as they are shown, compared, and written to a zoo's file.
  var fields: [(name: String, value: String)] {
    [
      ("runs", "\(runs)"), ("steps", "\(steps)"), ("letters", "\(letters)"),
      ("length", "\(length)"), ("lowest", "\(lowest)"), ("highest", "\(highest)"),
      ("maximum_n", "\(maximumN)"), ("layers", "\(layers)"), ("hidden", "\(hidden)"),
      ("batch", "\(batch)"),
      ("schedule", "[" + points.map { "(\($0.step), \($0.rate))" }.joined(separator: ", ") + "]"),
      ("weight_decay", "\(weightDecay)"),
      ("snapshots", "[" + keptSteps.map(String.init).joined(separator: ", ") + "]"),
      ("samples", "\(samples)"), ("rollouts", "\(rollouts)"), ("tasks", tasks.rawValue),
      ("seed", "\(seed)"),
    ]
  }

  /// Where settings found in a file differ from these: `steps 500 there, 1000 asked`; nil if
  /// nowhere.
  ///
  /// Where the steps differ, the schedule and the snapshots that follow from them are passed over.
  func differences(found: LanguageZooSettings) -> String? {
    var pairs = zip(found.fields, fields).filter { $0.value != $1.value }
    guard !pairs.isEmpty else { return nil }
    if steps != found.steps { pairs.removeAll { ["schedule", "snapshots"].contains($0.0.name) } }
    return pairs.map { "\($0.name) \($0.value) there, \($1.value) asked" }.joined(separator: "; ")
  }
}
