@testable import Language

/// What a token is to an editor, which colours it so.
enum TokenClass: String {
  case keyword, name, function, type, number, string, comment, documentation
  case sign, punctuation, bracket

  /// The class that TextMate's scopes stand for: the innermost that says one.
  init?(scopes: [String]) {
    for scope in scopes.reversed() {
      if scope.hasPrefix("meta.embedded") { return nil }
      if let found = TokenClass.byScope.first(where: { scope.hasPrefix($0.0) }) {
        self = found.1
        return
      }
    }
    return nil
  }

  private static let byScope: [(String, TokenClass)] = [
    ("comment.line.documentation", .documentation), ("comment", .comment), ("string", .string),
    ("constant.character.escape", .string), ("constant.other.placeholder", .string),
    ("constant.numeric", .number), ("constant.language", .keyword), ("keyword.control", .keyword),
    ("keyword.operator.word", .keyword), ("storage", .keyword), ("keyword.operator", .sign),
    ("entity.name.function", .function), ("entity.name.type", .type), ("variable", .name),
    ("punctuation.section", .bracket), ("punctuation", .punctuation),
  ]
}

extension Source {
  /// Whether the lexer can read all of it, and finds no signs of other languages.
  var isReadable: Bool {
    var lexer = Lexer(self)
    lexer.run()
    return lexer.diagnostics.isEmpty
      && !lexer.tokens.contains { $0.kind.rawValue >= Token.Kind.doubleStar.rawValue }
  }

  /// The tokens of a program and their classes, as the language itself sees them.
  func classifiedTokens() -> [(Token, TokenClass)] {
    let all = Lexer.tokens(self, keepingComments: true)
    let code = all.filter { $0.kind != .comment }
    var place = 0
    return all.compactMap { token in
      if token.kind == .comment {
        return (token, text(token.span).hasPrefix("##") ? .documentation : .comment)
      }
      defer { place += 1 }
      return token.kind == .end ? nil : (token, tokenClass(code, place))
    }
  }

  private func tokenClass(_ tokens: [Token], _ place: Int) -> TokenClass {
    let token = tokens[place]
    switch token.category {
    case .keyword: return isNameOfDefinition(tokens, place) ? nameClass(tokens, place) : .keyword
    case .name: return nameClass(tokens, place)
    case .number: return .number
    case .string: return .string
    case .comment: return .comment
    case .bracket: return .bracket
    case .punctuation, .end: break
    }
    switch token.kind {
    case .comma, .colon, .semicolon, .dot: return .punctuation
    default: return .sign
    }
  }

  private func nameClass(_ tokens: [Token], _ place: Int) -> TokenClass {
    let before = place > 0 ? tokens[place - 1].kind : .end
    if before == .typeKeyword || isParameterType(tokens, place) { return .type }
    if before == .fnKeyword { return .function }
    let next = tokens[place + 1]
    guard next.kind == .leftParenthesis, !next.isAfterNewline else { return .name }
    let name = text(tokens[place].span)
    let isTypeName = name.first?.isUppercase == true && name.contains(where: \.isLowercase)
    return isTypeName ? .type : .function
  }

  /// Whether a reserved word stands where only a name can.
  private func isNameOfDefinition(_ tokens: [Token], _ place: Int) -> Bool {
    let before = place > 0 ? tokens[place - 1].kind : .end
    return before == .fnKeyword || before == .typeKeyword || isParameterType(tokens, place)
  }

  /// Whether it is the type in `fn name(parameter: type`.
  private func isParameterType(_ tokens: [Token], _ place: Int) -> Bool {
    guard place >= 5 else { return false }
    let kinds = tokens[(place - 5)..<place].map(\.kind)
    return kinds == [.fnKeyword, .name, .leftParenthesis, .name, .colon]
  }
}
