extension Parser {
  // MARK: Numbers

  mutating func parseNumber() throws(Abandoned) -> Expression {
    let token = token
    advance()
    let value = Parser.number(source.bytes, token)
    if !value.isFinite {
      report(
        "the number is too large", at: token.span, hint: "the largest is about 1.8e308")
    }
    return leaf(.number(value), token.span)
  }

  /// The value of digits, a fraction and an exponent.
  ///
  /// Up to 15 digits and powers of ten up to 22 are exact in binary, so that one product or
  /// quotient rounds once; anything else goes to the standard library's reader.
  private static func number(_ bytes: [UInt8], _ token: Token) -> Double {
    var digits: UInt64 = 0
    var count = 0
    var decimals = 0
    var hasPoint = false
    for byte in bytes[token.start..<token.end] where byte != 0x5f {
      if byte == UInt8(ascii: ".") {
        hasPoint = true
      } else if Lexer.isDigit(byte), count < 15 {
        digits = digits * 10 + UInt64(byte - 0x30)
        count += 1
        decimals += hasPoint ? 1 : 0
      } else {
        return slowNumber(bytes, token)
      }
    }
    return Double(digits) / powersOfTen[decimals]
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  private static func slowNumber(_ bytes: [UInt8], _ token: Token) -> Double {
    let plain = bytes[token.start..<token.end].filter { $0 != 0x5f }
    return Double(String(decoding: plain, as: UTF8.self)) ?? .infinity
  }

  // MARK: Strings

  mutating func parsePlainString() throws(Abandoned) -> Expression {
    let token = token
    let text = decodedString(token)
    advance()
    return leaf(.string(text), token.span)
  }

  /// The text that a string token without values stands for.
  mutating func decodedString(_ token: Token) -> String {
    switch token.kind {
    case .rawString: return source.text(Span(token.start + 1, token.end - 1))
    case .longString:
      return decoded(afterOpening(token.start + 3), token.end - 3)
    default: return decoded(token.start + 1, token.end - 1)
    }
  }

  /// Behind `"""`, a newline that follows directly is no part of the text.
  private func afterOpening(_ place: Int) -> Int {
    place < source.bytes.count && source.bytes[place] == 0x0a ? place + 1 : place
  }

  /// `"loss {loss:.4f}"`.
  mutating func parseInterpolation() throws(Abandoned) -> Expression {
    let start = token
    var segments: [Expression.Segment] = []
    var tallest = 0
    advance()
    while kind != .stringEnd, kind != .end {
      if kind == .stringText {
        let isFirst = segments.isEmpty && start.kind == .longStringStart
        let first = isFirst ? afterOpening(token.start) : token.start
        if first < token.end { segments.append(.text(decoded(first, token.end))) }
        advance()
      } else {
        segments.append(try parseSegment())
        tallest = max(tallest, height)
      }
    }
    advance()
    try grow(over: tallest)
    return Expression(.interpolation(segments), span(from: start.start))
  }

  /// `{value:format}`.
  private mutating func parseSegment() throws(Abandoned) -> Expression.Segment {
    let opener = try open(.call)
    if kind == .interpolationEnd || kind == .format {
      throw fail(
        "no value between the braces", at: tokens[opener].span.to(token.span),
        hint: "write {x} for the value of x, \\{ for a plain brace")
    }
    let value = try parseExpression()
    var format = ""
    if kind == .format {
      format = source.text(Span(token.start + 1, token.end))
      advance()
    }
    try close(opener)
    return .value(value, format: format)
  }

  // MARK: Escapes

  /// The text between two places with its escapes replaced.
  private mutating func decoded(_ start: Int, _ end: Int) -> String {
    guard start < end else { return "" }
    let bytes = source.bytes[start..<end]
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = start
    while place < end {
      if source.bytes[place] == UInt8(ascii: "\\") {
        place = decodeEscape(place, end, into: &result)
      } else {
        result.append(source.bytes[place])
        place += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Replaces one escape; gives the place behind it.
  private mutating func decodeEscape(_ place: Int, _ end: Int, into result: inout [UInt8]) -> Int {
    let letter = place + 1 < end ? source.bytes[place + 1] : 0
    switch letter {
    case UInt8(ascii: "n"): result.append(0x0a)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "r"): result.append(0x0d)
    case UInt8(ascii: "e"): result.append(0x1b)
    case UInt8(ascii: "0"): result.append(0)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "'"):
      result.append(letter)
    case UInt8(ascii: "u"): return decodeScalar(place, end, into: &result)
    default:
      reportEscape(Span(place, min(place + 2, end)))
      result.append(UInt8(ascii: "\\"))
      return place + 1
    }
    return place + 2
  }

  /// `\u{1F600}`.
  private mutating func decodeScalar(_ place: Int, _ end: Int, into result: inout [UInt8]) -> Int {
    let close = source.bytes[place..<end].prefix(12).firstIndex(of: UInt8(ascii: "}"))
    guard let close, close > place + 3, source.bytes[place + 2] == UInt8(ascii: "{"),
      let code = UInt32(source.text(Span(place + 3, close)), radix: 16),
      let scalar = Unicode.Scalar(code)
    else {
      reportEscape(Span(place, min((close ?? place + 1) + 1, end)))
      return min((close ?? place + 1) + 1, end)
    }
    result.append(contentsOf: Array(String(scalar).utf8))
    return close + 1
  }

  private mutating func reportEscape(_ span: Span) {
    let text = source.text(span)
    report(
      text.hasPrefix("\\u") ? "`\(text)` names no character" : "`\(text)` is not an escape",
      at: span,
      hint: text.hasPrefix("\\u")
        ? "write its number in hexadecimal: \\u{3bb}"
        : "the escapes are \\n \\t \\\\ \\\" \\{ \\} \\u{...}; '...' takes every sign as it is")
  }
}
