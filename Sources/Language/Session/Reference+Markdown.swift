extension Reference {
  /// The whole reference as one page: an index, then the modules by name.
  var markdown: String {
    var lines = [
      "# Reference", "",
      "Every function, type and constant of the library. `?name` shows the same at the",
      "prompt, `??name` the source. `make docs` writes this page from the declarations in `stdlib/`.",
      "",
      "Signatures show defaults; `..xs` takes any number of arguments. In shapes N stands for nets,",
      "B for a batch, T for steps, D for features, H for hidden units, P for weights, E for the",
      "embedding, O for outputs.", "", "## Index", "",
    ]
    for (title, names) in Reference.groups(of: modules.map(\.name)) {
      lines += ["### \(title)", ""]
      for module in names.compactMap({ name in modules.first { $0.name == name } }) {
        let links = module.entries.map {
          "[`\($0.name)`](#\(Reference.anchor($0.name, module.name)))"
        }
        let summary = module.documentation.prefix { $0 != "\n" }
        lines += ["**[\(module.name)](#\(module.name))** - \(Reference.text(String(summary)))", ""]
        lines += [links.joined(separator: ", "), ""]
      }
    }
    for module in modules { lines += self.lines(of: module) }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The modules by what they are for; those that no group names are in the last one.
  private static func groups(of modules: [String]) -> [(title: String, modules: [String])] {
    let groups = [
      ("Nets and zoos", ["networks", "languages", "zoos"]),
      ("Encoders and emulation", ["probing", "statistics", "emulation", "training"]),
      ("Interrogation", ["interrogation", "game", "interrogators"]),
      ("Numbers and learning", ["tensors", "gradients", "layers", "plot"]),
      ("The language's own", ["basics", "collections", "texts", "tables", "system"]),
    ]
    let named = Set(groups.flatMap(\.1))
    let others = modules.filter { !named.contains($0) }
    return groups + (others.isEmpty ? [] : [("Others", others)])
  }

  /// Names differ by capitals only, and modules are called as functions are: so a mark of its own.
  private static func anchor(_ name: String, _ module: String) -> String { "\(module).\(name)" }

  private func lines(of module: Module) -> [String] {
    var lines = ["<a id=\"\(module.name)\"></a>", "", "## \(module.name)", ""]
    // What is said of arguments stands at each function that takes them.
    let prose = Reference.withoutPoints(
      of: nil, in: module.documentation.split(separator: "\n", omittingEmptySubsequences: false)
    ).joined(separator: "\n").trimmed
    if !prose.isEmpty { lines += [Reference.text(prose), ""] }
    if !module.isShared {
      lines += ["Its names come by `use \(module.name)` or `use \(module.name): name`.", ""]
    }
    for entry in module.entries { lines += self.lines(of: entry, module) }
    return lines
  }

  private func lines(of entry: Entry, _ module: Module) -> [String] {
    let anchor = Reference.anchor(entry.name, module.name)
    var lines = ["<a id=\"\(anchor)\"></a>", "", "### `\(entry.name)`", ""]
    let signatures = entry.definitions.map(\.signature)
    if signatures != [entry.name] { lines += ["```"] + signatures + ["```", ""] }
    if entry.summary.isEmpty, let other = self.module(explaining: entry.name) {
      let link = Reference.anchor(entry.name, other.name)
      lines += ["What it does is said in [\(other.name)](#\(link)).", ""]
    }
    for definition in entry.definitions {
      for paragraph in definition.paragraphs { lines += [Reference.text(paragraph), ""] }
      if definition.hasExample {
        lines += ["```"] + definition.session.map(String.init) + ["```", ""]
      }
    }
    return lines + table(of: entry, module)
  }

  /// The parameters with a default, and what is said of them here or for the whole module.
  private func table(of entry: Entry, _ module: Module) -> [String] {
    guard !entry.keywords.isEmpty else { return [] }
    let documentation = entry.definitions.map(\.documentation) + [module.documentation]
    var lines = ["| keyword | default | |", "| --- | --- | --- |"]
    for keyword in entry.keywords {
      let meaning = ParameterText(keyword.name).summary(in: documentation, isWhole: true)
      let standard = "`\(Reference.escaped(keyword.standard))`"
      lines.append("| `\(keyword.name)` | \(standard) | \(Reference.text(meaning)) |")
    }
    return lines + [""]
  }

  /// A bar would end the cell of a table.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  /// Prose as Markdown: what it would take for marks is kept as it is outside of code.
  private static func text(_ prose: String) -> String {
    var result = ""
    var isCode = false
    for character in prose {
      if character == "`" { isCode.toggle() }
      if !isCode, "*_<|".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}

extension Session {
  /// Everything that the library declares, as one page of Markdown.
  public func reference() -> String { Reference(library).markdown }
}
