extension Parser {
  /// Whether a text at the prompt can run as it stands.
  ///
  /// It is incomplete where a bracket, a block or a string of several lines is open, where an
  /// operator, `->`, `=` or `,` ends it, or where documentation waits for its definition. A
  /// string of one line that is not closed counts as complete: no further line could mend it.
  public static func isComplete(_ text: String) -> Bool {
    var lexer = Lexer(Source(name: "", text: text))
    lexer.run()
    if lexer.endsInLongString { return false }
    if !lexer.diagnostics.isEmpty { return true }
    if !lexer.brackets.isEmpty { return false }
    if endsInDocumentation(text) { return false }
    guard let last = lexer.tokens.dropLast().last else { return true }
    return !last.kind.needsMore
  }

  private static func endsInDocumentation(_ text: String) -> Bool {
    let last = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    return last.drop { $0 == " " || $0 == "\t" }.hasPrefix("##")
  }
}

extension Token.Kind {
  /// Whether a statement cannot end with it.
  fileprivate var needsMore: Bool {
    switch self {
    case .inKeyword, .ifKeyword, .elseKeyword, .tryKeyword, .andKeyword, .orKeyword, .notKeyword,
      .forKeyword, .whileKeyword, .fnKeyword, .nativeKeyword, .typeKeyword, .useKeyword,
      .assertKeyword, .comma, .colon, .dot, .arrow, .assign, .colonAssign, .range, .closedRange:
      true
    default: binding != .none || updateOperator != nil
    }
  }
}
