/// Statements as other languages write them: one report each, with what to write in rnr.
extension Parser {
  /// A statement that begins like one of another language, or nil if it does not.
  mutating func parseForeignStatement() throws(Abandoned) -> Statement.Kind? {
    switch kind {
    case .at: throw failDecorator()
    case .plus, .minus: return nil
    default: break
    }
    let next = token(ahead: 1)
    let word = text(token)
    if next.isAfterNewline || next.kind == .end || (next.kind == .rightBrace && word == "pass") {
      rejectLoneWord(word)
      return nil
    }
    switch next.kind {
    case .name: return try parseForeignPair(word, next)
    case .string, .rawString, .stringStart, .number, .longString, .brokenString, .minus,
      .noneKeyword, .trueKeyword, .falseKeyword, .notKeyword, .leftBracket:
      try rejectForeignCall(word, next)
    case .fnKeyword where Parser.modifiers.contains(word):
      throw failForeign("`\(word)` is not a word of rnr", at: token.span, hint: "begin with fn")
    case .colon where word == "else" || word == "finally": break
    case .leftBrace where ["do", "loop", "repeat", "forever"].contains(word):
      throw failForeign(
        "`\(word)` is not a statement", at: token.span,
        hint: "write while true { ... if done { break } }")
    case .leftParenthesis where Parser.caseWords.contains(word):
      try rejectCases(word)
    default: break
    }
    return nil
  }

  private static let modifiers: Set<String> = [
    "async", "pub", "public", "private", "export", "static", "inline", "local",
  ]
  private static let caseWords: Set<String> = ["switch", "match", "case"]
  private static let declarationWords: Set<String> = [
    "let", "var", "const", "local", "val", "mut", "auto", "my",
  ]
  private static let functionWords: Set<String> = ["def", "function", "func", "fun", "defn"]
  private static let importWords: Set<String> = [
    "import", "from", "using", "include", "require", "library", "load",
  ]
  private static let typeWords: Set<String> = ["class", "struct", "enum", "record", "data"]

  /// Two names in a row can only be another language.
  private mutating func parseForeignPair(
    _ word: String, _ next: Token
  ) throws(Abandoned) -> Statement.Kind? {
    if isWord("if", ahead: 1) || Parser.isContinuationWord(text(next)) { return nil }
    if Parser.functionWords.contains(word) { throw try parseForeignFunction() }
    let behind = token(ahead: 2).kind
    if Parser.declarationWords.contains(word) || (behind == .assign && !isForeignWord(word)) {
      let rest = source.text(next.span)
      reportForeign(
        Parser.declarationWords.contains(word)
          ? "variables are not declared" : "variables have no declared type",
        at: token.span, hint: "write \(rest) = ...")
      advance()
      try enter()
      let statement = try parseExpressionStatement()
      leave()
      return statement
    }
    if Parser.typeWords.contains(word) { throw failForeignType(next) }
    if Parser.caseWords.contains(word) { try rejectCases(word) }
    try rejectForeignCall(word, next)
    return nil
  }

  private func isForeignWord(_ word: String) -> Bool {
    Parser.functionWords.contains(word) || Parser.typeWords.contains(word)
  }

  /// Words that other languages put behind a condition.
  static func isContinuationWord(_ word: String) -> Bool {
    ["then", "do", "begin", "of", "as", "is"].contains(word)
  }

  private mutating func failDecorator() -> Abandoned {
    let name = token(ahead: 1).kind == .name ? text(token(ahead: 1)) : "f"
    if ["time", "btime", "timed", "elapsed", "benchmark", "profile"].contains(name) {
      return failForeign(
        "`@\(name)` is no command of rnr", at: token.span.to(token(ahead: 1).span),
        hint:
          "at the prompt: :\(name == "profile" ? name : "time") expr; in a script time(() -> expr)")
    }
    return failForeign(
      "`@` begins no statement; there are no decorators", at: token.span,
      hint: "call the function on the other: g = \(name)(g)")
  }

  private mutating func rejectLoneWord(_ word: String) {
    switch word {
    case "end", "endif", "endfor", "endwhile", "endfunction", "done", "fi":
      reportForeign("a block ends with }, not with `\(word)`", at: token.span, hint: nil)
    case "pass":
      reportForeign("an empty block is written { }", at: token.span, hint: "leave out `pass`")
    default: break
    }
  }

