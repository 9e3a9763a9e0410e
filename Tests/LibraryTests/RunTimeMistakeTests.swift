import Execution
import Glibc
import Language
import Testing

/// Programs that fail while they run or are checked, and what is said about them.
///
/// With `RECORD_SNAPSHOTS=1` the texts beside the programs are written anew.
@Suite struct RunTimeMistakeTests {
  static let names = LanguagePrograms.names(in: "mistakes")

  private func said(_ name: String) throws -> String {
    let console = RecordingConsole()
    let session = try LanguagePrograms.session(console)
    let file = name.split(separator: "/").last.map(String.init) ?? name
    _ = session.runScript(
      try LanguagePrograms.text(name), path: "\(file).rnr", arguments: [])
    // Lines of the library move with whatever is written above them.
    return console.notes.replacing(/(stdlib\/\w+\.rnr):\d+/) { "\($0.output.1):..." }
  }

  @Test(arguments: names)
  func saysWhatItSaid(_ name: String) throws {
    let said = try said(name)
    let path = "\(LanguagePrograms.folder)/\(name).txt"
    if getenv("RECORD_SNAPSHOTS") != nil { try File.writeText(said, to: path) }
    #expect(try said == File.readText(path))
  }

  @Test func eachSaysSomethingShort() throws {
    #expect(RunTimeMistakeTests.names.count >= 50)
    for name in RunTimeMistakeTests.names {
      let lines = try said(name).split(separator: "\n")
      #expect((1...14).contains(lines.count), "\(name)")
    }
  }
}
