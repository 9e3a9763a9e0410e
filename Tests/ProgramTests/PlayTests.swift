import Execution
import Glibc
import Testing

/// The interrogator's game on a terminal.
@Suite struct PlayTests {
  private func answer(_ terminal: PseudoTerminal, _ question: String, _ keys: String) throws {
    try terminal.expect(question)
    terminal.type(keys + Key.enter)
  }

  @Test func aGameIsPlayedAndItsScoreKept() throws {
    let folder = try Folder()
    let terminal = try PseudoTerminal(in: folder)
    try terminal.expectPrompt()
    terminal.type("g = play(family(\"thresholds\", 8), against=\"adversary\")" + Key.enter)
    try terminal.expect("Queries: x0, x1, x2, x3, x4, x5, x6.\r\n")
    try answer(terminal, "question 1> ", "hint")
    try terminal.expect("Ask x3: at worst 4 of 8 are left then.\r\n")
    try answer(terminal, "question 1> ", "x0")
    try terminal.expect("7 of 8 left: t1, t2, t3, t4, t5, t6, t7.\r\n  ·■■■■■■■\r\n")
    try answer(terminal, "question 2> ", "x3?")
    try answer(terminal, "question 3> ", "x5")
    try answer(terminal, "question 4> ", "x4")
    try terminal.expect("Question 1 lost 1:\r\n")
    try terminal.expectPrompt()
    terminal.type("scores()[0].questions" + Key.enter)
    try terminal.expectOutput("4")
    try terminal.expectPrompt()
    terminal.type("scores()" + Key.enter)
    try terminal.expect("thresholds 8 against the adversary      1     4     4        3\r\n")
  }

  @Test func controlCLeavesTheGame() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type("kept = 41; play(family(\"cube\", 3))" + Key.enter)
    try terminal.expect("question 1> ")
    terminal.type("dig")
    try terminal.expect("dig")
    terminal.type(Key.controlC)
    try terminal.expect("interrupted\r\n")
    try terminal.expectPrompt()
    terminal.type("scores()" + Key.enter)
    try terminal.expectOutput("scores: no games yet")
  }

  @Test func theMachineAsksOnANarrowTerminal() throws {
    let terminal = try PseudoTerminal()
    terminal.resize(columns: 40)
    try terminal.expectPrompt()
    terminal.type("play(family(\"thresholds\", 32), role=\"answer\")" + Key.enter)
    try terminal.expect("Have one of 32 functions in mind: t0,\r\n")
    let lines = try terminal.expect("Answer, or say:").split(separator: "\r\n")
    #expect(lines.count > 2 && lines.allSatisfy { $0.count <= 40 })
    for number in 1...5 {
      try answer(terminal, "question \(number): ", "1")
    }
    try answer(terminal, "Is it t31? (yes or no) ", "no")
    try answer(terminal, "Which function do you have in mind? ", "t30")
    try terminal.expect("t30 contradicts one answer of yours:\r\n")
    try terminal.expect("question 5: x30 is 0 for t30, you said\r\n  1.\r\n")
    try terminal.expect("By your answers it is t31, which you\r\n  deny. I asked 5 questions.\r\n")
    try terminal.expectPrompt()
  }

  /// The dialogue that docs/INTERROGATOR.md shows is what happens.
  @Test func theGameOfThePageIsPlayedAsItStandsThere() throws {
    let page = try File.readText(File.folder(of: #filePath) + "/../../docs/INTERROGATOR.md")
    let start = try #require(page.firstRange(of: "```text\n> play("))
    let rest = page[start.lowerBound...].dropFirst("```text\n".count)
    let end = try #require(rest.firstRange(of: "\n```"))
    let lines = rest[..<end.lowerBound].split(separator: "\n").map(String.init)
    let terminal = try PseudoTerminal(["--no-init"], rows: 60)
    try terminal.expectPrompt()
    terminal.type(lines[0].dropFirst(2) + Key.enter)
    for line in lines where line.hasPrefix("question ") {
      let mark = try #require(line.firstRange(of: "> "))
      try answer(terminal, String(line[..<mark.upperBound]), String(line[mark.upperBound...]))
    }
    try terminal.expectPrompt()
    let shown = terminal.screen.lines
    let first = try #require(shown.firstIndex(of: "1" + lines[0]))
    #expect(Array(shown[(first + 1)...].prefix(lines.count - 1)) == Array(lines.dropFirst()))
  }
}
