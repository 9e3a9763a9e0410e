import Execution
import Tensors

extension LanguageZooSettings {
  /// The most runs, updates or strings that a setting may ask for.
  private static var limit: Int { 1 << 30 }

  /// Throws if a zoo of these settings cannot be trained; says what was found and what can be.
  public func validate() throws {
    try check("runs", runs, 1...Self.limit)
    try check("steps", steps, 0...Self.limit)
    try check("letters", letters, 1...FormalLanguage.maximumLetters)
    try check("length", length, 2...FormalLanguage.maximumLength)
    try check("maximum_n", maximumN, 1...FormalLanguage.maximumLength)
    try check("layers", layers, 1...64)
    try check("hidden", hidden, 1...4096)
    try check("batch", batch, 1...Self.limit)
    try check("samples", samples, 1...Self.limit)
    try check("rollouts", rollouts, 0...Self.limit)
    try checkRates()
    try checkSnapshots()
    try checkTasks()
    try checkSize()
  }

  private func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    if range.contains(value) { return }
    let expected =
      range.upperBound == Self.limit
      ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    throw Failure(
      "\(name) must be \(expected), but it is \(value)", at: .keyword(name), "is \(value)")
  }

  private func checkRates() throws {
    guard weightDecay.isFinite, weightDecay >= 0 else {
      throw Failure(
        "weight_decay must be 0 or above, but it is \(Text.significant(weightDecay))",
        at: .keyword("weight_decay"))
    }
    if let bad = points.first(where: { !($0.rate > 0 && $0.rate.isFinite) }) {
      throw Failure(
        "a learning rate must be above 0, but at step \(bad.step) it is "
          + Text.significant(bad.rate), at: .keyword("schedule"))
    }
  }

  private func checkSnapshots() throws {
    if let bad = snapshots.first(where: { $0 < 0 }) {
      throw Failure(
        "a snapshot's step must be 0 or above, but one is \(bad)", at: .keyword("snapshots"))
    }
    guard rollouts <= samples else {
      throw Failure(
        "rollouts are taken from the samples, but \(rollouts) rollouts were asked and "
          + "\(Text.count(samples, "sample"))", at: .keyword("rollouts"),
        hint: "lower rollouts or raise samples")
    }
  }

  private func checkTasks() throws {
    let limit = 4096
    try check("lowest", lowest, -limit...limit)
    try check("highest", highest, -limit...limit)
    guard lowest <= highest else {
      throw Failure(
        "lowest must not be above highest, but they are \(lowest) and \(highest)",
        at: .keyword("lowest"))
    }
    if tasks == .all, taskCount ?? Int.max > Self.limit {
      throw Failure(
        "there are too many tasks to take all: \(highest - lowest + 1) numbers for each of "
          + "\(letters - 1) letters", at: .keyword("tasks"), hint: "use random tasks")
    }
    for task in hardestTasks {
      let language = try FormalLanguage(task, length: length, maximumN: maximumN)
      guard !language.trainingRange.isEmpty else { throw language.missingStrings }
      guard language.hasStringThatFits else {
        let count = language.letterCount(n: language.minimumN)
        throw Failure(
          "no string of the task \(language.name) fits: its shortest has "
            + "\(Text.count(count, "letter")), which with beginning and end make \(count + 2) "
            + "tokens, but length is \(length)", at: .keyword("length"),
          hint: "raise length, or narrow lowest and highest")
      }
    }
  }

  /// For each least number the task whose shortest string is the longest.
  private var hardestTasks: [[Int]] {
    guard letters > 1 else { return [[0]] }
    return (lowest...highest).map { least in
      [0, least] + [Int](repeating: highest, count: letters - 2)
    }
  }

  private func checkSize() throws {
    let shape = try networkShape()
    let (rows, overflow) = runs.multipliedReportingOverflow(by: keptSteps.count)
    guard !overflow else {
      throw Failure("a zoo of \(runs) runs is too large", at: .keyword("runs"))
    }
    try Tensor.checkSize([rows, shape.parameterCount])
    try Tensor.checkSize([rows, rollouts, length - 1, letters + 2])
    try Tensor.checkSize([samples, length])
  }
}
