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
      let output = used.contains(entry.number) ? "out_\(entry.number)" : nil
      return entry.scriptText(bindsLast: usesLast, output: output, valued[entry.number] ?? [])
        + "\n"
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

  /// The text, its values bound to `ans` if that is asked for, and the last one to a name.
  ///
  /// - Parameter valued: the statements, by number, that gave a value.
  func scriptText(bindsLast: Bool, output: String?, _ valued: [Int]) -> String {
    let source = Source(name: "", text: text)
    let statements = Parser.parse(source).program.statements
    let values = valued.filter(statements.indices.contains).map { statements[$0] }
    guard let last = values.last, bindsLast || output != nil else { return text }
    var result = ""
    var done = 0
    for statement in values {
      result += source.text(Span(done, statement.span.start))
      if bindsLast {
        result += "ans = "
      } else if statement.span == last.span, let output {
        result += "\(output) = "
      }
      done = statement.span.start
    }
    result += source.text(Span(done, source.bytes.count))
    if bindsLast, let output { result += "\n\(output) = ans" }
    return result
  }
}
