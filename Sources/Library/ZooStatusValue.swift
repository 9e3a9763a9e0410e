import Execution
import Language
import Zoos

/// How a zoo on disk stands, as a value.
struct ZooStatusValue: NativeObject {
  let status: ZooStatus

  var typeName: String { "zoo_status" }

  var fieldNames: [String] {
    [
      "path", "complete", "runs", "finished", "running", "missing", "failing", "failing_rows",
      "diverged", "size", "seconds_left", "settings", "version",
    ]
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "path": .text(status.path)
    case "complete": .boolean(status.isComplete)
    case "runs": .integer(status.settings.runs)
    case "finished": .items(status.finished.map(Value.integer))
    case "running": .items(status.running.map(Value.integer))
    case "missing": .items(status.missing.map(Value.integer))
    case "failing": .items(status.failing.map(Value.integer))
    case "failing_rows": .items(status.failingRows.map(Value.integer))
    case "diverged":
      .items(
        status.diverged.map {
          .fields([("run", .integer($0.run)), ("step", .integer($0.step))])
        })
    case "size": .integer(status.size)
    case "seconds_left": status.secondsLeft.map { .number($0) } ?? Value.none
    case "settings": status.settings.record
    case "version": .text(status.version)
    default: nil
    }
  }

  func card(_ style: ConsoleStyle) -> String {
    let settings = status.settings
    var lines = [
      "zoo in \(status.path): \(status.finished.count) of \(settings.runs) runs finished"
    ]
    func add(_ name: String, _ text: String) { lines.append("  " + Columns.left(name, 9) + text) }
    if !status.running.isEmpty {
      add("running", "\(Self.listed(status.running)), claimed by processes at work")
    }
    if !status.missing.isEmpty { add("missing", Self.listed(status.missing)) }
    if status.failingRows.isEmpty {
      add("checked", "all rows of finished runs agree with their check sums")
    } else {
      add(
        "failing",
        "\(Text.count(status.failingRows.count, "row")) of \(Self.listed(status.failing)) "
          + "\(status.failingRows.count == 1 ? "fails its check sum" : "fail their check sums")")
    }
    if let text = ZooDivergence.text(status.diverged) { lines.append("  " + text) }
    add(
      "size",
      Text.bytes(status.size)
        + (status.missingSize > 0 ? ", of which \(Text.bytes(status.missingSize)) are holes" : ""))
    add(
      "nets",
      "\(settings.cell.name) \(settings.layers) x \(settings.hidden), "
        + "\(Text.count(settings.steps + 1, "update")) of \(settings.batch) \(settings.family is Languages ? "strings" : "examples"), "
        + "\(Text.count(settings.keptSteps.count, "snapshot")), seed \(settings.seed)")
    add(
      "begun by",
      "rnr \(status.version), vectors of \(status.vectorWidth) bits"
        + (status.isComplete || status.isContinuable
          ? "" : "; this build rounds differently and cannot go on with it"))
    if let seconds = status.secondsLeft {
      add(
        "to do",
        "about \(Text.duration(seconds)) on the "
          + "\(Text.count(Parallel.threads, "core")) of this machine: \(call) with the same settings"
      )
    }
    return lines.joined(separator: "\n")
  }

  /// The function that trained it.
  private var call: String {
    switch status.settings.family {
    case is Languages: "language_zoo"
    case is DigitTasks: "digit_zoo"
    default: "train_zoo"
    }
  }

  /// Runs as ranges: `3 runs (0-1, 17)`.
  static func listed(_ runs: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for run in runs {
      if let last = ranges.last, last.upperBound == run - 1 {
        ranges[ranges.count - 1] = last.lowerBound...run
      } else {
        ranges.append(run...run)
      }
    }
    let shown = ranges.prefix(6).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }
    return "\(Text.count(runs.count, "run")) (" + shown.joined(separator: ", ")
      + (ranges.count > 6 ? ", ...)" : ")")
  }
}
