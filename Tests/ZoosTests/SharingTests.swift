import Execution
import Glibc
import Synchronization
import Tensors
import Testing

@testable import Zoos

/// Several trainings on one folder, damage, and what may not be touched.
@Suite struct SharingTests {
  private let console = RecordingConsole()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ name: String) throws -> [String: [UInt8]] {
    let path = folder.path + "/" + name
    var files: [String: [UInt8]] = [:]
    for name in try File.list(path) { files[name] = try File.read(path + "/" + name) }
    return files
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no failure"
    } catch let failure as Failure {
      return failure.message
    } catch {
      return "\(error)"
    }
  }

  @Test func shardsShareTheRuns() throws {
    #expect(try ZooShard("3/16").range(of: 1000) == 125..<187)
    for runs in [0, 1, 5, 16, 1000, 1 << 30] {
      let ranges = try (1...7).map { try ZooShard("\($0)/7").range(of: runs) }
      #expect(ranges[0].lowerBound == 0 && ranges[6].upperBound == runs)
      #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      let sizes = ranges.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
    for text in ["", "3", "0/4", "5/4", "1/0", "a/4", "1/2/3", "-1/4", "1/"] {
      #expect(throws: Failure.self) { try ZooShard(text) }
    }
    #expect(
      message { _ = try ZooShard("0/16") }
        == "a shard is its number and how many there are, such as \"3/16\", but this is \"0/16\"")
  }

  @Test func shardsMakeTheFolderOfOne() throws {
    let settings = smallSettings(runs: 5)
    let path = folder.path + "/shards"
    for (shard, finished) in [("2/3", 2), ("3/3", 4), ("1/3", 5)] {
      let zoo = try Zoo.train(
        settings, path: path, shard: try ZooShard(shard), console: console,
        cancellation: Cancellation())
      #expect(zoo.count == 3 * finished && zoo.isComplete == (finished == 5))
    }
    #expect(console.notes.contains("shard 2/3: runs 1 to 2"))
    _ = try trained(settings, path: folder.path + "/whole")
    let (result, wanted) = (try bytes("shards"), try bytes("whole"))
    #expect(result == wanted)
  }

  @Test func trainingsOfOneFolderShareItsRuns() throws {
    let settings = smallSettings(runs: 12)
    _ = try trained(settings, path: folder.path + "/whole")
    let path = folder.path + "/shared"
    let consoles = (0..<3).map { _ in RecordingConsole() }
    let counts = Mutex<[Int]>([])
    try Parallel.forEach(3) { number in
      let zoo = try trained(settings, path: path, console: consoles[number])
      counts.withLock { $0.append(zoo.count) }
    }
    #expect(counts.withLock { $0 } == [36, 36, 36])
    let (result, wanted) = (try bytes("shared"), try bytes("whole"))
    #expect(result == wanted)
  }

  @Test func aClaimKeepsOthersOut() throws {
    let settings = smallSettings(runs: 2)
    let path = folder.path + "/zoo"
    let store = try FolderStore(path, settings, console: console)
    do {
      let other = try FolderStore(path, settings, console: console)
      #expect(try other.claim(1) == .mine)
      #expect(try store.claim(1) == .elsewhere)
      #expect(try store.claim(0) == .mine)
      #expect(try other.claim(0) == .elsewhere)
      #expect(ZooJournal.claimed(path, JournalForm(settings), among: [0, 1]) == [0, 1])
      store.release(0)
      #expect(ZooJournal.claimed(path, JournalForm(settings), among: [0, 1]) == [1])
    }
    // The claims of a store go with it.
    #expect(try store.claim(1) == .mine)
    try store.store(try TaskRun(settings, run: 1).train { _ in }, run: 1)
    store.release(1)
    #expect(try store.claim(1) == .finished)
    #expect(try store.finishedRuns() == [1])
  }

  @Test func waitingTrainingTakesOverWhatOthersGiveUp() throws {
    let settings = smallSettings(runs: 3)
    let path = folder.path + "/zoo"
    let held = Mutex<FolderStore?>(try FolderStore(path, settings, console: console))
    #expect(try held.withLock { try $0?.claim(1) } == .mine)
    try Parallel.forEach(2) { number in
      if number == 0 {
        #expect(try trained(settings, path: path).count == 9)
      } else {
        while try ZooJournal.read(path, JournalForm(settings)).compacted.count < 2 { usleep(2000) }
        usleep(100_000)
        held.withLock { $0 = nil }
      }
    }
    _ = try trained(settings, path: folder.path + "/whole")
    let (result, wanted) = (try bytes("zoo"), try bytes("whole"))
    #expect(result == wanted)
  }

  @Test func rowsThatFailTheirSumsAreTrainedAgain() throws {
    let settings = smallSettings(runs: 4)
    let path = folder.path + "/zoo"
    _ = try trained(settings, path: path)
    let whole = try bytes("zoo")
    for name in try settings.layout().files.map(\.name) {
      var damaged = try File.read(path + "/" + name)
      damaged[damaged.count - 1] ^= 1
      damaged[128] ^= 128
      try File.write(damaged, to: path + "/" + name)
      let notes = RecordingConsole()
      #expect(try trained(settings, path: path, console: notes).isComplete)
      #expect(
        notes.notes.contains("2 runs with rows that fail their check sums are trained again: 0, 3"))
      let now = try bytes("zoo")
      #expect(now == whole, "\(name)")
    }
  }

  @Test func aCutJournalIsMadeWhole() throws {
    let settings = smallSettings(runs: 3)
    let path = folder.path + "/zoo"
    _ = try trained(settings, path: path)
    let whole = try bytes("zoo")
    let journal = try #require(whole["journal"])
    for length in [0, 10, 100, journal.count - 1] {
      try File.write(Array(journal[..<length]), to: path + "/journal")
      #expect(
        message { _ = try Zoo.load(path, console: console) }.contains("/journal\""))
      _ = try trained(settings, path: path)
      #expect(try File.read(path + "/journal") == journal)
    }
    unlink(path + "/journal")
    #expect(
      message { _ = try Zoo.load(path, console: console) }
        == "\"\(path)/journal\" is missing, which tells the finished runs")
    _ = try trained(settings, path: path)
    let now = try bytes("zoo")
    #expect(now == whole)
    try File.writeText("my diary", to: path + "/journal")
    #expect(message { _ = try trained(settings, path: path) }.contains("is no journal of a zoo"))
    #expect(try File.readText(path + "/journal") == "my diary")
  }

  @Test func nothingOutsideTheFolderIsWritten() throws {
    let settings = smallSettings(runs: 2)
    let path = folder.path + "/zoo"
    let outside = folder.path + "/outside"
    try File.writeText("mine", to: outside)
    // A name in a folder that looks begun leads elsewhere.
    for name in ["parameters.npy", "journal"] {
      try File.makeFolder(path)
      try File.writeText("rnr journal 1", to: path + "/journal")
      unlink(path + "/" + name)
      #expect(symlink(outside, path + "/" + name) == 0)
      let found = message { _ = try trained(settings, path: path) }
      #expect(found != "no failure" && found.contains(path))
      #expect(try File.readText(outside) == "mine")
      TemporaryFolder.remove(path)
    }
    _ = try trained(settings, path: path)
    // A second name of a column would change with it.
    var damaged = try File.read(path + "/logits.npy")
    damaged[200] ^= 1
    try File.write(damaged, to: path + "/logits.npy")
    #expect(link(path + "/logits.npy", folder.path + "/copy.npy") == 0)
    #expect(
      message { _ = try trained(settings, path: path) }
        == "\"\(path)/logits.npy\" has a second name elsewhere (a hard link), which would change "
        + "with it")
    #expect(try File.read(folder.path + "/copy.npy") == damaged)
  }

  @Test func otherArithmeticIsRefused() throws {
    let settings = smallSettings(runs: 2)
    let path = folder.path + "/zoo"
    do { _ = try FolderStore(path, settings, console: console) }
    var description = try ZooDescription(folder: path)
    description.arithmetic = "00000000"
    try File.writeText(description.text, to: path + "/zoo.json")
    #expect(
      message { _ = try trained(settings, path: path) }
        == "\"\(path)\" was begun by another build of rnr (version 0.1.0) or on another kind of "
        + "processor, which rounds differently: the numbers would differ")
    description.vectorWidth = 64
    try File.writeText(description.text, to: path + "/zoo.json")
    #expect(
      message { _ = try trained(settings, path: path) }.contains("begun with vectors of 64 bits"))
  }

  @Test func roomIsCheckedBeforeTheStart() throws {
    var settings = smallSettings(runs: 1 << 20)
    settings.hidden = 128
    settings.samples = 1000
    settings.rollouts = 1000
    settings.snapshots = Array(0..<30)
    let path = folder.path + "/large"
    let found = message { _ = try trained(settings, path: path) }
    #expect(found.hasPrefix("the zoo in \"\(path)\" takes "))
    #expect(found.contains(" TB, of which ") && found.contains("but the disk has "))
    #expect(!File.exists(path))
    try File.makeFolder(path)
    #expect(message { _ = try trained(settings, path: path) } == found)
    #expect(try File.list(path).isEmpty)
    // What is there already need not be found again.
    let small = smallSettings(runs: 3)
    let here = folder.path + "/small"
    do { _ = try FolderStore(here, small, console: console) }
    let room = try ZooRoom(here, small)
    #expect(room.missing == 0)
    #expect(
      try room.size
        == File.list(here).filter { !$0.hasSuffix(".json") }.reduce(0) {
          try $0 + File.read(here + "/" + $1).count
        })
    #expect(console.notes.hasPrefix("\"\(here)\": 3 runs, 9 nets, \(Text.bytes(room.size))"))
  }
}

extension [[UInt32]?] {
  /// What is there.
  fileprivate var compacted: [[UInt32]] { compactMap { $0 } }
}
