import Execution
import Zoos

/// What the prompt prints of a zoo: its nets, their accuracy by step, and a table of tasks.
struct ZooCard {
  /// Tasks that the table shows, from the best and the worst end.
  private static let shownTasks = 5

  private let zoo: LanguageZoo
  private let columns: Int

  init(_ zoo: LanguageZoo, columns: Int) {
    self.zoo = zoo
    self.columns = columns
  }

  var text: String {
    let shape = zoo.shape
    var lines = [
      "zoo of \(Text.count(zoo.count, "net")): \(Text.count(zoo.uniqueTasks.count, "language"))"
        + (zoo.path.map { ", in \($0)" } ?? ""),
      "  \(shape.cell.name) \(shape.layers) x \(shape.hidden), \(shape.inputs) inputs, "
        + "\(shape.outputs) outputs, \(shape.parameterCount) weights; "
        + "\(Text.count(zoo.rolloutCount, "rollout")) of \(zoo.length) tokens each",
    ]
    if !zoo.isComplete {
      lines.append(
        "  unfinished: the nets of the runs that are finished"
          + (zoo.path == nil ? "" : "; see zoo_status"))
    }
    if let text = ZooDivergence.text(zoo.divergences) { lines.append("  " + text) }
    guard zoo.count > 0 else { return lines.joined(separator: "\n") }
    return (lines + stepLines + taskLines).joined(separator: "\n")
  }

  /// Steps with the mean accuracy of their nets below them, as many of the last as fit.
  private var stepLines: [String] {
    let steps = zoo.step.elements
    let accuracy = zoo.accuracy.elements
    var lines = ["  step    ", "  accuracy"]
    let cells = Set(steps).sorted().map { step in
      let chosen = steps.indices.filter { steps[$0] == step }
      let mean = chosen.reduce(0) { $0 + Double(accuracy[$1]) } / Double(chosen.count)
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
  private var taskLines: [String] {
    let last = zoo.step.elements.max() ?? 0
    let accuracy = zoo.accuracy.elements
    let steps = zoo.step.elements
    var found: [[Int]: (nets: Int, last: Int, sum: Double)] = [:]
    for (row, task) in zoo.taskList.enumerated() {
      var entry = found[task] ?? (0, 0, 0)
      entry.nets += 1
      if steps[row] == last {
        entry.last += 1
        entry.sum += Double(accuracy[row])
      }
      found[task] = entry
    }
    let tasks = found.map { (task: $0.key, entry: $0.value) }.sorted {
      let means = [$0, $1].map { $0.entry.last > 0 ? $0.entry.sum / Double($0.entry.last) : -1 }
      return means[0] == means[1]
        ? $0.task.lexicographicallyPrecedes($1.task) : means[0] > means[1]
    }
    let names = tasks.map { $0.task.map(String.init).joined(separator: " ") }
    let width = max(names.map(\.count).max() ?? 0, 6)
    let step = Int(within: 0...Int.max, Double(last))
    var lines = ["  " + Columns.left("task m", width) + "  nets  accuracy at step \(step)"]
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
