import Execution
import Language
import Testing

/// Warnings that come once for their place, and errors instead of them.
@Suite struct WarningTests {
  private func run(
    _ program: String, isStrict: Bool = false, wantsSeed: Bool = false
  ) throws -> (notes: String, output: String, outcome: Outcome) {
    let console = RecordingConsole()
    let session = try LanguagePrograms.session(console)
    session.isStrict = isStrict
    session.wantsSeed = wantsSeed
    let outcome = session.runScript(program, path: "script.rnr", arguments: [])
    return (console.notes, console.output, outcome)
  }

  private func warnings(_ notes: String) -> Int {
    notes.split(separator: "\n").count { $0.hasPrefix("warning: ") }
  }

  @Test func aPlaceWarnsOnce() throws {
    let program = """
      fn f(x) = x / 0
      for k in 1..5 { f(tensor([k])) }
      print("end")
      """
    let found = try run(program)
    #expect(warnings(found.notes) == 1)
    #expect(found.output == "end\n" && found.outcome == .ok)
  }

  /// What several threads work on warns once, too, at the line of whoever asked for it.
  @Test func piecesWarnAtThePlaceOfTheirCaller() throws {
    let program = """
      x = side_by_side([1, 2, 3, 4], k -> k * zeros([2]))
      fn f(x) = x / 0
      y = side_by_side(x, part -> f(part + 1))
      z = by_rows(ones([6, 2]), 2, part -> log(part - 1))
      """
    let found = try run(program)
    #expect(warnings(found.notes) == 2)
    for line in found.notes.split(separator: "\n") where line.contains("-->") {
      #expect(line.contains("script.rnr:2:") || line.contains("script.rnr:4:"), "\(line)")
    }
  }

  @Test func whatWasNotFiniteBeforeIsNoNews() throws {
    let found = try run(
      "x = tensor([infinity, nan])\ny = x * 2 + 1\nz = exp(y) @ y\nprint(mean(z))")
    #expect(found.notes == "" && found.output == "nan\n")
  }

  @Test func theResultIsUsedAllTheSame() throws {
    let found = try run("print(list(tensor([1, -1]) / 0), log(0), 1 / 0)")
    #expect(found.output == "[inf, -inf] -inf inf\n")
    #expect(warnings(found.notes) == 2)
  }

  @Test func strictMakesThemErrors() throws {
    let found = try run("x = tensor([1]) / 0\nprint(x)", isStrict: true)
    #expect(found.outcome == .runtimeError && found.output == "")
    #expect(found.notes.hasPrefix("error: infinity came out of `/` in a tensor of shape [1]\n"))
    let unread = try run("fn f() {\n  unread = 1\n  2\n}\nprint(f())", isStrict: true)
    #expect(unread.outcome == .sourceError && unread.output == "")
    let caught = try run("print(try { warn(\"no\") } else e { e })", isStrict: true)
    #expect(caught.output == "no\n" && caught.notes == "")
  }

  @Test func scriptsWithoutASeedAreWarnedOnce() throws {
    let program = "x = normal([2])\ny = uniform([2])\nfor k in 0..3 { permutation(3) }"
    let found = try run(program, wantsSeed: true)
    #expect(warnings(found.notes) == 1)
    #expect(found.notes.contains("script.rnr:1:5"))
    #expect(try run("seed(1)\n" + program, wantsSeed: true).notes == "")
    #expect(try run("x = normal([2], seed=1)", wantsSeed: true).notes == "")
    #expect(try run(program).notes == "")
    #expect(try run(program, isStrict: true, wantsSeed: true).outcome == .runtimeError)
  }

  @Test func aCollapsedEmbeddingIsNoticed() throws {
    let program = """
      type Same(parameters)
      fn encode(e: Same, weights) = zeros([shape(weights)[0], 4]) + e.parameters.bias
      zoo = language_zoo(
        runs=2, steps=2, length=26, maximum_n=6, layers=1, hidden=4, snapshots=[0, 2], samples=4,
        rollouts=4, seed=1)
      e = Same((bias=ones([4]),))
      r = pretrain(e, emulator(inputs=6, outputs=6, embedding=4, hidden=4), zoo, steps=1, batch=2)
      """
    let found = try run(program)
    #expect(found.notes.contains("warning: the embedding collapsed"))
    #expect(found.notes.contains("script.rnr:7:5"))
  }
}
