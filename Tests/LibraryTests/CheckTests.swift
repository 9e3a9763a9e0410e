import Execution
import Glibc
import Tensors
import Testing

@testable import Language
@testable import Library

/// `rnr check`: what is found before anything runs.
@Suite struct CheckTests {
  private static let root = File.folder(of: File.folder(of: File.folder(of: #filePath)))
  private static let folder = root + "/Tests/LanguageTests/checks"

  static let names: [String] = {
    let files = (try? File.list(folder)) ?? []
    return files.filter { $0.hasSuffix(".rnr") }.map { String($0.dropLast(4)) }
  }()

  private func problems(_ text: String, path: String) throws -> [Diagnostic] {
    let session = try LanguagePrograms.session(RecordingConsole())
    return session.problems(of: Source(name: path, text: text), path)
  }

  private func files(_ folder: String) throws -> [String] {
    try File.list(folder).filter { $0.hasSuffix(".rnr") }.map { "\(folder)/\($0)" }
  }

  /// With `RECORD_SNAPSHOTS=1` the texts beside the programs are written anew.
  @Test(arguments: names)
  func saysWhatItSaid(_ name: String) throws {
    let path = "\(CheckTests.folder)/\(name)"
    let found = try problems(try File.readText(path + ".rnr"), path: name + ".rnr")
    let said = found.map { $0.rendered(colours: false) + "\n" }.joined(separator: "\n")
    if getenv("RECORD_SNAPSHOTS") != nil { try File.writeText(said, to: path + ".txt") }
    #expect(try said == File.readText(path + ".txt"))
    #expect(found.count == (name.hasPrefix("two_") ? 2 : 1))
  }

  @Test func thereAreMany() { #expect(CheckTests.names.count >= 45) }

  @Test func theLibraryAndTheExamplesAreClean() throws {
    let paths = try files(CheckTests.root + "/stdlib") + files(CheckTests.root + "/examples")
    for path in paths {
      let found = try problems(try File.readText(path), path: path)
      #expect(found.map { $0.rendered(colours: false) } == [])
    }
  }

  /// Programs that run to their end without a note have nothing that a check may complain of.
  @Test func validProgramsAreClean() throws {
    var count = 0
    for name in LanguageProgramTests.scripts {
      let text = try LanguagePrograms.text(name)
      let expected = Expectation(text)
      guard expected.errors.isEmpty, expected.notes.isEmpty else { continue }
      let found = try problems(text, path: "\(LanguagePrograms.folder)/\(name).rnr")
      #expect(found.map { $0.rendered(colours: false) } == [], "\(name)")
      count += 1
    }
    #expect(count >= 150)
  }

  /// What a check calls an error must stop the run, too.
  @Test func errorsOfFailingProgramsAreTheirOwn() throws {
    for name in RunTimeMistakeTests.names {
      let path = "\(LanguagePrograms.folder)/\(name)"
      let file = name.split(separator: "/").last.map { "\($0).rnr" } ?? name
      let found = try problems(try LanguagePrograms.text(name), path: file)
      let said = try File.readText(path + ".txt")
      for error in found where error.severity == .error {
        #expect(said.contains(error.message), "\(name): \(error.message)")
      }
    }
  }

  @Test(arguments: [
    "try { print(zeros([2, 3]) @ zeros([2, 3])) } else e { print(e) }",
    "fn f(x) = x\ntry { f(1, 2) } else e { print(e) }",
    "x = zeros([2])\nfor k in 0..3 { x = concat([x, x]) }\nprint(x + zeros([16]))",
    "x = zeros([2])\nif option(\"big\", true) { x = zeros([3]) }\nprint(x + ones([3]))",
    "f = x -> x\nf = (x, y) -> x\nfn g() = f(1, 2)\nprint(g())",
    "fn f(x) = x\nfn g(h) = h(1, 2)\nprint(g((a, b) -> a + b))",
    "fn f(..xs) = xs\nprint(f(1, 2, 3))\nprint(f(..[1, 2]))",
    "fn f(x, k=1) = x + k\nr = (k=2,)\nprint(f(1, ..r))",
    "D = family(\"thresholds\", 4)\nbounds = bounds(D)\nprint(bounds.naive)",
    "x = zeros([2, 3])\nx[0] = 1\nprint(x + ones([2, 3]))",
    "type Box(x)\nb = Box(1)\nb.x = 2\nprint(b.x)",
    "while true { break }\nprint(1)",
    "fn f(x) { if x { return 1 }\n  2 }\nprint(f(true))",
    "fn f(n) { fn g(k) = if k == 0 { 0 } else { g(k - 1) }\n  g(n) }\nprint(f(3))",
    "x = zeros([2])\nfn f() = x + ones([3])\nx = zeros([3])\nprint(f())",
    "x = zeros([2])\nif x.shape[0] > 3 { print(x[3]) }\nprint(x.shape[0] > 3 and x[3] > 0)",
    "x = zeros([2, 3])\nm = x > 0\nprint(x[m], x[[0, 1], 2], x[..., 1:9], x[-1, none, 0])",
    "fn show(z: zoo) = \"a zoo\"\nprint(show)",
  ])
  func whatIsNotCertainIsNotReported(_ text: String) throws {
    #expect(try problems(text, path: "t.rnr").map(\.message) == [])
  }

  @Test func everyTypeOfValueIsKnown() throws {
    var names: Set<String> = []
    for folder in ["Library", "Language/Session"] {
      let path = "\(CheckTests.root)/Sources/\(folder)"
      for file in try File.list(path) where file.hasSuffix(".swift") {
        for line in try File.readText("\(path)/\(file)").split(separator: "\n")
        where line.contains("var typeName: String { \"") {
          names.insert(String(line.split(separator: "\"")[1]))
        }
      }
    }
    #expect(names.count > 10)
    #expect(names.subtracting(Checker.builtInTypes) == [])
  }

  @Test func manyMistakesAreCounted() throws {
    let text = (0..<13).map { "print(nothing\($0)x)\n" }.joined()
    let console = RecordingConsole()
    let session = try LanguagePrograms.session(console)
    #expect(session.runScript(text, path: "t.rnr", arguments: []) == .sourceError)
    #expect(console.notes.split(separator: "\n").filter { $0.hasPrefix("error") }.count == 10)
    #expect(console.notes.hasSuffix("\nand 3 more\n"))
  }

  @Test func jsonNamesTheKindAndThePlace() throws {
    let path = "/tmp/rnr-check-\(UInt32.random(in: 0 ... .max)).rnr"
    try File.writeText(
      "é = zeros([2, 3])\nx = (é +\n  ones([2, 4]))\nprint(\"\", en=1)\n", to: path)
    defer { unlink(path) }
    let console = RecordingConsole()
    #expect(try LanguagePrograms.session(console).check([path], isJSON: true) == .sourceError)
    #expect(console.notes == "")
    let objects = try console.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(objects.count == 2)
    let first = try #require(objects.first?.members)
    #expect(
      first.map(\.key) == [
        "file", "line", "column", "endLine", "endColumn", "severity", "code", "message", "hint",
        "labels",
      ])
    #expect(first[0].value == .string(path))
    #expect(first[1...4].map(\.value) == [2, 8, 2, 9].map { .number(Double($0)) })
    #expect(first[5].value == .string("error") && first[6].value == .string("shape-mismatch"))
    let labels = try #require(first[9].value.elements)
    #expect(labels.map { $0["message"] } == [.string("shape [2, 3]"), .string("shape [2, 4]")])
    #expect(labels.map { $0["line"] } == [.number(2), .number(3)])
  }

  @Test func codesAreStable() {
    #expect(
      Diagnostic.Code.allCases.map(\.rawValue) == [
        "syntax", "unclosed", "malformed", "foreign-notation", "limit", "unknown-name",
        "read-before-definition", "unknown-field", "unknown-module", "unknown-type",
        "unknown-argument",
        "too-many-arguments", "missing-argument", "repeated-argument", "repeated-name",
        "misplaced-statement", "outer-variable", "shape-mismatch", "unreachable-code",
        "unread-name", "run-time",
      ])
  }
}
