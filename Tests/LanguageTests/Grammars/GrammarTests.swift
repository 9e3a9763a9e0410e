import Execution
import Tensors
import Testing

@testable import Language

/// The grammars of `editors/` see what the language's own lexer sees.
@Suite struct GrammarTests {
  private static let project = File.folder(of: "Tests", in: #filePath)

  private static func grammar() throws -> TextMateGrammar {
    try TextMateGrammar(JSON.read(project + "/editors/vscode/syntaxes/rnr.tmLanguage.json"))
  }

  /// All files of rnr below a folder of the project.
  private static func programs(below folder: String) -> [String] {
    let entries = (try? File.list("\(project)/\(folder)")) ?? []
    return entries.sorted().flatMap { entry in
      let path = "\(folder)/\(entry)"
      if File.isFolder("\(project)/\(path)") { return programs(below: path) }
      return entry.hasSuffix(".rnr") ? [path] : []
    }
  }

  /// A stretch of a text that is coloured in one way.
  private struct Stretch: Equatable {
    var start: Int
    var end: Int
    var tokenClass: TokenClass

    /// Strings come in pieces, and grammars read by lines: only the whole matters.
    static func joined(_ all: [Stretch], _ bytes: [UInt8]) -> [Stretch] {
      var result: [Stretch] = []
      for next in all {
        if let last = result.last, last.tokenClass == .string, next.tokenClass == .string,
          bytes[last.end..<next.start].allSatisfy({ $0 == UInt8(ascii: "\n") })
        {
          result[result.count - 1].end = next.end
        } else {
          result.append(next)
        }
      }
      return result
    }
  }

  /// The first difference of a grammar from the lexer; and how many stretches there are.
  ///
  /// What the lexer itself cannot read is passed over.
  private func difference(_ text: String, _ grammar: TextMateGrammar) throws -> (String?, Int) {
    let source = Source(name: "t", text: text)
    guard source.isReadable else { return (nil, 0) }
    let expected = Stretch.joined(
      source.classifiedTokens().map { Stretch(start: $0.start, end: $0.end, tokenClass: $1) },
      source.bytes)
    let found = Stretch.joined(
      try grammar.pieces(text).compactMap { piece in
        TokenClass(scopes: piece.scopes).map {
          Stretch(start: piece.start, end: piece.end, tokenClass: $0)
        }
      }, source.bytes)
    func shown(_ stretch: Stretch?) -> String {
      guard let stretch else { return "nothing" }
      return "\(stretch.tokenClass) `\(source.text(Span(stretch.start, stretch.end)))`"
    }
    for place in 0..<max(expected.count, found.count) {
      let a = place < expected.count ? expected[place] : nil
      let b = place < found.count ? found[place] : nil
      if a != b { return ("the lexer sees \(shown(a)), the grammar \(shown(b))", 0) }
    }
    return (nil, expected.count)
  }

  @Test(arguments: [
    ("Tests/LanguageTests", 12_000), ("Tests/LibraryTests", 1000), ("stdlib", 5000),
    ("examples", 1000),
  ])
  func agreesWithTheLexer(_ folder: String, _ least: Int) throws {
    let grammar = try GrammarTests.grammar()
    var count = 0
    for path in GrammarTests.programs(below: folder) {
      let text = try File.readText("\(GrammarTests.project)/\(path)")
      let (difference, tokens) = try difference(text, grammar)
      #expect(difference == nil, "\(path)")
      count += tokens
    }
    #expect(count >= least)
  }

  /// What programs seldom write.
  @Test(arguments: [
    #"x = "a{x[1:2]:.3f}b\{c\u{3bb}{"in {y:>3}"}" + 'raw {x} "'"#,
    "s = \"\"\"\n  two {f(\n  x)} lines\n\"\"\"\nt = 1",
    "λ = Ünder(xé)", "fnord = in_x + notes.type_of", "1_000.5e-3..=2e5",
    "fn λ(a: none, b=none) = a",
    "m[..., ::2] @= w.T |> f(k=-1, l==2)", "LSTM(x) + Lstm(x) + D(x) + f (x)",
    "#!x\n# y ## z\n### w",
    #"print("{ {(1)} }", "{(a, b=2)}", "{[x for x in xs]:}")"#,
  ])
  func agreesOn(_ text: String) throws {
    let (difference, tokens) = try difference(text, GrammarTests.grammar())
    #expect(difference == nil)
    #expect(tokens > 0)
  }

  /// A grammar that is wrong would be found out.
  @Test func seesADifference() throws {
    let json = try JSON(
      parsing: #"{"patterns": [{"name": "variable", "match": "[a-z]+"}], "repository": {}}"#)
    let grammar = try TextMateGrammar(json)
    #expect(try difference("abc", grammar).0 == nil)
    #expect(try difference("if", grammar).0 != nil)
    #expect(try difference("abc 1", grammar).0 != nil)
  }

  @Test func everyKeywordIsOne() throws {
    let grammar = try GrammarTests.grammar()
    for (word, _) in Token.Kind.keywords {
      let classes = try grammar.pieces(word).map { TokenClass(scopes: $0.scopes) }
      #expect(classes == [.keyword], "\(word)")
      let longer = try grammar.pieces(word + "s").map { TokenClass(scopes: $0.scopes) }
      #expect(longer == [.name], "\(word)s")
    }
  }

  @Test func vimKnowsTheKeywords() throws {
    let text = try File.readText(GrammarTests.project + "/editors/vim/syntax/rnr.vim")
    var words: [String] = []
    for line in text.split(separator: "\n") where line.hasPrefix("syntax keyword") {
      guard !line.hasSuffix("contained") else { continue }
      words += line.split(separator: " ").dropFirst(3).map(String.init)
    }
    #expect(words.sorted() == Token.Kind.keywords.map(\.word).sorted())
  }
}

extension File {
  /// The folder that holds the folder of a name, for a path below that.
  fileprivate static func folder(of name: String, in path: String) -> String {
    let parts = path.split(separator: "/")
    let place = parts.lastIndex { $0 == name } ?? parts.endIndex
    return "/" + parts[..<place].joined(separator: "/")
  }
}
