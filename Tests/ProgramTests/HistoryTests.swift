import Glibc
import Testing

@Suite struct HistoryTests {
  /// Where the history is if the folder is no project.
  private static let ownFile = ".local/state/rnr/history"

  @Test func entriesSurviveAKilledProcess() throws {
    let folder = try Folder()
    let first = try PseudoTerminal(in: folder)
    try first.expectPrompt()
    first.type("1 + 1" + Key.enter)
    try first.expectPrompt()
    first.send(SIGKILL)
    #expect(try first.end() == .signal(SIGKILL))
    #expect(folder.read(Self.ownFile)?.hasSuffix("\n1 + 1\n") == true)
    let second = try PseudoTerminal(in: folder)
    try second.expectPrompt()
    second.type(Key.up + Key.enter)
    try second.expectOutput("2")
  }

  @Test func aBlockComesBackAsOneEntry() throws {
    let folder = try Folder()
    let first = try PseudoTerminal(in: folder)
    try first.expectPrompt()
    first.type("50" + Key.enter)
    try first.expectPrompt()
    first.type(Key.paste("(1 +\n\n#12 a comment like a time\n  2)") + Key.enter)
    try first.expectOutput("3")
    try first.expectPrompt()
    first.type(Key.controlD)
    #expect(try first.end() == .code(0))
    let second = try PseudoTerminal(in: folder)
    try second.expectPrompt()
    second.type(Key.up + Key.enter)
    try second.expectOutput("3")
    try second.expectPrompt()
    second.type(Key.up + Key.up + Key.enter)
    try second.expectOutput("50")
  }

