import Execution
import Glibc
import Synchronization
import Tensors
import Testing

@testable import Zoos

/// A store that asks for a stop when it has taken so many runs.
private final class StoppingStore: ZooStore {
  private let store: FolderStore
  private let cancellation: Cancellation
  private let left: Mutex<Int>

  init(_ store: FolderStore, after runs: Int, _ cancellation: Cancellation) {
    self.store = store
    self.cancellation = cancellation
    left = Mutex(runs)
  }

  func finishedRuns() throws -> [Int] { try store.finishedRuns() }
  func claim(_ run: Int) throws -> ZooClaim { try store.claim(run) }
  func release(_ run: Int) { store.release(run) }

  func store(_ rows: RunRows, run: Int) throws {
    try store.store(rows, run: run)
    left.withLock {
      $0 -= 1
      if $0 == 0 { cancellation.request() }
    }
  }
}

@Suite struct FolderTests {
  private let console = RecordingConsole()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ path: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try File.list(path) { files[name] = try File.read(path + "/" + name) }
    return files
  }

  @Test func diskAndMemoryHoldTheSame() throws {
    let settings = smallSettings()
    let path = folder.path + "/a/zoo"
    let written = try trained(settings, path: path)
    let memory = try trained(settings)
    #expect(try numbers(written) == numbers(memory))
    #expect(written.path == path)
    #expect(settings.differences(found: try #require(written.settings)) == nil)
    let picked = try written[rows: [-1, 3]]
    #expect(try numbers(picked) == numbers(try memory[rows: [14, 3]]))
    let expected = try memory[rows: [14, 3]].examples([1, 5]).inputs.elements
    #expect(try picked.examples([1, 5]).inputs.elements == expected)
    let names = try File.list(path)
    #expect(
      names == [
        "args.json", "journal", "logits.npy", "measures.npy", "num_step_correct.npy",
        "parameters.npy", "sequences.npy",
        "tasks.npy", "zoo.json",
      ])
  }

  @Test func finishedZooIsReusedAndAnotherRefused() throws {
    var settings = smallSettings()
    let path = folder.path + "/zoo"
    let first = try trained(settings, path: path)
    let before = try bytes(path)
    let again = try trained(settings, path: path, console: console)
    #expect(console.notes.isEmpty)
    #expect(try numbers(again) == numbers(first))
    settings.steps = 50
    let steps = #expect(throws: Failure.self) {
      try trained(settings, path: path)
    }
    #expect(
      steps?.message == """
        "\(path)" holds a zoo of other settings
          setting  there  asked
          steps    30     50
        """)
    settings = smallSettings()
    settings.seed = UInt64.max
    settings.weightDecay = 0.25
    let several = #expect(throws: Failure.self) {
      try trained(settings, path: path)
    }
    #expect(
      several?.message == """
        "\(path)" holds a zoo of other settings
          setting  there   asked
          decay    0.0001  0.25
          seed     7       \(UInt64.max)
        """)
    let after = try bytes(path)
    #expect(after == before)
  }

  @Test(arguments: [1, 2, 4]) func interruptedTrainingGoesOnToTheSameBytes(runs: Int) throws {
    let settings = smallSettings(runs: 6)
    let whole = folder.path + "/whole"
    _ = try trained(settings, path: whole)
    let path = folder.path + "/broken"
    do {
      let token = Cancellation()
      let store = try FolderStore(path, settings, console: console)
      let training = ZooTraining(
        settings, store: StoppingStore(store, after: runs, token), console: console,
        cancellation: token)
      let done = try training.train(Array(0..<6), of: 0..<6)
      #expect(try !done && store.finishedRuns().count >= runs)
    }
    let part = try Zoo.load(path, console: console)
    #expect(!part.isComplete && part.count >= 3 * runs && part.count < 18)
    let resumed = try trained(settings, path: path, console: console)
    #expect(resumed.isComplete && resumed.count == 18)
    #expect(console.notes.contains("going on with"))
    let (result, wanted) = (try bytes(path), try bytes(whole))
    #expect(result == wanted)
    let rows = part.run.elements.indices.map { row in
      Int(part.run.elements[row]) * 3 + row % 3
    }
    #expect(try numbers(part) == numbers(try resumed[rows: rows]))
  }

  @Test func killedTrainingGoesOnToTheSameBytes() throws {
    let settings = smallSettings(runs: 4)
    let whole = folder.path + "/whole"
    _ = try trained(settings, path: whole)
    let path = folder.path + "/killed"
    do {
      let store = try FolderStore(path, settings, console: console)
      try store.store(try TaskRun(settings, run: 2).train { _ in }, run: 2)
      // The rows of run 0 are half written, and its line in the journal is cut.
      let layout = try settings.layout()
      try RowFile(path, layout.files[0], rows: layout.rows, isNew: false)
        .write([UInt8](repeating: 3, count: 400), run: 0)
    }
    let journal = path + "/journal"
    let form = JournalForm(settings)
    var text = try File.read(journal)
    text.replaceSubrange(
      form.range(of: 0).prefix(20), with: form.line(run: 0, sums: [1, 2, 3]).utf8.prefix(20))
    try File.write(text, to: journal)
    #expect(try Zoo.load(path, console: console).run.elements == [2, 2, 2])
    _ = try trained(settings, path: path)
    let (result, wanted) = (try bytes(path), try bytes(whole))
    #expect(result == wanted)
  }

  @Test func cutAndMissingFilesAreMadeAgain() throws {
    let settings = smallSettings(runs: 4)
    let path = folder.path + "/zoo"
    _ = try trained(settings, path: path)
    let wanted = try bytes(path)
    for (name, size) in [("parameters.npy", 900), ("logits.npy", 100), ("sequences.npy", 0)] {
      #expect(truncate(path + "/" + name, size) == 0)
      _ = try trained(settings, path: path, console: console)
      let mended = try bytes(path)
      #expect(mended == wanted)
      #expect(console.notes.contains("\(name)\" is missing or cut short"))
    }
    unlink(path + "/tasks.npy")
    _ = try trained(settings, path: path)
    let mended = try bytes(path)
    #expect(mended == wanted)
    try File.write(Array("another head".utf8), to: path + "/tasks.npy")
    let failure = #expect(throws: Failure.self) { try trained(settings, path: path) }
    #expect(failure?.message.contains("tasks.npy\" is not the one") == true)
  }

  @Test func unfinishedBeginningIsMadeAnew() throws {
    let settings = smallSettings(runs: 2)
    let whole = folder.path + "/whole"
    _ = try trained(settings, path: whole)
    let path = folder.path + "/begun"
    try File.makeFolder(path)
    try File.writeText("rnr journal 1: 2 ru", to: path + "/journal")
    try File.writeText("{\"form", to: path + "/zoo.json.part-77")
    try File.writeText("half a head", to: path + "/parameters.npy")
    _ = try trained(settings, path: path)
    let (result, wanted) = (try bytes(path), try bytes(whole))
    #expect(result == wanted)
  }

  @Test func savedZooIsTheOneTrainedThere() throws {
    let settings = smallSettings(runs: 3)
    let whole = folder.path + "/whole"
    _ = try trained(settings, path: whole)
    let memory = try trained(settings)
    let path = folder.path + "/saved"
    try memory.save(path, console: console)
    let (result, wanted) = (try bytes(path), try bytes(whole))
    #expect(result == wanted)
    #expect(throws: Failure.self) { try memory.save(path, console: console) }
    let stopped = Zoo(
      shape: memory.shape, columns: memory.columns, rows: [3, 4, 5], settings: settings,
      isComplete: false)
    try stopped.save(folder.path + "/part", console: console)
    #expect(
      try Zoo.load(folder.path + "/part", console: console).run.elements == [1, 1, 1])
    _ = try trained(settings, path: folder.path + "/part")
    let continued = try bytes(folder.path + "/part")
    #expect(continued == wanted)
  }

  @Test func foldersOfOthersAreLeftAlone() throws {
    let settings = smallSettings(runs: 2)
    let path = folder.path + "/mine"
    try File.makeFolder(path)
    try File.writeText("text", to: path + "/journal")
    try File.writeText("text", to: path + "/thesis.tex")
    let other = #expect(throws: Failure.self) {
      try trained(settings, path: path)
    }
    #expect(other?.message == "\"\(path)\" holds other files, but no zoo")
    #expect(try File.readText(path + "/journal") == "text")
    let official = #expect(throws: Failure.self) {
      try trained(settings, path: Golden.path("tiny_formal"))
    }
    #expect(official?.message.hasSuffix("holds a zoo that was not trained here") == true)
    let file = #expect(throws: Failure.self) {
      try trained(settings, path: path + "/thesis.tex")
    }
    #expect(file?.message == "a zoo is a folder, but \"\(path)/thesis.tex\" is a file")
    // An empty path would stand for the root.
    let nowhere = #expect(throws: Failure.self) { try trained(settings, path: "") }
    #expect(nowhere?.message == "a zoo needs the path of a folder, but it is empty")
  }

  @Test func damagedFilesAreNamed() throws {
    let settings = smallSettings(runs: 2)
    let path = folder.path + "/zoo"
    _ = try trained(settings, path: path)
    func message(_ name: String, _ bytes: [UInt8]) throws -> String {
      let before = try File.read(path + "/" + name)
      defer { try? File.write(before, to: path + "/" + name) }
      try File.write(bytes, to: path + "/" + name)
      do {
        _ = try Zoo.load(path, console: console)
        return "no failure"
      } catch let failure as Failure {
        return failure.message
      }
    }
    // args.json is there for other programs.
    for name in try File.list(path) where name != "args.json" {
      let whole = try File.read(path + "/" + name)
      for length in [0, 5, 40, whole.count / 2, whole.count - 2] where length < whole.count {
        #expect(try message(name, Array(whole[..<length])).contains(path + "/" + name), "\(name)")
      }
    }
    let sequences = try File.read(path + "/sequences.npy")
    #expect(
      try message("logits.npy", sequences)
        == "\"\(path)/logits.npy\" holds int16 [6, 6, 20], expected float16 [6, 6, 19, 5]")
    let description = try File.readText(path + "/zoo.json")
    let parts = description.split(separator: "\"runs\"", maxSplits: 1)
    let renamed = try message("zoo.json", Array(parts.joined(separator: "\"ruins\"").utf8))
    #expect(renamed == "\"\(path)/zoo.json\" lacks \"runs\", or it is not a number")
  }
}
