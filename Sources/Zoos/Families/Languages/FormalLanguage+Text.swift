import Execution

extension FormalLanguage {
  /// The letters that name the tokens: `abcd`.
  public var alphabet: String {
    String(decoding: (0..<letters).map { UInt8(ascii: "a") + UInt8($0) }, as: UTF8.self)
  }

  /// The tokens as text: letters as `abbcdd`, the beginning as `^`, the end as `$`.
  public func text(_ tokens: some Sequence<UInt8>) -> String {
    let bytes = tokens.map { token -> UInt8 in
      if token < beginning { return UInt8(ascii: "a") + token }
      if token == beginning { return UInt8(ascii: "^") }
      return token == end ? UInt8(ascii: "$") : UInt8(ascii: "?")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The letters of a text such as `abbcdd`; a beginning `^` and the ends `$` are left out.
  ///
  /// - Throws: `Failure` that names the first character that has no place there.
  public func parse(_ text: String) throws -> [UInt8] {
    var body = Array(text.unicodeScalars)[...]
    if body.first == "^" { body = body.dropFirst() }
    while body.last == "$" { body = body.dropLast() }
    return try body.map { scalar in
      let token = Int(scalar.value) - 97
      guard token >= 0, token < letters else {
        throw Failure(
          "the language \(name) has the letters \(alphabet), but the string holds "
            + "\"\(scalar)\"", hint: "^ may only begin a string, and $ only end it")
      }
      return UInt8(token)
    }
  }

  /// The letters of a list of tokens; a beginning and the ends are left out.
  ///
  /// - Throws: `Failure` that names the first token that has no place there.
  public func parse(tokens: [Double]) throws -> [UInt8] {
    var body = tokens[...]
    if body.first == Double(beginning) { body = body.dropFirst() }
    while body.last == Double(end) { body = body.dropLast() }
    return try body.map { token in
      guard token >= 0, token < Double(letters), token == token.rounded() else {
        throw Failure(
          "the letters of the language \(name) are the tokens 0 to \(letters - 1), but one token "
            + "is \(Text.significant(token))",
          hint: "\(beginning) may only begin a sequence, and \(end) only end it")
      }
      return UInt8(token)
    }
  }
}
