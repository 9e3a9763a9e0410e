import Execution
import Testing

@testable import Language
@testable import Library

/// What TAB offers, and how quickly; that nothing is evaluated.
@Suite struct CompletionTests {
  private let console = RecordingConsole()
  private let session: Session

  init() throws { session = try LanguagePrograms.session(console) }

  private func offered(_ text: String) -> [String] {
    session.completions(in: text, at: text.utf8.count).candidates.map(\.text)
  }

  private func run(_ text: String) { _ = session.evaluate(text, name: "test", echo: false) }

  @Test func keywordsThatAreNotGivenYet() {
    #expect(offered("lstm(").prefix(2) == ["inputs=", "outputs="])
    #expect(offered("lstm(3, ").first == "outputs=")
    #expect(offered("lstm(outputs=3, inputs=2, ").first == "hidden=")
    #expect(offered("[1, 2] |> sort(").first == "by=")
    #expect(offered("lstm(inputs=hid").allSatisfy { !$0.hasSuffix("=") })
    let completions = session.completions(in: "lstm(hid", at: 8)
    #expect(completions.candidates.first?.summary.hasPrefix("= 32") == true)
  }

  /// TAB says of each keyword of the library what it means.
  @Test func allKeywordsAreExplained() throws {
    var count = 0
    for entry in session.library.entries where entry.name != "plot" {
      for declared in Declaration.all(in: entry) {
        for text in declared.parameters where text.contains("=") && !text.hasPrefix("..") {
          let name = text.prefix { $0 != "=" }
          let typed = "\(declared.name)(\(name)"
          let found = session.completions(in: typed, at: typed.utf8.count).candidates
          let summary = found.first { $0.text == name + "=" }?.summary ?? ""
          #expect(summary.contains("  "), "\(entry.name).\(declared.name): \(name)")
          count += 1
        }
      }
    }
    #expect(count >= 250)
    run("use plot: scatter, line, bars, heatmap, tiles, tree, row")
    for name in ["scatter", "line", "bars", "heatmap", "tiles", "tree", "row"] {
      let found = session.completions(in: "\(name)(1, ", at: name.utf8.count + 4).candidates
      for keyword in found where keyword.summary.hasPrefix("= ") {
        #expect(keyword.summary.contains("  "), "plot.\(name): \(keyword.text)")
      }
    }
  }

