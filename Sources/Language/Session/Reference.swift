import Execution

/// The pages of reference: everything that the library declares, as Markdown.
///
/// They are made of the same declarations as `?name` shows.
struct Reference {
  /// A function, type or constant, perhaps defined for several types.
  struct Entry {
    var name: String
    var definitions: [Definition]
  }

  /// One definition.
  struct Definition {
    /// `fn name(x, k=1)`, `type Name(fields)` or `name`.
    var signature: String
    var documentation: String
    /// The parameters with a default: name and default.
    var keywords: [(name: String, standard: String)]
  }

  /// A file of the library.
  struct Module {
    var name: String
    var isShared: Bool
    var documentation: String
    var entries: [Entry]
  }

  let modules: [Module]

  init(_ library: LibrarySource) {
    modules = library.entries.map { Module($0) }.sorted { $0.name < $1.name }
  }

  /// What is not as it should be: declarations without a summary or an example.
  ///
  /// A definition for a further type need not repeat what another module says.
  var gaps: [String] {
    modules.flatMap { module in
      module.entries.compactMap { entry in
        let name = "\(module.name).\(entry.name)"
        if entry.summary.isEmpty, self.module(explaining: entry.name) != nil { return nil }
        let isConstant = entry.definitions.allSatisfy { !$0.signature.contains("(") }
        if entry.summary.isEmpty { return "\(name) has no summary" }
        let hasExample = entry.definitions.contains(where: \.hasExample)
        return isConstant || hasExample ? nil : "\(name) has no example"
      }
    }
  }
}

extension Reference {
  /// The module whose entry of this name has a documentation.
  func module(explaining name: String) -> Module? {
    modules.first { $0.entries.contains { $0.name == name && !$0.summary.isEmpty } }
  }
}

extension Reference.Entry {
  /// The first paragraph: the summary.
  var summary: String { definitions.lazy.compactMap(\.paragraphs.first).first ?? "" }

  /// The parameters with a default, of all definitions.
  var keywords: [(name: String, standard: String)] {
    definitions.reduce(into: []) { all, definition in
      all += definition.keywords.filter { keyword in !all.contains { $0.name == keyword.name } }
    }
  }
}

extension Reference.Definition {
  var hasExample: Bool { lines.contains { $0.hasPrefix("> ") } }

  private var lines: [Substring] {
    documentation.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The lines before the examples, joined to paragraphs; points that tell of keywords are left out.
  var paragraphs: [String] {
    var paragraphs: [[Substring]] = [[]]
    for line in Reference.withoutPoints(of: keywords.map(\.name), in: prose) {
      if line.trimmed.isEmpty {
        paragraphs.append([])
      } else {
        paragraphs[paragraphs.count - 1].append(line)
      }
    }
    return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
  }

  private var prose: [Substring] { Array(lines.prefix { !$0.hasPrefix("> ") }) }

  /// The examples as a session.
  var session: [Substring] { Array(lines.drop { !$0.hasPrefix("> ") }) }
}

extension Reference {
  /// Lines without the points of a list that tell of some parameters, or of any if none are named:
  /// `` - `low`, `high`: ... ``, and the lines by which a point goes on.
  static func withoutPoints(of names: [String]?, in lines: [Substring]) -> [Substring] {
    var isLeftOut = false
    return lines.filter { line in
      if line.hasPrefix("- `"), let colon = line.firstIndex(of: ":") {
        let told = line[line.index(line.startIndex, offsetBy: 2)..<colon].split(separator: ",")
          .map { String($0).trimmed.filter { $0 != "`" } }
        isLeftOut = names.map { names in told.allSatisfy(names.contains) } ?? true
      } else if !line.hasPrefix("  ") {
        isLeftOut = false
      }
      return !isLeftOut
    }
  }
}

// MARK: - Reading

extension Reference.Module {
  init(_ entry: LibrarySource.Entry) {
    let source = Source(name: entry.name, text: entry.text)
    let program = Parser.parse(source).program
    self.init(
      name: entry.name, isShared: entry.isShared, documentation: program.documentation ?? "",
      entries: [])
    for statement in program.statements { add(statement, source) }
  }

  private mutating func add(_ statement: Statement, _ source: Source) {
    switch statement.kind {
    case .function(let node):
      guard let name = node.name else { return }
      add(name, "fn ", node.parameters, node.documentation, source)
    case .type(let node): add(node.name, "type ", node.fields, node.documentation, source)
    case .assign(.pattern(.name(let name, let span)), _):
      let above = Reference.Module.comment(above: span.start, in: source)
      add(name, "", nil, above, source)
    default: break
    }
  }

  /// Definitions of one name for several types share an entry.
  private mutating func add(
    _ name: String, _ kind: String, _ parameters: [Parameter]?, _ documentation: String?,
    _ source: Source
  ) {
    guard !name.hasPrefix("_") else { return }
    let texts = (parameters ?? []).map { source.text($0.span) }
    let signature =
      parameters == nil ? name : "\(kind)\(name)(\(texts.joined(separator: ", ")))"
    let keywords = (parameters ?? []).compactMap { parameter in
      parameter.defaultValue.map { (name: parameter.name, standard: source.text($0.span)) }
    }
    let definition = Reference.Definition(
      signature: signature, documentation: documentation ?? "", keywords: keywords)
    if let place = entries.firstIndex(where: { $0.name == name }) {
      entries[place].definitions.append(definition)
    } else {
      entries.append(Reference.Entry(name: name, definitions: [definition]))
    }
  }

  /// The `##` lines that end where a line begins.
  private static func comment(above start: Int, in source: Source) -> String {
    let before = source.text(Span(0, start))
    let lines = before.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let comment = lines.reversed().prefix { $0.hasPrefix("##") }.reversed()
    return comment.map { String($0.dropFirst($0.hasPrefix("## ") ? 3 : 2)) }
      .joined(separator: "\n")
  }
}
