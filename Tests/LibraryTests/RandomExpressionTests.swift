import Execution
import Language
import Library
import Testing

/// Random expressions beside what NumPy makes of them; `random/expressions.py` writes them.
@Suite struct RandomExpressionTests {
  private static let folder = File.folder(of: #filePath) + "/random"

  @Test func agreesWithNumPy() throws {
    let path = Self.folder + "/agree.rnr"
    let console = RecordingConsole()
    let session = Session(
      console: console, library: try LibrarySource.standard(), natives: NativeTable.all)
    let outcome = session.runScript(try File.readText(path), path: path, arguments: [])
    #expect(outcome == .ok, "\(console.notes)")
    #expect(console.output == "0 of 1000 are wrong\n")
  }
}
