import Execution
import Glibc
import Testing

@testable import Language

/// Programs with one mistake each, and what is said about them.
///
/// With `RECORD_SNAPSHOTS=1` the texts beside the programs are written anew.
@Suite struct MistakeTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/mistakes"

  static let names: [String] = {
    let files = (try? File.list(folder)) ?? []
    return files.filter { $0.hasSuffix(".rnr") }.map { String($0.dropLast(4)) }.sorted()
  }()

  private func text(_ name: String) throws -> String {
    try File.readText(MistakeTests.folder + "/" + name)
  }

  private func diagnostics(_ name: String) throws -> [Diagnostic] {
    let source = Source(name: name + ".rnr", text: try text(name + ".rnr"))
    return Parser.parse(source).diagnostics
  }

  @Test(arguments: names)
  func saysWhatItSaid(_ name: String) throws {
    let rendered = try diagnostics(name).map { $0.rendered(colours: false) }
    let said = rendered.joined(separator: "\n\n") + "\n"
    if getenv("RECORD_SNAPSHOTS") != nil {
      try File.writeText(said, to: MistakeTests.folder + "/" + name + ".txt")
    }
    #expect(try said == text(name + ".txt"))
    #expect(rendered.allSatisfy { $0.split(separator: "\n").count <= Diagnostic.lineLimit })
  }

  /// A bracket that is never closed hides none of the mistakes behind it, nor do several.
  @Test(arguments: [
    ("a = = 3\nb = [1, 2\nc = 4 +\nd = )\n", [1, 2, 3, 4]),
    ("fn f( { }\nc = 4 4\nd = )\ne = 5 5\n", [1, 2, 3, 4]),
    ("a = (1 + 2\nb = [1, 2\nc = max(1, (2)\nd = 5 5\n", [1, 2, 3, 4]),
    ("fn f(x) {\n  y = [1, 2\n  z = (3\n  x + }\nq = 4 4\n", [2, 3, 4, 5]),
    ("a = f(1,\nb=2)\nc = [\nx\n]\nd = 4 4\n", [6]),
  ])
  func openBracketsHideNothing(_ text: String, _ lines: [Int]) {
    let found = Parser.parse(Source(name: "t", text: text)).diagnostics
    #expect(found.map { Source(name: "t", text: text).position(of: $0.place).line } == lines)
  }

  /// No mistake goes unseen, and at most one program in ten gets more than one message.
  @Test func oneMistakeIsOneMessage() throws {
    let counts = try MistakeTests.names.map { ($0, try diagnostics($0).count) }
    #expect(counts.count >= 60)
    #expect(counts.filter { $0.1 == 0 }.map(\.0) == [])
    let cascades = counts.filter { $0.1 > 1 && !$0.0.hasPrefix("two_mistakes") }.map(\.0)
    #expect(counts.allSatisfy { !$0.0.hasPrefix("two_mistakes") || $0.1 == 2 })
    #expect(cascades.count * 10 <= counts.count, "\(cascades)")
  }

  /// Programs one below the other: each mistake gets a message of its own.
  @Test(arguments: [2, 3])
  func independentMistakesGetOneMessageEach(_ count: Int) throws {
    let names = MistakeTests.names.filter { !$0.hasPrefix("two_mistakes") }
    let texts = try names.map { try text($0 + ".rnr") }
    var state: UInt64 = 11
    func draw() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(names.count))
    }
    let rounds = 1500
    var right = 0
    for _ in 0..<rounds {
      let whole = (0..<count).map { _ in texts[draw()] }.joined(separator: "\n")
      let found = Parser.parse(Source(name: "t", text: whole)).diagnostics
      if found.count == count { right += 1 }
    }
    #expect(Double(right) / Double(rounds) >= (count == 2 ? 0.95 : 0.92))
  }
}
