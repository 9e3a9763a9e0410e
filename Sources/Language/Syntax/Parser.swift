/// Tokens to a syntax tree, by recursive descent with binding powers for operators.
///
/// A newline is no token: each token knows whether it follows one, and `newlinesEnd` says whether
/// that ends the statement. A mistake is noted and thrown; the statement list catches it, skips to
/// the next statement, and goes on.
public struct Parser {
  /// How deep brackets, blocks, signs and lambdas may nest.
  public static let nestingLimit = 200
  /// How high a tree may grow through operators in a row, such as `1 + 1 + 1 + ...`.
  public static let heightLimit = 1000
  /// How many mistakes of one source are looked for; fewer are shown.
  public static let diagnosticLimit = 1000

  let source: Source
  let tokens: [Token]
  /// Mistakes the lexer found, by place.
  let lexerDiagnostics: [Diagnostic]
  /// What is no program, but text between quotes that should not reach over several lines.
  let textOverLines: [Span]
  var diagnostics: [Diagnostic] = []
  var index = 0

  var context = Context()
  var nesting = 0
  /// The height of the tree that was parsed last.
  var height = 0
  /// The brackets that are open, outermost first.
  var openers: [OpenBracket] = []
  /// The last expression that was only a pair of parentheses around another.
  var lastGroup: Span?

  /// Where the statement under way begins.
  var statementStart = 0
  /// Whether a mistake in the statement under way was noted already.
  var isStatementBroken = false
  /// The statements in which there is a mistake, by their tokens.
  private(set) var broken: [Range<Int>] = []
  /// Which token closes the bracket at a token, found when first needed.
  var partners: [Int: Int]?

  /// What the brackets around an expression change.
  struct Context {
    /// Whether a newline ends the statement: not inside `(`, `[` or a value in a string.
    var newlinesEnd = true
    /// Whether `:` separates the parts of a slice.
    var isInIndex = false
    /// Whether `if` may be the condition of a comprehension.
    var isInList = false
    /// Whether it is the condition of an `if` or `while`.
    var isInCondition = false
  }

  /// An open bracket and what was so outside of it.
  struct OpenBracket {
    var token: Int
    var context: Context
  }

  /// Thrown after a mistake was noted, to leave the statement.
  struct Abandoned: Error {}

  /// The tree of a source and what is wrong with it, at most `diagnosticLimit` mistakes.
  public static func parse(
    _ source: Source
  ) -> (program: Program, diagnostics: [Diagnostic]) {
    let (program, diagnostics, _) = parseWithMistakes(source)
    return (program, diagnostics)
  }

  /// The same, with what the statements that cannot be read may do.
  static func parseWithMistakes(
    _ source: Source
  ) -> (program: Program, diagnostics: [Diagnostic], broken: BrokenParts) {
    var lexer = Lexer(source)
    lexer.run()
    var parser = Parser(source, lexer)
    let statements = parser.parseProgram()
    let program = Program(
      source: source, statements: statements, documentation: parser.programDocumentation())
    let broken = parser.brokenParts()
    if let mistake = lexer.encodingMistake { return (program, [mistake], broken) }
    let found = lexer.diagnostics + parser.diagnostics
    let ordered = found.enumerated().sorted {
      ($0.element.place, $0.offset) < ($1.element.place, $1.offset)
    }
    return (program, ordered.prefix(diagnosticLimit).map(\.element), broken)
  }

  private init(_ source: Source, _ lexer: Lexer) {
    self.source = source
    tokens = lexer.tokens
    lexerDiagnostics = lexer.diagnostics
    textOverLines = lexer.textOverLines
  }
}

// MARK: - Moving through the tokens

extension Parser {
  var token: Token { tokens[index] }
  var kind: Token.Kind { tokens[index].kind }

  /// The token so many places on; the last one behind the end.
  func token(ahead distance: Int) -> Token { tokens[min(index + distance, tokens.count - 1)] }

  /// The kind of the current token where it can continue an expression, else `end`.
  var continuation: Token.Kind {
    let token = tokens[index]
    return token.isAfterNewline && context.newlinesEnd && token.kind != .pipe ? .end : token.kind
  }

