import Execution
import Kernels
import Networks
import Tensors
import Testing

@testable import Zoos

/// Language zoos stay what they were, to the byte: the sums are those of files that earlier versions
/// made.
@Suite struct BytesTests {
  private let folder = try? TemporaryFolder()

  /// Sums of the journal, which has those of all rows of all columns, and of the description.
  private func sums(_ settings: ZooSettings, _ name: String) throws -> [String] {
    let path = try #require(folder).path + "/" + name
    _ = try trained(settings, path: path)
    return try ["journal", "args.json", "zoo.json"].map { file in
      Checksum.text(try File.read(path + "/" + file).withUnsafeBytes { Checksum.crc32($0) })
    }
  }

  /// Other vectors add in another order.
  @Test(.enabled(if: VectorWidth.bits == 512)) func zoosAreThoseOfEarlierVersions() throws {
    var settings = ZooSettings()
    settings.runs = 6
    settings.steps = 12
    settings.snapshots = [0, 5]
    settings.letters = 3
    settings.length = 14
    settings.lowest = -1
    settings.highest = 1
    settings.maximumN = 4
    settings.hidden = 7
    settings.batch = 6
    settings.samples = 20
    settings.rollouts = 4
    settings.seed = 3
    #expect(try sums(settings, "lstm") == ["2c525d1e", "635d0313", "42519125"])
    var other = ZooSettings()
    other.runs = 3
    other.steps = 6
    other.snapshots = [0]
    other.cell = .gru
    other.optimizer = .sgd
    other.schedule = try Schedule([(step: 0, rate: 0.1)])
    other.tasks = .all
    other.hidden = 5
    other.layers = 1
    other.samples = 9
    other.rollouts = 2
    other.seed = 20
    #expect(try sums(other, "gru") == ["400f92e6", "9a1881c3", "fa3c9746"])
  }
}
