import Glibc
import Testing

/// Ctrl-C at any moment of any work: the session lives.
@Suite struct InterruptTests {
  /// Each would go on for ever, or for a long time.
  private static let endless = [
    "while true { }",
    "for k in 0..infinity { argsort(big) }",
    "for k in 0..infinity { quantile(big, 0.5) }",
    "for k in 0..infinity { unique(big) }",
    "iterate(0, 1e9, (s, k) -> s + 1)",
    "for k in 0..infinity { run(net, long) }",
    "for k in 0..infinity { square @ square }",
    "for k in 0..infinity { solve(square, square) }",
    "for k in 0..infinity { svd(square) }",
    "for k in 0..infinity { replace(upper(prose), \"A\", \"bc\") |> words }",
    "for k in 0..infinity { sort(items) }",
    "for k in 0..infinity { load(\"table.csv\") }",
    "for k in 0..infinity { load(\"table.json\") }",
    "for k in 0..infinity { train(subject, language([1, 2])) }",
    "for k in 0..infinity { language_zoo(runs=4, steps=100_000, snapshots=[0]) }",
    "for k in 0..infinity { bounds(family(\"thresholds\", 200), within=100) }",
    "for k in 0..infinity { gradient(x -> sum(tanh(x @ x)), square) }",
    "for k in 0..infinity { record(pairs) }", "for k in 0..infinity { list(big) }",
    "for k in 0..infinity { parse_json(numbers) }",
    "for k in 0..infinity { text(map(0..100_000, x -> [x])) }",
  ]

  private static let preparation = [
    "big = normal([400_000], seed=1)", "square = normal([160, 160], seed=2)",
    "net = lstm(inputs=7, outputs=7, hidden=16, layers=1, seed=1)",
    "subject = lstm(inputs=4, outputs=4, hidden=16, layers=1, seed=1)",
    "long = normal([1, 30_000, 7], seed=3)", "prose = repeat(\"a long tale \", 50_000)",
    "items = [\"item {k % 977}\" for k in 0..30_000]",
    "save(normal([20_000, 4], seed=1), \"table.csv\")",
    "save([[k, \"x\"] for k in 0..50_000], \"table.json\")",
    "pairs = [(\"k{k}\", k) for k in 0..200_000]",
    "numbers = \"[\" + join([\"{k}\" for k in 0..500_000], \",\") + \"]\"", "kept = 42",
  ]

