import Execution

extension Session {
  /// What `?name` shows: the signature, the documentation and an example.
  ///
  /// Names, fields behind dots, types, reserved words and operators have help.
  public func help(_ name: String) -> String {
    if let entry = LanguageHelp.entry(name), prompt.value(name) == nil {
      return entry.text(columns: console.style.columns)
    }
    guard let value = known(name) else { return unknown(name) }
    switch value {
    case .function(let function): return help(function, name)
    case .type(let type): return help(type)
    case .module(let module): return help(module)
    default: return help(on: value, name)
    }
  }

  private func help(_ function: FunctionObject, _ name: String) -> String {
    switch function.kind {
    case .closure(let code, _): return help(code)
    case .generic(let generic):
      var parts = generic.fallback.map { [help($0, name)] } ?? []
      var others: [String] = []
      for (_, method) in generic.methods.sorted(by: { $0.key.name < $1.key.name }) {
        // A definition without words of its own needs no paragraph.
        let text = help(method, name)
        if text.contains("\n  ") { parts.append(text) } else { others.append(text) }
      }
      if !others.isEmpty { parts.append(others.joined(separator: "\n")) }
      return parts.joined(separator: "\n\n")
    }
  }

  private func help(_ type: TypeObject) -> String {
    let text = type.constructor.codes.map { help($0, "type ") }.joined(separator: "\n\n")
    let functions = shared.filter { $0.generic?.methods[type.name] != nil }.map(\.name).sorted()
    let defined = "  Defined for it: " + functions.joined(separator: ", ")
    let last = HelpText.wrapped(defined, columns: console.style.columns, hanging: 2)
    return text + (functions.isEmpty ? "" : "\n" + last)
  }

  private func help(_ module: Module) -> String {
    let columns = console.style.columns
    let head = module.documentation.map { HelpText.documentation($0, columns: columns) + "\n" }
    let rows = summaries(of: module).sorted { $0.key < $1.key }.map { name, summary in
      HelpText.wrapped("  \(name)  \(summary)", columns: columns, hanging: 4)
    }
    return (["module \(module.name)"] + (head.map { [$0] } ?? []) + rows).joined(separator: "\n")
  }

  /// The public names of a module with their summaries; what it defines for types of other modules
  /// is not bound in it, but declared.
  private func summaries(of module: Module) -> [String: String] {
    var summaries: [String: String] = [:]
    for name in module.boundNames where !name.hasPrefix("_") {
      summaries[name] = module.value(name).map(Session.summary) ?? ""
    }
    let isLibrary = library.entries.contains { $0.name == module.name }
    guard isLibrary else { return summaries }
    for declared in declarations.values.joined() where declared.module == module.name {
      if summaries[declared.name, default: ""].isEmpty {
        let elsewhere = declarations[declared.name]?.map(\.summary).first { !$0.isEmpty }
        summaries[declared.name] = declared.summary.isEmpty ? elsewhere : declared.summary
      }
    }
    return summaries
  }

  private func help(_ code: Code, _ kind: String = "") -> String {
    let columns = console.style.columns
    let signature = HelpText.signature(kind + code.signature, columns: columns)
    guard let documentation = code.documentation else { return signature }
    let text = Session.completed(documentation, for: code)
    return signature + "\n" + HelpText.documentation(text, columns: columns)
  }

  /// The documentation of a function with what its module says of its parameters, before the
  /// examples.
  private static func completed(_ documentation: String, for code: Code) -> String {
    guard let shared = code.module.documentation else { return documentation }
    let points = code.parameters.map { ParameterText($0.text) }.compactMap { parameter -> String? in
      guard parameter.summary(in: [documentation]).isEmpty else { return nil }
      let remark = parameter.summary(in: [shared])
      return remark.isEmpty ? nil : "- `\(parameter.name)`: \(remark)."
    }
    guard !points.isEmpty else { return documentation }
    var lines = documentation.split(separator: "\n", omittingEmptySubsequences: false)
    let end = lines.firstIndex { $0.hasPrefix("> ") } ?? lines.count
    let follows = end > 0 && lines[end - 1].hasPrefix("- ")
    lines.insert(contentsOf: (follows ? [] : [""]) + points.map { $0[...] }, at: end)
    return lines.joined(separator: "\n")
  }

  /// Of a value: what it is, how it prints, its fields, and the functions that take it first.
  private func help(on value: Value, _ name: String) -> String {
    var lines = ["\(name): \(value.described)"]
    let parts = name.split(separator: ".").map(String.init)
    if parts.count > 1, case .native(let box)? = known(parts.dropLast().joined(separator: ".")),
      case let summary = box.object.fieldSummary(parts[parts.count - 1]), !summary.isEmpty
    {
      lines[0] += ", " + summary
    }
    lines.append(display(value))
    let fields = value.fieldNames.prefix(20)
    if !fields.isEmpty {
      lines.append("fields")
      let width = fields.map(\.count).max() ?? 0
      lines += fields.map { field in
        let gap = String(repeating: " ", count: width - field.count)
        return "  .\(field)\(gap)  \(value.fieldSummary(field))".trimmedEnd
      }
    }
    return lines.joined(separator: "\n")
  }

  // MARK: - Source

  /// What `??name` shows: the text of the definitions of a function or type.
  public func sourceText(_ name: String) -> String {
    guard let value = known(name) else { return unknown(name) }
    guard value.isCallable else {
      return "\(name) is \(value.described); only functions and types have a text"
    }
    return value.codes.map { code in
      guard let definition = code.definition else { return code.signature }
      let (line, _) = code.source.position(of: definition.start)
      let note = code.native == nil ? "" : ", written in Swift: Sources/Library"
      return "# \(code.source.name):\(line)\(note)\n\(code.source.text(definition))"
    }.joined(separator: "\n\n")
  }

