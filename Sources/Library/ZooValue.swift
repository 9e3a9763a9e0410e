import Execution
import Language
import Tensors
import Zoos

/// A zoo as a value: a table with one row for each kept net.
struct ZooValue: NativeObject {
  let zoo: LanguageZoo

  var typeName: String { "zoo" }
  var elementCount: Int? { zoo.count }

  var fieldNames: [String] {
    [
      "weights", "tasks", "accuracy", "count_accuracy", "step", "run", "loss", "rollouts",
      "log_probabilities", "shape", "path", "settings", "complete",
    ]
  }

  func fieldSummary(_ name: String) -> String {
    switch name {
    case "weights": "flat weights of the nets [N, P]"
    case "tasks": "the language of each net, as its differences m [N, letters]"
    case "accuracy": "the share of each net's samples that are in its language"
    case "count_accuracy": "the same by letter counts alone, in any order"
    case "step": "the update after which each net was kept"
    case "run": "the run of training that each net is from"
    case "loss": "the loss of that update's batch, nats a token"
    case "rollouts": "token sequences that each net has sampled [N, S, T]"
    case "log_probabilities": "what each net gave for their next tokens [N, S, T-1, O]"
    case "shape": "the sizes of the nets, to be spread into a call"
    case "path": "the folder that holds it, or none"
    default: ""
    }
  }

  func hint(forField name: String) -> String? {
    ["net", "nets"].contains(name)
      ? "zoo[0].net is its first net; nets(zoo.weights, ..zoo.shape) are all" : nil
  }

  func field(_ name: String) throws -> Value? {
    switch name {
    case "weights": .object(ColumnValue(column: zoo.weightColumn))
    case "tasks": .tensor(zoo.tasks)
    case "accuracy": .tensor(zoo.accuracy)
    case "count_accuracy": .tensor(zoo.countAccuracy)
    case "step": .tensor(zoo.step)
    case "run": .tensor(zoo.run)
    case "loss": .tensor(zoo.loss)
    case "rollouts": .object(ColumnValue(column: zoo.rolloutColumn))
    case "log_probabilities": .object(ColumnValue(column: zoo.logProbabilityColumn))
    case "shape": NetValue.settings(zoo.shape)
    case "settings": zoo.settings.map(ZooStatusValue.settings) ?? Value.none
    case "complete": .boolean(zoo.isComplete)
    case "path": zoo.path.map { Value.text($0) } ?? Value.none
    default: nil
    }
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
    let weights = try one.weights.reshaped([zoo.shape.parameterCount])
    return .fields([
      ("net", .object(NetValue(shape: zoo.shape, constant: weights))),
      ("task", .items(one.taskList[0].map(Value.integer))),
      ("run", .number(Double(one.run.elements[0]))),
      ("step", .number(Double(one.step.elements[0]))),
      ("accuracy", .number(Double(one.accuracy.elements[0]))),
      ("loss", .number(Double(one.loss.elements[0]))),
    ])
  }

  func card(_ style: ConsoleStyle) -> String { ZooCard(zoo, columns: style.columns).text }
}

/// Text in columns.
enum Columns {
  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension NativeTable {
  static let zoos: [NativeFunction] = [
    NativeFunction("language_zoo") { call in try languageZoo(call) },
    NativeFunction("zoo_status") { call in
      .object(
        ZooStatusValue(status: try ZooStatus(try call.path(0), console: call.console)))
    },
    NativeFunction("split") { call in
      let zoo = try call.object(0, ZooValue.self, noun: "zoo").zoo
      let parts = try zoo.split(
        validation: try call.number(1), ood: try call.number(2), seed: try call.seed(3))
      return .tuple(
        try [parts.train, parts.validation, parts.ood].map {
          .object(ZooValue(zoo: try zoo[rows: $0]))
        })
    },
    NativeFunction("draw") { call in try draw(call) },
  ]

  /// A random batch: rows with replacement, or each row once where as many are asked for.
  private static func draw(_ call: Arguments) throws -> Value {
    let zoo = try call.object(0, ZooValue.self, noun: "zoo").zoo
    let count = try call.integer(1, 1...1_000_000)
    guard zoo.count > 0, zoo.rolloutCount > 0 else {
      let noun = zoo.count > 0 ? "rollout of each net" : "row"
      throw Failure(
        "`zoo` of `draw` must be a zoo with at least one \(noun), but it has none",
        at: .position(0))
    }
    let each = try call.integer(2, 1...zoo.rolloutCount)
    var stream = try call.stream(3)
    let rows =
      count == zoo.count
      ? Array(0..<count) : (0..<count).map { _ in stream.integer(below: zoo.count) }
    let picked = try zoo[rows: rows]
    var tokens: [Tensor] = []
    var targets: [Tensor] = []
    for _ in 0..<each {
      let picks = rows.map { _ in stream.integer(below: zoo.rolloutCount) }
      let (sequences, probabilities) = try picked.rollouts(picks)
      tokens.append(sequences)
      targets.append(probabilities)
    }
    return .tuple([
      .tensor(try picked.weights), .tensor(try Tensor.stack(tokens, axis: 1)),
      .tensor(try Tensor.stack(targets, axis: 1)),
    ])
  }
}
