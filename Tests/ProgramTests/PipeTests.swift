import Glibc
import Testing

@Suite struct PipeTests {
  @Test(arguments: [[], ["-"], ["--color=auto", "-", "argument"]])
  func standardInputIsAScript(arguments: [String]) throws {
    let result = try Program.run(arguments, input: "1 + 1\nprint(2 + 3)\n")
    #expect(result.output == "5\n")
    #expect(result.errors.isEmpty)
    #expect(result.ending == .code(0))
  }

  @Test func aPipedDialogueShowsValuesWithoutPromptOrEscapes() throws {
    let result = try Program.run(["-i"], input: "1 + 1\n(2 +\n3)\n:nonsense\n7")
    #expect(result.output == "2\n5\n7\n")
    #expect(result.errors == "error: unknown command :nonsense\nhint: :help lists the commands\n")
    #expect(result.ending == .code(0))
  }

  @Test func theDialogueFollowsExpressions() throws {
    let result = try Program.run(["-i", "-e", "x = 2"], input: "x + 1\n")
    #expect(result.output == "3\n")
  }

  /// Results that were not written must not look as if all were well.
  @Test func aFullDiskIsTold() throws {
    let folder = try Folder()
    let process = try Program.start(
      ["-e", "1 + 1"], in: folder,
      [
        .file("/dev/null", flags: O_RDONLY), .file("/dev/full", flags: O_WRONLY),
        .file(folder.path + "/.errors", flags: O_WRONLY | O_CREAT | O_TRUNC),
      ])
    var status: Int32 = 0
    waitpid(process, &status, 0)
    #expect(Ending(status: status) == .code(1))
    #expect(
      folder.read(".errors") == "rnr: cannot write to standard output: no space left on device\n")
  }

  @Test func quitEndsADialogue() throws {
    let result = try Program.run(["-i"], input: "1\n:quit\n2\n")
    #expect(result.output == "1\n")
    #expect(result.ending == .code(0))
  }

  @Test func aReaderThatLeavesEndsTheProgram() throws {
    let folder = try Folder()
    try folder.write("print(1)\nprint(2)\n", to: "script.rnr")
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    close(ends[0])
    let process = try Program.start(
      ["script.rnr"], in: folder, [.file("/dev/null", flags: O_RDONLY), .descriptor(ends[1])])
    close(ends[1])
    var status: Int32 = 0
    waitpid(process, &status, 0)
    #expect(Ending(status: status) == .signal(SIGPIPE))
  }

  @Test func anInterruptedScriptEndsWith130() throws {
    let terminal = try PseudoTerminal(["-e", "print(1)", "-e", "while true { }"])
    try terminal.expect("1\r\n")
    usleep(50_000)
    terminal.type(Key.controlC)
    try terminal.expect("interrupted\r\n")
    #expect(try terminal.end() == .code(130))
  }

  @Test func thereAreNoEscapesWhereTheyAreNotWanted() throws {
    #expect(try !Program.run(["-e", "1 +* 2"]).errors.contains("\u{1B}"))
    for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let terminal = try PseudoTerminal(["-e", "1 +* 2"], environment: environment)
      #expect(try terminal.end() == .code(65))
      #expect(!terminal.pending.isEmpty && !terminal.pending.contains("\u{1B}"))
    }
  }
}