  // MARK: - Search

  /// What `?? "words"` shows: what is documented with every word, names that have them first, and
  /// last what has only words of the same stem.
  public func search(_ words: String) -> String {
    let wanted = words.lowercased().split { $0.isWhitespace }.map(String.init)
    guard !wanted.isEmpty else { return "a search needs words: ?? \"learning rate\"" }
    let stems = wanted.map(Session.stem)
    var found: [(rank: Int, name: String, signature: String, summary: String)] = []
    for page in pages {
      let name = page.name.lowercased()
      let text = name + " " + page.text.lowercased()
      guard let rank = Session.rank(wanted, stems, name, text) else { continue }
      found.append((rank, page.name, page.signature, String(page.text.prefix { $0 != "\n" })))
    }
    if found.isEmpty { return searchForFewer(stems, words) }
    return lines(
      found.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }.map { ($0.signature, $0.summary) })
  }

  /// What speaks of most of the words, where nothing speaks of all.
  private func searchForFewer(_ stems: [String], _ words: String) -> String {
    let counted = pages.map { page in
      let text = (page.name + " " + page.text).lowercased()
      return (page: page, count: stems.count(where: text.contains))
    }
    let most = counted.map(\.count).max() ?? 0
    if most == 0 || stems.count == 1 { return "nothing in the library speaks of \(words)" }
    let best = counted.filter { $0.count == most }.map(\.page).sorted {
      let names = ($0.name.lowercased(), $1.name.lowercased())
      let ranks = (stems.count(where: names.0.contains), stems.count(where: names.1.contains))
      return (-ranks.0, names.0) < (-ranks.1, names.1)
    }
    let shown = best.prefix(Session.partialResults).map { page in
      (signature: page.signature, summary: String(page.text.prefix { $0 != "\n" }))
    }
    return "nothing in the library speaks of all these words; of some of them:\n" + lines(shown)
  }

  /// How many pages are shown that speak of some words only.
  private static let partialResults = 6

  private func lines(_ pages: [(signature: String, summary: String)]) -> String {
    let columns = console.style.columns
    return pages.map { page in
      HelpText.signature(page.signature, columns: columns) + "\n"
        + HelpText.wrapped("    " + page.summary, columns: columns)
    }.joined(separator: "\n")
  }

  /// How far down a page with these words stands; nil if it lacks one.
  private static func rank(
    _ wanted: [String], _ stems: [String], _ name: String, _ text: String
  ) -> Int? {
    if name == wanted[0] { return wanted.allSatisfy(text.contains) ? 0 : nil }
    if wanted.allSatisfy(name.contains) { return 1 }
    if stems.allSatisfy(name.contains) { return 2 }
    if wanted.allSatisfy(text.contains) { return 3 }
    return stems.allSatisfy(text.contains) ? 4 : nil
  }

  /// What words of one family have in common: `permut` of `permutation` and `permute`.
  private static func stem(_ word: String) -> String {
    let endings = [
      "ations", "ation", "ings", "ing", "ions", "ion", "ers", "er", "ed", "es", "e", "s",
    ]
    for ending in endings where word.hasSuffix(ending) && word.count - ending.count >= 4 {
      return String(word.dropLast(ending.count))
    }
    return word
  }

  /// Everything that a search looks at.
  private var pages: [(name: String, signature: String, text: String)] {
    let library = declarations.values.joined().map { declared in
      let module = declared.isShared ? "" : "  (use \(declared.module))"
      return (declared.name, declared.signature + module, declared.documentation)
    }
    let own = prompt.boundNames.flatMap { name in
      (prompt.value(name)?.codes ?? []).map { (name, $0.signature, $0.documentation ?? "") }
    }
    return library + own + LanguageHelp.all.map { ($0.name, $0.name, $0.body) }
  }

  // MARK: - Names

  /// The value of a name, or of fields behind it; modules of the library are run to find it.
  private func known(_ name: String) -> Value? {
    if let value = prompt.value(name) { return value }
    if let place = sharedPlaces[name] { return try? value(ofShared: place) }
    if let place = library.entries.firstIndex(where: { $0.name == name }) {
      return (try? loadLibrary(place)).map { .module($0) }
    }
    let parts = name.split(separator: ".").map(String.init)
    guard parts.count > 1 else { return inUnusedModules(name) }
    guard let base = known(parts.dropLast().joined(separator: ".")) else { return nil }
    let field = parts[parts.count - 1]
    if let held = base.heldField(field) { return held }
    if case .native(let box) = base { return (try? box.object.field(field)) ?? nil }
    if case .tensor(let object) = base { return Session.field(field, of: object) }
    return nil
  }

  private static func field(_ name: String, of tensor: TensorObject) -> Value? {
    switch name {
    case "shape": .items(tensor.variable.shape.map(Value.integer))
    case "rank": .integer(tensor.variable.shape.count)
    default: nil
    }
  }

  /// A name of a module that wants `use`.
  private func inUnusedModules(_ name: String) -> Value? {
    guard let module = declarations[name]?.first?.module,
      let place = library.entries.firstIndex(where: { $0.name == module })
    else { return nil }
    return (try? loadLibrary(place))?.value(name)
  }

  private func unknown(_ name: String) -> String {
    let names = knownNames + declarations.keys + LanguageHelp.all.map(\.name)
    let near = Text.nearest(name, in: Set(names)).first.map { "; did you mean `\($0)`?" } ?? ""
    return "nothing is called `\(name)`\(near)"
  }
}

extension String {
  /// Without blanks at the end.
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
