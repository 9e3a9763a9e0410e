import Testing

@testable import Language

/// A label on the first place where a text stands in a source.
private func label(
  _ source: Source, _ part: String, _ remark: String = ""
) throws
  -> Diagnostic.Label
{
  let text = String(decoding: source.bytes, as: UTF8.self)
  let range = try #require(text.firstRange(of: part))
  let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
  return .init(source, Span(start, start + part.utf8.count), remark)
}

@Suite struct RenderingTests {
  @Test func labelsOfOneLineHangBelowEachOther() throws {
    let before = String(repeating: "\n", count: 11)
    let source = Source(name: "tour.rnr", text: before + "y = x @ weights\n")
    let training = Source(
      name: "stdlib/training.rnr", text: String(repeating: "\n", count: 39) + "  f(x)")
    let entry = Source(name: "<entry 3>", text: "pretrain(e)")
    let diagnostic = Diagnostic(
      stage: .run, "shapes [64, 32] and [16, 10] do not multiply",
      labels: [
        try label(source, "@"), try label(source, "x", "[64, 32]"),
        try label(source, "weights", "[16, 10]"),
      ],
      hint: "the last axis of the left (32) must equal the first of the right (16)",
      frames: [
        .init(function: "f", source: training, span: Span(41, 45)),
        .init(function: "pretrain", source: entry, span: Span(0, 11)),
      ])
    #expect(
      diagnostic.rendered(colours: false) == """
        error: shapes [64, 32] and [16, 10] do not multiply
          --> tour.rnr:12:7
           |
        12 | y = x @ weights
           |     - ^ ------- [16, 10]
           |     |
           |     [64, 32]
        hint: the last axis of the left (32) must equal the first of the right (16)
        called by: pretrain (stdlib/training.rnr:40:3) < <entry 3>:1:1
        """)
  }

  @Test func labelsOfSeveralLinesAndSources() throws {
    let source = Source(name: "a.rnr", text: "x = 1\ny = 2\nz = x + y\n")
    let other = Source(name: "b.rnr", text: "fn f(x) { x }")
    let diagnostic = Diagnostic(
      .warning, stage: .source, "something",
      labels: [
        try label(source, "x + y", "here"), try label(other, "x", "there"),
        try label(source, "1", "first"),
      ])
    #expect(
      diagnostic.rendered(colours: false) == """
        warning: something
         --> a.rnr:3:5
          |
        1 | x = 1
          |     - first
        ...
        3 | z = x + y
          |     ^^^^^ here
         ::: b.rnr:1:6
          |
        1 | fn f(x) { x }
          |      - there
        """)
  }

  @Test func caretsStayInPlaceBehindTabsAndWideCharacters() throws {
    let source = Source(name: "t", text: "\tf(\"日本 e\u{301} 😀\", ba\u{308}d)")
    let diagnostic = Diagnostic(
      stage: .source, "m", labels: [try label(source, "ba\u{308}d", "é")])
    #expect(
      diagnostic.rendered(colours: false) == """
        error: m
         --> t:1:14
          |
        1 |     f("日本 e\u{301} 😀", ba\u{308}d)
          |                    ^^^ é
        """)
  }

  @Test func longLinesAreCutAroundTheMark() throws {
    let text =
      String(repeating: "abcdefghi ", count: 50) + "BAD" + String(repeating: " xyz", count: 50)
    let source = Source(name: "t", text: text)
    let diagnostic = Diagnostic(stage: .source, "m", labels: [try label(source, "BAD", "r")])
    let lines = diagnostic.rendered(colours: false, columns: 60).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 60 })
    #expect(lines[3].hasPrefix("1 | ...") && lines[3].hasSuffix("..."))
    let mark = try #require(lines[4].firstRange(of: "^^^"))
    let column = lines[4].distance(from: lines[4].startIndex, to: mark.lowerBound)
    #expect(lines[3].dropFirst(column).hasPrefix("BAD"))
  }

  @Test func aHugeLineIsRenderedAtOnce() throws {
    let source = Source(name: "t", text: String(repeating: "x", count: 5_000_000))
    let diagnostic = Diagnostic(
      stage: .source, "m", labels: [.init(source, Span(2_500_000, 2_500_001))])
    var text = ""
    let time = ContinuousClock().measure { text = diagnostic.rendered(colours: false) }
    #expect(text.contains("..."))
    #expect(time < .seconds(1))
  }

  @Test func repeatedCallsAreFolded() {
    let source = Source(name: "t", text: "fn f(x) { f(x) }\nf(1)")
    let inner = Diagnostic.Frame(function: "f", source: source, span: Span(10, 14))
    let outer = Diagnostic.Frame(function: "f", source: source, span: Span(17, 21))
    let diagnostic = Diagnostic(
      stage: .run, "calls nest deeper than 1000", labels: [],
      frames: Array(repeating: inner, count: 999) + [outer])
    #expect(
      diagnostic.rendered(colours: false) == """
        error: calls nest deeper than 1000
        called by: f (t:1:11) < ... 998 more < t:2:1
        """)
  }

  @Test func alternatingCallsAreFoldedInTheMiddle() {
    let source = Source(name: "t", text: "abcdefgh")
    let frames = (0..<100).map {
      Diagnostic.Frame(function: $0 % 2 == 0 ? "f" : "g", source: source, span: Span($0 % 2, 3))
    }
    let diagnostic = Diagnostic(stage: .run, "m", labels: [], frames: frames)
    #expect(
      diagnostic.rendered(colours: false).hasSuffix(
        "called by: g (t:1:1) < f (t:1:2) < g (t:1:1) < ... 95 more < g (t:1:1) < t:1:2"))
  }

  @Test func atMostTwelveLines() {
    let source = Source(name: "t", text: (0..<30).map { "line\($0)\n" }.joined())
    let labels = (0..<30).map { Diagnostic.Label(source, Span($0 * 6, $0 * 6 + 2), "\($0)") }
    let diagnostic = Diagnostic(stage: .run, "m", labels: labels, hint: "h")
    let lines = diagnostic.rendered(colours: false).split(separator: "\n")
    #expect(lines.count <= 12)
    #expect(lines.count > 6)
  }

  @Test func coloursOnlyWhenAskedFor() throws {
    let source = Source(name: "t", text: "a + b")
    let diagnostic = Diagnostic(stage: .run, "m", labels: [try label(source, "+")], hint: "h")
    #expect(!diagnostic.rendered(colours: false).contains("\u{1B}"))
    #expect(diagnostic.rendered(colours: true).contains("\u{1B}[1;31m^\u{1B}[0m"))
  }

  @Test(arguments: ["", "\n", "x", "\t"])
  func placesAtTheEndOfTheTextAreShown(_ text: String) {
    let source = Source(name: "t", text: text)
    let end = source.bytes.count
    for span in [Span(end, end), Span(end + 5, end + 9), Span(0, end + 3)] {
      let diagnostic = Diagnostic(stage: .source, "m", labels: [.init(source, span)])
      #expect(diagnostic.rendered(colours: false).hasSuffix("^"))
    }
  }
}
