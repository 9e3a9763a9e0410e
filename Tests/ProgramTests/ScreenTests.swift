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
      let list = screen.lines.suffix(5)
      return list.first == "outputs=" && list.contains("hidden=   = 32")
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
}
