import Execution

/// The pages of reference: everything that the library declares, as Markdown.
///
/// They are made of the same declarations as `?name` shows.
struct Reference {
  /// A function, type or constant.
  struct Entry {
    var name: String
    /// Its definitions: one, or one for each type whose documentation is its own.
    var parts: [Part]
  }

  /// Definitions that share a documentation.
  struct Part {
    /// `fn name(x, k=1)`, `type Name(fields)` or `name`, with the types for which it is defined.
    var signatures: [String]
    var documentation: String
    /// The parameters with a default, and others that are explained apart from the text.
    var parameters: [Argument]
  }

  /// A parameter, its default if it has one, and what is said of it.
  struct Argument {
    var name: String
    var standard: String?
    var meaning: String
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
    modules = Reference.inOrder(library.entries.map { Module($0) })
  }

  /// What is not as it should be: declarations without a summary of one line, or an example.
  ///
  /// A definition for a further type need not repeat what another module says.
  var gaps: [String] {
    modules.flatMap { module in
      module.entries.compactMap { entry in
        let name = "\(module.name).\(entry.name)"
        if entry.summary.isEmpty, self.module(explaining: entry.name) != nil { return nil }
        let isConstant = entry.parts.flatMap(\.signatures).allSatisfy { !$0.contains("(") }
        if entry.summary.isEmpty { return "\(name) has no summary" }
        // Lists of names show the first line alone.
        if entry.parts.contains(where: { !$0.beginsWithASentence }) {
          return "\(name) has a summary of more than one line"
        }
        let hasExample = entry.parts.contains(where: \.hasExample)
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
  /// The first paragraph of what documents it.
  var summary: String { parts.lazy.compactMap(\.paragraphs.first).first ?? "" }
}

extension Reference.Part {
  var hasExample: Bool { lines.contains { $0.hasPrefix("> ") } }

  /// Whether its first line, if there is one, is a whole sentence.
  var beginsWithASentence: Bool { documentation.isEmpty || lines[0].hasSuffix(".") }

  private var lines: [Substring] {
    documentation.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The lines before the examples, joined to paragraphs; without the points that explain parameters.
  var paragraphs: [String] {
    let names = Set(parameters.map(\.name))
    let prose = lines.prefix { !$0.hasPrefix("> ") }
    return Reference.paragraphs(prose) { point in point.allSatisfy(names.contains) }
  }

  /// The examples as a session.
  var session: [Substring] { Array(lines.drop { !$0.hasPrefix("> ") }) }
}

extension Reference.Module {
  /// Its documentation, but for the points that explain keywords of its functions.
  var paragraphs: [String] {
    let lines = documentation.split(separator: "\n", omittingEmptySubsequences: false)
    return Reference.paragraphs(lines[...]) { _ in true }
  }
}

extension Reference {
  /// Lines as paragraphs, without those points of lists whose names are known otherwise.
  fileprivate static func paragraphs(
    _ lines: ArraySlice<Substring>, without isKnown: ([String]) -> Bool
  ) -> [String] {
    var paragraphs: [[Substring]] = [[]]
    var isLeftOut = false
    for line in lines {
      if let names = ParameterText.names(ofPoint: line) {
        isLeftOut = isKnown(names)
      } else if !line.hasPrefix(" ") {
        isLeftOut = false
      }
      if isLeftOut { continue }
      if line.trimmed.isEmpty {
        paragraphs.append([])
      } else {
        paragraphs[paragraphs.count - 1].append(line)
      }
    }
    return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
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
    let part = Reference.Part(
      signatures: [signature], documentation: documentation ?? "",
      parameters: arguments(texts, documentation ?? ""))
    guard let place = entries.firstIndex(where: { $0.name == name }) else {
      entries.append(Reference.Entry(name: name, parts: [part]))
      return
    }
    if part.documentation.isEmpty {
      entries[place].parts[entries[place].parts.count - 1].signatures.append(signature)
    } else {
      entries[place].parts.append(part)
    }
  }

  /// The parameters that have a default, with what the function or its module says of them, and
  /// those without one that a point of a list explains.
  private func arguments(_ texts: [String], _ own: String) -> [Reference.Argument] {
    let points = own.split(separator: "\n").compactMap(ParameterText.names(ofPoint:)).joined()
    return texts.map(ParameterText.init).compactMap { parameter in
      let told = parameter.summary(in: [own], isWhole: true)
      let shared = parameter.summary(in: [documentation], isWhole: true)
      let isTold = points.contains(parameter.name) || (told.isEmpty && !shared.isEmpty)
      guard parameter.standard != nil || isTold else { return nil }
      return Reference.Argument(
        name: parameter.name, standard: parameter.standard, meaning: told.isEmpty ? shared : told)
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
