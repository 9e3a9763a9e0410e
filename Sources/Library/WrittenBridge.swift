import Autodiff
import Execution
import Kernels
import Language
import Networks
import Tensors
import Zoos

/// The functions of a family of the language, called on the machine's thread from those that train.
final class WrittenBridge: WrittenFunctions, @unchecked Sendable {
  /// The call that is at work; used on the machine's thread alone.
  private var call: Arguments
  private let desk = MachineDesk()
  private let title: String
  private let inputs: Int
  private let outputs: Int
  private let loss: Value
  private let (taskOf, examplesOf, batchOf, judgeOf): (Value, Value, Value, Value)
  private let seed: UInt64
  private var hasBatches = false

  /// Names of a zoo's fields that are no measures.
  private static let reserved: Set<String> = [
    "weights", "outputs", "tasks", "run", "step", "shape", "path", "settings", "complete", "reads",
    "gives", "family", "rollouts", "log_probabilities", "net", "task", "gap",
  ]

  /// Examples of a family that has batches alone: by them its sizes are known, and nets judged.
  private static let drawnExamples = 1000

  /// What `written_family` is given.
  init(_ call: Arguments) throws {
    self.call = call
    let title = try WrittenBridge.title(call)
    self.title = title
    let sizes = call[try call.at("sizes")]
    func size(_ name: String) throws -> Int {
      guard let number = sizes.held(name).flatMap(call.plainNumber),
        let whole = Int(whole: number, in: 1...NetworkShape.maximumExtent)
      else {
        throw Failure(
          "`sizes` of \(title) should give (inputs=..., outputs=...), but it gives "
            + call.session.text(sizes),
          hint: "inputs counts the different tokens, or the numbers of a step")
      }
      return whole
    }
    inputs = try size("inputs")
    outputs = try size("outputs")
    loss = call[try call.at("loss")]
    (taskOf, examplesOf, batchOf, judgeOf) = (
      try call.function(call.at("task")), try call.function(call.at("examples")),
      try call.function(call.at("batch")), try call.function(call.at("judge"))
    )
    seed = try call.seed(call.at("seed"))
  }

  /// What the family is called: the value as it is shown, with a check sum of what is not.
  private static func title(_ call: Arguments) throws -> String {
    let family = call[try call.at("family")]
    if case .string(let name) = family { return name.text }
    let text = call.session.text(family)
    guard case .instance(let instance) = family else { return text }
    let isPlain = instance.values.allSatisfy { value in
      switch value {
      case .number, .string, .boolean, .none: true
      default: false
      }
    }
    guard !isPlain || text.count > shownTitle,
      let sum = try? Fingerprint.sum(of: family, in: call.session)
    else { return text }
    let shown = text.count > shownTitle ? text.prefix(shownTitle) + "..." : text[...]
    return "\(shown), \(Checksum.text(sum))"
  }

  /// Letters of a family that are shown at most.
  private static let shownTitle = 60

  /// The family.
  func family() throws -> WrittenTasks {
    let task = try task(run: 0, seed: seed)
    hasBatches = try !drawn(task, 1, "batch", seed, 0).isNone
    var isKnown = loss.isNone || loss.isCallableValue
    if case .string(let name) = loss { isKnown = ["classes", "numbers"].contains(name.text) }
    guard isKnown else {
      throw Failure(
        "`loss` of \(title) should be \"classes\", \"numbers\" or a function of outputs and "
          + "targets, but it is \(call.session.text(loss))")
    }
    return try WrittenTasks(
      title: title, inputs: inputs, outputs: outputs,
      givesClasses: loss.isCallableValue && hasClasses(try examples(task, key(0))),
      hasOwnLoss: loss.isCallableValue, seed: seed, functions: self)
  }

  private func key(_ run: Int) -> ExampleKey { ExampleKey(run: run, seed: seed, isHeldOut: false) }

  private func hasClasses(_ set: ExampleSet) -> Bool {
    if case .numbers = set.examples([0]).targets { false } else { true }
  }

  /// Lets a training run on other threads while this one calls the family's functions.
  func serving(_ call: Arguments, _ work: @escaping @Sendable () throws -> Zoo) throws -> Zoo {
    let outer = self.call
    self.call = call
    defer { self.call = outer }
    return try desk.serve(work)
  }

  // MARK: - Calls

  /// Calls a function with random numbers of its own, so that runs do not depend on their order.
  private func called(
    _ function: Value, _ arguments: [Value], _ purpose: String, _ seed: UInt64, _ number: Int
  ) throws -> Value {
    let session = call.session
    let (keys, wantsSeed) = (session.random, session.wantsSeed)
    session.random = .step(
      number, of: RandomStream.key(seed: seed, purpose: "task zoo: " + purpose))
    session.wantsSeed = false
    defer { (session.random, session.wantsSeed) = (keys, wantsSeed) }
    return try call.call(function, with: arguments)
  }

  private func value(of task: [Double]) -> Value {
    task.count == 1 ? .number(task[0]) : .items(task.map { .number($0) })
  }

  func task(run: Int, seed: UInt64) throws -> [Double] {
    try desk.ask {
      let value = try called(taskOf, [.integer(run)], "task", seed, run)
      do {
        let numbers =
          try call.plainNumber(value).map { [$0] }
          ?? Arguments.tensor(value).elements.map(Double.init)
        guard numbers.allSatisfy(\.isFinite) else { throw Failure("NaN or infinity") }
        return numbers
      } catch {
        throw Failure(
          "`task` of \(title) should give a finite number or a list of such, but it gives "
            + call.session.text(value))
      }
    }
  }

