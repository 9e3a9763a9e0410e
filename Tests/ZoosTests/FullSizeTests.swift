import Execution
import Glibc
import Tensors
import Testing

@testable import Zoos

/// The paper's zoo at its size, as files of holes.
@Suite struct FullSizeTests {
  private let settings = ZooSettings()

  private func makeSparse(_ path: String) throws {
    try File.makeFolder(path)
    let layout = try settings.layout()
    for file in layout.files {
      try File.write(try file.header(rows: layout.rows), to: path + "/" + file.name)
      #expect(truncate(path + "/" + file.name, try file.fileSize(rows: layout.rows)) == 0)
    }
    let form = JournalForm(settings)
    let sums = [UInt32](repeating: 0, count: form.rows)
    let lines = (0..<form.runs).map { form.line(run: $0, sums: sums) }
    try File.writeText(form.head + lines.joined(), to: path + "/journal")
    try File.writeText(try ZooDescription(settings).text, to: path + "/zoo.json")
  }

  /// Bytes of memory that the process has of its own.
  private func privateMemory() throws -> Int {
    let text = try File.readText("/proc/self/statm").split(separator: " ").compactMap { Int($0) }
    return (text[1] - text[2]) * sysconf(Int32(_SC_PAGESIZE))
  }

  @Test func openingTakesNoMemory() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/full"
    try makeSparse(path)
    let before = try privateMemory()
    let began = Clock.now
    let zoo = try Zoo.load(path, console: RecordingConsole())
    let seconds = Clock.now - began
    #expect(zoo.count == 9000 && zoo.isComplete)
    #expect(
      try zoo.weightColumn.size == 495_576_000 && zoo.logProbabilityColumn.size == 442_800_000)
    #expect(seconds < 0.5, "opening took \(seconds) s")
    let last = try zoo[rows: [0, 8999]]
    #expect(try last.logProbabilityColumn.selecting([.at(1), .at(99)]).shape == [41, 6])
    #expect(try zoo.weightColumn.selecting([.at(-1)]).shape == [13_766])
    // Other tests run beside this one; all columns would take 1 GB, as tensors 3.
    #expect(try privateMemory() - before < 300_000_000)
    let room = try ZooRoom(path, settings)
    #expect(room.size > 1_000_000_000 && room.missing > room.size - 10_000_000)
  }
}
