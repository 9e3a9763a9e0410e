import Execution
import Glibc
import Tensors

@testable import Zoos

/// A zoo that trains in a blink.
func smallSettings(runs: Int = 5) -> LanguageZooSettings {
  var settings = LanguageZooSettings()
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
  _ settings: LanguageZooSettings, path: String? = nil, console: any Console = RecordingConsole(),
  cancellation: Cancellation = Cancellation()
) throws -> LanguageZoo {
  guard let path else {
    return try LanguageZoo.train(settings, console: console, cancellation: cancellation)
  }
  return try LanguageZoo.train(
    settings, path: path, console: console, cancellation: cancellation)
}

/// The columns of a zoo as numbers, to compare two zoos.
func numbers(_ zoo: LanguageZoo) throws -> [[Float]] {
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
