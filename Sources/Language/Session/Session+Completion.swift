extension Session {
  /// Of more candidates than this only the names are told, not what they are.
  static let summarizedLimit = 60

  /// What TAB offers at the byte offset `cursor` of `text`.
  ///
  /// It looks at names, declarations and values that are there, and never evaluates anything.
  public func completions(in text: String, at cursor: Int) -> Completions {
    let context = CompletionContext(Array(text.utf8.prefix(cursor)))
    switch context.place {
    case .comment: return Completions(start: cursor)
    case .string(let start): return files(start, context)
    case .code: break
    }
    let start = context.wordStart
    if start > 0, context.bytes[start - 1] == UInt8(ascii: ".") { return fields(context) }
    if let used = modules(context) { return Completions(start: start, candidates: used) }
    if let piped = piped(context) { return Completions(start: start, candidates: piped) }
    var candidates = keywords(context)
    if !context.word.isEmpty { candidates += names(context.word) }
    return Completions(start: start, candidates: candidates)
  }

  // MARK: - Names

  private func names(_ word: String) -> [Completions.Candidate] {
    var names = Set(sharedPlaces.keys.filter { $0.hasPrefix(word) })
    names.formUnion(prompt.boundNames(beginningWith: word))
    if word.utf8.count > 1 {
      names.formUnion(Token.Kind.keywords.map(\.word).filter { $0.hasPrefix(word) })
    }
    return candidates(names.sorted())
  }

  private func candidates(_ names: [String]) -> [Completions.Candidate] {
    names.enumerated().map { place, name in
      let isTold = place < Session.summarizedLimit
      return Completions.Candidate(text: name, summary: isTold ? summary(ofName: name) : "")
    }
  }

  private func summary(ofName name: String) -> String {
    if let value = prompt.value(name) { return Session.summary(value) }
    if let declared = declarations[name]?.first(where: \.isShared) { return declared.summary }
    if let value = sharedPlaces[name].flatMap({ shared[$0].value }) {
      return Session.summary(value)
    }
    return LanguageHelp.entry(name)?.summary ?? ""
  }

  static func summary(_ value: Value) -> String {
    guard let code = value.codes.first else { return value.described }
    return code.documentation?.prefix { $0 != "\n" }.description ?? code.signature
  }

  /// The modules behind `use`, and the names of one behind `use module:`.
  private func modules(_ context: CompletionContext) -> [Completions.Candidate]? {
    let end = context.skippingBlanks(before: context.wordStart)
    if context.name(endingAt: end)?.text == "use" {
      let found = library.entries.map(\.name).filter { $0.hasPrefix(context.word) }.sorted()
      return found.map { Completions.Candidate(text: $0, summary: moduleSummary($0)) }
    }
    let line = context.bytes[..<end].split(separator: 10).last.map(Array.init) ?? []
    let words = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "," || $0 == ":" }
    guard words.count >= 2, words[0] == "use", line.last.map({ ",:".utf8.contains($0) }) == true
    else { return nil }
    let declared = library.entries.first { $0.name == words[1] }.map(Declaration.all) ?? []
    return declared.filter { $0.name.hasPrefix(context.word) }.map {
      Completions.Candidate(text: $0.name, summary: $0.summary)
    }
  }

  private func moduleSummary(_ name: String) -> String {
    guard let entry = library.entries.first(where: { $0.name == name }) else { return "" }
    guard entry.text.hasPrefix("## ") else { return "" }
    return String(entry.text.dropFirst(3).prefix { $0 != "\n" })
  }

  // MARK: - Fields

  /// The fields of the value, or the names of the module, before a dot.
  private func fields(_ context: CompletionContext) -> Completions {
    let value = held(context, endingAt: context.wordStart - 1)
    let names = (value?.fieldNames ?? []).filter { $0.hasPrefix(context.word) && $0.isWord }
    let candidates = names.map { name in
      Completions.Candidate(text: name, summary: value?.fieldSummary(name) ?? "")
    }
    return Completions(start: context.wordStart, candidates: candidates)
  }

  /// The value of a name with fields and whole indices behind it, if it is held as it stands.
  private func held(_ context: CompletionContext, endingAt end: Int) -> Value? {
    guard end > 0 else { return nil }
    if context.bytes[end - 1] == UInt8(ascii: "]") {
      guard let open = context.opening(closedBefore: end),
        let index = Int(String(decoding: context.bytes[(open + 1)..<(end - 1)], as: UTF8.self))
      else { return nil }
      return held(context, endingAt: open)?.heldItem(index)
    }
    guard let (name, start) = context.name(endingAt: end) else { return nil }
    guard start > 0, context.bytes[start - 1] == UInt8(ascii: ".") else {
      return prompt.value(name) ?? sharedPlaces[name].flatMap { shared[$0].value }
    }
    return held(context, endingAt: start - 1)?.heldField(name)
  }

  // MARK: - Arguments

  /// The keyword arguments that the call around the cursor has not been given.
  private func keywords(_ context: CompletionContext) -> [Completions.Candidate] {
    guard let call = context.call, call.isAtArgument else { return [] }
    var seen = call.keywords
    return signatures(of: call.path).flatMap { signature in
      signature.parameters.dropFirst(call.position).compactMap { text in
        let parameter = ParameterText(text)
        guard !parameter.isRest, parameter.name.hasPrefix(context.word),
          seen.insert(parameter.name).inserted
        else { return nil }
        let parts = [
          parameter.standard.map { "= \($0)" } ?? "",
          parameter.summary(in: signature.documentation),
        ]
        return Completions.Candidate(
          text: parameter.name + "=",
          summary: parts.filter { !$0.isEmpty }.joined(separator: "  "))
      }
    }
  }

  /// A function's parameters and documentation: of one, or of each type that it is defined for.
  typealias Signature = (parameters: [String], documentation: [String])

  private func signatures(of path: [String]) -> [Signature] {
    let name = path.last ?? ""
    if path.count > 1 {
      var value = prompt.value(path[0])
      for field in path.dropFirst() { value = value?.heldField(field) }
      return value.map(Session.signatures) ?? []
    }
    if let value = prompt.value(name), value.isCallable { return Session.signatures(value) }
    // Library functions are looked up in its text, since running a module would be evaluation.
    let declared = declarations[name]?.filter(\.isShared) ?? []
    let made = sharedPlaces[name].flatMap { shared[$0].value }.map(Session.signatures) ?? []
    // A definition for a further type is told of where its function is.
    let first = declared.first?.documentation ?? ""
    return declared.map { ($0.parameters, [$0.documentation, first, $0.moduleDocumentation]) }
      + made
  }

  private static func signatures(_ value: Value) -> [Signature] {
    value.codes.map { code in
      (code.parameters.map(\.text), [code.documentation ?? "", code.module.documentation ?? ""])
    }
  }

  // MARK: - Behind a pipe

  /// Functions that take the value before `|>` first; nil if the word stands behind no pipe.
  private func piped(_ context: CompletionContext) -> [Completions.Candidate]? {
    let end = context.skippingBlanks(before: context.wordStart)
    guard end >= 2, context.bytes[(end - 2)..<end].elementsEqual("|>".utf8) else { return nil }
    let base = context.skippingBlanks(before: end - 2)
    let kind = base == 0 ? prompt.value("ans").map(Session.kind) : kind(context, endingAt: base)
    let functions = Set(sharedPlaces.keys).union(prompt.boundNames)
      .filter { $0.hasPrefix(context.word) && isFunction($0) }
    guard let kind else { return context.word.isEmpty ? [] : candidates(functions.sorted()) }
    var ranked: [(rank: Int, name: String)] = []
    for name in functions {
      let ranks = signatures(of: [name]).compactMap { signature -> Int? in
        guard let first = signature.parameters.first else { return nil }
        return ParameterKind.suits(ParameterText(first), kind.type, isInstance: kind.isInstance)
      }
      if let best = ranks.min() {
        ranked.append((best, name))
      } else if !context.word.isEmpty {
        ranked.append((2, name))
      }
    }
    return candidates(ranked.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }.map(\.name))
  }

  private func isFunction(_ name: String) -> Bool {
    if let value = prompt.value(name) { return value.isCallable }
    if let declared = declarations[name]?.first(where: \.isShared) { return declared.isCallable }
    return sharedPlaces[name].flatMap { shared[$0].value }?.isCallable ?? false
  }

  private typealias Kind = (type: String, isInstance: Bool)

  private static func kind(_ value: Value) -> Kind {
    if case .instance = value { return (value.typeName, true) }
    return (value.typeName, false)
  }

  /// The type of the expression that ends at a place, if it is known without evaluating it.
  private func kind(_ context: CompletionContext, endingAt end: Int) -> Kind? {
    let bytes = context.bytes
    if let value = held(context, endingAt: end) { return Session.kind(value) }
    switch bytes[end - 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return ("string", false)
    case UInt8(ascii: ")"): return resultKind(context, endingAt: end)
    case UInt8(ascii: "]"):
      guard let open = context.opening(closedBefore: end) else { return nil }
      let isIndex = open > 0 && CompletionContext.isNameByte(bytes[open - 1])
      guard isIndex else { return ("list", false) }
      let kind = kind(context, endingAt: open)
      return kind?.type == "tensor" || kind?.type == "zoo" ? kind : nil
    default: break
    }
    guard let name = context.name(endingAt: end) else { return nil }
    if Double(name.text) != nil { return ("number", false) }
    let isField = name.start > 0 && bytes[name.start - 1] == UInt8(ascii: ".")
    return isField ? ParameterKind.type(named: name.text).map { ($0, false) } : nil
  }

  private func resultKind(_ context: CompletionContext, endingAt end: Int) -> Kind? {
    guard let open = context.opening(closedBefore: end),
      let function = context.name(endingAt: open)?.text
    else { return nil }
    if case .type? = prompt.value(function) { return (function, true) }
    if prompt.value(function) != nil { return nil }
    if function.first?.isUppercase == true, declarations[function] != nil {
      return (function, true)
    }
    return ParameterKind.result(of: function).map { ($0, false) }
  }

  // MARK: - Files

  /// Endings of the files that `load` reads and `save` writes.
  private static let dataEndings = [
    ".rnv", ".rnz", ".npy", ".npz", ".safetensors", ".csv", ".json", ".zip",
  ]

  private func files(_ start: Int, _ context: CompletionContext) -> Completions {
    var result = Completions(start: start, isPath: true)
    let before = context.bytes[..<max(0, start - 1)]
    let words = String(decoding: before, as: UTF8.self).split { " (\n".contains($0) }
    switch words.last {
    case "use": result.endings = [".rnr"]
    case "load": result.endings = Session.dataEndings
    case "make_folder": result.endings = ["/"]
    default: break
    }
    let isSaved = context.call?.path.last == "save"
    if isSaved { result.endings = Session.dataEndings + [".svg", ".png", ".pdf"] }
    return result
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

  /// What stands beside a field in the list of completions.
  func fieldSummary(_ name: String) -> String {
    if case .native(let box) = self { return box.object.fieldSummary(name) }
    if case .tensor = self {
      switch name {
      case "T": return "transposed: its last two axes exchanged"
      case "rank": return "how many axes it has"
      default: return "the extent of each axis"
      }
    }
    return heldField(name).map(Session.summary) ?? ""
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

  /// An item that is held as it is.
  func heldItem(_ index: Int) -> Value? {
    guard case .list(let list) = self else { return nil }
    let place = index < 0 ? list.items.count + index : index
    return list.items.indices.contains(place) ? list.items[place] : nil
  }

  var isIndexable: Bool {
    switch self {
    case .list, .record, .tensor, .string, .range: true
    case .native(let box): box.object.elementCount != nil
    default: false
    }
  }
}
