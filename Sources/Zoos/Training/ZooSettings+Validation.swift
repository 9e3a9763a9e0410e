import Execution
import Tensors

extension ZooSettings {
  /// Throws if a zoo of these settings cannot be trained; says what was found and what can be.
  ///
  /// - Parameter inMemory: whether all columns are to be held in memory at once.
  public func validate(inMemory: Bool = true) throws {
    for setting in Self.table { try setting.check(self) }
    try family.checkSettings()
    if let bad = points.first(where: { !($0.rate > 0 && $0.rate.isFinite) }) {
      throw Failure(
        "a learning rate must be above 0, but at step \(bad.step) it is "
          + Text.significant(bad.rate), at: .keyword("schedule"))
    }
    try checkSnapshots()
    try family.validate(self)
    try checkSize(inMemory: inMemory)
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

  private func checkSize(inMemory: Bool) throws {
    let files = try layout().files
    let (rows, overflow) = runs.multipliedReportingOverflow(by: keptSteps.count)
    guard !overflow, rows <= Self.limit,
      files.allSatisfy({ MappedColumn.canHold([rows] + $0.rowShape) })
    else {
      throw Failure(
        "a zoo of \(runs) runs and \(keptSteps.count) snapshots is too large: at most \(Self.limit) "
          + "nets are kept, and 2^56 bytes of each file", at: .keyword("runs"))
    }
    if inMemory {
      do {
        for file in files { try Tensor.checkSize([rows] + file.rowShape) }
      } catch let failure as Failure {
        throw Failure(
          "a zoo of \(runs) runs does not fit into memory: \(failure.message)",
          at: .keyword("runs"), hint: "give it a path: a zoo on disk needs no memory")
      }
    }
    for file in files { try Tensor.checkSize([keptSteps.count] + file.rowShape) }
  }
}
