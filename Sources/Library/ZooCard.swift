import Execution
import Zoos

/// What the prompt prints of a zoo: its nets, their accuracy by step, and a table of tasks.
struct ZooCard {
  /// Tasks that the table shows, from the best and the worst end.
  private static let shownTasks = 5

  private let zoo: Zoo
  private let columns: Int

  init(_ zoo: Zoo, columns: Int) {
    self.zoo = zoo
    self.columns = columns
  }

  var text: String {
    get throws {
      let shape = zoo.shape
      var lines = [
        "zoo of \(Text.count(zoo.count, "net"))\(try taskCount)"
          + (zoo.path.map { ", in \($0)" } ?? ""),
        "  \(shape.text), \(shape.parameterCount) weights" + rolloutText,
      ]
      if let title = zoo.family?.title { lines.append("  trained on " + title) }
      if !zoo.isComplete {
        lines.append(
          "  unfinished: the nets of the runs that are finished"
            + (zoo.path == nil ? "" : "; see zoo_status"))
      }
      if let text = ZooDivergence.text(try zoo.divergences) { lines.append("  " + text) }
      if let others { lines.append(others) }
      guard zoo.count > 0, let score, zoo.column("step") != nil else {
        return lines.joined(separator: "\n")
      }
      return (lines + (try stepLines(score)) + (try taskLines(score))).joined(separator: "\n")
    }
  }

  /// The measure by which nets are compared: the family's, else the accuracy or the loss.
  private var score: String? {
    ([zoo.family?.score].compactMap(\.self) + ["accuracy", "loss"]).first {
      zoo.column($0)?.rowShape == []
    }
  }

  private var taskCount: String {
    get throws {
      guard zoo.column("tasks") != nil else { return "" }
      return ": "
        + Text.count(try zoo.uniqueTasks.count, zoo.family is Languages ? "language" : "task")
    }
  }

  private var rolloutText: String {
    guard zoo.column("inputs") != nil else { return "" }
    let noun = zoo.form.readsTokens ? "tokens" : "steps"
    return "; \(Text.count(zoo.rolloutCount, "rollout")) of \(zoo.length) \(noun) each"
  }

  /// Columns that no line of the card shows otherwise, of zoos whose columns are not those of their
  /// family.
  private var others: String? {
    let known =
      (zoo.family?.files(rollouts: zoo.rolloutCount).flatMap(\.columns) ?? []) + [
        "weights", "inputs", "outputs", "tasks", "run", "step",
      ]
    let names = zoo.columns.map(\.name).filter { !known.contains($0) }
    guard !names.isEmpty else { return nil }
    return "  columns: " + names.joined(separator: ", ")
  }

  /// Steps with the mean score of their nets below them, as many of the last as fit.
  private func stepLines(_ score: String) throws -> [String] {
    let steps = try zoo.numbers("step")
    let scores = try zoo.numbers(score)
    let width = max(score.count, 8)
    var lines = ["  " + Columns.left("step", width), "  " + Columns.left(score, width)]
    let cells = Set(steps).sorted().map { step in
      let chosen = steps.indices.filter { steps[$0] == step }
      let mean = chosen.reduce(0) { $0 + Double(scores[$1]) } / Double(chosen.count)
      return (String(Int(within: 0...Int.max, Double(step))), Text.fixed(mean, 3))
    }
    let room = max((columns - lines[1].count - 1) / 7, 1)
    for cell in cells.suffix(room) {
      let width = max(cell.0.count, cell.1.count)
      lines[0] += "  " + Columns.left(cell.0, width)
      lines[1] += "  " + Columns.left(cell.1, width)
    }
    return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
  }

  /// The tasks whose nets do best and worst at the last step.
  private func taskLines(_ score: String) throws -> [String] {
    guard zoo.column("tasks") != nil else { return [] }
    let steps = try zoo.numbers("step")
    let scores = try zoo.numbers(score)
    let last = steps.max() ?? 0
    var found: [[Double]: (nets: Int, last: Int, sum: Double)] = [:]
    for (row, task) in try zoo.taskList.enumerated() {
      var entry = found[task] ?? (0, 0, 0)
      entry.nets += 1
      if steps[row] == last {
        entry.last += 1
        entry.sum += Double(scores[row])
      }
      found[task] = entry
    }
    // Of a loss the lowest is best.
    let sign = score.hasSuffix("loss") ? -1.0 : 1.0
    let tasks = found.map { (task: $0.key, entry: $0.value) }.sorted {
      let means = [$0, $1].map {
        $0.entry.last > 0 ? sign * $0.entry.sum / Double($0.entry.last) : -Double.infinity
      }
      return means[0] == means[1]
        ? $0.task.lexicographicallyPrecedes($1.task) : means[0] > means[1]
    }
    let names = tasks.map { item in
      zoo.family?.name(of: item.task)
        ?? item.task.map { Text.significant($0, 6) }.joined(separator: " ")
    }
    let title = zoo.family is Languages ? "task m" : zoo.family is DigitTasks ? "angle" : "task"
    let width = max(names.map(\.count).max() ?? 0, 6)
    let step = Int(within: 0...Int.max, Double(last))
    var lines = ["  " + Columns.left(title, width) + "  nets  \(score) at step \(step)"]
    func add(_ place: Int) {
      let entry = tasks[place].entry
      lines.append(
        "  " + Columns.left(names[place], width) + "  " + Columns.left("\(entry.nets)", 4) + "  "
          + (entry.last > 0 ? Text.fixed(entry.sum / Double(entry.last), 3) : "-"))
    }
    guard tasks.count > Self.shownTasks + 1 else {
      tasks.indices.forEach(add)
      return lines
    }
    for place in 0..<3 { add(place) }
    lines.append("  ... \(tasks.count - Self.shownTasks) more")
    for place in (tasks.count - 2)..<tasks.count { add(place) }
    return lines
  }
}