  private func drawn(
    _ task: [Double], _ count: Int, _ purpose: String, _ seed: UInt64, _ number: Int
  ) throws -> Value {
    try called(batchOf, [value(of: task), .integer(count)], purpose, seed, number)
  }

  func examples(_ task: [Double], _ key: ExampleKey) throws -> ExampleSet {
    try desk.ask {
      let purpose = key.isHeldOut ? "examples to judge by" : "examples"
      let given =
        hasBatches
        ? try drawn(task, Self.drawnExamples, purpose, key.seed, key.run)
        : try called(examplesOf, [value(of: task)], purpose, key.seed, key.run)
      let read = try WrittenExamples(
        given, title: title, inputs: inputs, outputs: outputs, loss: loss, call)
      return try ExampleSet(read.batch, steps: read.steps, chances: read.chances)
    }
  }

  func batch(_ task: [Double], count: Int, step: Int, _ key: ExampleKey) throws -> ExampleBatch? {
    guard hasBatches else { return nil }
    return try desk.ask {
      // Runs and steps have numbers of their own, however many there are.
      let purpose = "batch of run \(key.run)"
      return try WrittenExamples(
        try drawn(task, count, purpose, key.seed, step), title: title, inputs: inputs,
        outputs: outputs, loss: loss, call
      ).batch
    }
  }

  // MARK: - Judging

  func measures(
    _ task: [Double], inputs: Int, outputs: Int, seed: UInt64
  ) throws -> [String]? {
    let shape = try NetworkShape(inputs: inputs, outputs: outputs, hidden: 4, layers: 1)
    var stream = RandomStream(seed: seed, purpose: "a net to try the judge on")
    let weights = try shape.initialWeights(&stream)
    return try judged(task, shape, weights, number: 0, seed: seed)?.measures.map(\.name)
  }

  func judge(
    _ net: KeptNet, rollouts: Int
  ) throws -> (
    measures: [(name: String, value: Double)], inputs: ExampleBatch.Inputs?
  )? {
    guard
      let judged = try judged(
        net.task, net.shape, net.weights, number: net.run, seed: net.settings.seed, step: net.step)
    else { return nil }
    return (judged.measures, try judged.inputs.map { try kept($0, rollouts) })
  }

  private func judged(
    _ task: [Double], _ shape: NetworkShape, _ weights: Tensor, number: Int, seed: UInt64,
    step: Int = 0
  ) throws -> (measures: [(name: String, value: Double)], inputs: Value?)? {
    try desk.ask {
      let net = Value.object(NetValue(shape: shape, constant: weights))
      let value = try called(
        judgeOf, [value(of: task), net], "judge at step \(step)", seed, number)
      if value.isNone { return nil }
      guard case .record(let record) = value, !record.isTuple else {
        throw Failure(
          "`judge` of \(title) should give a record of measures, but it gives \(value.described)",
          hint: "such as (accuracy=0.9)")
      }
      var measures: [(name: String, value: Double)] = []
      for (name, value) in zip(record.names.map(\.name), record.values) where name != "inputs" {
        guard !WrittenBridge.reserved.contains(name) else {
          throw Failure(
            "a measure of the judge of \(title) is called `\(name)`, which is something else of a zoo",
            hint: "give it another name")
        }
        guard let number = call.plainNumber(value) else {
          throw Failure(
            "`\(name)` of the judge of \(title) should be a number, but it is \(value.described)")
        }
        measures.append((name, number))
      }
      return (measures, value.held("inputs"))
    }
  }

  /// The inputs that a judge wants kept, as many as the zoo keeps.
  private func kept(_ value: Value, _ rollouts: Int) throws -> ExampleBatch.Inputs {
    let tensor = try Arguments.tensor(value)
    guard tensor.rank >= 2, tensor.shape[0] >= rollouts else {
      throw Failure(
        "`inputs` of the judge of \(title) should be at least \(rollouts) rows, but their shape is "
          + Tensor.text(of: tensor.shape))
    }
    let size = Tensor.count(of: Array(tensor.shape.dropFirst()))
    let numbers = Array(tensor.elements.prefix(rollouts * size))
    if tensor.rank == 3 { return .numbers(numbers) }
    return .tokens(try WrittenExamples.tokens(numbers, below: inputs, title))
  }

  func loss(
    _ batch: ExampleBatch, _ outputs: Tensor, step: Int, _ key: ExampleKey
  ) throws -> (loss: Float, gradient: Tensor) {
    try desk.ask {
      let (count, steps) = (outputs.shape[0], outputs.shape[1])
      let targets: Tensor
      switch batch.targets {
      case .next:
        targets = Tensor(
          shape: [count, steps],
          (0..<count).flatMap { row in
            (0..<steps).map { Float(batch.label(row, $0, steps: steps)) }
          })
      case .classes(let classes): targets = Tensor(shape: [count, steps], classes.map(Float.init))
      case .numbers(let numbers): targets = Tensor(shape: outputs.shape, numbers)
      }
      let tape = Tape()
      let variable = tape.variable(outputs)
      call.session.isTracing = true
      defer { call.session.isTracing = false }
      let purpose = "loss of run \(key.run)" + (key.isHeldOut ? " to judge by" : "")
      let result = try called(
        loss, [.variable(variable), .tensor(targets)], purpose, key.seed, step)
      guard let loss = try call.plainVariable(result), loss.value.count == 1 else {
        throw Failure(
          "`loss` of \(title) should give one number, but it gives \(result.described)")
      }
      let slope = try tape.gradients(of: loss, for: [variable])
      return (loss.value.elements[0], slope[0])
    }
  }
}