  /// `print x`, `import m`, `raise E`, and other words that take what follows.
  private mutating func rejectForeignCall(_ word: String, _ next: Token) throws(Abandoned) {
    if Parser.importWords.contains(word), next.kind != .leftBracket, next.kind != .minus {
      throw failImport(word, next)
    }
    switch word {
    case "print", "println", "echo", "puts", "disp", "printf":
      guard next.kind != .minus, next.kind != .leftBracket else { return }
      let rest = source.text(Span(next.start, restOfLine().end))
      throw failForeign(
        "a call has parentheses", at: token.span.to(next.span), hint: "write print(\(rest))")
    case "raise", "throw":
      throw failForeign(
        "`\(word)` is not a statement", at: token.span, hint: "write fail(\"what is wrong\")")
    case "global", "nonlocal":
      throw failForeign(
        "a function cannot assign to the names outside of it", at: token.span,
        hint: "reading them needs no word; give results back with return")
    case "elif", "elseif", "elsif":
      throw failForeign(
        "`\(word)` is not a word of rnr", at: token.span,
        hint: "write } else if ... { on the line of the }")
    case "del", "delete":
      throw failForeign("variables are not deleted", at: token.span, hint: "assign none instead")
    case "foreach", "until", "unless", "do", "with", "async", "yield", "await":
      throw failForeign(
        "`\(word)` is not a word of rnr", at: token.span, hint: Parser.loopHint(word))
    case "repeat", "loop", "times":
      guard source.bytes[next.end..<lineEnd(next.end)].contains(UInt8(ascii: "{")),
        next.kind != .leftBracket
      else { return }
      throw failForeign(
        "`\(word)` begins no loop", at: token.span,
        hint: "write for k in 0..\(source.text(next.span)) { ... }")
    default: break
    }
  }

  private static func loopHint(_ word: String) -> String? {
    switch word {
    case "foreach": "write for x in xs { ... }"
    case "until": "write while not c { ... }"
    case "unless": "write if not c { ... }"
    case "do": "a block is written { ... }"
    case "with": "files are read and written whole: load(path), save(value, path)"
    case "yield": "put the values into a list: values += [value]"
    case "await", "async": "calls simply run, one after the other"
    default: nil
    }
  }

  private mutating func failImport(_ word: String, _ next: Token) -> Abandoned {
    var module = source.text(next.span)
    if next.kind == .rawString || next.kind == .string {
      module = "\"\(module.dropFirst().dropLast())\""
    }
    var names = ""
    if word == "from", token(ahead: 3).kind == .name {
      names = ": " + text(token(ahead: 3))
    }
    let hint: String =
      if Parser.plottingPackages.contains(module) {
        "write use plot: line, scatter"
      } else if Parser.packages.contains(module) {
        "leave it out: the functions of the library are known everywhere, as sqrt(x)"
      } else {
        "write use \(module)\(names)"
      }
    return failForeign("`\(word)` is not a word of rnr", at: token.span, hint: hint)
  }

  private static let plottingPackages: Set<String> = [
    "matplotlib", "pylab", "seaborn", "plotly", "Plots", "Makie", "CairoMakie", "GLMakie", "PyPlot",
  ]
  /// Packages whose like is in the library.
  static let packages: Set<String> = [
    "numpy", "np", "torch", "math", "cmath", "random", "jax", "scipy", "pandas", "os", "sys",
    "json", "csv", "time", "re", "itertools", "functools", "collections", "typing", "dataclasses",
    "pathlib", "tqdm", "sklearn", "tensorflow", "keras", "einops", "LinearAlgebra", "Statistics",
    "Random", "Flux", "Lux", "DataFrames", "CSV", "JSON", "Zygote", "Printf",
  ]

  private mutating func rejectCases(_ word: String) throws(Abandoned) {
    let last = restOfLine()
    let isHeader = source.bytes[last.end..<lineEnd(last.end)].contains(UInt8(ascii: "{"))
    guard isHeader || source.text(last).hasSuffix(":") else { return }
    let mistake = failForeign(
      "`\(word)` is not a word of rnr", at: token.span,
      hint: "write if ... { } else if ... { } else { }")
    if !isHeader { skipIndentedBlock(deeperThan: indentation(of: index)) }
    throw mistake
  }

  private mutating func failForeignType(_ next: Token) -> Abandoned {
    let column = indentation(of: index)
    let mistake = failForeign(
      "`\(text(token))` is not a word of rnr", at: token.span,
      hint: "write type \(text(next))(field, other=1), and functions fn f(x: \(text(next))) { }")
    let line = source.text(Span(token.start, lineEnd(token.start)))
    if !line.contains("{") { skipIndentedBlock(deeperThan: column) }
    return mistake
  }

