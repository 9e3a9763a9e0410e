extension Parser {
  /// `fn name(params) { ... }` or `native fn name(params)`.
  mutating func parseFunction(_ start: Int) throws(Abandoned) -> FunctionNode {
    let documentation = documentation(above: start)
    let isNative = accept(.nativeKeyword)
    let keyword = token
    guard accept(.fnKeyword) else { throw unexpected(.nativeFunction) }
    return try parseFunctionRest(
      start, keyword, documentation: documentation, isNative: isNative)
  }

  /// The function behind the word that announces it.
  mutating func parseFunctionRest(
    _ start: Int, _ keyword: Token, documentation: String?, isNative: Bool = false
  ) throws(Abandoned) -> FunctionNode {
    let name = try parseDefinedName(keyword)
    let parameters = try parseParameters(of: name)
    let body = isNative ? nil : try parseBody(of: name, after: keyword)
    return FunctionNode(
      name: text(name), parameters: parameters, body: body, documentation: documentation,
      span: span(from: keyword.start), nameSpan: name.span)
  }

  /// `{ ... }`, or `= expression` on the line of the parameters.
  private mutating func parseBody(of name: Token, after keyword: Token) throws(Abandoned) -> Block {
    guard continuation == .assign else {
      try rejectFunctionSigns(name)
      return try parseBlock(after: keyword)
    }
    let sign = token
    advance()
    if isAtEndOfLineWithoutOperand { throw unexpected(.operand(sign)) }
    let value = try parseExpression()
    return Block([Statement(.expression(value), value.span)], value.span)
  }

  /// `type Name(field, field=default)`.
  mutating func parseType(_ start: Int) throws(Abandoned) -> TypeNode {
    let documentation = documentation(above: start)
    let keyword = token
    advance()
    if kind == .leftParenthesis {
      throw fail(
        "`type` is a reserved word: it begins the definition of a type", at: keyword.span,
        hint: "the type of a value is type_of(x); a definition reads type Point(x, y)")
    }
    let name = try parseDefinedName(keyword)
    let fields = try parseParameters(of: name)
    return TypeNode(
      name: text(name), fields: fields, documentation: documentation, span: span(from: start),
      nameSpan: name.span)
  }

  private mutating func parseDefinedName(_ keyword: Token) throws(Abandoned) -> Token {
    let name = token
    guard kind == .name, !token.isAfterNewline else {
      if kind.isKeyword, !token.isAfterNewline {
        throw fail(
          "`\(text(name))` is a reserved word", at: name.span, hint: "choose another name")
      }
      throw unexpected(.definedName(keyword))
    }
    advance()
    return name
  }

  // MARK: Parameters

  private mutating func parseParameters(of name: Token) throws(Abandoned) -> [Parameter] {
    guard continuation == .leftParenthesis else { throw unexpected(.parameters(name)) }
    let opener = try open(.call)
    var parameters: [Parameter] = []
    while kind != .rightParenthesis {
      parameters.append(try parseParameter(isFirst: parameters.isEmpty))
      if accept(.comma) { continue }
      if kind != .rightParenthesis { try rejectElementEnd(opener) }
      break
    }
    try close(opener)
    checkParameters(parameters)
    return parameters
  }

  private mutating func parseParameter(isFirst: Bool) throws(Abandoned) -> Parameter {
    let start = token
    let isRest = acceptSpread()
    let name = token
    guard kind == .name else {
      if kind.isKeyword {
        throw fail(
          "`\(text(name))` is a reserved word", at: name.span, hint: "choose another name")
      }
      throw unexpected(.parameter)
    }
    advance()
    let type = kind == .colon ? try parseParameterType(isFirst: isFirst && !isRest) : nil
    var value: Expression?
    if accept(.assign) { value = try parseExpression() }
    return Parameter(
      name: text(name), type: type, defaultValue: value, isRest: isRest,
      span: span(from: start.start))
  }

  private mutating func acceptSpread() -> Bool {
    if accept(.range) { return true }
    guard isForeignSpread else { return false }
    if kind == .doubleStar {
      reportForeign(
        "arguments of any name are not taken by `**`", at: token.span.to(token(ahead: 1).span),
        hint: "..settings=none as the last parameter is a record of them: fn f(x, ..settings=none)")
    } else {
      reportForeignSpread()
    }
    advance()
    return true
  }

  private mutating func parseParameterType(isFirst: Bool) throws(Abandoned) -> String? {
    let colon = token
    let parameter = text(tokens[index - 1])
    advance()
    let name = token
    if kind.beginsValue, kind != .name, kind != .noneKeyword {
      let value = try parseExpression()
      reportForeign(
        "`:` gives no default", at: colon.span,
        hint: "write \(parameter)=\(source.text(value.span))")
      return nil
    }
    guard kind == .name || kind == .noneKeyword else { throw unexpected(.typeName) }
    advance()
    guard !isFirst else { return text(name) }
    report(
      "only the first parameter has a type, by which the function is chosen",
      at: colon.span.to(name.span), hint: "leave out `: \(text(name))`")
    return nil
  }

  /// Rejects parameters that share a name, and plain ones behind those that need no argument.
  mutating func checkParameters(_ parameters: [Parameter]) {
    guard !isStatementBroken else { return }
    var names: Set<String> = []
    var optional: Parameter?
    for parameter in parameters {
      if !names.insert(parameter.name).inserted {
        return report(
          "two parameters are called `\(parameter.name)`", at: parameter.span, hint: nil,
          code: .duplicate)
      }
      if let optional, parameter.isRest ? optional.isRest : parameter.defaultValue == nil {
        return report(
          "`\(parameter.name)` follows `\(source.text(optional.span))`, but has no default",
          at: parameter.span, hint: "parameters without a default come first",
          code: .duplicate)
      }
      if parameter.isRest || parameter.defaultValue != nil { optional = parameter }
    }
  }
}

