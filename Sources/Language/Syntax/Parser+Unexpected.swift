import Execution

extension Parser {
  /// What the grammar asks for where something else stands.
  enum Expected {
    case value, name, module, parameter, typeName, forIn, nativeFunction, statementEnd
    /// The right side of an operator.
    case operand(Token)
    /// The bracket that closes this one.
    case closer(Token)
    /// The block of this keyword.
    case block(Token)
    /// The parameters of the function or type of this name.
    case parameters(Token)
    /// The name behind `fn` or `type`.
    case definedName(Token)
  }

  /// The mistake at the current token.
  mutating func unexpected(_ expected: Expected) -> Abandoned {
    if kind == .invalid || kind == .brokenString {
      isStatementBroken = true
      return Abandoned()
    }
    if let unclosed = unclosedBracket() { return unclosed }
    switch expected {
    case .statementEnd: return failStatementEnd()
    case .operand(let sign):
      return fail("`\(text(sign))` lacks its right side", at: sign.span, hint: nil)
    case .closer(let opener): return failCloser(opener)
    case .parameters(let name):
      return fail(
        "`\(text(name))` lacks its parameters", at: place,
        hint: "write \(text(name))(x, y), or \(text(name))() without any")
    default:
      return fail(
        "expected \(wanted(expected)), but found \(described(token))", at: place, hint: nil)
    }
  }

  private func wanted(_ expected: Expected) -> String {
    switch expected {
    case .value, .operand, .statementEnd, .closer, .parameters: "a value"
    case .name: "a name"
    case .module: "the name of a module or a path in quotes behind `use`"
    case .parameter: "a parameter"
    case .typeName: "the name of a type"
    case .forIn: "`in` and what `for` goes through"
    case .nativeFunction: "`fn` behind `native`"
    case .block(let keyword): "`{` and the block of `\(text(keyword))`"
    case .definedName(let keyword): "a name behind `\(text(keyword))`"
    }
  }

  /// Where the current token stands; behind the token before it, if that ends its line.
  var place: Span {
    isAtEndOfLine || kind == .end ? Span(previousEnd, previousEnd) : token.span
  }

  /// Whether the current token stands on a later line than the statement that ends here.
  private var isAtEndOfLine: Bool {
    token.isAfterNewline && index > statementStart && context.newlinesEnd
  }

  /// A token as a message names it.
  func described(_ token: Token) -> String {
    switch token.kind {
    case .end: return "the end of the text"
    case _ where isAtEndOfLine: return "the end of the line"
    case .string, .rawString, .longString, .stringStart, .longStringStart: return "a string"
    default:
      let text = text(token)
      return text.utf8.count <= 30 ? "`\(text)`" : "`\(text.prefix(27))...`"
    }
  }

  private mutating func failCloser(_ opener: Token) -> Abandoned {
    let sign = text(opener)
    if kind.isCloser, kind != .interpolationEnd {
      return fail(
        "`\(sign)` is closed by `\(text(token))`", at: token.span, hint: nil,
        also: [.init(source, opener.span, "opened here")])
    }
    return fail(
      "expected what closes `\(sign)`, but found \(described(token))", at: place, hint: nil,
      also: [.init(source, opener.span, "opened here")])
  }

  // MARK: Behind a statement

  private mutating func failStatementEnd() -> Abandoned {
    if kind == .rightParenthesis || kind == .rightBracket {
      return fail("this \(text(token)) closes nothing", at: token.span, hint: nil)
    }
    if kind == .colon { return failColonBehindStatement() }
    if kind == .bang { return failBang() }
    if kind == .forKeyword, !token.isAfterNewline, let brace = openers.last?.token,
      tokens[brace].kind == .leftBrace, brace + 1 == statementStart
    {
      return failBareComprehension(brace)
    }
    if kind == .elseKeyword { return failElse() }
    let before = tokens[index - 1]
    if let mistake = failWord(before) { return mistake }
    if let comment = floorDivisionOnLine() {
      return fail(
        "`//` does not begin a comment", at: comment.span,
        hint: "write #, which makes the rest of the line a comment")
    }
    if kind.isString, before.kind.isString {
      return fail(
        "two strings side by side", at: before.span.to(token.span), hint: "join strings with +")
    }
    if kind.beginsValue, before.kind == .name || before.kind == .number || kind == .leftBrace {
      return failSideBySide(before)
    }
    return fail(
      "expected the end of the statement, but found \(described(token))", at: token.span,
      hint: kind.beginsValue || kind.beginsOnlyStatements
        ? "a statement ends with its line, or with ;" : foreignSignHint)
  }

  /// A misspelt keyword, or an operator of another language that is a word.
  private mutating func failWord(_ before: Token) -> Abandoned? {
    if kind == .name {
      let word = text(token)
      switch word {
      case "mod", "rem":
        return failForeign("`\(word)` is not an operator", at: token.span, hint: "write %")
      case "div":
        return failForeign("`div` is not an operator", at: token.span, hint: "write //")
      case "end", "done", "fi", "endif":
        return failForeign(
          "a block ends with }, not with `\(word)`", at: token.span, hint: "leave out `\(word)`")
      default: break
      }
      if let comment = percentOnLine() {
        return failForeign(
          "`%` does not begin a comment", at: comment.span,
          hint: "write #, which makes the rest of the line a comment")
      }
    }
    for suspect in [before, token] where suspect.kind == .name {
      guard let keyword = Parser.keyword(near: text(suspect)) else { continue }
      return fail(
        "`\(text(suspect))` is not a word of rnr", at: suspect.span,
        hint: "did you mean `\(keyword)`?")
    }
    return nil
  }

