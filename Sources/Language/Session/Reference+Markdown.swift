extension Reference {
  /// The whole reference as one page: where to look, the contents, then the modules by subject.
  var markdown: String {
    var lines = [
      "# Reference", "",
      "Every function, type and constant of the library, by subject. `?name` shows the same at the",
      "prompt, `??name` the source, `?? \"words\"` searches. `make docs` writes this page from the",
      "declarations in `stdlib/`.", "",
      "Signatures show defaults; `..xs` takes any number of arguments. In shapes N stands for nets,",
      "B for a batch, S for rollouts of a net (sampled token sequences), T for steps of time, D for",
      "features (inputs of a step), H for hidden units, P for weights, E for numbers of an embedding,",
      "O for outputs of a step. Tensors have 32 bits; a seed of `none` draws from the session's",
      "random numbers, which `seed(n)` fixes.", "", "## Where to look", "",
      "| you want to | functions |", "| --- | --- |",
    ]
    for row in Reference.guide {
      lines.append("| \(row.aim) | \(row.names.map(link).joined(separator: ", ")) |")
    }
    lines += ["", "## Contents", ""]
    for subject in Reference.subjects { lines += contents(of: subject) }
    for module in modules { lines += self.lines(of: module) }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  private func contents(of subject: Subject) -> [String] {
    var lines = ["### \(subject.title)", ""]
    for module in modules where subject.modules.contains(module.name) {
      let summary = Reference.text(module.paragraphs.first ?? "").split(separator: "\n")
      let names = module.entries.map {
        "[`\($0.name)`](#\(Reference.anchor($0.name, module.name)))"
      }
      lines += [
        "- **[\(module.name)](#\(module.name))**. \(summary.joined(separator: " "))",
        "  " + names.joined(separator: ", "),
      ]
    }
    return lines + [""]
  }

  /// A name, linked to its entry; of a name in several modules `module.name` says which.
  private func link(_ name: String) -> String {
    let parts = name.split(separator: ".").map(String.init)
    let module = parts.count == 2 ? parts[0] : module(explaining: name)?.name ?? ""
    let short = parts.last ?? name
    return "[`\(short)`](#\(Reference.anchor(short, module)))"
  }

  /// Names differ by capitals only, and modules are called as functions are: so a mark of its own.
  private static func anchor(_ name: String, _ module: String) -> String { "\(module).\(name)" }

  private func lines(of module: Module) -> [String] {
    var lines = ["<a id=\"\(module.name)\"></a>", "", "## \(module.name)", ""]
    for paragraph in module.paragraphs { lines += [Reference.text(paragraph), ""] }
    if !module.isShared {
      lines += ["Its names come by `use \(module.name)` or `use \(module.name): name`.", ""]
    }
    for entry in module.entries { lines += self.lines(of: entry, module) }
    return lines
  }

  private func lines(of entry: Entry, _ module: Module) -> [String] {
    let anchor = Reference.anchor(entry.name, module.name)
    var lines = ["<a id=\"\(anchor)\"></a>", "", "### `\(entry.name)`", ""]
    for part in entry.parts { lines += self.lines(of: part, entry) }
    return lines
  }

  private func lines(of part: Part, _ entry: Entry) -> [String] {
    var lines: [String] = []
    if part.signatures != [entry.name] { lines += ["```"] + part.signatures + ["```", ""] }
    if entry.summary.isEmpty, let other = module(explaining: entry.name) {
      let link = Reference.anchor(entry.name, other.name)
      lines += ["See [`\(entry.name)` in \(other.name)](#\(link)).", ""]
    }
    for paragraph in part.paragraphs { lines += [Reference.text(paragraph), ""] }
    if !part.parameters.isEmpty {
      lines += ["| parameter | default | meaning |", "| --- | --- | --- |"]
      for parameter in part.parameters {
        let standard = parameter.standard.map { "`\(Reference.escaped($0))`" } ?? ""
        let meaning = Reference.text(parameter.meaning)
        lines.append("| `\(parameter.name)` | \(standard) | \(meaning) |")
      }
      lines.append("")
    }
    if part.hasExample { lines += ["```"] + part.session.map(String.init) + ["```", ""] }
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
