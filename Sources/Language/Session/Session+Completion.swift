extension Session {
  /// What TAB offers at the byte offset `cursor` of `text`.
  ///
  /// It looks at names and at values that are there, and never evaluates anything.
  public func completions(in text: String, at cursor: Int) -> Completions {
    let bytes = Array(text.utf8.prefix(cursor))
    if Session.isInString(bytes) {
      let quote = bytes.lastIndex(of: UInt8(ascii: "\"")) ?? bytes.lastIndex(of: 39) ?? 0
      return Completions(start: quote + 1, candidates: [], isPath: true)
    }
    var start = bytes.count
    while start > 0, Session.isNameByte(bytes[start - 1]) { start -= 1 }
    let word = String(decoding: bytes[start...], as: UTF8.self)
    let before = bytes[..<start]
    if before.last == UInt8(ascii: ".") {
      return fields(of: before.dropLast(), word, start: start)
    }
    var candidates = keywords(before, word)
    if !word.isEmpty || candidates.isEmpty { candidates += names(word) }
    return Completions(start: start, candidates: candidates, isPath: false)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
      || byte == UInt8(ascii: "_") || byte >= 128
  }

  private static func isInString(_ bytes: [UInt8]) -> Bool {
    var quote: UInt8?
    var isEscaped = false
    for byte in bytes {
      if let open = quote {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\"), open != 39 {
          isEscaped = true
        } else if byte == open || byte == 10 {
          quote = nil
        }
      } else if byte == UInt8(ascii: "\"") || byte == 39 {
        quote = byte
      }
    }
    return quote != nil
  }

  private func names(_ word: String) -> [Completions.Candidate] {
    guard !word.isEmpty else { return [] }
    let names = Set(prompt.boundNames).union(sharedPlaces.keys).filter { $0.hasPrefix(word) }
    return names.sorted().map { name in
      let value = prompt.value(name) ?? sharedPlaces[name].flatMap { shared[$0].value }
      return Completions.Candidate(text: name, summary: value.map(Session.summary) ?? "")
    }
  }

  private static func summary(_ value: Value) -> String {
    guard let code = value.codes.first else { return value.described }
    return code.documentation?.split(separator: "\n").first.map(String.init) ?? code.signature
  }

  /// The fields of the variable, or the names of the module, before a dot.
  private func fields(of base: ArraySlice<UInt8>, _ word: String, start: Int) -> Completions {
    var path: [String] = []
    var end = base.endIndex
    while true {
      var begin = end
      while begin > base.startIndex, Session.isNameByte(base[begin - 1]) { begin -= 1 }
      guard begin < end else { break }
      path.insert(String(decoding: base[begin..<end], as: UTF8.self), at: 0)
      guard begin > base.startIndex, base[begin - 1] == UInt8(ascii: ".") else { break }
      end = begin - 1
    }
    var value = path.first.flatMap { prompt.value($0) }
    for name in path.dropFirst() { value = value.flatMap { $0.heldField(name) } }
    let names = (value?.fieldNames ?? []).filter { $0.hasPrefix(word) }
    let candidates = names.map { Completions.Candidate(text: $0, summary: "") }
    return Completions(start: start, candidates: candidates, isPath: false)
  }

  /// The keyword arguments of the call in whose parentheses the cursor stands.
  private func keywords(_ before: ArraySlice<UInt8>, _ word: String) -> [Completions.Candidate] {
    var depth = 0
    var place = before.endIndex
    while place > before.startIndex {
      place -= 1
      switch before[place] {
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth += 1
      case UInt8(ascii: "("), UInt8(ascii: "["):
        if depth == 0 { return parameters(of: before[..<place], word) }
        depth -= 1
      default: break
      }
    }
    return []
  }

  private func parameters(_ function: Value, _ word: String) -> [Completions.Candidate] {
    var seen: Set<String> = []
    return function.codes.flatMap(\.parameters).compactMap { parameter in
      let name = parameter.name.name
      guard !parameter.isRest, name.hasPrefix(word), seen.insert(name).inserted else { return nil }
      let value = parameter.text.split(separator: "=", maxSplits: 1).dropFirst().first
      return Completions.Candidate(text: name + "=", summary: value.map { "= \($0)" } ?? "")
    }
  }

  private func parameters(of before: ArraySlice<UInt8>, _ word: String) -> [Completions.Candidate] {
    var begin = before.endIndex
    while begin > before.startIndex, Session.isNameByte(before[begin - 1]) { begin -= 1 }
    let name = String(decoding: before[begin...], as: UTF8.self)
    if let value = prompt.value(name), value.isCallable { return parameters(value, word) }
    // A library function's parameters are known once its module has been read, which runs no more
    // than its definitions.
    guard let place = sharedPlaces[name], let value = try? value(ofShared: place) else { return [] }
    return parameters(value, word)
  }
}

extension Value {
  /// The names after a dot.
  var fieldNames: [String] {
    switch self {
    case .record(let record): record.names.map(\.name)
    case .instance(let instance): instance.type.fields.map(\.name)
    case .module(let module): module.boundNames.filter { !$0.hasPrefix("_") }.sorted()
    case .tensor: ["T", "rank", "shape"]
    case .native(let box): box.object.fieldNames
    default: []
    }
  }

  /// A field that is held as it is; fields that would have to be computed are left alone.
  func heldField(_ name: String) -> Value? {
    switch self {
    case .record(let record): record.place(of: Symbol(name)).map { record.values[$0] }
    case .instance(let instance):
      instance.type.fields.firstIndex(of: Symbol(name)).map { instance.values[$0] }
    case .module(let module): module.value(name)
    default: nil
    }
  }

  var isIndexable: Bool {
    switch self {
    case .list, .record, .tensor, .string, .range: true
    case .native(let box): box.object.elementCount != nil
    default: false
    }
  }
}