  /// `def f(x):`, `function f(x)`, `function y = f(x)`.
  private mutating func parseForeignFunction() throws(Abandoned) -> Abandoned {
    let column = indentation(of: index)
    var name = index + 1
    if token(ahead: 2).kind == .assign { name = index + 3 }
    let header = foreignHeader(name)
    let mistake = failForeign(
      "`\(text(token))` is not a word of rnr", at: token.span,
      hint: "write fn \(header) { ... }")
    let line = source.text(Span(token.start, lineEnd(token.start)))
    if !line.contains("{") {
      skipIndentedBlock(deeperThan: column)
    }
    return mistake
  }

  /// The name and parameters of a function in another notation.
  private mutating func foreignHeader(_ name: Int) -> String {
    guard name + 1 < tokens.count, tokens[name + 1].kind == .leftParenthesis,
      let closer = partner(of: name + 1)
    else { return "f(x)" }
    let header = source.text(tokens[name].span.to(tokens[closer].span))
    return header.contains("\n") || header.contains(":") ? "\(text(tokens[name]))(...)" : header
  }
}

// MARK: - Behind an expression that begins a statement

extension Parser {
  /// `a, b = f()` and `1, 2`.
  mutating func acceptBareTuple(_ first: Expression) throws(Abandoned) {
    guard context.newlinesEnd, !token.isAfterNewline else { return }
    var last = index
    while [.comma, .name].contains(tokens[last].kind), !tokens[last].isAfterNewline { last += 1 }
    let left = source.text(Span(first.span.start, tokens[last - 1].end))
    if tokens[last].kind == .assign {
      throw failForeign(
        "several names are assigned in parentheses", at: first.span.to(tokens[last - 1].span),
        hint: "write (\(left)) = ...")
    }
    throw failForeign(
      "several values need parentheses", at: first.span.to(restOfLine()),
      hint: "write (\(source.text(first.span.to(restOfLine()))))")
  }

  mutating func reportColonAssign() {
    reportForeign("`:=` is not an operator", at: token.span, hint: "write =")
  }

  /// `x <- 3`, which reads as a comparison.
  mutating func reportArrowAssignment(_ expression: Expression) {
    guard case .binary(.less, let left, let right, let sign) = expression.kind,
      case .unary(.minus, _) = right.kind, right.span.start == sign.end,
      source.bytes[sign.end + 1] == 0x20
    else { return }
    reportForeign(
      "`<-` does not assign", at: Span(sign.start, sign.end + 1),
      hint: "write \(source.text(left.span)) = ...")
  }
}

// MARK: - Loops, conditions and blocks

extension Parser {
  /// `for (x in xs) { }` and `for (i = 0; i < n; i++) { }`.
  mutating func parseForeignFor(_ keyword: Token) throws(Abandoned) -> Statement.Kind? {
    guard kind == .leftParenthesis, token(ahead: 1).kind == .name else { return nil }
    switch token(ahead: 2).kind {
    case .inKeyword:
      reportForeign(
        "`for` takes no parentheses", at: token.span, hint: "write for x in xs { ... }")
      advance()
      let pattern = try parsePattern()
      advance()
      let items = try parseExpression()
      guard accept(.rightParenthesis) else { throw unexpected(.forIn) }
      return .forLoop(pattern, items, try parseBlock(after: keyword))
    case .assign, .name, .colon:
      throw failForeign(
        "`for` goes through values with `in`", at: token.span,
        hint: "write for i in 0..10 { ... }")
    default: return nil
    }
  }

  mutating func reportForSign() {
    reportForeign(
      "`for` goes through values with `in`, not with `\(text(token))`", at: token.span,
      hint: forHint)
  }

  /// The loop as it was meant.
  private var forHint: String {
    let name = text(tokens[index - 1])
    guard token(ahead: 2).kind == .colon, !token(ahead: 3).isAfterNewline else {
      return "write for \(name) in ... { ... }"
    }
    let (start, end) = (text(token(ahead: 1)), text(token(ahead: 3)))
    return "write for \(name) in \(start)..=\(end) { ... }; \(start)..\(end) leaves out \(end)"
  }

  /// `1:10` behind `in` or its substitute, as a range.
  mutating func parseColonRange(_ first: Expression) throws(Abandoned) -> Expression {
    let next = token(ahead: 1)
    let isName = index - 1 == statementStart && [.name, .string].contains(tokens[index - 1].kind)
    if case .range = first.kind { return first }
    guard kind == .colon, !isName, !next.isAfterNewline,
      next.kind == .number || (next.kind == .name && tokens[index - 1].kind == .number)
    else { return first }
    if !isStatementBroken { reportColonRange(first) }
    advance()
    let last = try parseOperation(.sum)
    return Expression(
      .range(first, last, isClosed: true), first.span.to(last.span))
  }

