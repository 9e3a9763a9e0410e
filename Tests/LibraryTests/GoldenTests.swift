import Execution
import Foundation
import Language
import Library
import Testing

/// The encoders, the emulator and their training, as scripts beside the numbers that they must
/// give.
@Suite struct GoldenTests {
  @Test(arguments: [
    "layer_statistics", "mechanistic", "probing", "emulation", "encoders", "official", "unpacking",
    "many", "operations", "own_types", "earlier_versions", "dialogue",
    "misfits",
  ])
  func agrees(name: String) throws {
    try withFolder { try run(name, results: $0) }
  }

  /// A training that is broken off and taken up again leaves the bytes of one that is not.
  @Test func trains() throws {
    try withFolder { folder in
      try run("training", results: folder)
      let straight = try Data(contentsOf: folder.appendingPathComponent("straight.rnv"))
      #expect(try Data(contentsOf: folder.appendingPathComponent("resumed.rnv")) == straight)
    }
  }

  /// Checkpoints of other code, settings, data and sizes are refused, and others go on.
  @Test func checkpointsKnowWhatMadeThem() throws {
    try withFolder { try run("checkpoints", results: $0) }
  }

  /// The number of threads is fixed for a process, so that each number needs one of its own.
  @Test func threadsChangeNothing() throws {
    try withFolder { folder in
      let results = try ["1", "2", "3"].map { threads in
        let path = folder.appendingPathComponent(threads).path + ".rnv"
        let process = Process()
        process.executableURL = GoldenTests.program
        process.arguments = [GoldenTests.scripts + "/threads.rnr", "--out", path]
        process.environment = ProcessInfo.processInfo.environment.merging(
          ["RNR_THREADS": threads], uniquingKeysWith: { $1 })
        try process.run()
        process.waitUntilExit()
        return try Data(contentsOf: URL(fileURLWithPath: path))
      }
      #expect(results[1] == results[0])
      #expect(results[2] == results[0])
    }
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  private static let scripts = folder.path + "/golden"
  private static let program = folder.deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent(".build/release/rnr")

  /// Runs a script of the folder `golden`; fails with what it reports.
  private func run(_ name: String, results: URL) throws {
    let path = "\(GoldenTests.scripts)/\(name).rnr"
    let console = RecordingConsole()
    let session = Session(
      console: console, library: try LibrarySource.standard(), natives: NativeTable.all)
    // A script takes only the options that it asks for.
    let text = try File.readText(path)
    let takesFolder = text.contains("agreement.rnr") || text.contains("option(\"folder\"")
    let source = takesFolder ? ["--folder", GoldenTests.scripts] : []
    let out = text.contains("option(\"out\"") ? ["--out", results.path] : []
    let outcome = session.runScript(text, path: path, arguments: source + out)
    #expect(outcome == .ok, "\(console.notes)")
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("rnr-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}
