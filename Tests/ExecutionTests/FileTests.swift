import Glibc
import Testing

@testable import Execution

@Suite struct FileTests {
  private let folder = "/tmp/rnr-execution-tests-\(getpid())-\(UInt32.random(in: 0 ... .max))"

  init() throws { try File.makeFolder(folder) }

  private func path(_ name: String) -> String { "\(folder)/\(name)" }

  @Test func keepsBytes() throws {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try File.write(bytes, to: path("bytes"))
    #expect(try File.read(path("bytes")) == bytes)
    try File.write([], to: path("bytes"))
    #expect(try File.read(path("bytes")).isEmpty)
    try File.writeText("häß", to: path("text"))
    #expect(try File.readText(path("text")) == "häß")
  }

  @Test func replacesInOneStepAndLeavesNothingBehind() throws {
    try File.writeText("old", to: path("replaced"))
    let reader = open(path("replaced"), O_RDONLY)
    defer { close(reader) }
    try File.writeText("new", to: path("replaced"))
    // Who had the file open still sees the whole old one.
    var bytes = [UInt8](repeating: 0, count: 10)
    #expect(read(reader, &bytes, 10) == 3)
    #expect(String(decoding: bytes[..<3], as: UTF8.self) == "old")
    #expect(try File.readText(path("replaced")) == "new")
    #expect(try File.list(folder).filter { $0.hasPrefix("replaced") } == ["replaced"])
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    try File.makeFolder(path("occupied/inner"))
    #expect(throws: Failure.self) { try File.writeText("x", to: path("occupied")) }
    #expect(File.isFolder(path("occupied")))
    #expect(try !File.list(folder).contains { $0.contains(".part-") })
  }

  @Test func missingFileNamesTheNearest() throws {
    try File.writeText("x", to: path("weights.npy"))
    let failure = #expect(throws: Failure.self) { try File.read(path("weigths.npy")) }
    #expect(
      failure?.message == "cannot read \"\(path("weigths.npy"))\": no such file or directory")
    #expect(failure?.hint == "did you mean \"\(path("weights.npy"))\"?")
    try File.makeFolder(path("zoos"))
    try File.writeText("x", to: path("zoos/tour"))
    let inFolder = #expect(throws: Failure.self) { try File.read(path("zoso/tuor")) }
    #expect(inFolder?.hint == "did you mean \"\(path("zoos/tour"))\"?")
  }

  @Test func missingFolderIsSaid() throws {
    let failure = #expect(throws: Failure.self) {
      try File.writeText("x", to: path("none/such/file"))
    }
    #expect(failure?.message.hasPrefix("cannot write") == true)
    #expect(throws: Failure.self) { try File.list(path("none")) }
  }

  @Test func aFolderIsNoFile() {
    let failure = #expect(throws: Failure.self) { try File.read(folder) }
    #expect(failure?.message == "\"\(folder)\" is a folder, not a file")
  }

  @Test func foldersOfPaths() {
    #expect(File.folder(of: "a/b/c.rnr") == "a/b")
    #expect(File.folder(of: "c.rnr") == ".")
    #expect(File.folder(of: "/c.rnr") == "/")
    #expect(File.exists(folder) && !File.exists(path("nothing")))
  }
}
