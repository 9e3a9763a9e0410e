import Execution
import Kernels
import Networks
import Tensors
import Testing

@testable import Zoos

/// A family of one's own: which of two tokens came first, told at the last step.
private struct FirstToken: WrittenFunctions {
  func task(run: Int, seed: UInt64) -> [Double] { [Double(run % 2)] }

  func examples(_ task: [Double], _ key: ExampleKey) throws -> ExampleSet {
    let tokens: [UInt8] = [0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1]
    let flips = UInt16(task[0])
    let classes = [0, 1, 0, 1].flatMap { [UInt16](repeating: $0 ^ flips, count: 3) }
    return try ExampleSet(
      ExampleBatch(
        inputs: .tokens(tokens), targets: .classes(classes), counts: [1, 1, 1, 1],
        stepWeights: [Float]([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1])), steps: 3,
      chances: [1, 1, 1, 3])
  }

  func batch(_ task: [Double], count: Int, step: Int, _ key: ExampleKey) -> ExampleBatch? { nil }
  func measures(_ task: [Double], inputs: Int, outputs: Int, seed: UInt64) -> [String]? { nil }
  func judge(
    _ net: KeptNet, rollouts: Int
  ) -> (
    measures: [(name: String, value: Double)], inputs: ExampleBatch.Inputs?
  )? { nil }
  func loss(
    _ batch: ExampleBatch, _ outputs: Tensor, step: Int, _ key: ExampleKey
  ) throws -> (loss: Float, gradient: Tensor) {
    throw Failure("not asked for")
  }
}

@Suite struct FamilyTests {
  private let console = RecordingConsole()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func settings(_ family: any TaskFamily) -> ZooSettings {
    var settings = ZooSettings(family)
    settings.runs = 4
    settings.steps = 40
    settings.hidden = 8
    settings.layers = 1
    settings.batch = 8
    settings.snapshots = [0]
    settings.samples = 20
    settings.rollouts = 3
    settings.seed = 5
    return settings
  }

  private func digits() throws -> DigitTasks {
    DigitTasks(try DigitImages.synthetic(count: 200, seed: 1))
  }

  private func written() throws -> WrittenTasks {
    try WrittenTasks(
      title: "FirstToken()", inputs: 2, outputs: 2, givesClasses: true, hasOwnLoss: false, seed: 5,
      functions: FirstToken())
  }

  private func bytes(_ path: String) throws -> [[UInt8]] {
    try File.list(path).sorted().map { try File.read(path + "/" + $0) }
  }

  private func all(_ zoo: Zoo) throws -> [[Float]] {
    try zoo.columns.map { try zoo.tensor($0.name).elements }
  }

  @Test func memoryAndDiskAndWhatIsResumedAreTheSame() throws {
    for family in [try digits(), try written()] as [any TaskFamily] {
      let settings = settings(family)
      let name = folder.path + "/" + type(of: family).kind
      let whole = try trained(settings, path: name)
      let memory = try trained(settings)
      #expect(try all(whole) == all(memory))
      try memory.save(name + "-saved", console: console)
      #expect(try bytes(name + "-saved") == bytes(name))
      // The rows of run 2 are damaged and trained again.
      let path = name + "/parameters.npy"
      var weights = try File.read(path)
      weights[weights.count - 1] ^= 1
      try File.write(weights, to: path)
      _ = try trained(settings, path: name)
      #expect(try bytes(name) == bytes(name + "-saved"))
      #expect(try all(Zoo.load(name, console: console)) == all(memory))
      let shards = name + "-shards"
      for shard in ["2/2", "1/2"] {
        _ = try Zoo.train(
          settings, path: shards, shard: try ZooShard(shard), console: console,
          cancellation: Cancellation())
      }
      #expect(try bytes(shards) == bytes(name))
    }
  }

