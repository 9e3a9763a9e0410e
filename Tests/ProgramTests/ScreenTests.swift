import Glibc
import Testing

/// What a person sees, on a usual terminal and on a small one.
@Suite struct ScreenTests {
  static let sizes = [[80, 24], [40, 10]]

  private func terminal(_ size: [Int], in folder: Folder? = nil) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      ["--no-init"], in: folder, columns: size[0], rows: size[1])
    try terminal.expectPrompt()
    return terminal
  }

  @Test(arguments: sizes) func entriesAreNumbered(size: [Int]) throws {
    let terminal = try terminal(size)
    terminal.type("20 + 1" + Key.enter)
    try terminal.expectLines("1> 20 + 1", "21", "2>")
    terminal.type("out[1] * 2" + Key.enter)
    try terminal.expectLines("2> out[1] * 2", "42", "3>")
    terminal.type("|> sqrt; ans" + Key.enter)
    try terminal.expectLines("3> |> sqrt; ans", "6.480741", "4>")
    terminal.type("out[9]" + Key.enter)
    try terminal.expectScreen { $0.text.contains("entry 9 gave no value") }
  }

  @Test(arguments: sizes) func aBlockIsIndentedEditedAndRecalled(size: [Int]) throws {
    let terminal = try terminal(size)
    terminal.type("fn f(x) {" + Key.enter)
    try terminal.expectLines("1> fn f(x) {")
    // Where keys wait already, text is pasted and has its own indentation; so each line is waited for.
    for (line, shown) in [("if x > 1 {", "  if x > 1 {"), ("x^2", "    x^2")] {
      try terminal.expectScreen { $0.column == shown.count - line.count }
      terminal.type(line)
      try terminal.expectScreen { $0.lines.last == shown }
      terminal.type(Key.enter)
    }
    try terminal.expectScreen { $0.column == 4 }
    terminal.type("} else { 0 }")
    try terminal.expectScreen { $0.lines.last == "  } else { 0 }" }
    terminal.type(Key.enter)
    try terminal.expectScreen { $0.column == 2 }
    terminal.type("}")
    try terminal.expectLines("1> fn f(x) {", "  if x > 1 {", "    x^2", "  } else { 0 }", "}")
    // Up into the block, where a digit is changed.
    terminal.type(Key.up + Key.up + "\u{5}" + Key.backspace + "3" + Key.down + Key.down)
    try terminal.expectScreen { $0.lines.suffix(3) == ["    x^3", "  } else { 0 }", "}"] }
    terminal.type(Key.enter)
    try terminal.expectScreen { $0.lines.last == "2>" }
    terminal.type("f(2)" + Key.enter)
    try terminal.expectLines("2> f(2)", "8", "3>")
    terminal.type(Key.up + Key.up)
    try terminal.expectScreen { $0.lines.suffix(5).first == "3> fn f(x) {" }
  }

  @Test(arguments: sizes) func controlCLeavesNothingOfABlock(size: [Int]) throws {
    let terminal = try terminal(size)
    terminal.type("[1," + Key.metaEnter + "2," + Key.metaEnter + "nonsense")
    try terminal.expectLines("1> [1,", "2,", "nonsense")
    terminal.type(Key.controlC)
    try terminal.expectLines("nonsense^C", "1>")
    terminal.type("5" + Key.enter)
    try terminal.expectLines("1> 5", "5", "2>")
  }

  @Test(arguments: sizes) func searchFindsAndControlCLeavesIt(size: [Int]) throws {
    let terminal = try terminal(size)
    terminal.type("111 + 1" + Key.enter)
    try terminal.expectLines("112", "2>")
    terminal.type(Key.controlR + "11")
    try terminal.expectScreen { $0.lines.last == "(reverse-i-search)`11': 111 + 1" }
    terminal.type(Key.controlC)
    try terminal.expectScreen { $0.lines.last == "2>" }
    terminal.type("7" + Key.enter)
    try terminal.expectLines("2> 7", "7", "3>")
    terminal.type(Key.controlR + "+ 1" + Key.enter)
    try terminal.expectScreen { $0.lines.suffix(2) == ["112", "4>"] }
  }

  @Test(arguments: sizes) func keywordsAreListedWithDefaults(size: [Int]) throws {
    let terminal = try terminal(size)
    terminal.type("lstm(inputs=3, " + Key.tab)
    try terminal.expectScreen { screen in
      let list = screen.lines.suffix(6)
      return list.first?.hasPrefix("outputs=  how many") == true
        && list.contains { $0.hasPrefix("hidden=   = 32  units") }
        && list.last == "1> lstm(inputs=3,"
    }
    terminal.type("hi" + Key.tab)
    try terminal.expectScreen { $0.lines.last == "1> lstm(inputs=3, hidden=" }
  }

  @Test(arguments: sizes) func fieldsAndPipedFunctionsAreOffered(size: [Int]) throws {
    let terminal = try terminal(size)
    terminal.type("L = language([1, 2])" + Key.enter)
    try terminal.expectScreen { $0.lines.last == "2>" }
    terminal.type("L.ma" + Key.tab)
    try terminal.expectScreen { $0.lines.last == "2> L.maximum_n" }
    terminal.type(Key.controlC)
    try terminal.expectScreen { $0.lines.last == "2>" }
    terminal.type("L |> " + Key.tab)
    try terminal.expectScreen { screen in
      screen.lines.contains { $0.hasPrefix("accepts") } && screen.text.contains("strings")
        && !screen.text.contains("softmax") && screen.lines.last == "2> L |>"
    }
  }

  @Test func filesAreFilteredByKind() throws {
    let folder = try Folder()
    for name in ["a.npy", "b.rnr", "c.txt", "d.png"] { try folder.write("", to: name) }
    folder.makeFolder("deep")
    let terminal = try terminal([80, 24], in: folder)
    for (text, files) in [
      ("load(\"", ["a.npy", "deep/"]), ("use \"", ["b.rnr", "deep/"]),
      ("save(1, \"", ["a.npy", "d.png", "deep/"]), (":load ", ["b.rnr", "deep/"]),
    ] {
      terminal.type(text + Key.tab)
      try terminal.expectScreen { screen in
        screen.lines.dropLast().last?.split(separator: " ").map(String.init) == files
          && screen.lines.last?.hasPrefix("1> ") == true
      }
      terminal.type(Key.controlC)
      try terminal.expectScreen { $0.lines.last == "1>" }
    }
  }

  @Test(arguments: sizes) func longAndWideTextIsEdited(size: [Int]) throws {
    let terminal = try terminal(size)
    let text = "\"" + String(repeating: "\u{4E2D}", count: 30) + "\""
    terminal.type(text + Key.left + Key.backspace + "x" + Key.home + "length(" + "\u{5}" + ")")
    try terminal.expectScreen { $0.lines.last?.hasSuffix("x\")") == true }
    terminal.type(Key.enter)
    try terminal.expectLines("30", "2>")
  }

  @Test func aLineBehindTheWindowIsShownAgain() throws {
    let terminal = try terminal([80, 24])
    let sum = Array(repeating: "1", count: 15).joined(separator: " + ")
    terminal.type(sum)
    try terminal.expectLines("1> " + sum)
    terminal.resize(columns: 40)
    terminal.type(" + 1" + Key.enter)
    try terminal.expect("16\r\n")
    try terminal.expectPrompt()
  }

  /// Of a block taller than the screen the lines around the cursor are shown.
  @Test(arguments: sizes) func aTallBlockMovesThroughTheScreen(size: [Int]) throws {
    let terminal = try terminal(size)
    let lines = ["fn tall(x) {"] + (1...40).map { "  x = x + \($0)" } + ["  x", "}"]
    terminal.type(Key.paste(lines.joined(separator: "\n")))
    let shown = size[1] - 2
    let bottom = ["1> ..."] + lines.suffix(shown)
    try terminal.expectScreen { $0.lines.suffix(shown + 1) == bottom[...] && $0.column == 1 }
    for _ in 0..<42 { terminal.type(Key.up) }
    try terminal.expectScreen {
      $0.lines.suffix(shown + 1) == (["1> fn tall(x) {"] + lines[1..<shown] + ["..."])[...]
    }
    // A line in the middle is changed, and shown so.
    for _ in 0..<20 { terminal.type(Key.down) }
    terminal.type("\u{5}00")
    try terminal.expectScreen { $0.lines.contains("  x = x + 2000") }
    terminal.type(Key.enter)
    try terminal.expectScreen { $0.lines.last == "2>" }
    terminal.type("tall(0)" + Key.enter)
    try terminal.expectScreen { $0.lines.suffix(2) == ["\(820 - 20 + 2000)", "3>"] }
  }

  @Test func aThousandPastedLinesAreOneBlock() throws {
    let terminal = try terminal([80, 24])
    let lines = (1...1000).map { "x\($0) = \($0) * 2" } + ["x1000"]
    terminal.type(Key.paste(lines.joined(separator: "\n")))
    terminal.type(Key.enter)
    try terminal.expect("\u{1B}[?2004l\r2000\r\n", within: 30)
    try terminal.expect("2> ")
  }

  @Test(arguments: [80, 40]) func valuesFitTwelveLines(columns: Int) throws {
    let entries = [
      "normal([100, 100], seed=1)", "list(0..100_000)", "[normal([3]) for k in 0..50]",
      "repeat(\"abc \", 100_000)", "[\"line\\n{k}\" for k in 0..1000]",
      "(first=list(0..1000), second=\"x\", third=(a=1, b=[2, 3]))",
      "record([\"field{k}\" for k in 0..100], list(0..100))", "interactive_probing",
      "interactive_probing(inputs=6, outputs=6)", "InteractiveProbing",
      "lstm(inputs=6, outputs=6, seed=1)", "language([0, 1, 2, 3])",
      "D = family(\"thresholds\", 16); D", "bounds(D)", "interactive_strategy(D)",
      "interrogate(interactive_strategy(D), oracle(D, \"t11\"))", "adamw(zeros([5]))",
      "tensor([1, nan, infinity, 2])",
    ]
    for entry in entries {
      let result = try Program.run(
        ["--no-init", "-e", "D = family(\"thresholds\", 16)", "-e", entry],
        environment: ["COLUMNS": "\(columns)"])
      let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let isString = entry.hasPrefix("repeat")
      #expect((1...12).contains(lines.count), "\(entry)\n\(result.output)\(result.errors)")
      #expect(
        lines.allSatisfy { $0.count <= (isString ? 4 : 1) * columns },
        "\(entry)\n\(result.output)")
    }
  }

  /// The entry, its value and the next prompt are on a small screen together.
  @Test func aValueFitsASmallScreen() throws {
    let terminal = try terminal([40, 10])
    for entry in ["arange(900) |> reshape([30, 30])", "[[k] for k in 0..90]"] {
      terminal.type(entry + Key.enter)
      try terminal.expectScreen { $0.lines.count == 10 && $0.lines.last?.last == ">" }
      try terminal.expectScreen { $0.lines[0].contains(entry.prefix(20)) }
    }
  }

  @Test func messagesAreBrokenBetweenWords() throws {
    let terminal = try terminal([40, 10])
    terminal.type("\"text\" + 1" + Key.enter)
    try terminal.expectLines(
      "  a number", " --> <entry 1>:1:8", "  |",
      "1 | \"text\" + 1", "  | ------ ^ - a number", "  | |", "  | a string",
      "hint: put values into a string as", "  \"...{value}\"", "2>")
  }

  @Test func whatDoesNotFitBesideANameEndsInDots() throws {
    let terminal = try terminal([80, 24])
    terminal.type("pretrain(" + Key.tab)
    try terminal.expectScreen { screen in
      screen.lines.contains { $0.hasPrefix("criterion=") && $0.hasSuffix("...") }
        && screen.lines.contains("rollouts=    = 1  rollouts of each net in an update, S")
        && screen.lines.allSatisfy { $0.count <= 80 }
    }
  }

  @Test func theLastValueIsMissedWithAHint() throws {
    let terminal = try terminal([80, 24])
    terminal.type("ans + 1" + Key.enter)
    try terminal.expectLines(
      "1 | ans + 1", "  | ^^^",
      "hint: it is the last value that the prompt showed; there is none yet",
      "2>")
  }

  /// A script in another folder finds the files that the session used.
  @Test func aSavedScriptFindsItsFiles() throws {
    let folder = try Folder()
    folder.makeFolder("out")
    folder.makeFolder("parts")
    try folder.write("fn double(x) = 2 * x\n", to: "parts/own.rnr")
    try folder.write("use \"own.rnr\": double\nprint(double(4))\n", to: "parts/first.rnr")
    let terminal = try terminal([80, 24], in: folder)
    terminal.type("use \"parts/own.rnr\"" + Key.enter)
    try terminal.expectLines("1> use \"parts/own.rnr\"", "2>")
    terminal.type(":load parts/first" + Key.enter)
    try terminal.expectLines("hint: did you mean \"parts/first.rnr\"?", "2>")
    terminal.type(":load parts/first.rnr" + Key.enter)
    try terminal.expectLines("8", "3>")
    terminal.type(":save out/session.rnr" + Key.enter)
    try terminal.expectLines("2 entries saved to \"out/session.rnr\"", "3>")
    terminal.type(":save none/session.rnr" + Key.enter)
    try terminal.expectLines(
      "hint: there is no folder \"none\"; make_folder(\"none\") makes it", "3>")
    #expect(
      folder.read("out/session.rnr") == """
        use "../parts/own.rnr"
        # from parts/first.rnr
        use "../parts/own.rnr": double
        print(double(4))

        """)
    let result = try Program.run(["out/session.rnr"], in: folder)
    #expect(result.output == "8\n")
  }
}
