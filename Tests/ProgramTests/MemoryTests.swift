import Execution
import Testing

/// The loops of Benchmarks/memory.rnr, for a moment each.
@Suite struct MemoryTests {
  @Test func noLoopGrows() throws {
    let root = File.folder(of: File.folder(of: File.folder(of: #filePath)))
    let run = try Program.run(
      ["--no-init", root + "/Benchmarks/memory.rnr", "--seconds", "0.25"])
    #expect(run.ending == .code(0), "\(run.output)\(run.errors)")
    #expect(run.output.split(separator: "\n").count == 20)
  }
}
