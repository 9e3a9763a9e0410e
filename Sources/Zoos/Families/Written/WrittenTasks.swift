import Execution
import Kernels
import Networks
import Tensors

/// A family that is written in the language: its functions are called back.
///
/// What files have to know of it before the first run, the sizes of its examples and the names of
/// its measures, are settings; the functions themselves are not kept.
public struct WrittenTasks: TaskFamily {
  /// How outputs are judged.
  public enum Loss: String, Sendable, CaseIterable {
    /// Cross-entropy of a class at each step.
    case classes
    /// Mean squared error.
    case numbers
    /// A function of the family.
    case own
  }

  /// The family as it is shown.
  public var name = ""
  /// Numbers or different symbols that its nets read.
  public var inputs = 1
  /// Numbers that they give.
  public var outputs = 1
  /// Steps that a net goes over an example.
  public var steps = 1
  /// Steps of an input that is kept: one more where the next symbol is the target.
  public var length = 1
  /// Numbers that name a task.
  public var taskSize = 1
  /// Whether its nets read symbols.
  public var reads = Reads.tokens
  /// How outputs are judged.
  public var loss = Loss.classes
  /// Whether outputs are scores of classes.
  public var gives = Gives.classes
  /// The names of its measures.
  public var measures: [String] = []
  private var functions: (any WrittenFunctions)?

  /// What nets read.
  public enum Reads: String, Sendable, CaseIterable { case tokens, numbers }
  /// What nets give.
  public enum Gives: String, Sendable, CaseIterable { case classes, numbers }

  /// A family for reading files alone.
  init() {}

  /// A family of these functions.
  ///
  /// The task and the examples of run 0 tell the sizes.
  public init(
    title: String, inputs: Int, outputs: Int, givesClasses: Bool, hasOwnLoss: Bool, seed: UInt64,
    functions: any WrittenFunctions
  ) throws {
    self.name = title
    self.inputs = inputs
    self.outputs = outputs
    self.functions = functions
    let task = try functions.task(run: 0, seed: seed)
    guard !task.isEmpty else { throw Failure("a task is named by at least one number") }
    taskSize = task.count
    let set = try functions.examples(task, ExampleKey(run: 0, seed: seed, isHeldOut: false))
    steps = set.steps
    let batch = set.examples([0])
    if case .tokens = batch.inputs { reads = .tokens } else { reads = .numbers }
    if case .next = batch.targets { length = steps + 1 } else { length = steps }
    if case .numbers = batch.targets { gives = givesClasses ? .classes : .numbers }
    loss = hasOwnLoss ? .own : gives == .classes ? .classes : .numbers
    let own = try functions.measures(task, inputs: inputs, outputs: outputs, seed: seed)
    measures = own ?? (gives == .classes && loss != .own ? ["accuracy"] : [])
    if !measures.contains("loss") { measures.append("loss") }
  }

  /// The name of its kind.
  public static let kind = "task"

  /// Its settings.
  public static let table: [Setting<WrittenTasks>] = [
    Setting(
      name: "family", kind: .text, get: { .text($0.name) },
      set: { if case .text(let name) = $1 { $0.name = name } }),
    .integer("inputs", \.inputs, 1...NetworkShape.maximumExtent),
    .integer("outputs", \.outputs, 1...NetworkShape.maximumExtent),
    .integer("task_steps", \.steps, 1...limit),
    .integer("input_length", \.length, 1...limit),
    .integer("task_size", \.taskSize, 1...limit),
    .choice("reads", \.reads),
    .choice("gives", \.gives),
    .choice("loss", \.loss),
    Setting(
      name: "measures", kind: .text, get: { .text($0.measures.joined(separator: ",")) },
      set: {
        if case .text(let names) = $1 {
          $0.measures = names.split(separator: ",").map(String.init)
        }
      }),
  ]

  /// Settings that cannot be asked for.
  public static var facts: Set<String> { Set(table.map(\.name)) }

  private static let limit = 1 << 24

  /// What its nets read and give.
  public var sizes: (inputs: Int, outputs: Int) { (inputs, outputs) }
  /// Of what kind that is.
  public var form: TaskForm {
    TaskForm(readsTokens: reads == .tokens, givesClasses: gives == .classes)
  }
  /// The measure that progress shows.
  public var score: String { measures.first ?? "loss" }
  /// What the nets were trained on.
  public var title: String? { name.isEmpty ? nil : name }

  /// The files beside that of the weights.
  public func files(rollouts: Int) -> [ZooFile] {
    [
      reads == .tokens
        ? ZooFile("inputs.npy", .int16, [rollouts, length], column: "inputs")
        : ZooFile("inputs.npy", .float32, [rollouts, length, inputs], column: "inputs"),
      ZooFile(
        "outputs.npy", gives == .classes ? .float16 : .float32, [rollouts, steps, outputs],
        column: "outputs"),
      ZooFile("tasks.npy", .float64, [taskSize], column: "tasks"),
      ZooFile("num_step.npy", .int64, [2], columns: ["run", "step"]),
      measures.count == 1
        ? ZooFile("measures.npy", .float32, [], column: measures[0])
        : ZooFile("measures.npy", .float32, [measures.count], columns: measures),
    ]
  }

