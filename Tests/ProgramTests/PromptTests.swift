import Glibc
import Testing

@Suite struct PromptTests {
  @Test func bannerPromptValueAndControlD() throws {
    let terminal = try PseudoTerminal()
    let banner = try terminal.expect("Ctrl-D to leave\r\n")
    #expect(banner.hasPrefix("rnr "))
    try terminal.expectPrompt()
    terminal.type("1 + 1" + Key.enter)
    try terminal.expectOutput("2")
    try terminal.expectPrompt()
    terminal.type(Key.controlD)
    #expect(try terminal.end() == .code(0))
    #expect(terminal.isCooked)
    // One new line, so that the shell's prompt stands at the margin.
    #expect(terminal.pending.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
  }

  @Test func controlCClearsTheLineAndKeepsTheSession() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type("kept = 40" + Key.enter)
    try terminal.expectPrompt()
    terminal.type("1 + nonsense")
    try terminal.expect("nonsense")
    terminal.type(Key.controlC)
    try terminal.expect("^C\r\n")
    try terminal.expectPrompt()
    terminal.type("kept + 2" + Key.enter)
    try terminal.expectOutput("42")
  }

  @Test func enterAsksWhetherTheTextIsWhole() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type("(20 +" + Key.enter)
    try terminal.expect("\r\n\r  ")
    terminal.type("3" + Key.enter)
    try terminal.expect("\r\n\r  ")
    terminal.type(")")
    try terminal.expect(")")
    terminal.type(Key.enter)
    try terminal.expectOutput("23")
  }

  @Test func aPastedBlockIsEvaluatedAsAWhole() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type(Key.paste("1 + 1\n3 + 4") + Key.enter)
    try terminal.expectOutput("2\r\n7")
  }

  @Test func metaEnterBeginsALine() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type("5 + 1" + Key.metaEnter + "5 + 2" + Key.enter)
    try terminal.expectOutput("6\r\n7")
  }

  @Test(arguments: [":qui" + Key.tab + Key.enter, ":quit" + Key.enter, ":q" + Key.enter])
  func quitLeaves(keys: String) throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type(keys)
    #expect(try terminal.end() == .code(0))
  }

  @Test func helpListsTheCommands() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type(":help" + Key.enter)
    try terminal.expect("?? \"words\"")
    try terminal.expect(":quit")
    try terminal.expectPrompt()
    terminal.type(":hlep" + Key.enter)
    try terminal.expect("did you mean :help?")
  }

  @Test func tabListsCommandsWithTheirSummaries() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type(":" + Key.tab)
    try terminal.expect(":save     write what worked as a script\r\n")
    try terminal.expect("1> :")
  }

  @Test func tabCompletesFilesInStrings() throws {
    let folder = try Folder()
    try folder.write("", to: "weights of a net.rnv")
    let terminal = try PseudoTerminal(in: folder)
    try terminal.expectPrompt()
    terminal.type("load(\"wei" + Key.tab)
    try terminal.expect("load(\"weights of a net.rnv")
  }

  @Test func tabAtTheMarginIndents() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type(Key.tab + "x")
    try terminal.expect("  x")
  }

  @Test func charactersOfSeveralBytesAreDeletedWhole() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type("1\u{E9}\u{4E2D}" + Key.backspace + Key.backspace + " + 1" + Key.enter)
    try terminal.expectOutput("2")
  }

  @Test func anotherLocaleBreaksNoLetters() throws {
    let terminal = try PseudoTerminal(environment: ["LC_ALL": "C"])
    try terminal.expectPrompt()
    terminal.type("\"\u{E9}\u{4E2D}\u{E9}" + Key.backspace + "\"" + Key.enter)
    try terminal.expectOutput("\"\u{E9}\u{4E2D}\"")
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func signalsThatEndTheProgramGiveTheTerminalBack(signal: Int32) throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    #expect(!terminal.isCooked)
    terminal.send(signal)
    #expect(try terminal.end() == .signal(signal))
    #expect(terminal.isCooked)
  }

  @Test func aNewWindowSizeIsTaken() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.resize(columns: 20)
    usleep(50_000)
    let sum = Array(repeating: "1", count: 15).joined(separator: " + ")
    terminal.type(sum)
    try terminal.expect(sum)
    // From its third row to its first.
    terminal.type(Key.home)
    try terminal.expect("\u{1B}[A\u{1B}[A")
    terminal.type(Key.enter)
    try terminal.expectOutput("15")
  }
}
