import Execution
import Testing

@testable import Language
@testable import Library

/// `?name`, `?? "words"` and `:vars` as they are read.
@Suite struct HelpTests {
  private func session(columns: Int) throws -> Session {
    try LanguagePrograms.session(RecordingConsole(style: ConsoleStyle(columns: columns)))
  }

  private func names(_ table: String) -> [String] {
    table.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
  }

  @Test(arguments: [40, 80])
  func helpFitsTheWidth(columns: Int) throws {
    let session = try session(columns: columns)
    for name in session.sharedNames.sorted() + ["fn", "plot", "interrogation", "+"] {
      for line in session.help(name).split(separator: "\n") where line.count > columns {
        // Only what has no blank to break at may be longer.
        #expect(!line.drop { $0 == " " }.contains(" "), "\(name): \(line)")
      }
    }
    for line in session.search("loss").split(separator: "\n") {
      #expect(line.count <= columns || !line.drop { $0 == " " }.contains(" "), "\(line)")
    }
  }

  @Test func aSearchFallsBackToFewerWords() throws {
    let found = try session(columns: 80).search("import PyTorch")
    #expect(found.hasPrefix("nothing in the library speaks of all these words; of some of them:\n"))
    #expect(found.contains("lstm_from(") || found.contains("gru_from("))
    let none = try session(columns: 80).search("frobnicate")
    #expect(none == "nothing in the library speaks of frobnicate")
  }

  @Test func proseIsBrokenBetweenWords() throws {
    let help = try session(columns: 40).help("iterate")
    #expect(
      help.hasPrefix(
        """
        iterate(state, steps, f,
            checkpoint=none, every=60,
            title="training")
          Calls state = f(state, k) for k = 0,
          1, ..., steps - 1; gives (state, k,
          interrupted).

          `k` in the result counts the calls
        """), "\(help)")
    let example = "\n\n  > iterate(1, 5, (x, k) -> 2 * x)\n  (state=32, k=5, interrupted=false)"
    #expect(help.hasSuffix(example), "\(help)")
  }

  @Test func examplesStandApartFromMoreThanASummary() throws {
    let session = try session(columns: 80)
    #expect(session.help("exp").contains("element-wise.\n  > exp(0)\n"))
    #expect(session.help("mealy").contains("begins.\n\n  > m = mealy("))
  }

  @Test func parametersWithoutADefaultAreExplainedByTheirModule() throws {
    let help = try session(columns: 80).help("lstm")
    #expect(help.contains("\n  - `inputs`: how many numbers come in at each step, D.\n"))
  }

  @Test func aModuleListsWhatItDefinesForTypesOfOthers() throws {
    let help = try session(columns: 80).help("zoos")
    #expect(help.contains("\n  split  Three parts of a zoo, no task in two of them"))
    let probing = try session(columns: 80).help("probing")
    #expect(probing.contains("\n  encode  The embeddings of nets"))
  }

  @Test func aSearchKnowsWordsOfOneFamily() throws {
    let session = try session(columns: 80)
    let found = session.search("permutation").split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(found.first?.hasPrefix("permutation(") == true)
    #expect(found.contains { $0.hasPrefix("permute(") })
    #expect(session.search("gradients").contains("gradient(f, x)"))
    #expect(session.search("xylophones") == "nothing in the library speaks of xylophones")
  }

  @Test func variablesComeInNaturalOrder() throws {
    let session = try session(columns: 80)
    _ = session.evaluate(
      "v10 = 1; v2 = 1; v1 = 1; w = 1; v02 = 1", name: "test", echo: false)
    #expect(names(session.variables(columns: 80)) == ["v1", "v02", "v2", "v10", "w"])
  }

  @Test func ofManyVariablesTheNewestAreListed() throws {
    let session = try session(columns: 80)
    for number in 0..<1000 {
      _ = session.evaluate("v\(number) = \(number)", name: "test", echo: false)
    }
    let lines = session.variables(columns: 80, rows: 20).split(separator: "\n")
    #expect(lines.count == 20)
    #expect(lines[0].hasPrefix("v981 ") && lines[18].hasPrefix("v999 "))
    #expect(lines[19] == "981 older ones; :vars pattern shows some")
    let wanted = (0..<10).map { $0 == 0 ? "v77" : "v\($0)77" }
    #expect(names(session.variables("v*77", columns: 80, rows: 20)) == wanted)
    #expect(session.variables("99", columns: 80).split(separator: "\n").count == 19)
    #expect(session.variables("x", columns: 80) == "no variable is called like x")
    #expect(session.variables(columns: 80).split(separator: "\n").count == 1000)
  }

  @Test func namesOfTwoLettersHaveOneNeighbour() throws {
    let console = RecordingConsole()
    let session = try LanguagePrograms.session(console)
    _ = session.evaluate("x1 = 1; total = 2", name: "test", echo: false)
    _ = session.evaluate("y1", name: "test", echo: false)
    #expect(console.notes.contains("hint: did you mean `x1`?"))
    _ = session.evaluate("x2 = 1", name: "test", echo: false)
    let before = console.notes.count
    _ = session.evaluate("x3", name: "test", echo: false)
    #expect(!console.notes.dropFirst(before).contains("did you mean"))
  }

  @Test func capitalLettersCountForLittle() {
    #expect(Text.nearest("Nmber", in: ["number", "none"]) == ["number"])
    #expect(Text.nearest("MINE", in: ["mine", "Mane"]) == ["mine", "Mane"])
  }
}