  @Test func keywordsAreExplainedByTheirModuleOrTogether() {
    func summary(_ text: String, _ name: String) -> String? {
      session.completions(in: text, at: text.utf8.count).candidates
        .first { $0.text == name }?.summary
    }
    #expect(summary("lstm(hid", "hidden=") == "= 32  units of each layer, H")
    #expect(summary("uniform([2], hi", "high=") == "= 1  the bounds")
    #expect(
      summary("language_zoo(sched", "schedule=")
        == "= none  the learning rate, or a list of points (step, rate)")
    run("## Adds.\n## rate: how much; more is faster.\nfn add(x, rate=1) = x + rate")
    #expect(summary("add(ra", "rate=") == "= 1  how much")
    let help = session.help("lstm")
    #expect(help.contains("\n  - `hidden`: units of each layer, H.\n"))
    #expect(help.contains("- `cell`: \"lstm\", \"gru\" or \"rnn\".\n\n  > lstm("))
  }

  @Test func functionsThatTakeTheValue() {
    run("z = language([1, 2]); n = lstm(inputs=2, outputs=2); t = \"text\"; x = ones([2, 2])")
    #expect(offered("z |> ").contains("strings"))
    #expect(!offered("z |> ").contains("softmax"))
    #expect(offered("n |> ").contains("run"))
    #expect(offered("n.weights |> ").contains("norm"))
    #expect(offered("t |> ").contains("upper"))
    #expect(!offered("t |> ").contains("svd"))
    #expect(offered("x |> so").first == "softmax" || offered("x |> so").contains("softmax"))
    #expect(offered("\"a\" |> upp") == ["upper"])
    #expect(offered("lstm(inputs=1, outputs=1) |> ").contains("weights"))
    #expect(offered("unknown |> ").isEmpty)
  }

  @Test func fieldsAndItems() {
    run("r = (alpha=1, list=[(beta=2,)]); type P(gamma); p = P(1)")
    #expect(offered("r.") == ["alpha", "list"])
    #expect(offered("r.list[0].") == ["beta"])
    #expect(offered("p.g") == ["gamma"])
    #expect(offered("\"value {r.al") == ["alpha"])
    #expect(offered("# r.").isEmpty)
    #expect(offered("'r.").isEmpty)
  }

  @Test func modulesAndTheirNames() {
    #expect(offered("use plo") == ["plot"])
    #expect(offered("use plot: scat") == ["scatter"])
  }

  @Test func nothingIsEvaluated() {
    run("calls = 0\ntype Loud(a)\nfn show(l: Loud) { print(\"shown\"); \"x\" }\nl = Loud(1)")
    for text in ["l", "l.", "l |> ", "show(", "Lou", "print(l", "for x in l"] { _ = offered(text) }
    #expect(console.output.isEmpty)
  }

  @Test func isQuickWithTenThousandNames() {
    for part in 0..<5 {
      run((0..<2000).map { "name\(part * 2000 + $0) = 1" }.joined(separator: "\n"))
    }
    #expect(offered("name").count == 10_000)
    let seconds = ["name", "lstm(", "n", "[1] |> ", "plot."].map { text in
      (0..<5).map { _ in
        let began = Clock.processor
        _ = offered(text)
        return Clock.processor - began
      }.min() ?? 0
    }
    #expect(seconds.allSatisfy { $0 < 0.03 }, "\(seconds)")
  }

  // MARK: - Beside completion

  @Test func oldOutputsAreLetGo() {
    for entry in 1...130 { _ = session.evaluate(entry: entry, "\(entry) * 2") }
    #expect(session.evaluate(entry: 131, "print(out[130], out[31])") == .ok)
    #expect(console.output.hasSuffix("260 62\n"))
    _ = session.evaluate(entry: 132, "out[3]")
    #expect(console.notes.contains("out[3] is no longer kept: only the last 100 values are"))
  }

  @Test func aVariableNamedOutStays() {
    run("out = [7]")
    _ = session.evaluate(entry: 1, "5")
    _ = session.evaluate(entry: 2, "out")
    #expect(console.output == "5\n[7]\n")
  }

  @Test func shortExpressionsAreTimedOftenAndQuietly() {
    let (outcome, timing) = session.time(entry: 1, "{ print(\"once\"); 1 + 1 }")
    #expect(outcome == .ok)
    #expect((timing?.runs ?? 0) > 1)
    #expect(timing.map { $0.best <= $0.first } == true)
    let assigned = session.time(entry: 2, "x = 1").timing
    #expect(assigned?.runs == 1)
  }

  @Test func variablesAreListedWithTheirSizes() {
    run("x = ones([100, 10]); s = \"abc\"; f = y -> y; xs = list(0..100_000)")
    let table = session.variables(columns: 80)
    #expect(table.contains("tensor [100, 10]") && table.contains("4 kB"))
    #expect(table.contains("list of 100000") && table.contains("~"))
    session.reset()
    #expect(session.variables(columns: 80) == "no variables yet")
    #expect(session.evaluate(entry: 1, "sum([1, 2])") == .ok)
  }

  @Test func resetForgetsDefinitionsForTypes() {
    run("type P(x); fn length(p: P) = 7; print(length(P(1)), length([1]))")
    session.reset()
    run("type P(x); print(try { length(P(1)) } else e { \"forgotten\" }, length([1]))")
    #expect(console.output == "7 1\nforgotten 1\n")
  }

  @Test(arguments: ["fn", "|>", "^", "while", "..", "number", "ans"])
  func wordsAndSignsHaveHelp(name: String) {
    #expect(!session.help(name).hasPrefix("nothing"))
  }
}
