import Execution
import Language
import Tensors
import Zoos

/// A zoo as a value: a table with one row for each kept net.
struct ZooValue: NativeObject {
  let zoo: Zoo

  var typeName: String { "zoo" }
  var elementCount: Int? { zoo.count }

  /// Fields that are no columns.
  private static let facts = [
    "shape", "path", "settings", "complete", "reads", "gives", "family",
  ]
  /// Further names of columns.
  private static let aliases = ["rollouts": "inputs", "log_probabilities": "outputs"]

  var fieldNames: [String] {
    let names = zoo.columns.map(\.name)
    let further = Self.aliases.filter { names.contains($0.value) }.map(\.key).sorted()
    let gap = zoo.gap == nil ? [] : ["gap"]
    return names + gap + (zoo.form.givesClasses ? further.reversed() : []) + Self.facts
  }

  func fieldSummary(_ name: String) -> String {
    switch name {
    case "weights": "flat weights of the nets [N, P]"
    case "tasks":
      zoo.family is Languages
        ? "the language of each net, as its differences m [N, letters]"
        : "the numbers that name each net's task [N, K]"
    case "accuracy":
      zoo.family is Languages
        ? "the share of each net's samples that are in its language"
        : "the share of right answers of each net"
    case "count_accuracy": "the same by letter counts alone, in any order"
    case "step": "the update after which each net was kept"
    case "run": "the run of training that each net is from"
    case "loss": "the loss of each net, nats a token where it gives classes"
    case "inputs", "rollouts":
      zoo.form.readsTokens
        ? "token sequences that each net was given [N, S, T]"
        : "numbers that each net was given [N, S, T, D]"
    case "outputs", "log_probabilities":
      zoo.form.givesClasses
        ? "log-probabilities that each net answered [N, S, T', O]"
        : "numbers that each net answered [N, S, T', O]"
    case "training_loss": "the loss on images that each net was trained on, nats a tile"
    case "evaluation_loss": "the loss on images that it was not trained on, nats a tile"
    case "gap": "the generalisation gap: evaluation loss less training loss"
    case "decay": "the weight decay of each net's run"
    case "shape": "the sizes of the nets, to be spread into a call"
    case "path": "the folder that holds it, or none"
    case "reads": "what the nets read: \"tokens\" or \"numbers\""
    case "family": "what trained them: \"language\", \"digit\", \"task\", or none"
    case "gives": "what the nets give: \"classes\" or \"numbers\""
    default: ""
    }
  }

