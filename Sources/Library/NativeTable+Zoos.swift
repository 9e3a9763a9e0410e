import Execution
import Glibc
import Language
import Networks
import Tensors
import Zoos

extension NativeTable {
  static let zoos: [NativeFunction] = [
    NativeFunction("language_zoo") { call in
      var family = Languages()
      try family.read(call)
      return try trained(call, family)
    },
    NativeFunction("train_digits") { call in
      try trained(call, try digitTasks(call, 0), pathPlace: 1)
    },
    NativeFunction("train_family") { call in
      let value = try call.object(0, FamilyValue.self, noun: "family")
      return try trained(call, value.family, pathPlace: 1, bridge: value.bridge)
    },
    NativeFunction("languages") { call in
      var family = Languages()
      try family.read(call)
      return .object(FamilyValue(family: family))
    },
    NativeFunction("digit_tasks") { call in
      .object(FamilyValue(family: try digitTasks(call, 0)))
    },
    NativeFunction("written_family") { call in
      let bridge = try WrittenBridge(call)
      return .object(FamilyValue(family: try bridge.family(), bridge: bridge))
    },
    NativeFunction("zoo_status") { call in
      .object(
        ZooStatusValue(status: try ZooStatus(try call.path(0), console: call.console)))
    },
    NativeFunction("make_zoo") { call in try madeZoo(call) },
    NativeFunction("split") { call in try split(call) },
    NativeFunction("draw") { call in try draw(call) },
    NativeFunction("columns") { call in
      .items(
        try call.object(0, ZooValue.self, noun: "zoo").zoo.columns.map { .text($0.name) })
    },
    NativeFunction("table") { call in
      try call.object(0, ZooValue.self, noun: "zoo").table()
    },
  ]

  // MARK: - Training

  /// Trains or opens a zoo of a family.
  private static func trained(
    _ call: Arguments, _ family: any TaskFamily, pathPlace: Int = 0, bridge: WrittenBridge? = nil
  ) throws -> Value {
    let console = call.console
    func train(_ work: @escaping @Sendable () throws -> Zoo) throws -> Zoo {
      try bridge.map { try $0.serving(call, work) } ?? work()
    }
    let settings = try ZooSettings(call, family: family)
    let shard = try zooShard(call, pathPlace)
    guard !call.isNone(pathPlace) else {
      let zoo = try train { try Zoo.train(settings, console: console) }
      if !zoo.isComplete {
        try call.keepPartialResult("the zoo of the finished runs is kept; on a path it could go on")
      }
      return .object(ZooValue(zoo: zoo))
    }
    let path = try call.path(pathPlace)
    let zoo = try train {
      try Zoo.train(settings, path: path, shard: shard ?? .whole, console: console)
    }
    // What is finished is on disk; a script must not go on with half a zoo, unless it asked for a
    // part of one.
    guard zoo.isComplete || shard != nil && Cancellation.current.level == 0 else {
      call.console.note("the same call goes on with them")
      throw Interrupted()
    }
    return .object(ZooValue(zoo: zoo))
  }

  /// The shard that the call or the environment asks for, nil for the whole zoo.
  private static func zooShard(_ call: Arguments, _ pathPlace: Int) throws -> ZooShard? {
    if let place = call.place(of: "shard"), !call.isNone(place) {
      guard !call.isNone(pathPlace) else {
        throw Failure(
          "a shard is a part of a zoo on disk, but no path is given", at: .position(place),
          hint: (pathPlace == 0 ? "language_zoo(" : "train_zoo(family, ")
            + "\"zoos/mine\", shard=...)")
      }
      do {
        return try ZooShard(try call.string(place))
      } catch let failure as Failure where failure.labels.isEmpty {
        throw Failure(failure.message, at: .position(place), hint: failure.hint)
      }
    }
    guard let text = getenv("RNR_SHARD").map({ String(cString: $0) }), !text.isEmpty else {
      return nil
    }
    do {
      return try ZooShard(text)
    } catch let failure as Failure {
      throw Failure("RNR_SHARD: " + failure.message, hint: failure.hint)
    }
  }

  /// The family of images that are given as (images, labels, name).
  private static func digitTasks(_ call: Arguments, _ place: Int) throws -> DigitTasks {
    guard let images = call[place].held("images").flatMap(call.plainNumbers),
      let labels = call[place].held("labels").flatMap(call.plainNumbers),
      case .string(let name)? = call[place].held("name"), images.rank == 3,
      images.shape[1] == images.shape[2]
    else { throw call.wrong(place, expected: "digits, such as digits() gives them") }
    let pixels = try images.elements.map { number in
      guard let pixel = UInt8(exactly: number) else {
        throw Failure(
          "a pixel is a whole number from 0 to 255, but one is \(number)", at: .position(place))
      }
      return pixel
    }
    var family = DigitTasks(
      try DigitImages(
        pixels: pixels, labels: labels.elements.map { UInt8(exactly: $0) ?? 255 },
        side: images.shape[1], name: name.text))
    try family.read(call)
    return family
  }