  private static func session() throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    for entry in preparation {
      terminal.type(entry + Key.enter)
      try terminal.expectPrompt()
    }
    return terminal
  }

  @Test func twoHundredTimesAtRandomMoments() throws {
    let terminal = try Self.session()
    var generator = SplitMix(state: 20_260_101)
    var waits: [(Double, String)] = []
    for turn in 0..<200 {
      let entry = Self.endless[turn % Self.endless.count]
      terminal.type(entry + Key.enter)
      try terminal.expect("\u{1B}[?2004l")
      usleep(UInt32(generator.next() % 50_000))
      let began = Self.now()
      terminal.type(Key.controlC)
      // That it was stopped is said; an entry that failed by itself would not say so.
      try terminal.expect("interrupted")
      try terminal.expect("\u{1B}[?2004h")
      waits.append((Self.now() - began, entry))
      try terminal.expect("> ")
    }
    terminal.type("kept - 2" + Key.enter)
    try terminal.expectOutput("40")
    // On an idle machine no answer takes 100 ms; others may be at work here.
    let slow = waits.filter { $0.0 > 1 }
    #expect(slow.count <= 4, "\(slow)")
    waits.sort { $0.0 < $1.0 }
    if getenv("RNR_SHOW_TIMES") != nil {
      print("median", waits[100].0, "p99", waits[198].0, "longest", waits.suffix(6))
    }
  }

  /// Loops over many numbers give up half-way; nobody sees what they leave.
  @Test func noTensorIsLeftHalfDone() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    terminal.type("x = ones([8_000_000]); y = x;" + Key.enter)
    try terminal.expectPrompt()
    let entries = [
      "x = x * 1", "x = sqrt(x)", "x[:] = y[::1] + 0", "x = -(-x)",
      "x = gradient(p -> sum(p), x)",
    ]
    for entry in entries {
      for pause: UInt32 in [3_000, 11_000, 23_000] {
        terminal.type("for k in 0..1e9 { \(entry) }" + Key.enter)
        try terminal.expect("\u{1B}[?2004l")
        usleep(pause)
        terminal.type(Key.controlC)
        try terminal.expect("interrupted")
        try terminal.expectPrompt()
      }
      terminal.type("all(x == 1)" + Key.enter)
      try terminal.expectOutput("true")
      try terminal.expectPrompt()
    }
  }

  @Test func theFirstKeepsThePartialResult() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    terminal.type("r = iterate(0, 1e9, (s, k) -> s + 1)" + Key.enter)
    try terminal.expect("left")
    terminal.type(Key.controlC)
    try terminal.expectPrompt()
    terminal.type("[r.interrupted, r.state > 0, r.k < 1e9]" + Key.enter)
    try terminal.expectOutput("[true, true, true]")
  }

  @Test func trainingKeepsTheNetOfThatStep() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    terminal.type("a = lstm(6, 6, hidden=64, seed=1); n = a;" + Key.enter)
    try terminal.expectPrompt()
    terminal.type("n = train(n, language([0, 1, 0, 1]), steps=1e9)" + Key.enter)
    try terminal.expect("left")
    terminal.type(Key.controlC)
    try terminal.expect("the net as trained by then is kept")
    try terminal.expectPrompt()
    terminal.type("any(weights(n) != weights(a))" + Key.enter)
    try terminal.expectOutput("true")
    try terminal.expectPrompt()
    // A loop is stopped itself.
    terminal.type("for k in 0..3 { train(n, language([0, 1, 0, 1]), steps=1e9) }" + Key.enter)
    try terminal.expect("left")
    terminal.type(Key.controlC)
    try terminal.expect("interrupted\r\n")
    try terminal.expectPrompt()
  }

  @Test func aZooInMemoryKeepsItsFinishedRuns() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    terminal.type("z = language_zoo(runs=1000, steps=500, hidden=8, layers=1)" + Key.enter)
    try terminal.expectScreen { screen in
      (1...9).contains { screen.text.contains("runs \($0)") }
    }
    terminal.type(Key.controlC)
    try terminal.expect("the zoo of the finished runs is kept")
    try terminal.expectPrompt()
    terminal.type("[z.complete, length(z) > 0]" + Key.enter)
    try terminal.expectOutput("[false, true]")
  }

  /// What is told of a stop begins a line of its own, each time, and leaves no empty one.
  @Test func eachStopIsToldOnALineOfItsOwn() throws {
    let terminal = try PseudoTerminal(["--no-init"], columns: 80, rows: 12)
    try terminal.expectPrompt()
    for number in 1...3 {
      terminal.type("while true {}" + Key.enter)
      try terminal.expect("\u{1B}[?2004l")
      usleep(50_000)
      terminal.type(Key.controlC)
      try terminal.expectScreen {
        $0.lines.suffix(4) == [
          "\(number)> while true {}", "^C", "interrupted", "\(number + 1)>",
        ]
      }
    }
    terminal.type("iterate((loss=1, rate=0.25), 1e9, (s, k) -> s);" + Key.enter)
    try terminal.expect("left")
    terminal.type(Key.controlC)
    try terminal.expectScreen { screen in
      let lines = Array(screen.lines.suffix(3))
      return lines.count == 3 && lines[0].hasPrefix("4> iterate") && lines[1].hasSuffix("is kept")
        && lines[2] == "5>"
    }
  }

  @Test func theSecondGivesUpTheExpression() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    terminal.type(
      "x = iterate(0, 1e9, (s, k) -> s + 1)" + Key.metaEnter
        + "iterate(0, 1e9, (s, k) -> s + 1)" + Key.enter)
    try terminal.expect("left")
    terminal.type(Key.controlC)
    try terminal.expect("is kept")
    try terminal.expect("left")
    terminal.type(Key.controlC)
    try terminal.expect("interrupted\r\n")
    try terminal.expectPrompt()
    terminal.type("x.interrupted and x.k > 0" + Key.enter)
    try terminal.expectOutput("true")
  }

  /// One Ctrl-C in an inner fold stops the loop around it, too.
  @Test(arguments: [
    "[iterate(0, 1e9, (t, j) -> t + 1).k for i in 0..5]",
    "for i in 0..5 { x = iterate(0, 1e9, (t, j) -> t + 1) }",
    "while true { x = iterate(0, 1e9, (t, j) -> t + 1) }",
    "map(0..5, i -> iterate(0, 1e9, (t, j) -> t + 1).k)",
    "[inner() for i in 0..5]",
  ])
  func aLoopAroundAFoldIsGivenUp(entry: String) throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    terminal.type("fn inner() = iterate(0, 1e9, (t, j) -> t + 1).k" + Key.enter)
    try terminal.expectPrompt()
    terminal.type(entry + Key.enter)
    try terminal.expect("left")
    terminal.type(Key.controlC)
    let said = try terminal.expect("interrupted\r\n")
    #expect(!said.contains("is kept"))
    try terminal.expectPrompt()
  }

  @Test func anOuterFoldDropsTheUnfinishedCall() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    let lengths = "(s, k) -> iterate(s, if k < 2 { 3 } else { 1e9 }, (t, j) -> t + 1).state"
    terminal.type("r = iterate(0, 10, \(lengths), title=\"outer\")" + Key.enter)
    try terminal.expect("/1000000000 ")
    terminal.type(Key.controlC)
    try terminal.expect("interrupted at step 2 of 10: the last whole state is kept\r\n")
    try terminal.expectPrompt()
    terminal.type("(r.state, r.k, r.interrupted)" + Key.enter)
    try terminal.expectOutput("(6, 2, true)")
  }

  @Test func aFoldInAFunctionKeepsItsResult() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    terminal.type(
      "fn trained() { for i in 0..3 { x = i }; r = iterate(0, 1e9, (t, j) -> t + 1); (r.interrupted, x) }"
        + Key.enter)
    try terminal.expectPrompt()
    terminal.type("trained()" + Key.enter)
    try terminal.expect("left")
    terminal.type(Key.controlC)
    try terminal.expect("is kept\r\n(true, 2)\r\n")
  }

  @Test func theSameEntryGoesOnWithItsCheckpoint() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    // Ten draws of one run without a stop, to compare with.
    let wait = "if k == 5 and not exists(\"go.txt\") { print(\"now\"); while true { } }"
    let body = "(s, k) -> { \(wait); s + [uniform([1])] }"
    terminal.type("normal([3])" + Key.enter)
    try terminal.expectPrompt()
    let entry = "r = iterate([], 10, \(body), checkpoint=\"c.rnv\", every=0)"
    terminal.type(entry + Key.enter)
    try terminal.expect("\u{1B}[?2004l")
    try terminal.expect("now\r\n")
    terminal.type(Key.controlC)
    try terminal.expect("interrupted at step 5 of 10")
    try terminal.expectPrompt()
    terminal.type("first = r.state; write_text(\"\", \"go.txt\"); normal([2])" + Key.enter)
    try terminal.expectPrompt()
    terminal.type(Key.up + Key.up + Key.enter)
    try terminal.expect("resumed from \"c.rnv\" at step 5")
    try terminal.expectPrompt()
    terminal.type("(r.k, r.interrupted, r.state[0..5] == first, length(r.state))" + Key.enter)
    try terminal.expectOutput("(10, false, true, 10)")
    // Another entry is not taken for the same.
    terminal.type("q = iterate([], 10, (s, k) -> s, checkpoint=\"c.rnv\")" + Key.enter)
    try terminal.expect("\"c.rnv\" was made by another run: the body of the loop differs")
  }

  /// Searches that go on for a minute or more, on every kind of terms.
  private static let searches = [
    ("bounds(sparse, within=100)", "r.interactive"),
    ("bounds(few, lies=2, within=100)", "r.noninteractive"),
    ("bounds(numbers, tolerance=1, within=100)", "r.interactive"),
    ("bounds(sparse, costs=[1 + k % 5 for k in 0..60], within=100)", "r.interactive"),
    ("bounds(sparse, labels=[k % 30 for k in 0..60], within=100)", "r.interactive"),
    ("interactive_strategy(sparse, within=100)", "r"),
    ("noninteractive_strategy(few, lies=2, within=100)", "r"),
  ]

  @Test func aSearchThatIsStoppedGivesItsInterval() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    let sets = [
      "sparse = function_set([list(row) for row in floor(uniform([60, 60], seed=3) + 0.1)])",
      "few = function_set([list(row) for row in floor(uniform([24, 30], seed=3) + 0.3)])",
      "numbers = function_set([list(row) for row in floor(uniform([40, 60], seed=5) * 5)])",
    ]
    for entry in sets {
      terminal.type(entry + Key.enter)
      try terminal.expectPrompt()
    }
    for (search, bound) in Self.searches {
      terminal.type("r = \(search)" + Key.enter)
      try terminal.expect("\u{1B}[?2004l")
      usleep(400_000)
      terminal.type(Key.controlC)
      try terminal.expect("interrupted: what is proved so far\r\n", within: 5)
      try terminal.expectPrompt()
      terminal.type("(\(bound).lower > 0, \(bound).lower < \(bound).upper)" + Key.enter)
      try terminal.expectOutput("(true, true)")
      try terminal.expectPrompt()
    }
  }

  @Test func theThirdEndsTheProgram() throws {
    let terminal = try PseudoTerminal(["--no-init"])
    try terminal.expectPrompt()
    // Nobody reads on, so it stands still within one long line and cannot answer the first two.
    terminal.type("print(repeat(\"x\", 10_000_000))" + Key.enter)
    try terminal.expect("xxxx")
    try terminal.expectStillness()
    for _ in 0..<3 { try terminal.deliver(SIGINT) }
    #expect(try terminal.end() == .signal(SIGINT))
    #expect(terminal.isCooked)
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// A small source of random moments, the same in each run.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
