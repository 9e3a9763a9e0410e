import Glibc
import Testing

/// Keys that nobody expects, windows that hold nothing, and ends of every kind.
@Suite struct EditorTests {
  /// Keys, one at a time, that lead the editor through its states.
  private static let keys: [(settings: String, keys: [String])] = [
    ("", ["1", "\u{12}", "1", "\u{18}", "x"]), ("", ["1", "\u{13}", "1", "\u{18}", "y"]),
    ("", ["\u{12}", "1", "\u{18}", "\u{18}", "\u{12}", "\u{1B}", "x"]),
    ("", ["\u{12}", "1", "\u{1B}", "[", "Z", "\u{1F}", "\u{1F}"]),
    ("", ["(", "\r", "1", "\u{12}", "(", "\u{18}", "\u{15}", "\u{1F}", "\u{12}", "\u{7}"]),
    (
      "",
      [
        "\u{18}", "(", "\u{18}", "z", "1", "\u{18}", ")", "\u{18}", "e", "\u{1B}", "-", "\u{18}",
        "e",
      ]
    ),
    ("", ["\u{1B}", "[200~", String(repeating: "a", count: 64)]),
    ("", ["\u{1B}", "5", "\u{18}", "x", "\u{16}", "\u{1D}"]),
    ("set editing-mode vi", ["1", "\u{1B}", "/", "1", "\r", "n", "u", ".", "d", "\u{18}", "f"]),
    ("set editing-mode vi", ["\u{12}", "1", "\u{18}", "x", "\u{1B}", "c", "f", "\u{12}"]),
    ("\"\\C-a\": \"\\C-a\"", ["\u{1}"]), ("\"\\C-t\": \"\\C-r1\\C-xx\\C-t\"", ["\u{14}"]),
    ("\"\\C-xa\": \"b\\C-xb\"\n\"\\C-xb\": \"\\C-xa\"", ["\u{18}", "a"]),
    ("\"q\": do-lowercase-version", ["q"]),
    (
      "",
      [
        "1", "\u{10}", "a", "\u{1B}p", "1\r", "\u{1F}", "\u{1B}_", "\u{1F}", "\u{1B}#", "\u{10}",
        "\u{F}",
      ]
    ),
    ("set isearch-terminators \"x\"", ["\u{12}", "1", "\u{18}", "x", "\u{7}"]),
  ]

  private func answers(_ terminal: PseudoTerminal) throws {
    terminal.type(Key.controlC)
    try terminal.expect("^C\r\n")
    try terminal.expectPrompt()
    terminal.type("40 + 2" + Key.enter)
    try terminal.expectOutput("42")
    try terminal.expectPrompt()
  }

  @Test(arguments: keys.indices)
  func theSessionOutlivesAnyKeys(place: Int) throws {
    let folder = try Folder()
    let entry = Self.keys[place]
    let settings = try folder.write(entry.settings + "\n", to: "inputrc")
    let terminal = try PseudoTerminal(
      ["--no-init"], in: folder, environment: ["INPUTRC": settings])
    try terminal.expectPrompt()
    terminal.type("1" + Key.enter)
    try terminal.expectPrompt()
    for key in entry.keys {
      terminal.type(key)
      usleep(15_000)
    }
    try answers(terminal)
  }

  /// The line editor follows `$include` without end.
  @Test(arguments: [
    ["inputrc": "$include inputrc\n"],
    ["inputrc": "set bell-style none\n  $INCLUDE other\n", "other": "$include ./inputrc\n"],
  ])
  func aSettingsFileThatIncludesItselfIsLeftOut(files: [String: String]) throws {
    let folder = try Folder()
    for (name, text) in files { _ = try folder.write(text, to: name) }
    let terminal = try PseudoTerminal(
      ["--no-init"], in: folder, environment: ["INPUTRC": folder.path + "/inputrc"])
    try terminal.expect("includes itself")
    try terminal.expectPrompt()
    try answers(terminal)
  }

  private static let pieces = [
    "1", "su", "(", ")", "{", "\"", "\u{E9}", "\t", "\t\t", "\r", "\u{1B}\r", "\u{12}", "\u{13}",
    "\u{18}",
    "\u{18}\u{18}", "\u{18}(", "\u{18})", "\u{18}e", "\u{19}", "\u{1B}y", "\u{17}", "\u{15}",
    "\u{B}",
    "\u{1F}", "\u{1B}r", "\u{14}", "\u{16}", "\u{11}", "\u{7}", "\u{1B}", "\u{1B}-", "\u{1B}5",
    "\u{1B}[A", "\u{1B}[B", "\u{1B}[C", "\u{1B}[D", "\u{7F}", "\u{10}", "\u{E}", "\u{1B}p",
    "\u{1B}<",
    "\u{1B}>", "\u{1B}.", "\u{1B}#", "\u{1D}", "\u{1B}u", "\u{1B}*", "\u{1B}?", "\u{1B}[200~",
    "\u{1B}[201~", "\u{C}", "\u{3}",
  ]

