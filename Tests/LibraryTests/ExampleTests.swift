import Execution
import Glibc
import Testing

@testable import Language
@testable import Library

/// `rnr test`: examples of documentation and Markdown.
@Suite struct ExampleTests {
  /// What a test of a text prints, what it notes, and the text afterwards.
  private func test(
    _ text: String, ending: String = "md", updates: Bool = false
  ) throws -> (output: String, notes: String, text: String) {
    let path = "/tmp/rnr-examples-\(UInt32.random(in: 0 ... .max)).\(ending)"
    try File.writeText(text, to: path)
    defer { unlink(path) }
    let console = RecordingConsole()
    _ = try LanguagePrograms.session(console).test([path], updates: updates)
    let notes = console.notes.replacing(path, with: "FILE")
    return (console.output, notes, try File.readText(path))
  }

  private let document = """
    A > sign.

    ```rnr
    > x = 3
    > fn f(a) {
        a + x
      }
    > f(4)
    8
    ```

    ```text
    > f(nothing)
    ```

    ```rnr
    y = f(7)
    print(y)
    ```

    - indented

      ```rnr
      > for k in 0..20 { print(k) }
      0
      ...
      18
      19
      > y.a
      ```

    """

  @Test func blocksOfMarkdownShareASession() throws {
    let (output, notes, _) = try test(document)
    #expect(output == "4 passed, 2 failed\n")
    #expect(
      notes == """
        FILE:8: > f(4)
          - 8
          + 7
        FILE:29: > y.a
          + error: a number has no fields
          +  --> <entry 5>:1:1
          +   |
          + 1 | y.a
          +   | ^ a number

        """)
  }

  @Test func updatingWritesWhatIsPrinted() throws {
    let (output, notes, text) = try test(document, updates: true)
    #expect(output == "4 passed, 0 failed, 2 updated\n")
    #expect(notes == "")
    #expect(text.contains("> f(4)\n7\n```"))
    #expect(text.contains("  0\n  ...\n  18\n  19\n  > y.a\n  error: a number has no fields\n"))
    #expect(try test(text).output == "6 passed, 0 failed\n")
  }

  @Test func aScriptThatFailsIsNotUpdated() throws {
    let (output, notes, text) = try test("\n```rnr\nz = 1\nfail(\"no\")\n```\n", updates: true)
    #expect(output == "0 passed, 1 failed, 0 updated\n")
    #expect(notes.contains("FILE:3: z = 1\n  + error: no\n  +  --> FILE:4:1"))
    #expect(!text.contains("error"))
  }

  @Test func documentationKnowsItsFile() throws {
    let text = """
      rate = 0.5
      big = fail("is not run")

      ## Half of x.
      ## > half(
      ##     4)
      ## 2
      ## > half(8)
      fn half(x) = rate * x

      ## A quarter.
      ## > quarter(4)
      ## 2
      fn quarter(x) = rate * rate * x

      """
    let (output, notes, _) = try test(text, ending: "rnr")
    #expect(output == "2 passed, 1 failed\n")
    #expect(notes == "FILE:12: > quarter(4)\n  - 2\n  + 1\n")
    let updated = try test(text, ending: "rnr", updates: true).text
    #expect(updated == text.replacing("(4)\n## 2", with: "(4)\n## 1"))
  }

  @Test(arguments: [
    ("...", "a", true), ("...", "", true), ("a\n...", "a", true), ("a\n...\nb", "a\nx\nb", true),
    ("...\nb", "a\nb\nb", true), ("a", "a\nb", false), ("a\n...\nb", "a\nx", false),
    ("x...", "xy", false), ("...\na\n...\nb\n...", "1\na\n2\nb", true),
  ])
  func dotsStandForAnyLines(_ wanted: String, _ found: String, _ isAccepted: Bool) {
    func lines(_ text: String) -> [String] {
      text.isEmpty ? [] : text.split(separator: "\n").map(String.init)
    }
    let example = Example(
      form: .entry, input: "", line: 0, expectedLines: 0..<0, expected: lines(wanted))
    #expect(example.accepts(lines(found)) == isAccepted)
  }

  @Test func reportsAreShort() {
    let wanted = (0..<300).map { "\($0)" }
    var found = wanted
    found[150] = "other"
    let lines = LineDifference(wanted, found).rendered(Paint(isOn: false))
    #expect(
      lines == [
        "    ...", "    148", "    149", "  - 150", "  + other", "    151", "    152", "    ...",
      ])
    let all = LineDifference([], wanted).rendered(Paint(isOn: false))
    #expect(all.count == 41 && all.last == "    ... 260 lines more")
  }
}
