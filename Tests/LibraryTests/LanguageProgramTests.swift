import Execution
import Language
import Testing

/// Runs each program of `Tests/LanguageTests/Programs` and holds it to its remarks.
@Suite struct LanguageProgramTests {
  static let scripts = LanguagePrograms.groups.filter { $0 != "prompt" }
    .flatMap(LanguagePrograms.names)

  @Test func thereAreMany() {
    #expect(LanguageProgramTests.scripts.count >= 280)
    #expect(LanguagePrograms.names(in: "prompt").count >= 12)
  }

  @Test(arguments: scripts)
  func scriptDoesWhatItSays(_ name: String) throws {
    let text = try LanguagePrograms.text(name)
    let console = RecordingConsole()
    let outcome = try LanguagePrograms.session(console).runScript(
      text, path: "\(LanguagePrograms.folder)/\(name).rnr", arguments: [])
    check(console, outcome, Expectation(text))
  }

  @Test(arguments: LanguagePrograms.names(in: "prompt"))
  func promptAnswersAsItSays(_ name: String) throws {
    let text = try LanguagePrograms.text(name)
    let console = RecordingConsole()
    let session = try LanguagePrograms.session(console)
    var outcome = Outcome.ok
    var entry = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      entry += line + "\n"
      guard session.isComplete(entry) else { continue }
      let next = session.evaluate(entry, name: "prompt", echo: true)
      if next != .ok { outcome = next }
      if case .quit = next { break }
      entry = ""
    }
    #expect(entry == "" || outcome != .ok)
    check(console, outcome, Expectation(text))
  }

  private func check(_ console: RecordingConsole, _ outcome: Outcome, _ expected: Expectation) {
    let lines = console.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.map(String.init) == expected.lines)
    for part in expected.errors + expected.notes {
      #expect(console.notes.contains(part), "no \"\(part)\" in:\n\(console.notes)")
    }
    if expected.errors.isEmpty, expected.notes.isEmpty { #expect(console.notes == "") }
    if let exit = expected.exit {
      #expect(outcome.exitCode == exit)
    } else if expected.errors.isEmpty {
      #expect(outcome == .ok)
    } else {
      #expect(outcome == .runtimeError || outcome == .sourceError)
    }
  }
}
