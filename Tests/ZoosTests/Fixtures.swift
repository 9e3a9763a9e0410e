import Execution
import Glibc
import Tensors

@testable import Zoos

/// A zoo that trains in a blink.
func smallSettings(runs: Int = 5) -> ZooSettings {
  var settings = ZooSettings()
  settings.runs = runs
  settings.steps = 30
  settings.letters = 3
  settings.length = 20
  settings.lowest = -1
  settings.highest = 1
  settings.maximumN = 5
  settings.layers = 1
  settings.hidden = 8
  settings.batch = 8
  settings.snapshots = [0, 10, 100]
  settings.samples = 40
  settings.rollouts = 6
  settings.seed = 7
  return settings
}

/// Trains a zoo, in memory or in a folder, out of reach of what other tests cancel.
func trained(
  _ settings: ZooSettings, path: String? = nil, console: any Console = RecordingConsole(),
  cancellation: Cancellation = Cancellation()
) throws -> Zoo {
  guard let path else {
    return try Zoo.train(settings, console: console, cancellation: cancellation)
  }
  return try Zoo.train(
    settings, path: path, console: console, cancellation: cancellation)
}

/// The columns of a zoo as numbers, to compare two zoos.
func numbers(_ zoo: Zoo) throws -> [[Float]] {
  [
    try zoo.weights, try zoo.rollouts, try zoo.logProbabilities, zoo.tasks, zoo.run, zoo.step,
    zoo.accuracy, zoo.countAccuracy, zoo.loss,
  ].map(\.elements)
}

/// A folder that is removed, with what is in it, when the last reference goes.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/rnr-zoos-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure("no temporary folder") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { TemporaryFolder.remove(path) }

  static func remove(_ path: String) {
    if File.isFolder(path) {
      for name in (try? File.list(path)) ?? [] { remove(path + "/" + name) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

// What tests of language zoos call their columns and settings.
extension Zoo {
  var weights: Tensor { get throws { try tensor("weights") } }
  var rollouts: Tensor { get throws { try tensor("inputs") } }
  var logProbabilities: Tensor { get throws { try tensor("outputs") } }
  var tasks: Tensor { (try? tensor("tasks")) ?? Tensor(shape: [0], []) }
  var run: Tensor { (try? tensor("run")) ?? Tensor(shape: [0], []) }
  var step: Tensor { (try? tensor("step")) ?? Tensor(shape: [0], []) }
  var accuracy: Tensor { (try? tensor("accuracy")) ?? Tensor(shape: [0], []) }
  var countAccuracy: Tensor { (try? tensor("count_accuracy")) ?? Tensor(shape: [0], []) }
  var loss: Tensor { (try? tensor("loss")) ?? Tensor(shape: [0], []) }
}

extension Zoo {
  /// The language that the net of a row was trained on.
  func language(row: Int) throws -> FormalLanguage {
    let task = try self[rows: [row]].taskList[0]
    return try (family as? Languages ?? Languages()).language(task)
  }
  var letters: Int { column("tasks")?.count ?? 0 }
  var maximumN: Int { (family as? Languages)?.maximumN ?? 0 }
  var weightColumn: StoredColumn { get throws { try stored("weights") } }
  var rolloutColumn: StoredColumn { get throws { try stored("inputs") } }
  var logProbabilityColumn: StoredColumn { get throws { try stored("outputs") } }

  private func stored(_ name: String) throws -> StoredColumn {
    guard let column = storedColumn(name) else { throw Failure("no column \(name)") }
    return column
  }
}

extension ZooSettings {
  /// The differences m of a run.
  func task(run: Int) -> [Int] { languages.differences(run: run, seed: seed) }
  func language(run: Int) throws -> FormalLanguage {
    try languages.language(try family.task(run: run, seed: seed))
  }
  var languages: Languages {
    get { family as? Languages ?? Languages() }
    set { family = newValue }
  }
  var letters: Int {
    get { languages.letters }
    set { languages.letters = newValue }
  }
  var length: Int {
    get { languages.length }
    set { languages.length = newValue }
  }
  var lowest: Int {
    get { languages.lowest }
    set { languages.lowest = newValue }
  }
  var highest: Int {
    get { languages.highest }
    set { languages.highest = newValue }
  }
  var maximumN: Int {
    get { languages.maximumN }
    set { languages.maximumN = newValue }
  }
  var tasks: Languages.Choice {
    get { languages.tasks }
    set { languages.tasks = newValue }
  }
}