  /// The keyword that a word misspells.
  static func keyword(near word: String) -> String? {
    guard word.utf8.count >= 3, !ordinaryWords.contains(word) else { return nil }
    let foreign = ["function": "fn", "elseif": "else if", "lambda": "->"]
    let words = Token.Kind.keywords.map(\.word).filter { $0.utf8.count >= 3 } + foreign.keys
    guard let near = Text.nearest(word.lowercased(), in: words).first ?? exactKeyword(word) else {
      return nil
    }
    return foreign[near] ?? near
  }

  /// Words that are near a keyword, but names in their own right.
  private static let ordinaryWords: Set<String> = [
    "any", "note", "form", "tree", "types", "nodes", "trues", "dry", "ant", "fort", "notes",
  ]

  /// The keyword that a word is but for capitals.
  private static func exactKeyword(_ word: String) -> String? {
    let lower = word.lowercased()
    return lower != word && Token.Kind.keywords.contains { $0.word == lower } ? lower : nil
  }

  /// A `%` earlier on the line between blanks, behind which words stand that are no program.
  private func percentOnLine() -> Token? {
    let before = tokens[index - 1]
    guard before.kind == .name, !before.isAfterNewline, !token.isAfterNewline else { return nil }
    var place = index - 1
    while place > statementStart, !tokens[place].isAfterNewline {
      if tokens[place].kind == .percent { return tokens[place] }
      place -= 1
    }
    return nil
  }

  /// `push!(xs, 1)`, `5!`, `a ! b`.
  private mutating func failBang() -> Abandoned {
    let before = tokens[index - 1]
    if before.kind == .name, isAdjacent, token(ahead: 1).kind == .leftParenthesis {
      return failForeign(
        "the name of a function has no `!`", at: before.span.to(token.span),
        hint: "nothing is changed in place: assign what a function gives, as in xs += [value]")
    }
    return failForeign(
      "`!` is not an operator", at: token.span, hint: "write not x, or a != b")
  }

  private mutating func failSideBySide(_ before: Token) -> Abandoned {
    let rest = source.text(restOfLine())
    let left = text(before)
    let hint: String? =
      if kind == .leftBrace, left.first?.isUppercase == true {
        "an instance is made by a call: \(left)(field=value)"
      } else if kind == .leftBrace {
        "a block stands behind fn, if, else, for, while, try or ->"
      } else if before.kind == .name {
        "a call has parentheses: \(left)(\(rest))"
      } else if before.kind == .number {
        "a product is written \(left) * \(text(token))"
      } else {
        "a statement ends with its line, or with ;"
      }
    return fail(
      "no operator between `\(left)` and \(described(token))", at: token.span, hint: hint)
  }

  private mutating func failColonBehindStatement() -> Abandoned {
    let before = tokens[index - 1]
    if before.kind == .name, token(ahead: 1).kind == .name, token(ahead: 2).kind == .assign {
      return fail(
        "variables have no declared type", at: token.span.to(token(ahead: 1).span),
        hint: "write \(text(before)) = ...")
    }
    if before.kind == .name || before.kind == .string, index - 1 == statementStart {
      return fail(
        "`:` does not name a value", at: token.span,
        hint: "a record is written (a=1, b=2), with parentheses")
    }
    return fail(
      "`:` stands only inside an index", at: token.span,
      hint: "a range is written 0..10 or 1..=10, a record (a=1, b=2)")
  }

  mutating func failElse() -> Abandoned {
    // Behind a brace that is missing or one too many, `else` is no mistake of its own.
    if let last = diagnostics.last, last.code == .unclosed,
      source.position(of: last.place).line == source.position(of: token.start).line
    {
      isStatementBroken = true
    }
    return fail(
      "`else` without an `if` before it", at: token.span,
      hint: "write if c { ... } else { ... }")
  }

  /// A `//` earlier on the line, which may have been meant as a comment.
  private func floorDivisionOnLine() -> Token? {
    var place = index - 1
    while place > statementStart, !tokens[place].isAfterNewline {
      if tokens[place].kind == .floorDivide { return tokens[place] }
      place -= 1
    }
    return nil
  }

  // MARK: Inside brackets

  /// The mistake behind an element that neither a comma nor the closing bracket follows.
  mutating func rejectElementEnd(_ opener: Int) throws(Abandoned) {
    let bracket = tokens[opener]
    if kind == .invalid || kind == .brokenString || kind.isCloser || kind == .end {
      throw unexpected(.closer(bracket))
    }
    if let unclosed = unclosedBracket() { throw unclosed }
    switch kind {
    case .semicolon:
      throw fail(
        "`;` cannot stand between brackets", at: token.span,
        hint: bracket.kind == .leftBracket
          ? "the rows of a matrix are lists: tensor([[1, 2], [3, 4]])" : "write a comma")
    case .ifKeyword: throw failConditionBehindValue()
    case .forKeyword: throw failBareComprehension(opener)
    case .assign:
      throw fail(
        "`=` gives a value to a single name here", at: token.span,
        hint: "a keyword argument is written f(k=1); equality is ==")
    case .colon:
      throw fail(
        "`:` stands only inside an index", at: token.span,
        hint: "a range is written 0..10 or 1..=10, a record (a=1, b=2)")
    default:
      throw fail(
        "expected a comma or what closes `\(text(bracket))`, but found \(described(token))",
        at: token.span, hint: kind.beginsValue ? "put a comma before it" : foreignSignHint)
    }
  }

  /// What to write for a sign of another language.
  var foreignSignHint: String? {
    switch kind {
    case .question: "write if c { a } else { b }"
    case .dollar: "the value of x in a string is written {x}"
    case .backslash: "a statement goes on where a bracket is open or an operator ends the line"
    case .bang, .tilde: "write not"
    case .fatArrow, .arrow: "a lambda is written x -> x^2, (a, b) -> a + b"
    default: nil
    }
  }
}
