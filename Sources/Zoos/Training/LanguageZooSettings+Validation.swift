import Execution
import Tensors

extension LanguageZooSettings {
  /// The most runs, updates or strings that a setting may ask for.
  private static var limit: Int { 1 << 30 }

  /// Throws if a zoo of these settings cannot be trained; says what was found and what can be.
  ///
  /// - Parameter inMemory: whether all columns are to be held in memory at once.
  public func validate(inMemory: Bool = true) throws {
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
    try checkSize(inMemory: inMemory)
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
        "decay must be 0 or above, but it is \(Text.significant(weightDecay))",
        at: .keyword("decay"))
    }
    for (name, beta) in [("beta1", beta1), ("beta2", beta2)] where !(beta >= 0 && beta < 1) {
      throw Failure(
        "\(name) must be from 0 to below 1, but it is \(Text.significant(beta))",
        at: .keyword(name))
    }
    guard epsilon > 0, epsilon.isFinite else {
      throw Failure(
        "epsilon must be above 0, but it is \(Text.significant(epsilon))", at: .keyword("epsilon"))
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
      guard !language.trainingRange.isEmpty else {
        throw Failure(
          language.missingStrings.message, at: .keyword("maximum_n"),
          hint: "raise maximum_n or lowest")
      }
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

  private func checkSize(inMemory: Bool) throws {
    let shape = try networkShape()
    let columns = [[shape.parameterCount], [rollouts, length - 1, letters + 2]]
    let (rows, overflow) = runs.multipliedReportingOverflow(by: keptSteps.count)
    guard !overflow, rows <= Self.limit,
      columns.allSatisfy({ MappedColumn.canHold([rows] + $0) })
    else {
      throw Failure(
        "a zoo of \(runs) runs and \(keptSteps.count) snapshots is too large: at most \(Self.limit) "
          + "nets are kept, and 2^33 numbers of each kind", at: .keyword("runs"))
    }
    if inMemory {
      do {
        for column in columns { try Tensor.checkSize([rows] + column) }
      } catch let failure as Failure {
        throw Failure(
          "a zoo of \(runs) runs does not fit into memory: \(failure.message)",
          at: .keyword("runs"), hint: "give it a path: a zoo on disk needs no memory")
      }
    }
    for column in columns { try Tensor.checkSize([keptSteps.count] + column) }
    try Tensor.checkSize([samples, length])
  }
}