  /// Whether the current token follows the one before it without a space.
  var isAdjacent: Bool { index > 0 && tokens[index - 1].end == tokens[index].start }

  /// Whether the statement may end here.
  var isAtStatementEnd: Bool {
    let token = tokens[index]
    return token.isAfterNewline || token.kind == .end || token.kind == .semicolon
      || token.kind == .rightBrace
  }

  /// Where the token before the current one ends.
  var previousEnd: Int { index > 0 ? tokens[index - 1].end : 0 }

  /// The stretch from a place to the end of the token before the current one.
  func span(from start: Int) -> Span { Span(start, previousEnd) }

  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  /// Moves on if the current token is of this kind.
  mutating func accept(_ kind: Token.Kind) -> Bool {
    guard self.kind == kind else { return false }
    advance()
    return true
  }

  func text(_ token: Token) -> String {
    String(decoding: source.bytes[token.start..<token.end], as: UTF8.self)
  }

  /// Whether the current token is this word, which is no reserved one.
  func isWord(_ word: StaticString, ahead distance: Int = 0) -> Bool {
    let token = token(ahead: distance)
    guard token.kind == .name, token.end - token.start == word.utf8CodeUnitCount else {
      return false
    }
    return text(token) == word.description
  }

  /// Counts one more level of nesting; `leave` takes it back.
  mutating func enter() throws(Abandoned) {
    nesting += 1
    guard nesting <= Parser.nestingLimit else {
      nesting -= 1
      throw fail(
        "the source nests deeper than \(Parser.nestingLimit) levels", at: token.span,
        hint: "name the inner parts: give them to variables or functions of their own",
        code: .limit)
    }
  }

  mutating func leave() { nesting -= 1 }

  /// Sets the height of a tree whose highest part is given.
  mutating func grow(over part: Int) throws(Abandoned) {
    height = part + 1
    guard height <= Parser.heightLimit else {
      throw fail(
        "the expression has more than \(Parser.heightLimit) operators in a row", at: token.span,
        hint: "split it into several statements, or put the values into a list and use sum",
        code: .limit)
    }
  }
}

// MARK: - Statements in a row

extension Parser {
  private mutating func parseProgram() -> [Statement] {
    var statements: [Statement] = []
    while true {
      statements += parseStatements()
      if kind == .end { return statements }
      if diagnostics.count >= Parser.diagnosticLimit { return statements }
      isStatementBroken = false
      statementStart = index
      report("this } closes nothing", at: token.span, hint: nil)
      advance()
      isStatementBroken = false
    }
  }

  /// Statements up to a `}` or the end of the text; `height` is that of the highest.
  mutating func parseStatements() -> [Statement] {
    let outer = (start: statementStart, isBroken: isStatementBroken)
    let (openerCount, depth) = (openers.count, nesting)
    var statements: [Statement] = []
    var tallest = 0
    while diagnostics.count < Parser.diagnosticLimit {
      while accept(.semicolon) {}
      if kind == .end || kind == .rightBrace || closesOuterBracket { break }
      (statementStart, isStatementBroken, height) = (index, false, 0)
      do {
        statements.append(try parseTerminatedStatement())
        tallest = max(tallest, height)
      } catch {
        (context, nesting) = (Context(), depth)
        recover(openerCount: openerCount)
        isStatementBroken = true
      }
      if isStatementBroken { broken.append(statementStart..<max(index, statementStart + 1)) }
    }
    // So many mistakes are enough: the rest is not looked at.
    if diagnostics.count >= Parser.diagnosticLimit { index = tokens.count - 1 }
    // Where the text ends in a mistake, what is left open around it is no mistake of its own.
    let isBroken = outer.isBroken || (isStatementBroken && kind == .end)
    (statementStart, isStatementBroken, height) = (outer.start, isBroken, tallest)
    return statements
  }

  private mutating func parseTerminatedStatement() throws(Abandoned) -> Statement {
    var statement = try parseStatement()
    if kind == .semicolon {
      statement.isSilent = true
      advance()
    } else if !isAtStatementEnd {
      throw unexpected(.statementEnd)
    }
    return statement
  }
}