  /// Throws if there is nothing that can be trained on.
  public func validate(_ settings: ZooSettings) throws {
    guard !measures.isEmpty, measures.allSatisfy({ !$0.isEmpty }),
      Set(measures).count == measures.count
    else { throw Failure("a family needs measures of different names") }
    guard reads == .numbers || inputs <= 256 else {
      throw Failure("nets read up to 256 different symbols, but this family has \(inputs)")
    }
  }

  /// The functions.
  ///
  /// - Throws: `Failure` for the family of a zoo that was loaded.
  private func written() throws -> any WrittenFunctions {
    guard let functions else {
      throw Failure(
        "the functions of the family \(name) are not at hand",
        hint: "call train_zoo with the family again")
    }
    return functions
  }

  /// The numbers that name the task of a run.
  public func task(run: Int, seed: UInt64) throws -> [Double] {
    let task = try written().task(run: run, seed: seed)
    guard task.count == taskSize else {
      throw Failure(
        "the task of run 0 has \(Text.count(taskSize, "number")), but that of run \(run) \(task.count)"
      )
    }
    return task
  }

  /// What a net of this task is trained on.
  public func data(_ task: [Double], run: Int, seed: UInt64) throws -> any TaskData {
    let key = ExampleKey(run: run, seed: seed, isHeldOut: false)
    let set = try checked(try written().examples(task, key), task)
    return WrittenData(
      task: task, key: key, set: set, functions: try written(), hasOwnLoss: loss == .own,
      steps: steps, check: check)
  }

  /// Whether the functions are at hand.
  public var canTrain: Bool { functions != nil }

  private func checked(_ set: ExampleSet, _ task: [Double]) throws -> ExampleSet {
    guard set.steps == steps else {
      throw Failure(
        "examples of one family have as many steps, but those of the task \(name(of: task)) have "
          + "\(set.steps), and those of run 0 \(steps)")
    }
    try check(set.examples([0]))
    return set
  }

  /// Throws unless examples are of the kind that those of run 0 were.
  func check(_ batch: ExampleBatch) throws {
    func differ(_ what: String, _ found: String, _ expected: String) -> Failure {
      Failure(
        "examples of one family are of one kind, but \(what) of \(name) are \(found), of run 0 "
          + expected)
    }
    var readsTokens = false
    if case .tokens = batch.inputs { readsTokens = true }
    guard readsTokens == (reads == .tokens) else {
      throw differ("the inputs", readsTokens ? "tokens" : "numbers", reads.rawValue)
    }
    let found =
      switch batch.targets {
      case .next: "the next tokens"
      case .classes: "classes"
      case .numbers: "numbers"
      }
    let expected =
      length > steps ? "the next tokens" : gives == .numbers ? "numbers" : "classes"
    guard found == expected || loss == .own && length == steps && found != "the next tokens" else {
      throw differ("the targets", found, expected)
    }
  }

  // MARK: - Judging

  /// What the family says of the net, or its loss and accuracy on examples drawn anew.
  public func judge(_ net: KeptNet) throws -> Judgement {
    try net.pause()
    let settings = net.settings
    let heldOut = ExampleKey(run: net.run, seed: settings.seed, isHeldOut: true)
    let set = try checked(try written().examples(net.task, heldOut), net.task)
    var stream = stream("kept examples", seed: settings.seed, run: net.run)
    let places = (0..<settings.samples).map { _ in set.place(&stream) }
    let judged = try written().judge(net, rollouts: settings.rollouts)
    var values = judged?.measures ?? []
    if let name = values.first(where: { !measures.contains($0.name) })?.name {
      throw Failure("the judge of run \(net.run) gives `\(name)`, which that of run 0 did not")
    }
    if judged == nil || !values.contains(where: { $0.name == "loss" }) {
      values += try standard(net, set, places, needsAll: judged == nil)
    }
    let numbers = try measures.map { name in
      guard let value = values.first(where: { $0.name == name })?.value else {
        throw Failure("the judge of run \(net.run) gives no `\(name)`, which that of run 0 gave")
      }
      return Float(value)
    }
    let marked = zip(measures, numbers).map { name, number in
      name == "loss" && net.loss.isNaN ? net.loss : number
    }
    let kept =
      try judged?.inputs.map(checkedInputs(settings.rollouts))
      ?? set.examples(Array(places.prefix(settings.rollouts))).inputs
    let outputs = try outputs(net, kept)
    var (tasks, counts, measured): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
    tasks.append(bytesOf: net.task)
    counts.append(bytesOf: [Int64(net.run), Int64(net.step)])
    measured.append(bytesOf: marked)
    return Judgement(
      files: [bytes(of: kept), outputs, tasks, counts, measured], score: Double(numbers.first ?? 0))
  }

