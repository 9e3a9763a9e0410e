extension Session {
  /// The script that does what these entries did.
  ///
  /// A script has neither `ans` nor `out`, so an entry whose value later ones use is bound to a
  /// name: `ans`, or `out_3` where `out[3]` is used.
  public func script(of entries: [(number: Int, text: String)]) -> String {
    let texts = entries.map { PromptEntry($0.number, $0.text) }
    let usesLast = texts.contains { $0.usesLast }
    let used = Set(texts.flatMap(\.outputs))
    return texts.map { entry in
      var names = used.contains(entry.number) ? ["out_\(entry.number)"] : []
      if usesLast { names.insert("ans", at: 0) }
      return entry.scriptText(binding: names) + "\n"
    }.joined()
  }
}

/// An entry of the prompt as it goes into a script.
private struct PromptEntry {
  let number: Int
  private(set) var text: String
  private(set) var usesLast = false
  private(set) var outputs: [Int] = []

  init(_ number: Int, _ text: String) {
    self.number = number
    let isPiped = text.drop { $0 == " " }.hasPrefix("|>")
    self.text = isPiped ? "ans " + text : text
    replaceOutputs()
  }

  /// Finds `ans`, and writes `out_3` for `out[3]`.
  private mutating func replaceOutputs() {
    let source = Source(name: "", text: text)
    let tokens = Lexer.tokens(source)
    var result = ""
    var done = 0
    for (place, token) in tokens.enumerated() where token.kind == .name {
      let isField = place > 0 && tokens[place - 1].kind == .dot
      if isField { continue }
      let name = source.text(token.span)
      if name == "ans" { usesLast = true }
      guard name == "out", place + 3 < tokens.count, tokens[place + 1].kind == .leftBracket,
        tokens[place + 3].kind == .rightBracket,
        let number = Int(source.text(tokens[place + 2].span))
      else { continue }
      outputs.append(number)
      result += source.text(Span(done, token.start)) + "out_\(number)"
      done = tokens[place + 3].end
    }
    text = result + source.text(Span(done, source.bytes.count))
  }

  /// The text, its last value bound to names if it has one.
  func scriptText(binding names: [String]) -> String {
    guard !names.isEmpty else { return text }
    let source = Source(name: "", text: text)
    let statements = Parser.parse(source).program.statements
    guard let last = statements.last(where: { $0.isExpression }) else { return text }
    let head = source.text(Span(0, last.span.start))
    let tail = source.text(Span(last.span.start, source.bytes.count))
    let further = names.dropFirst().map { "\n\($0) = \(names[0])" }.joined()
    return head + "\(names[0]) = " + tail + further
  }
}

extension Statement {
  fileprivate var isExpression: Bool {
    if case .expression = kind { return true }
    return false
  }
}
