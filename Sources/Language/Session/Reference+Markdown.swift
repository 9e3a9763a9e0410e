extension Reference {
  /// The whole reference as one page: an index, then the modules by name.
  var markdown: String {
    var lines = [
      "# Reference", "",
      "Every function, type and constant of the library, by module. `?name` shows the same at the",
      "prompt, `??name` the source. `make docs` writes this page from the declarations in `stdlib/`.",
      "",
      "Signatures show defaults; `..xs` takes any number of arguments. In shapes N stands for nets,",
      "B for a batch, T for steps, D for features, H for hidden units, P for weights, E for the",
      "embedding, O for outputs.", "", "## Index", "",
    ]
    for module in modules {
      let names = module.entries.map {
        "[`\($0.name)`](#\(Reference.anchor($0.name, module.name)))"
      }
      lines += ["**[\(module.name)](#\(module.name))**: " + names.joined(separator: ", "), ""]
    }
    for module in modules { lines += self.lines(of: module) }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Names differ by capitals only, and modules are called as functions are: so a mark of its own.
  private static func anchor(_ name: String, _ module: String) -> String { "\(module).\(name)" }

  private func lines(of module: Module) -> [String] {
    var lines = ["<a id=\"\(module.name)\"></a>", "", "## \(module.name)", ""]
    if !module.documentation.isEmpty { lines += [Reference.text(module.documentation), ""] }
    if !module.isShared {
      lines += ["Its names come by `use \(module.name)` or `use \(module.name): name`.", ""]
    }
    for entry in module.entries { lines += self.lines(of: entry, module) }
    return lines
  }

  private func lines(of entry: Entry, _ module: Module) -> [String] {
    let anchor = Reference.anchor(entry.name, module.name)
    var lines = ["<a id=\"\(anchor)\"></a>", "", "### `\(entry.name)`", ""]
    if entry.signatures != [entry.name] { lines += ["```"] + entry.signatures + ["```", ""] }
    if entry.summary.isEmpty, let other = self.module(explaining: entry.name) {
      let link = Reference.anchor(entry.name, other.name)
      lines += ["What it does is said in [\(other.name)](#\(link)).", ""]
    }
    for paragraph in entry.paragraphs { lines += [Reference.text(paragraph), ""] }
    if !entry.keywords.isEmpty {
      lines += ["| keyword | default |", "| --- | --- |"]
      for keyword in entry.keywords {
        lines.append("| `\(keyword.name)` | `\(Reference.escaped(keyword.standard))` |")
      }
      lines.append("")
    }
    if entry.hasExample { lines += ["```"] + entry.session.map(String.init) + ["```", ""] }
    return lines
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