  /// Sessions of random keys in random windows; what they find stands in `keys`.
  @Test(arguments: 1...8)
  func theSessionOutlivesRandomKeys(seed: Int) throws {
    var generator = SplitMix(state: UInt64(seed))
    func random(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
    let folder = try Folder()
    let mode = ["emacs", "vi"][seed % 2]
    let settings = try folder.write("set editing-mode \(mode)\n", to: "inputrc")
    let terminal = try PseudoTerminal(
      ["--no-init"], in: folder, environment: ["INPUTRC": settings])
    try terminal.expectPrompt()
    for _ in 0..<60 {
      if random(8) == 0 { terminal.resize(columns: UInt16(1 + random(30))) }
      terminal.type(Self.pieces[random(Self.pieces.count)])
      usleep(UInt32(random(8_000)))
    }
    terminal.resize(columns: 80)
    // What Ctrl-S held back, and an entry that may be at work.
    for key in ["\u{11}", Key.controlC, Key.controlC] {
      terminal.type(key)
      try terminal.expectStillness()
    }
    terminal.type("40 + 2" + Key.enter)
    try terminal.expectOutput("42")
  }

  // MARK: - Windows

  @Test(arguments: ["xterm", "dumb"])
  func noWindowIsTooSmall(kind: String) throws {
    for (columns, rows) in [(1, 1), (2, 1), (3, 1), (3, 2), (4, 1), (5, 3), (8, 1), (9, 2)] {
      let terminal = try PseudoTerminal(
        ["--no-init"], environment: ["TERM": kind], columns: columns, rows: rows)
      try terminal.expect(">")
      for keys in ["su\t\t", "\u{15}", ":help\r", "[[1, 2], [3, 4]]\r", "(a=1, b=2)\r", "?sum\r"] {
        terminal.type(keys)
        usleep(5_000)
      }
      terminal.resize(columns: UInt16(10 - columns))
      terminal.type("\u{12}1")
      try terminal.expectStillness()
      terminal.type(Key.controlC)
      try terminal.expectStillness()
      terminal.type("quit(7)" + Key.enter)
      #expect(try terminal.end() == .code(7), "\(columns) columns, \(rows) rows")
      #expect(terminal.isCooked)
    }
  }

  // MARK: - Ends

  @Test(arguments: [
    SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGALRM, SIGSEGV, SIGABRT, SIGILL, SIGFPE, SIGBUS, SIGTRAP,
  ])
  func everyEndGivesTheTerminalBack(signal: Int32) throws {
    for keys in ["", "\u{12}1", "(\r", "\u{13}", "\u{13}1 + 1"] {
      let terminal = try PseudoTerminal(["--no-init"])
      try terminal.expectPrompt()
      terminal.type(keys)
      usleep(20_000)
      terminal.send(signal)
      // Ctrl-S holds back the screen, not the end.
      #expect(try terminal.end(within: 3) == .signal(signal))
      #expect(terminal.isCooked)
    }
  }

  @Test func aStopGivesTheTerminalBackAndTakesItAgain() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    terminal.type("1 + 1")
    try terminal.expect("1 + 1")
    terminal.send(SIGTSTP)
    // Without a shell above it the program does not stand still, but goes through both.
    try terminal.expect("\u{1B}[?2004l")
    terminal.send(SIGCONT)
    try terminal.expect("\u{1B}[?2004h")
    terminal.type(Key.enter)
    try terminal.expectOutput("2")
  }

  /// A named pipe in the place of the history is waited for neither at the start nor by an entry.
  @Test func aHistoryThatIsAPipeStopsNothing() throws {
    let folder = try Folder()
    folder.makeFolder(".rnr")
    try #require(mkfifo("\(folder.path)/.rnr/history", 0o600) == 0)
    let terminal = try PseudoTerminal(["--no-init"], in: folder)
    try terminal.expectPrompt()
    terminal.type("40 + 2" + Key.enter)
    try terminal.expectOutput("42")
    try terminal.expectPrompt()
  }

  /// What is too long is shortened where a link leads, and nothing is left beside it.
  @Test func aLongHistoryIsShortenedThroughALink() throws {
    let folder = try Folder()
    folder.makeFolder(".rnr")
    folder.makeFolder("kept")
    let entries = (0..<125_010).map { "\u{1}1700000000\n\($0) + 1\n" }
    try folder.write(entries.joined(), to: "kept/history")
    try #require(symlink("../kept/history", "\(folder.path)/.rnr/history") == 0)
    let terminal = try PseudoTerminal(["--no-init"], in: folder)
    try terminal.expectPrompt()
    terminal.type(Key.up)
    try terminal.expect("125009 + 1")
    #expect(folder.read("kept/history") == entries.suffix(100_000).joined())
    #expect(folder.names("kept") == ["history"] && folder.names(".rnr") == ["history"])
  }
}
