import Execution
import Tensors
import Testing

@testable import Zoos

/// Rows that were selected from a zoo are kept in a folder of their own.
@Suite struct SelectedRowsTests {
  private let console = RecordingConsole()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The columns as bit patterns: losses may be NaN, with the step of the divergence in them.
  private func bits(_ zoo: Zoo) throws -> [[UInt32]] {
    try numbers(zoo).map { $0.map(\.bitPattern) }
  }

  private func saved(_ zoo: Zoo, _ name: String) throws -> Zoo {
    try zoo.save(folder.path + "/" + name, console: console)
    return try Zoo.load(folder.path + "/" + name, console: console)
  }

  @Test func rowsComeBackAsTheyWere() throws {
    let memory = try trained(smallSettings(runs: 4))
    let onDisk = try trained(smallSettings(runs: 4), path: folder.path + "/whole")
    for (name, zoo) in [("memory", memory), ("disk", onDisk)] {
      let part = try zoo[rows: [7, 2, 2, -1]]
      let read = try saved(part, name)
      #expect(try bits(read) == bits(part))
      #expect(read.settings?.fields.map(\.value) == zoo.settings?.fields.map(\.value))
      #expect(read.settings?.seed == 7 && read.isComplete && read.maximumN == 5)
      #expect(read.path == folder.path + "/" + name)
      let again = try saved(read[rows: [3, 0]], name + "-again")
      #expect(try bits(again) == bits(part[rows: [3, 0]]))
    }
    #expect(try bits(saved(onDisk, "copy")) == bits(onDisk))
    #expect(try saved(memory[rows: []], "none").count == 0)
  }

  @Test func officialZoosAreSavedToo() throws {
    let zoo = try Zoo.load(Golden.path("tiny_formal"), console: console)
    let part = try zoo[rows: [11, 3]]
    let read = try saved(part, "part")
    // The beginning that the official file lacks is mended in ours.
    #expect(try bits(read) == bits(part))
    #expect(read.settings == nil && read.shape == zoo.shape)
  }

  @Test func otherProgramsReadTheColumns() throws {
    let part = try trained(smallSettings(runs: 3))[rows: [1, 4]]
    let path = folder.path + "/part"
    try part.save(path, console: console)
    #expect(
      try File.list(path).sorted() == [
        "args.json", "logits.npy", "measures.npy", "num_step_correct.npy", "parameters.npy",
        "rows.json", "sequences.npy", "tasks.npy",
      ])
    try File.writeText("{}", to: path + "/rows.json")
    let failure = #expect(throws: Failure.self) { try Zoo.load(path, console: console) }
    #expect(failure?.message.contains("rows.json\" does not describe rows of a zoo") == true)
  }

  @Test func nothingIsTrainedAmongRows() throws {
    let settings = smallSettings(runs: 3)
    let path = folder.path + "/part"
    try trained(settings)[rows: [1]].save(path, console: console)
    let failure = #expect(throws: Failure.self) { _ = try trained(settings, path: path) }
    #expect(failure?.message == "\"\(path)\" holds rows that were selected from a zoo")
    let asked = #expect(throws: Failure.self) { try ZooStatus(path, console: console) }
    #expect(asked?.message.contains("nothing is trained there") == true)
  }

  @Test func aFolderIsThereWholeOrNotAtAll() throws {
    let part = try trained(smallSettings(runs: 3))[rows: [1, 4]]
    let path = folder.path + "/part"
    let stopped = Cancellation()
    stopped.request()
    #expect(throws: Interrupted.self) { try part.saveRows(path, cancellation: stopped) }
    #expect(try File.list(folder.path).isEmpty)
    try File.makeFolder(path)
    try part.save(path, console: console)
    let failure = #expect(throws: Failure.self) { try part.save(path, console: console) }
    #expect(failure?.message == "\"\(path)\" is there already")
    #expect(try File.list(folder.path) == ["part"])
    for damage in ["\"rows\": 3", "\"hidden\": 9", "\"cell\": \"gru\"", "\"inputs\": 99"] {
      let text = try File.readText(path + "/rows.json")
      let name = damage.prefix { $0 != ":" }
      let changed = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.hasPrefix("  " + name) ? "  \(damage)," : String(line)
      }
      try File.writeText(changed.joined(separator: "\n"), to: path + "/rows.json")
      #expect(throws: Failure.self) { try Zoo.load(path, console: console) }
      try File.writeText(text, to: path + "/rows.json")
    }
    #expect(try Zoo.load(path, console: console).count == 2)
  }

  /// What earlier versions wrote, when all zoos were of languages.
  @Test func rowsOfTheFirstFormAreRead() throws {
    let part = try trained(smallSettings(runs: 3))[rows: [1, 4]]
    let path = folder.path + "/first"
    try part.save(path, console: console)
    try File.writeText(
      """
      {"form": "rnr rows of a language zoo", "form_version": 1, "version": "0.1.0", "rows": 2,
       "rollouts": 6, "letters": 3, "length": 20, "maximum_n": 5, "cell": "lstm", "layers": 1,
       "hidden": 8}
      """, to: path + "/rows.json")
    let read = try Zoo.load(path, console: console)
    #expect(try bits(read) == bits(part) && read.maximumN == 5 && read.settings == nil)
  }
}