  @Test func upAndDownMoveInsideABlockFirst() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type(Key.paste("(1 +\n2)") + Key.enter)
    try terminal.expectPrompt()
    // Recalled with the cursor on its first line; one down, to the end of the second.
    terminal.type(Key.up + Key.down + " + 4" + Key.enter)
    try terminal.expectOutput("7")
  }

  @Test func upSearchesEntriesThatBeginLikeTheText() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    for entry in ["100 + 1", "200 + 2", "300 + 3"] {
      terminal.type(entry + Key.enter)
      try terminal.expectPrompt()
    }
    terminal.type("1" + Key.up + Key.enter)
    try terminal.expectOutput("101")
    try terminal.expectPrompt()
    // The entries are now 100, 200, 300, 100; twice up and once down is the last one.
    terminal.type(Key.up + Key.up + Key.down + " + 1000" + Key.enter)
    try terminal.expectOutput("1101")
  }

  @Test func downComesBackToTheTextThatWasBegun() throws {
    let terminal = try PseudoTerminal()
    try terminal.expectPrompt()
    terminal.type("2 + 2" + Key.enter)
    try terminal.expectPrompt()
    terminal.type("2" + Key.up + Key.down + "5" + Key.enter)
    try terminal.expectOutput("25")
  }

  @Test func aProjectHasItsOwnHistory() throws {
    let folder = try Folder()
    folder.makeFolder(".rnr")
    let terminal = try PseudoTerminal(in: folder)
    try terminal.expectPrompt()
    terminal.type("1 + 2" + Key.enter)
    try terminal.expectPrompt()
    #expect(folder.read(".rnr/history")?.hasSuffix("\n1 + 2\n") == true)
    #expect(folder.read(Self.ownFile) == nil)
  }

  @Test func aProjectIsMadeWhereTheUserIs() throws {
    let folder = try Folder()
    let terminal = try PseudoTerminal(in: folder)
    try terminal.expectPrompt()
    terminal.type("1 + 2" + Key.enter)
    try terminal.expectPrompt()
    terminal.type(":history" + Key.enter)
    try terminal.expect("entries are kept in \"\(folder.path)/\(Self.ownFile)\"")
    try terminal.expectPrompt()
    terminal.type(":history here" + Key.enter)
    try terminal.expect("/.rnr/history\"\r\n")
    try terminal.expectPrompt()
    terminal.type("(3 +" + Key.enter + Key.enter + "4)" + Key.enter)
    try terminal.expectOutput("7")
    try terminal.expectPrompt()
    let kept = folder.read(".rnr/history")?.split(separator: "\n").filter { !$0.hasPrefix("\u{1}") }
    #expect(kept?.first == "1 + 2" && kept?.last?.hasSuffix("4)") == true)
    #expect(folder.read(Self.ownFile)?.contains("4)") == false)
    let second = try PseudoTerminal(in: folder)
    try second.expectPrompt()
    second.type(Key.up + Key.enter)
    try second.expectOutput("7")
  }

  @Test func theStartUpFileIsReadOnlyAtThePrompt() throws {
    let folder = try Folder()
    folder.makeFolder("rnr")
    try folder.write("print(123)\nmine = 5\n", to: "rnr/init.rnr")
    let environment = ["XDG_CONFIG_HOME": folder.path]
    let terminal = try PseudoTerminal(in: folder, environment: environment)
    try terminal.expect("123\r\n")
    try terminal.expectPrompt()
    terminal.type("mine + 1" + Key.enter)
    try terminal.expectOutput("6")
    let without = try PseudoTerminal(["--no-init"], in: folder, environment: environment)
    #expect(try without.expect("> ").contains("123") == false)
    #expect(try Program.run(["-e", "1"], in: folder, environment: environment).output == "1\n")
  }

  @Test func workedEntriesAreSavedAsAScript() throws {
    let folder = try Folder()
    let input = "x = 2\n1 +* 2\nx + 1\n:save made.rnr\n:save made.rnr\n"
    let result = try Program.run(["-i"], input: input, in: folder)
    #expect(folder.read("made.rnr") == "x = 2\nx + 1\n")
    #expect(result.errors.contains("2 entries saved to \"made.rnr\"\n2 entries saved"))
  }

  @Test func onlyWhatThisSessionWroteIsOverwritten() throws {
    let folder = try Folder()
    try folder.write("precious\n", to: "other.rnr")
    let input = """
      x = 2
      :save other.rnr
      :save made.rnr
      y = 3
      :save made.rnr
      :save "changed.rnr"
      write_text("precious", "changed.rnr")
      :save changed.rnr

      """
    let result = try Program.run(["-i"], input: input, in: folder)
    #expect(folder.read("other.rnr") == "precious\n")
    #expect(result.errors.contains("\"other.rnr\" exists already"))
    #expect(folder.read("made.rnr") == "x = 2\ny = 3\n")
    #expect(folder.read("changed.rnr") == "precious")
    #expect(result.errors.contains("\"changed.rnr\" was changed since it was saved"))
  }

  /// Entries of a dialogue, the script that `:save` makes of them, and what it leaves out.
  private static let halves: [(entries: String, script: String, leftOut: String)] = [
    ("w1 = 1; w2 = oops\nw3 = w1 + 1", "w1 = 1\nw3 = w1 + 1\n", ""),
    (
      ":load part.rnr\ngood + 1", "# from part.rnr\ngood = 1  # the first\nbetter = 2\ngood + 1\n",
      ""
    ),
    (
      "5\nout\nx = 3", "5\n# left out, since `out` is not defined:\n# out\nx = 3\n",
      "1 statement left out as comments: `out` is not defined"
    ),
    (
      "fn g(a) { b3 }\nfn h(a) = b4 + a\nb4 = 1\nprint(h(1))",
      "# left out, since `b3` is not defined:\n# fn g(a) { b3 }\nfn h(a) = b4 + a\nb4 = 1\nprint(h(1))\n",
      "1 statement left out as comments: `b3` is not defined"
    ),
    (
      "for k in 0..3 { y = k; assert k < 1 }\nz = y + 1; print(z); w = 4\nw2 = z + w\nw + 1",
      """
      # left out, since `y` is not defined:
      # z = y + 1
      # left out, since `z` is not defined:
      # print(z)
      w = 4
      # left out, since `z` is not defined:
      # w2 = z + w
      w + 1

      """, "3 statements left out as comments: `y` is not defined"
    ),
    (
      "fn f(a) { g2(1, 2) }; fn g2(a) = a\nif true { p = 1; q = p }\nq",
      """
      # left out, since `g2` takes 1 argument, but 2 are given:
      # fn f(a) { g2(1, 2) }
      fn g2(a) = a
      if true { p = 1; q = p }
      q

      """, "1 statement left out as comments: `g2` takes 1 argument, but 2 are given"
    ),
    ("7; fail(\"no\")\nout[1] + ans", "ans = 7\nout_1 = ans\nans = out_1 + ans\n", ""),
  ]

  @Test(arguments: halves.indices)
  func aSavedScriptHoldsWhatWasFinishedAndRuns(number: Int) throws {
    let folder = try Folder()
    try folder.write("good = 1  # the first\nbetter = 2; bad = [1][2]\n", to: "part.rnr")
    let half = Self.halves[number]
    let result = try Program.run(["-i"], input: half.entries + "\n:save made.rnr\n", in: folder)
    #expect(folder.read("made.rnr") == half.script)
    #expect(result.errors.hasSuffix(half.leftOut + "\n") || half.leftOut.isEmpty)
    let again = try Program.run(["made.rnr"], in: folder)
    #expect(again.ending == .code(0), "\(again.errors)")
  }

  @Test func severalSessionsLoseNothing() throws {
    let folder = try Folder()
    folder.makeFolder(".rnr")
    let sessions = try [PseudoTerminal(in: folder), PseudoTerminal(in: folder)]
    for session in sessions { try session.expectPrompt() }
    for number in 0..<10 {
      sessions[number % 2].type("\(number) + 100" + Key.enter)
      try sessions[number % 2].expectPrompt()
    }
    let lines = folder.read(".rnr/history")?.split(separator: "\n") ?? []
    #expect(lines.filter { $0.hasSuffix("+ 100") } == (0..<10).map { "\($0) + 100" })
  }

  @Test func aLongHistoryIsThereAtTheStart() throws {
    let folder = try Folder()
    folder.makeFolder(".rnr")
    let entries = (0..<100_000).map { "\u{1}1700000000\n\($0) + 1\n" }
    try folder.write(entries.joined() + "\u{1}1700000000\n(1 +\n 41)\n", to: ".rnr/history")
    let terminal = try PseudoTerminal(in: folder)
    try terminal.expectPrompt()
    terminal.type(Key.up + Key.enter)
    try terminal.expectOutput("42")
    try terminal.expectPrompt()
    terminal.type("77777" + Key.up + Key.enter)
    try terminal.expectOutput("77778")
  }

  @Test func aScriptMadeOfEntriesHasNamesForOutputs() throws {
    let folder = try Folder()
    let input = """
      20 + 1
      |> sqrt
      out[1] * 2; ans
      x = ans + 1
      print(x)
      :save made.rnr

      """
    let result = try Program.run(["-i"], input: input, in: folder)
    #expect(result.output.hasSuffix("43\n"))
    #expect(
      folder.read("made.rnr") == """
        ans = 20 + 1
        out_1 = ans
        ans = ans |> sqrt
        ans = out_1 * 2; ans = ans
        x = ans + 1
        print(x)

        """)
    #expect(try Program.run(["made.rnr"], in: folder).ending == .code(0))
  }
}