  // MARK: - Splitting and drawing

  private static func split(_ call: Arguments) throws -> Value {
    let zoo = try call.object(call.at("zoo"), ZooValue.self, noun: "zoo").zoo
    var name = "tasks"
    var novelty: (([Double]) throws -> Double)?
    let by = try call.at("by")
    switch call[by] {
    case .string(let text): name = text.text
    case let function where function.isCallableValue:
      novelty = { task in
        let result = try call.call(function, .items(task.map { .number($0) }))
        guard let number = call.plainNumber(result) else {
          throw Failure(
            "a task's place in a split must be a number, but it is \(result.described)",
            at: .position(by))
        }
        return number
      }
    default:
      throw call.wrong(by, expected: "the name of a column, or a function of a task")
    }
    let isGiven = try !call.isNone(call.at("ood"))
    let parts = try zoo.split(
      by: name, novelty: novelty, isBounded: !isGiven,
      validation: try call.number(call.at("validation")),
      ood: isGiven ? try call.number(call.at("ood")) : 0.15, seed: try call.seed(call.at("seed")))
    return .tuple(
      try [parts.train, parts.validation, parts.ood].map {
        .object(ZooValue(zoo: try zoo[rows: $0]))
      })
  }

  /// A random batch: rows with replacement, or each row once where as many are asked for.
  private static func draw(_ call: Arguments) throws -> Value {
    let zoo = try call.object(call.at("zoo"), ZooValue.self, noun: "zoo").zoo
    let count = try call.integer(call.at("count"), 1...1_000_000)
    for name in ["inputs", "outputs"] where zoo.column(name) == nil {
      throw Failure(
        "`zoo` of `draw` needs the column `\(name)`, what its nets "
          + (name == "inputs" ? "were given" : "answered"), at: .position(0),
        hint: "zoo_of(weights, shape, inputs=...) computes the answers")
    }
    guard zoo.count > 0, zoo.rolloutCount > 0 else {
      let noun = zoo.count > 0 ? "rollout of each net" : "row"
      throw Failure(
        "`zoo` of `draw` must be a zoo with at least one \(noun), but it has none",
        at: .position(0))
    }
    try zoo.checkAnswers()
    let each = try call.integer(call.at("rollouts"), 1...zoo.rolloutCount)
    var stream = try call.stream(call.at("seed"))
    let rows =
      count == zoo.count
      ? Array(0..<count) : (0..<count).map { _ in stream.integer(below: zoo.count) }
    let picked = try zoo[rows: rows]
    var inputs: [Tensor] = []
    var outputs: [Tensor] = []
    for _ in 0..<each {
      let picks = rows.map { _ in stream.integer(below: zoo.rolloutCount) }
      let (input, output) = try picked.examples(picks)
      inputs.append(input)
      outputs.append(output)
    }
    return .tuple([
      .tensor(try picked.tensor("weights")), .tensor(try Tensor.stack(inputs, axis: 1)),
      .tensor(try Tensor.stack(outputs, axis: 1)),
    ])
  }

  // MARK: - Zoos of nets from elsewhere

  /// A zoo of weights [N, P], the sizes of the nets, and columns by name.
  private static func madeZoo(_ call: Arguments) throws -> Value {
    guard let shape = try NativeForms.netShape(call[call.at("shape")]) else {
      throw try call.wrong(call.at("shape"), expected: "the shape of a net")
    }
    guard case .record(let record) = call[try call.at("columns")] else {
      throw try call.wrong(call.at("columns"), expected: "a record")
    }
    let form = TaskForm(
      readsTokens: try call.boolean(call.at("tokens")),
      givesClasses: try call.boolean(call.at("classes")))
    let names = record.names.map(\.name)
    var zoo = try Zoo(
      shape: shape, columns: [("weights", try Arguments.tensor(record.values[0]))], form: form)
    for (name, value) in zip(names, record.values).dropFirst() {
      guard let changed = try ZooValue(zoo: zoo).setting(name, to: value) as? ZooValue else {
        throw Failure("a zoo has no column `\(name)`")
      }
      zoo = changed.zoo
    }
    return .object(ZooValue(zoo: zoo))
  }
}

extension Arguments {
  /// The numbers of a value that is a tensor, or becomes one.
  func plainNumbers(_ value: Value) -> Tensor? { try? plainVariable(value)?.value }
}
