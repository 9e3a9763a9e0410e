/// The smallest piece of a source that has a meaning: what it is and where it stands.
public struct Token: Sendable, Equatable {
  /// What it is.
  public let kind: Kind
  /// Whether a newline stands between the token before it and this one.
  public let isAfterNewline: Bool
  private let lower: UInt32
  private let upper: UInt32

  /// A token between two byte offsets.
  init(_ kind: Kind, _ start: Int, _ end: Int, isAfterNewline: Bool) {
    self.kind = kind
    self.isAfterNewline = isAfterNewline
    lower = UInt32(truncatingIfNeeded: start)
    upper = UInt32(truncatingIfNeeded: end)
  }

  /// The first byte.
  public var start: Int { Int(lower) }
  /// One past the last byte.
  public var end: Int { Int(upper) }
  /// Where it stands.
  public var span: Span { Span(start, end) }

  /// What a token is.
  public enum Kind: UInt8, Sendable {
    case end, invalid, comment
    case name, number
    /// A whole string without values in it, quotes included.
    case string, rawString, longString
    /// A string that is not closed; reported already.
    case brokenString
    /// The parts of a string with values in it: `"`, text, `{`, value, `:.4f`, `}`, `"`.
    case stringStart, longStringStart, stringText, interpolationStart, format, interpolationEnd
    case stringEnd

    case fnKeyword, nativeKeyword, typeKeyword, forKeyword, whileKeyword, inKeyword, ifKeyword
    case elseKeyword, tryKeyword, breakKeyword, continueKeyword, returnKeyword, useKeyword
    case assertKeyword, andKeyword, orKeyword, notKeyword, trueKeyword, falseKeyword, noneKeyword

    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
    case comma, colon, semicolon, dot, range, closedRange, ellipsis, arrow, pipe
    case plus, minus, star, slash, floorDivide, percent, at, caret
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case assign, plusAssign, minusAssign, starAssign, slashAssign, floorDivideAssign
    case percentAssign, atAssign, caretAssign

    /// Signs of other languages, which the parser understands only to say what to write.
    case doubleStar, doubleAmpersand, doubleBar, ampersand, bar, bang, tilde, tildeAssign
    case colonAssign, fatArrow, tripleEqual, lessGreater, question, backslash, dollar
  }

  /// What a token is to a reader, for colours and completion.
  public enum Category: Sendable {
    case keyword, name, number, string, comment, bracket, punctuation, end
  }

  /// What the token is to a reader.
  public var category: Category {
    switch kind {
    case .end: .end
    case .comment: .comment
    case .name: .name
    case .number: .number
    case .string, .rawString, .longString, .brokenString, .stringStart, .longStringStart,
      .stringText, .format, .stringEnd:
      .string
    case .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket, .leftBrace,
      .rightBrace, .interpolationStart, .interpolationEnd:
      .bracket
    default: kind.isKeyword ? .keyword : .punctuation
    }
  }
}

extension Token.Kind {
  /// Whether it is a reserved word.
  public var isKeyword: Bool {
    rawValue >= Token.Kind.fnKeyword.rawValue && rawValue <= Token.Kind.noneKeyword.rawValue
  }

  /// The reserved words of the language, in the order of their kinds.
  static let keywords: [(word: String, kind: Token.Kind)] = [
    ("fn", .fnKeyword), ("native", .nativeKeyword), ("type", .typeKeyword), ("for", .forKeyword),
    ("while", .whileKeyword), ("in", .inKeyword), ("if", .ifKeyword), ("else", .elseKeyword),
    ("try", .tryKeyword), ("break", .breakKeyword), ("continue", .continueKeyword),
    ("return", .returnKeyword), ("use", .useKeyword), ("assert", .assertKeyword),
    ("and", .andKeyword), ("or", .orKeyword), ("not", .notKeyword), ("true", .trueKeyword),
    ("false", .falseKeyword), ("none", .noneKeyword),
  ]

  /// A word of at most eight bytes as one number.
  static func packed(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The reserved words by their packed letters.
  static let keywordsByLetters = Dictionary(
    uniqueKeysWithValues: keywords.map { (packed($0.word.utf8), $0.kind) })

  /// Whether it is a string or begins or ends one.
  var isString: Bool {
    switch self {
    case .string, .rawString, .longString, .stringStart, .longStringStart, .stringEnd: true
    default: false
    }
  }

  /// Whether it opens a bracket of any form.
  var isOpener: Bool {
    switch self {
    case .leftParenthesis, .leftBracket, .leftBrace, .interpolationStart: true
    default: false
    }
  }

  /// Whether it closes a bracket of any form.
  var isCloser: Bool {
    switch self {
    case .rightParenthesis, .rightBracket, .rightBrace, .interpolationEnd: true
    default: false
    }
  }

  /// What closes it, if it opens a bracket.
  var closer: Token.Kind? {
    switch self {
    case .leftParenthesis: .rightParenthesis
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    case .interpolationStart: .interpolationEnd
    default: nil
    }
  }

  /// Whether it can only begin a statement, never stand inside an expression.
  var beginsOnlyStatements: Bool {
    switch self {
    case .fnKeyword, .nativeKeyword, .typeKeyword, .whileKeyword, .breakKeyword,
      .continueKeyword, .returnKeyword, .useKeyword, .assertKeyword:
      true
    default: false
    }
  }

  /// Whether an expression may begin with it.
  var beginsValue: Bool {
    switch self {
    case .name, .number, .string, .rawString, .longString, .brokenString, .stringStart,
      .longStringStart, .trueKeyword, .falseKeyword, .noneKeyword, .leftParenthesis,
      .leftBracket, .leftBrace, .ifKeyword, .tryKeyword, .notKeyword, .minus, .plus:
      true
    default: false
    }
  }
}