// MARK: - Documentation

extension Parser {
  /// The `##` lines directly above the line of a place, without their marks.
  func documentation(above place: Int) -> String? {
    var lines: [String] = []
    var end = lineStart(place)
    while end > 0 {
      let start = lineStart(end - 1)
      guard let line = documentationLine(start, end - 1) else { break }
      lines.append(line)
      end = start
    }
    return lines.isEmpty ? nil : lines.reversed().joined(separator: "\n")
  }

  /// The `##` lines at the top of the source, if no definition follows them directly.
  func programDocumentation() -> String? {
    let bytes = source.bytes
    var lines: [String] = []
    var start = 0
    while start < bytes.count {
      let end = lineEnd(start)
      if let line = documentationLine(start, end) {
        lines.append(line)
      } else if !lines.isEmpty || !isBlankOrComment(start, end) {
        break
      }
      start = end + 1
    }
    guard !lines.isEmpty, start >= bytes.count || isBlankOrComment(start, lineEnd(start)) else {
      return nil
    }
    return lines.joined(separator: "\n")
  }

  private func documentationLine(_ start: Int, _ end: Int) -> String? {
    let bytes = source.bytes
    var place = skipBlanks(start, end)
    guard place + 1 < end, bytes[place] == UInt8(ascii: "#"), bytes[place + 1] == bytes[place]
    else { return nil }
    place += 2
    if place < end, bytes[place] == 0x20 { place += 1 }
    var last = end
    while last > place, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x0d { last -= 1 }
    return String(decoding: bytes[place..<last], as: UTF8.self)
  }

  private func isBlankOrComment(_ start: Int, _ end: Int) -> Bool {
    let place = skipBlanks(start, end)
    return place >= end || source.bytes[place] == UInt8(ascii: "#")
  }

  private func skipBlanks(_ start: Int, _ end: Int) -> Int {
    var place = start
    while place < end, [0x20, 0x09, 0x0d].contains(source.bytes[place]) { place += 1 }
    return place
  }

  /// Where the line of a place begins.
  func lineStart(_ place: Int) -> Int {
    var start = min(place, source.bytes.count)
    while start > 0, source.bytes[start - 1] != 0x0a { start -= 1 }
    return start
  }

  /// Where the line of a place ends, its newline not included.
  func lineEnd(_ place: Int) -> Int {
    var end = place
    while end < source.bytes.count, source.bytes[end] != 0x0a { end += 1 }
    return end
  }
}
