import Execution
import Glibc
import Tensors
import Testing

@testable import Figures

@Suite struct SaveTests {
  static let hasGnuplot = (try? Gnuplot()) != nil

  @Test func everyKindMatchesItsScript() throws {
    for (name, figure) in try Samples.all() where name != "heatmap-large" && name != "tiles" {
      try Snapshot.check(Script.text(of: figure, format: .svg), "\(name).gp")
    }
  }

  /// All kinds as SVG, a row of them in the other formats; all in all if the files are kept.
  @Test(.enabled(if: hasGnuplot)) func everyKindIsSavedInEveryFormat() throws {
    let kept = getenv("KEEP_FIGURES").map { String(cString: $0) }
    try inFolder(kept) { folder in
      let starts = ["svg": "<?xml", "png": "\u{FFFD}PNG", "pdf": "%PDF", "gp": "set encoding"]
      for (name, figure) in try Samples.all() {
        for (ending, start) in starts where kept != nil || ending == "svg" || name == "row" {
          let path = "\(folder)/\(name).\(ending)"
          try figure.save(to: path, console: RecordingConsole())
          #expect(String(decoding: try File.read(path), as: UTF8.self).hasPrefix(start), "\(path)")
        }
      }
      #expect(try File.list(folder).allSatisfy { !$0.contains(".part-") })
    }
  }

  @Test func missingGnuplotIsAnErrorOfItsOwn() throws {
    try inFolder { folder in
      let path = "\(folder)/missing.png"
      #expect(throws: GnuplotMissing()) {
        try Samples.bars().save(to: path, console: RecordingConsole(), searchPath: folder)
      }
      #expect(!File.exists(path))
      #expect(
        "\(GnuplotMissing())" == "figure files need gnuplot: apt-get install gnuplot-nox")
      try Samples.bars().save(to: "\(folder)/a.gp", console: RecordingConsole(), searchPath: folder)
      #expect(try File.readText("\(folder)/a.gp").contains("set output 'a.png'"))
    }
  }

  @Test(arguments: ["z.jpg", "z", "a.b/z", "z."])
  func otherEndingsAreRefused(path: String) throws {
    let error = #expect(throws: Failure.self) {
      try Samples.bars().save(to: path, console: RecordingConsole())
    }
    #expect(error?.message.hasSuffix("expected a figure file in .svg, .png, .pdf, .gp") == true)
  }

  @Test(.enabled(if: hasGnuplot)) func messagesOfGnuplotAreQuoted() throws {
    let error = #expect(throws: Failure.self) {
      try Gnuplot().run("set terminal svg\nset colour 'x'\n")
    }
    #expect(error?.message.contains("unrecognized option") == true)
    #expect(throws: Failure("gnuplot wrote nothing, expected a figure")) {
      try Gnuplot().run("set terminal svg\n")
    }
  }

  @Test(.enabled(if: hasGnuplot)) func whatIsLeftOutIsNoted() throws {
    let console = RecordingConsole()
    try inFolder { folder in
      try Samples.plainScatter().save(to: "\(folder)/noted.svg", console: console)
      #expect(console.notes == "left out: 2 points not finite\n")
      let text = try File.readText("\(folder)/noted.svg")
      #expect(
        text.contains("It&apos;s 100 % &quot;plain_text&quot; {β} `date` \\n")
          || text.contains("It's 100 % \"plain_text\" {β} `date` \\n"))
    }
  }

  @Test(.enabled(if: hasGnuplot)) func aFolderThatIsMissingIsNamed() throws {
    let error = #expect(throws: Failure.self) {
      try Samples.bars().save(to: "/tmp/no/such/folder/z.svg", console: RecordingConsole())
    }
    #expect(error?.message.hasPrefix("cannot write \"/tmp/no/such/folder/z.svg\"") == true)
  }

  @Test(.enabled(if: hasGnuplot)) func extremesAreDrawn() throws {
    let extremes: [[Double]] = [
      [0], [1e299, -1e299], [5, 5, 5], [.leastNonzeroMagnitude, 0], [.nan], [1e15, 1e15 + 1],
    ]
    for numbers in extremes {
      let figures = [
        try Figure.scatter(x: numbers, y: numbers),
        try Figure.line([.init(y: numbers)], logX: true, logY: true),
        try Figure.line([.init(y: numbers, low: numbers, high: numbers)]),
        try Figure.bars(labels: numbers.map { "\($0)" }, values: numbers),
        try Figure.heatmap(rows: [numbers]),
        try Figure.scatter(x: numbers, y: numbers, colour: .numbers(numbers, name: "n")),
        try Figure.scatter(x: numbers, y: numbers, colour: .categories(numbers.map { "\($0)" })),
      ]
      _ = try Gnuplot().run(Script.text(of: .row(figures), format: .svg))
      for figure in figures {
        for columns in [1, 40, 200] {
          #expect(!figure.text(columns: columns, colours: true).isEmpty)
        }
      }
    }
  }

  @Test func textIsQuoted() {
    #expect(Script.quoted("it's `a`\n\\t_{β}") == "'it''s `a` \\t_{β}'")
    #expect(Script.quotedTick("5 %") == "'5 %%'")
    #expect(Script.number(.nan) == "NaN")
    #expect(Script.number(0.1) == "0.1")
  }

  /// Calls `body` with a folder that is removed afterwards, or with one to keep.
  private func inFolder(_ kept: String? = nil, _ body: (String) throws -> Void) throws {
    var name = Array("/tmp/rnr-figures-XXXXXX".utf8CString)
    guard kept == nil, mkdtemp(&name) != nil else {
      try File.makeFolder(kept ?? "")
      return try body(kept ?? "")
    }
    let folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for file in (try? File.list(folder)) ?? [] { unlink("\(folder)/\(file)") }
      rmdir(folder)
    }
    try body(folder)
  }
}