  /// Loss and accuracy on examples that are drawn.
  private func standard(
    _ net: KeptNet, _ set: ExampleSet, _ places: [Int], needsAll: Bool
  ) throws -> [(name: String, value: Double)] {
    let key = ExampleKey(run: net.run, seed: net.settings.seed, isHeldOut: true)
    var sums = (loss: 0.0, right: 0.0, weight: 0.0, steps: 0.0)
    let portion = max(1, 20_000 / steps)
    for first in stride(from: 0, to: places.count, by: portion) {
      try net.pause()
      let batch = set.examples(Array(places[first..<min(first + portion, places.count)]))
      let outputs = try net.outputs(batch, steps: steps)
      if loss == .own {
        let judged = try written().loss(batch, outputs, step: net.step + first, key).loss
        sums.loss += Double(judged) * Double(batch.counts.count)
        sums.weight += Double(batch.counts.count)
      } else {
        add(batch, outputs, to: &sums)
      }
    }
    var result = [(name: "loss", value: sums.loss / max(sums.weight, .leastNormalMagnitude))]
    if needsAll, gives == .classes, loss != .own {
      result.append(("accuracy", sums.right / max(sums.steps, .leastNormalMagnitude)))
    }
    return result
  }

  private func add(
    _ batch: ExampleBatch, _ outputs: Tensor,
    to sums: inout (loss: Double, right: Double, weight: Double, steps: Double)
  ) {
    let scores = gives == .classes ? ClassScores(outputs) : nil
    let given = scores == nil ? outputs.elements : []
    for example in batch.counts.indices {
      for step in 0..<steps {
        let weight = Double(batch.stepWeights.map { $0[example * steps + step] } ?? 1)
        guard weight != 0 else { continue }
        sums.weight += weight
        if let scores {
          let label = batch.label(example, step, steps: steps)
          sums.loss += weight * scores.loss(example, step, label)
          sums.right += scores.isRight(example, step, label) ? weight : 0
          sums.steps += weight
        } else if case .numbers(let wanted) = batch.targets {
          let first = (example * steps + step) * self.outputs
          for place in first..<(first + self.outputs) {
            let difference = Double(given[place]) - Double(wanted[place])
            sums.loss += weight * difference * difference / Double(self.outputs)
          }
        }
      }
    }
  }

  /// The inputs that a judge wants kept, if they are like those of the examples.
  private func checkedInputs(
    _ rollouts: Int
  ) -> (ExampleBatch.Inputs) throws -> ExampleBatch.Inputs {
    { kept in
      switch kept {
      case .tokens(let tokens) where reads == .tokens && tokens.count == rollouts * length:
        return kept
      case .numbers(let numbers)
      where reads == .numbers && numbers.count == rollouts * length * inputs:
        return kept
      default:
        throw Failure(
          "`inputs` of the judge of \(name) should be like the examples, "
            + (reads == .tokens
              ? "[R, \(length)] tokens" : "[R, \(length), \(inputs)] numbers"))
      }
    }
  }

  private func bytes(of inputs: ExampleBatch.Inputs) -> [UInt8] {
    var bytes: [UInt8] = []
    switch inputs {
    case .tokens(let tokens): bytes.append(bytesOf: tokens.map(Int16.init))
    case .numbers(let numbers): bytes.append(bytesOf: numbers)
    }
    return bytes
  }

  /// What the net answers to kept inputs, as the file has it.
  private func outputs(_ net: KeptNet, _ inputs: ExampleBatch.Inputs) throws -> [UInt8] {
    var bytes: [UInt8] = []
    guard net.settings.rollouts > 0 else { return bytes }
    let batch = ExampleBatch(
      inputs: inputs, targets: length > steps ? .next : .classes([]),
      counts: [Int](repeating: 1, count: net.settings.rollouts))
    let outputs = try net.outputs(batch, steps: steps)
    if gives == .classes {
      bytes.append(bytesOf: ClassScores(outputs).logProbabilities.map { Float16($0) })
    } else {
      bytes.append(bytesOf: outputs.elements)
    }
    return bytes
  }
}

extension ExampleBatch {
  /// The right class of an example at a step.
  public func label(_ example: Int, _ step: Int, steps: Int) -> Int {
    switch (inputs, targets) {
    case (.tokens(let tokens), .next): Int(tokens[example * (steps + 1) + step + 1])
    case (_, .classes(let classes)): Int(classes[example * steps + step])
    default: 0
    }
  }
}

extension KeptNet {
  /// What the net gives for the examples of a batch, [S,T,O].
  func outputs(_ batch: ExampleBatch, steps: Int) throws -> Tensor {
    switch batch.inputs {
    case .numbers(let numbers):
      return try outputs(Tensor(shape: [batch.counts.count, steps, shape.inputs], numbers))
    case .tokens(let tokens):
      guard case .next = batch.targets else { return try outputs(ofTokens: tokens, steps: steps) }
      let read = batch.counts.indices.flatMap { row in
        tokens[(row * (steps + 1))..<(row * (steps + 1) + steps)]
      }
      return try outputs(ofTokens: read, steps: steps)
    }
  }
}