  @Test func aLastClassIsLearned() throws {
    var settings = settings(try written())
    settings.steps = 150
    let zoo = try trained(settings)
    #expect(zoo.form == TaskForm(readsTokens: true, givesClasses: true))
    #expect(
      try zoo.tensor("inputs").shape == [8, 3, 3] && zoo.tensor("outputs").shape == [8, 3, 3, 2])
    #expect(
      try zoo.numbers("accuracy").enumerated().allSatisfy { $0.offset % 2 == 0 || $0.element == 1 })
    #expect(try zoo.taskList == [[0], [0], [1], [1], [0], [0], [1], [1]])
  }

  @Test func digitsHaveTheOfficialFiles() throws {
    let path = folder.path + "/digits"
    let zoo = try trained(settings(try digits()), path: path)
    #expect(
      try File.list(path).sorted() == [
        "accuracy_losses.npy", "args.json", "journal", "logits.npy", "num_step.npy",
        "parameters.npy", "sequences.npy", "tasks.npy", "zoo.json",
      ])
    #expect(try MappedColumn(path + "/sequences.npy").shape == [8, 3, 50, 16])
    #expect(try MappedColumn(path + "/logits.npy").type == .float16)
    #expect(try MappedColumn(path + "/tasks.npy").type == .float64)
    // Without our own files it is a folder of the released code.
    for name in ["zoo.json", "journal"] { TemporaryFolder.remove(path + "/" + name) }
    let official = try Zoo.load(path, console: console)
    #expect(try all(official) == all(zoo))
    #expect(
      official.shape == zoo.shape && official.family is DigitTasks && official.settings == nil)
    #expect(try Set(zoo.numbers("decay")).isSubset(of: [0, 0.001, 0.01, 0.1]))
    // A zero tile begins each sequence, and the angle is the task.
    let inputs = try zoo.tensor("inputs").elements
    #expect(inputs.prefix(16).allSatisfy { $0 == 0 })
    #expect(try zoo.taskList.allSatisfy { (0..<360).contains($0[0]) })
  }

  /// Of a zoo whose images or functions are not at hand the state is told all the same.
  @Test func unfinishedZoosTellHowTheyStand() throws {
    for family in [try digits(), try written()] as [any TaskFamily] {
      let path = folder.path + "/status-" + type(of: family).kind
      let settings = settings(family)
      _ = try Zoo.train(
        settings, path: path, shard: try ZooShard("1/2"), console: console,
        cancellation: Cancellation())
      let status = try ZooStatus(path, console: console)
      #expect(status.finished == [0, 1] && status.missing == [2, 3])
      #expect(status.isContinuable && status.secondsLeft == nil)
    }
  }

  @Test func otherImagesAreAnotherZoo() throws {
    let path = folder.path + "/images"
    _ = try trained(settings(try digits()), path: path)
    let other = DigitTasks(try DigitImages.synthetic(count: 200, seed: 2))
    let failure = #expect(throws: Failure.self) { try trained(settings(other), path: path) }
    #expect(failure?.message.contains("holds a zoo of other settings\n") == true)
    #expect(failure?.message.contains("images") == true)
    let kind = #expect(throws: Failure.self) { try trained(settings(try written()), path: path) }
    #expect(kind?.message == "\"\(path)\" holds a digit zoo, but a task zoo is asked for")
  }

  @Test func anglesSplitWhereThePaperDoes() throws {
    let angles = (0..<72).map { [Double($0) * 5] }
    let tasks = try digits()
    let split = try ZooSplit(
      keys: angles, novelty: { tasks.novelty(of: $0) ?? 0 }, bound: tasks.noveltyBound)
    #expect(split.ood == Array(63..<72))
    let failure = #expect(throws: Failure.self) {
      try ZooSplit(keys: Array(angles.prefix(20)), novelty: { $0[0] }, bound: 312)
    }
    #expect(
      failure?.message == "a split into three parts needs tasks from 312 on and at least 2 below, "
        + "but there are 0 and 20")
  }
}