  func hint(forField name: String) -> String? {
    if ["net", "nets"].contains(name) {
      return "zoo[0].net is its first net; nets(zoo.weights, ..zoo.shape) are all"
    }
    return zoo.column(name) == nil && ["inputs", "outputs", "tasks", "accuracy"].contains(name)
      ? "this zoo has no such column; zoo.\(name) = ... adds one" : nil
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "shape": return NetValue.settings(zoo.shape)
    case "settings": return zoo.settings?.record ?? Value.none
    case "complete": return .boolean(zoo.isComplete)
    case "path": return zoo.path.map { Value.text($0) } ?? Value.none
    case "reads": return .text(zoo.form.readsTokens ? "tokens" : "numbers")
    case "family": return zoo.family.map { .text(type(of: $0).kind) } ?? Value.none
    case "gives": return .text(zoo.form.givesClasses ? "classes" : "numbers")
    case "gap":
      guard let gap = zoo.gap else { return try column(name) }
      return .tensor(try gap())
    default: return try column(Self.aliases[name] ?? name)
    }
  }

  private func column(_ name: String) throws -> Value? {
    guard let column = zoo.column(name) else { return nil }
    if ["weights", "inputs", "outputs"].contains(name), let stored = zoo.storedColumn(name) {
      return .object(ColumnValue(column: stored))
    }
    let values = try zoo.tensor(name)
    return column.type == .bool ? .mask(values) : .tensor(values)
  }

  /// A column more, or another one in the place of its own.
  func setting(_ name: String, to value: Value) throws -> (any NativeObject)? {
    let name = Self.aliases[name] ?? name
    if Self.facts.contains(name) || ["gap", "net", "task"].contains(name) {
      throw Failure(
        "a column cannot be called `\(name)`, which is something else of a zoo",
        hint: "give it another name")
    }
    let tensor: Tensor
    do {
      tensor = try Arguments.tensor(value)
    } catch let failure as Failure {
      throw Failure(
        "a column of a zoo is made of numbers, one row for each net: \(failure.message)",
        hint: "zoo.\(name) = tensor([...])")
    }
    return ZooValue(zoo: try zoo.setting(name, tensor, isMask: value.isMask))
  }

  func element(at index: Value) throws -> Value? {
    switch index {
    case .number(let number): return try row(try place(number))
    case .tensor(let object) where object.isMask:
      return try selecting(mask: object.variable.value.elements.map { $0 != 0 })
    case .list(let list) where list.items.first?.typeName == "boolean":
      return try selecting(mask: try Arguments.tensor(index).elements.map { $0 != 0 })
    case .string, .boolean, .none:
      throw Failure(
        "a zoo is indexed by numbers, slices, ranges, lists and masks, not by \(index.described)",
        at: .position(1), index.described)
    default:
      let places = try Arguments.tensor(index).elements.map { try place(Double($0)) }
      return .object(ZooValue(zoo: try zoo[rows: places]))
    }
  }

  /// The row that a number names; negative ones count from the end.
  private func place(_ number: Double) throws -> Int {
    guard let whole = Int(exactly: number) else {
      throw Failure(
        "a row must be a whole number, but this is \(Value.text(of: number))", at: .position(1))
    }
    guard whole >= -zoo.count, whole < zoo.count else {
      throw Failure(
        "row \(whole) is outside: the zoo has \(Text.count(zoo.count, "row"))", at: .position(1))
    }
    return whole < 0 ? whole + zoo.count : whole
  }

  private func selecting(mask: [Bool]) throws -> Value {
    guard mask.count == zoo.count else {
      throw Failure(
        "a mask of \(mask.count) for a zoo of \(Text.count(zoo.count, "row"))", at: .position(1))
    }
    return .object(ZooValue(zoo: try zoo[mask: mask]))
  }

  /// One row as a record, its net ready to run.
  private func row(_ place: Int) throws -> Value {
    let one = try zoo[rows: [place]]
    let weights = try one.tensor("weights").reshaped([zoo.shape.parameterCount])
    var fields: [(String, Value)] = [
      ("net", .object(NetValue(shape: zoo.shape, constant: weights)))
    ]
    if zoo.column("tasks") != nil {
      fields.append(("task", .items(try one.taskList[0].map { .number($0) })))
    }
    let first = ["run", "step", "accuracy", "loss"].filter(zoo.measures.contains)
    for name in first + zoo.measures.filter({ !first.contains($0) }) {
      let number = Double(try one.numbers(name)[0])
      fields.append(
        (name, zoo.column(name)?.type == .bool ? .boolean(number != 0) : .number(number)))
    }
    return .fields(fields)
  }

  /// The small columns as a record, tasks number by number.
  func table() throws -> Value {
    var fields: [(String, Value)] = []
    for column in zoo.columns {
      if column.rowShape.isEmpty {
        let values = try zoo.tensor(column.name)
        fields.append((column.name, column.type == .bool ? .mask(values) : .tensor(values)))
      } else if column.name == "tasks" {
        let tasks = try zoo.taskList
        for place in 0..<column.count {
          fields.append(
            (
              column.count == 1 ? "task" : "task_\(place)",
              .tensor(Tensor(tasks.map { Float($0[place]) }))
            ))
        }
      }
    }
    if let gap = zoo.gap { fields.append(("gap", .tensor(try gap()))) }
    return .fields(fields)
  }

  func card(_ style: ConsoleStyle) -> String {
    (try? ZooCard(zoo, columns: style.columns).text) ?? brief
  }
}

extension Zoo {
  /// The generalisation gap [N] where both losses are known.
  fileprivate var gap: (() throws -> Tensor)? {
    guard column("evaluation_loss") != nil, column("training_loss") != nil, column("gap") == nil
    else { return nil }
    return {
      Tensor(zip(try numbers("evaluation_loss"), try numbers("training_loss")).map { $0 - $1 })
    }
  }
}

/// Text in columns.
enum Columns {
  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
