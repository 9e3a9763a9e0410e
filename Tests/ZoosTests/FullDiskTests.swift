import Execution
import Glibc
import Tensors
import Testing

@testable import Zoos

/// A disk that really is full: a small one of its own, where mounting is allowed.
@Suite struct FullDiskTests {
  /// A disk of one megabyte in memory, gone with the last reference.
  private final class SmallDisk {
    let path: String
    private let folder: TemporaryFolder

    init?() {
      guard let folder = try? TemporaryFolder() else { return nil }
      self.folder = folder
      path = folder.path + "/disk"
      guard mkdir(path, 0o700) == 0, mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 else {
        return nil
      }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Writes a file until nothing more fits.
    func fill(_ name: String) {
      let descriptor = open(path + "/" + name, O_WRONLY | O_CREAT, 0o600)
      for size in [4096, 1] {
        let bytes = [UInt8](repeating: 1, count: size)
        while write(descriptor, bytes, size) > 0 {}
      }
      close(descriptor)
    }
  }

  private let console = RecordingConsole()

  private func train(_ disk: SmallDisk, _ shard: String = "1/1") throws -> Zoo {
    try Zoo.train(
      smallSettings(), path: disk.path + "/zoo", shard: try ZooShard(shard), console: console,
      cancellation: Cancellation())
  }

  /// The zoo on a disk has the files of one that always had room.
  private func check(_ disk: SmallDisk) throws {
    let elsewhere = try TemporaryFolder()
    _ = try trained(smallSettings(), path: elsewhere.path + "/zoo")
    for name in try File.list(elsewhere.path + "/zoo") {
      #expect(
        try File.read(elsewhere.path + "/zoo/" + name) == File.read(disk.path + "/zoo/" + name))
    }
  }

  @Test(.enabled(if: SmallDisk() != nil, "a disk cannot be mounted here"))
  func withoutRoomTheTrainingDoesNotBegin() throws {
    let disk = try #require(SmallDisk())
    disk.fill("other")
    let failure = #expect(throws: Failure.self) { try train(disk) }
    // Nothing fits any more, not even the journal.
    #expect(failure?.message.contains("\(disk.path)/zoo") == true)
    unlink(disk.path + "/other")
    #expect(try train(disk).isComplete)
    try check(disk)
  }

  /// Replaces a file by a copy that has its beginning on disk, and a hole for the zeros after it.
  private func makeHoles(_ path: String, keeping count: Int) throws {
    let bytes = try File.read(path)
    try #require(bytes.dropFirst(count).allSatisfy { $0 == 0 })
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o644)
    try #require(ftruncate(descriptor, bytes.count) == 0)
    try #require(write(descriptor, bytes, count) == count)
    close(descriptor)
  }

  /// Files are made in full, but copies of them may have holes, which take room when they are
  /// filled.
  @Test(.enabled(if: SmallDisk() != nil, "a disk cannot be mounted here"))
  func aDiskThatIsFullOnTheWayIsToldOfAndTheTrainingGoesOn() throws {
    let disk = try #require(SmallDisk())
    #expect(try train(disk, "1/5").count == 3)
    try makeHoles(disk.path + "/zoo/parameters.npy", keeping: 8192)
    disk.fill("other")
    let failure = #expect(throws: Failure.self) { try train(disk) }
    #expect(
      failure?.message
        == "cannot write \"\(disk.path)/zoo/parameters.npy\": no space left on device")
    // What was finished stays.
    let status = try ZooStatus(disk.path + "/zoo", console: console, cancellation: Cancellation())
    #expect(status.finished.contains(0) && !status.isComplete && status.failingRows.isEmpty)
    unlink(disk.path + "/other")
    #expect(try train(disk).isComplete)
    try check(disk)
  }
}