  private mutating func reportColonRange(_ first: Expression) {
    let start = source.text(first.span)
    let end = text(token(ahead: 1))
    reportForeign(
      "`:` stands only inside an index", at: token.span,
      hint: "write \(start)..=\(end), or \(start)..\(end) to leave out the end")
  }

  /// `for k, v in xs`.
  mutating func acceptBarePattern(_ first: Pattern) throws(Abandoned) -> Pattern {
    guard case .name(_, let start) = first else { throw unexpected(.forIn) }
    var parts = [first]
    while accept(.comma) { parts.append(try parsePattern()) }
    let span = span(from: start.start)
    reportForeign(
      "several names stand in parentheses", at: span,
      hint: "write for (\(source.text(span))) in ...")
    return .tuple(parts, span)
  }

  /// `elif c { }`.
  mutating func parseForeignElse() throws(Abandoned) -> Block? {
    let word = text(token)
    guard ["elif", "elseif", "elsif"].contains(word) else { return nil }
    reportForeign("`\(word)` is not a word of rnr", at: token.span, hint: "write else if")
    try enter()
    let nested = try parseIf()
    leave()
    return Block([Statement(.expression(nested), nested.span)], nested.span)
  }

  mutating func reportElseOnOwnLine() {
    reportForeign(
      "`else` begins its line", at: token.span,
      hint: "write } else { so that it stands on the line of the }")
  }

  /// A block in another notation; what cannot be read as one is skipped.
  mutating func parseForeignBlock(after keyword: Token) throws(Abandoned) -> Block? {
    let word = text(keyword)
    let column = indentation(of: index > 0 ? index - 1 : 0)
    // A header in another notation was reported already; its block needs no report of its own.
    if isStatementBroken, kind != .leftBrace, kind == .colon || token.isAfterNewline {
      return try skipForeignBlock(column)
    }
    switch kind {
    case .leftBrace:
      reportForeign(
        "`{` stands on the line of its `\(word)`", at: token.span, hint: blockHint(keyword))
      return try parseBlock()
    case .colon:
      reportForeign(
        "the block of `\(word)` stands in braces", at: token.span, hint: blockHint(keyword))
    case .name where !token.isAfterNewline && Parser.isContinuationWord(text(token)):
      reportForeign("`\(text(token))` means nothing here", at: token.span, hint: blockHint(keyword))
    case _ where token.isAfterNewline || kind.beginsValue || kind.beginsOnlyStatements:
      if unclosedBracket() != nil { throw Abandoned() }
      reportForeign(
        "the block of `\(word)` stands in braces", at: token.isAfterNewline ? place : token.span,
        hint: blockHint(keyword))
    default: return nil
    }
    return try skipForeignBlock(column)
  }

  private mutating func skipForeignBlock(_ column: Int) throws(Abandoned) -> Block {
    if !token.isAfterNewline, token(ahead: 1).kind == .leftBrace {
      advance()
      return try parseBlock()
    }
    let start = token.start
    if !token.isAfterNewline || indentation(of: index) > column {
      skipIndentedBlock(deeperThan: column)
    }
    skipLoneBrace(at: column)
    return Block([], span(from: start))
  }

  private func blockHint(_ keyword: Token) -> String {
    if keyword.kind == .tryKeyword { return "write try { ... } else e { ... }" }
    let line = source.text(Span(keyword.start, previousEnd))
    return line.contains("\n") || line.utf8.count > 60
      ? "write \(text(keyword)) ... { ... }" : "write \(line) { ... }"
  }

  /// `fn f(x) = x^2` and `fn f(x) -> T { }`.
  mutating func rejectFunctionSigns(_ name: Token) throws(Abandoned) {
    let sign = continuation
    guard sign == .arrow || sign == .fatArrow else { return }
    let mark = token
    advance()
    let rest = restOfLine()
    let isHeader = tokens.indices.contains(index + 1) && hasBraceOnLine
    throw failForeign(
      isHeader ? "functions have no declared result type" : "the body of `fn` stands in braces",
      at: mark.span.to(rest),
      hint: "write fn \(source.text(name.span.to(tokens[index - 2].span))) "
        + (isHeader ? "{ ... }" : "{ \(source.text(rest)) }"))
  }

  private var hasBraceOnLine: Bool {
    var last = index
    while tokens[last].kind != .end, !tokens[last].isAfterNewline || last == index {
      if tokens[last].kind == .leftBrace { return true }
      last += 1
    }
    return false
  }
}
