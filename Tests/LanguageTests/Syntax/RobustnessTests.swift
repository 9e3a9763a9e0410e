import Execution
import Testing

@testable import Language

/// A program that uses the whole language.
private let sample = #"""
  ## A tour.

  use plot: scatter, line
  use "mine.rnr"

  ## Scales.
  ## > scale(2)
  fn scale(x: Net, k=1, ..rest) {
    total = 0
    for (i, v) in rest {
      if v in [1, 2, 3] and not (i == 0) { continue } else if v > 10 { break } else { total += v^2 }
    }
    while total > 1e3 { total /= 2 }
    return (x * k + total, "loss {total:.4f} of {f("a", k={ 3 })}\n")
  }
  native fn adamw(parameters, rate=1e-3)
  type Point(x, y=0)
  (a, b) = try { scale(3, 4, ..[1, 2]) } else e { (none, 'raw') }
  m = [[f(x, y) for x in 0..10 if x % 2 == 0] for y in xs]
  r = (..r, hidden=64, layers=[2, 3])
  r.rate[0].x -= m[1:, ..., ::2, :-1] @ w.T
  y = x
    |> f(k=1)  # first
    |> (v -> v + 1)
  g = (p, q=2) -> {
    s = """
  long {p} text
  """
    assert s != "", "no text";
    -p^-q // 2
  }
  """#

@Suite struct RobustnessTests {
  @Test func theSampleIsValid() {
    #expect(Parser.parse(Source(name: "t", text: sample)).diagnostics.map(\.message) == [])
  }

  /// Parses, renders every diagnostic and checks their number and places.
  private func check(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let source = Source(name: "t", text: text)
    let diagnostics = Parser.parse(source).diagnostics
    #expect(diagnostics.count <= Parser.diagnosticLimit)
    for diagnostic in diagnostics {
      #expect(!diagnostic.labels.isEmpty && diagnostic.labels[0].span.end <= source.bytes.count)
      #expect(!diagnostic.rendered(colours: false).isEmpty)
    }
    _ = Parser.isComplete(text)
  }

  @Test func tokensLostOrDoubledNeverCrash() {
    let bytes = Array(sample.utf8)
    let tokens = Lexer.tokens(Source(name: "t", text: sample))
    var state: UInt64 = 7
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    let time = ContinuousClock().measure {
      for _ in 0..<3000 {
        var changed = bytes
        for _ in 0...draw(3) {
          let token = tokens[draw(tokens.count)]
          guard token.end <= changed.count else { continue }
          let part = changed[token.start..<token.end]
          if draw(3) == 0 {
            changed.insert(contentsOf: part, at: draw(changed.count))
          } else {
            changed.removeSubrange(token.start..<token.end)
          }
        }
        check(changed)
      }
    }
    #expect(time < .seconds(20))
  }

  @Test func everyBeginningIsReadWithoutACrash() {
    let bytes = Array(sample.utf8)
    for end in 0..<bytes.count { check(Array(bytes[..<end])) }
  }

  @Test func everyPairOfSignsIsReadWithoutACrash() {
    let signs: [String] =
      [
        "x", "3", "\"a\"", "'a", "\"{", "\"\"\"", "(", ")", "[", "]", "{", "}", ",", ":", ";", ".",
        "..", "..=", "...", "->", "|>", "+", "-", "*", "/", "//", "%", "@", "^", "==", "<", "=",
        "+=",
        "**", "&&", "||", "!", "~", ":=", "=>", "?", "\\", "$", "\n", "#", "##", "λ", "\u{1}",
        "end",
        "lambda", "def", "import", "elif", "let", "None",
      ] + Token.Kind.keywords.map(\.word)
    for first in signs {
      for second in signs {
        check(Array("\(first) \(second)".utf8))
        check(Array("y = f(\(first)\(second)\n z".utf8))
      }
    }
  }

  @Test(arguments: [
    "(", "[", "{", "f(", "x[", "-", "not ", "x -> ", "2^", "if a {} else ", "\"{", "[x for x in ",
    "a.", "(a, ", "{ x = ", "try {", "fn f() {", "!", "\"\"\"{", "x |> (", "if ", "..", ")", "}",
    "let ",
    "new ", "elif c {} ", "a < ", "lambda x: ", "if c {} else ",
  ])
  func deepNestingIsAnError(_ piece: String) {
    let text = String(repeating: piece, count: 50_000)
    let diagnostics = Parser.parse(Source(name: "t", text: text)).diagnostics
    #expect(!diagnostics.isEmpty && diagnostics.count <= Parser.diagnosticLimit)
  }

  @Test(arguments: ["x", "x+", "x.a", "x[0]", "x(1)", "x |> f", "x and ", "x == "])
  func highTreesAreAnError(_ piece: String) {
    let rest = piece.dropFirst()
    let text = "x" + String(repeating: rest.isEmpty ? " + x" : String(rest), count: 50_000) + "x"
    let diagnostics = Parser.parse(Source(name: "t", text: text)).diagnostics
    #expect(diagnostics.count >= 1)
  }

  @Test(arguments: [
    ("(", "1", ")"), ("[", "", "]"), ("{", "1", "}"), ("f(", "", ")"), ("-", "1", ""),
    ("x -> ", "1", ""), ("2^", "1", ""), ("x[", "1", "]"), ("1 + (2 * (", "1", "))"),
    ("if c { ", "1", "}"), ("for x in xs { ", "1", "}"), ("\"{", "1", "}\""),
  ])
  func nestingUpToTheLimitIsRead(_ opening: String, _ inner: String, _ closing: String) {
    let depth = Parser.nestingLimit / opening.count { "([{-^".contains($0) }
    func mistakes(_ depth: Int) -> [String] {
      let text =
        String(repeating: opening, count: depth) + inner + String(repeating: closing, count: depth)
      return Parser.parse(Source(name: "t", text: text)).diagnostics.map(\.message)
    }
    #expect(mistakes(depth) == [])
    #expect(mistakes(Parser.nestingLimit + 1) != [])
  }

  /// Ten megabytes are to take about two seconds; one gets a second on a busy machine.
  @Test func aMegabyteIsReadInASecond() {
    let text = String(
      repeating: sample.split(separator: "\n").dropFirst(3).joined(separator: "\n") + "\n",
      count: 1000)
    let source = Source(name: "t", text: text)
    var count = 0
    let time = ContinuousClock().measure { count = Parser.parse(source).program.statements.count }
    #expect(count == 9000)
    #expect(time < .seconds(1))
  }

  @Test func countingMistakesEnds() {
    let text = String(repeating: "x = (1 + \ny = 2\n", count: 50_000)
    let time = ContinuousClock().measure {
      #expect(Parser.parse(Source(name: "t", text: text)).diagnostics.count == 1000)
    }
    #expect(time < .seconds(2))
  }
}
