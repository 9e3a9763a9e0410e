import Execution
import Foundation
import Language
import Library
import Testing

/// The encoders, the emulator and their training, as scripts beside the numbers that they must give.
@Suite struct GoldenTests {
  @Test(arguments: ["layer_statistics", "probing", "emulation"])
  func agrees(name: String) throws {
    try run(name)
  }

  /// Runs a script of the folder `golden`; fails with what it reports.
  private func run(_ name: String, _ arguments: [String] = []) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/golden"
    let path = "\(folder)/\(name).rnr"
    let console = RecordingConsole()
    let session = Session(
      console: console, library: try LibrarySource.standard(), natives: NativeTable.all)
    let outcome = session.runScript(
      try File.readText(path), path: path, arguments: ["--folder", folder] + arguments)
    #expect(outcome == .ok, "\(console.notes)")
  }
}
