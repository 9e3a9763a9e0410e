import Execution

extension Session {
  /// The script that does what these entries did: the statements that were finished.
  ///
  /// A script has neither `ans` nor `out`, so an entry whose value later ones use is bound to a
  /// name: `ans`, or `out_3` where `out[3]` is used. What cannot run in a script, because it needs
  /// a name that no statement before it gives, stands there as a comment.
  public func script(of entries: [SessionEntry], in folder: String = ".") -> SessionScript {
    let parsed = entries.map { PromptEntry($0, target: folder) }
    let usesLast = parsed.contains { $0.usesLast }
    let used = Set(parsed.flatMap(\.outputs))
    var statements = parsed.flatMap { entry in
      let output = used.contains(entry.number) ? "out_\(entry.number)" : nil
      return entry.statements(
        finished: finished[entry.number] ?? 0, valued[entry.number] ?? [], bindsLast: usesLast,
        output: output)
    }
    leaveOutUnknown(&statements)
    leaveOutMistakes(&statements, name: "\(folder)/script.rnr")
    return SessionScript(
      text: SavedStatement.text(of: statements),
      entries: Set(statements.filter { $0.reason == nil && !$0.body.isEmpty }.map(\.entry)).count,
      leftOut: statements.compactMap(\.reason))
  }

  /// Leaves out what needs names that nothing before it gives, and definitions that need names
  /// which nothing gives at all.
  private func leaveOutUnknown(_ statements: inout [SavedStatement]) {
    while true {
      var given: Set<String> = []
      for place in statements.indices where statements[place].reason == nil {
        let missing = statements[place].needed.subtracting(given).filter(isNoLibraryName)
        statements[place].reason = SavedStatement.reason(missing)
        if missing.isEmpty { given.formUnion(statements[place].given) }
      }
      var isStable = true
      for place in statements.indices where statements[place].reason == nil {
        let missing = statements[place].neededLater.subtracting(given).filter(isNoLibraryName)
        guard !missing.isEmpty else { continue }
        statements[place].reason = SavedStatement.reason(missing)
        isStable = false
      }
      if isStable { return }
    }
  }

  private func isNoLibraryName(_ name: String) -> Bool { library.definitions[name] == nil }

  /// Leaves out what the check of the whole script refuses.
  private func leaveOutMistakes(_ statements: inout [SavedStatement], name: String) {
    while true {
      let source = Source(name: name, text: SavedStatement.text(of: statements))
      let mistakes = problems(of: source, source.name).filter { $0.severity == .error }
      var isChanged = false
      for mistake in mistakes {
        guard let span = mistake.labels.first?.span,
          let place = SavedStatement.place(of: span.start, in: statements),
          statements[place].reason == nil
        else { continue }
        statements[place].reason = mistake.message
        isChanged = true
      }
      guard isChanged else { return }
      leaveOutUnknown(&statements)
    }
  }
}

/// A statement of an entry as it goes into a script.
private struct SavedStatement {
  let entry: Int
  /// What stands between the statement before it and this one.
  var lead: String
  /// The text; empty for what stands behind the last statement.
  var body: String
  /// The names it must find when it runs.
  var needed: Set<String> = []
  /// The names it needs when functions that it defines are called.
  var neededLater: Set<String> = []
  /// The names it gives to those behind it.
  var given: Set<String> = []
  /// Why it cannot run in a script.
  var reason: String?

  /// The text of a script.
  static func text(of statements: [SavedStatement]) -> String {
    statements.indices.map { shown($0, of: statements) }.joined()
  }

  /// The statement whose text holds this place of the script.
  static func place(of offset: Int, in statements: [SavedStatement]) -> Int? {
    var end = 0
    return statements.indices.first { place in
      end += shown(place, of: statements).utf8.count
      return offset < end
    }
  }

  static func reason(_ missing: Set<String>) -> String? {
    missing.min().map { "`\($0)` is not defined" }
  }

  /// What stands in the script: one that is left out has lines of its own.
  private static func shown(_ place: Int, of statements: [SavedStatement]) -> String {
    let own = statements[place]
    var lead = own.lead
    if place > 0, statements[place - 1].reason != nil {
      lead = String(lead.drop { $0 == ";" || $0 == " " })
    }
    guard let reason = own.reason else { return lead + own.body }
    if !lead.isEmpty, !lead.hasSuffix("\n") {
      lead = String(lead.reversed().drop { $0 == ";" || $0 == " " }.reversed()) + "\n"
    }
    let lines = own.body.split(separator: "\n", omittingEmptySubsequences: false)
    let isLast = place + 1 == statements.count || !statements[place + 1].lead.hasPrefix("\n")
    return lead + "# left out, since \(reason):\n" + lines.map { "# \($0)" }.joined(separator: "\n")
      + (isLast ? "\n" : "")
  }
}

/// An entry of the prompt as it goes into a script.
private struct PromptEntry {
  let number: Int
  private(set) var text: String
  private(set) var usesLast = false
  private(set) var outputs: [Int] = []
  /// From where the files count that it uses, and from where they count in the script.
  private let folders: (own: String, target: String)

  init(_ entry: SessionEntry, target: String) {
    number = entry.number
    folders = (entry.folder, target)
    let isPiped = entry.text.drop { $0 == " " }.hasPrefix("|>")
    text = isPiped ? "ans " + entry.text : entry.text
    replaceOutputs()
  }

  /// The text of a statement; a `use` of a file names it as it is reached from the script.
  private func body(_ statement: Statement, _ source: Source) -> String {
    let text = source.text(statement.span)
    guard case .use(let use) = statement.kind, use.isPath, !use.module.hasPrefix("/"),
      !File.isSame(folders.own, folders.target)
    else { return text }
    let path = File.path("\(folders.own)/\(use.module)", from: folders.target)
    return source.text(Span(statement.span.start, use.moduleSpan.start)) + Value.quoted(path)
      + source.text(Span(use.moduleSpan.end, statement.span.end))
  }

  /// Finds `ans`, and writes `out_3` for `out[3]`.
  private mutating func replaceOutputs() {
    let source = Source(name: "", text: text)
    let tokens = Lexer.tokens(source)
    var result = ""
    var done = 0
    for (place, token) in tokens.enumerated() where token.kind == .name {
      let isField = place > 0 && tokens[place - 1].kind == .dot
      if isField { continue }
      let name = source.text(token.span)
      if name == "ans" { usesLast = true }
      guard name == "out", place + 3 < tokens.count, tokens[place + 1].kind == .leftBracket,
        tokens[place + 3].kind == .rightBracket,
        let number = Int(source.text(tokens[place + 2].span))
      else { continue }
      outputs.append(number)
      result += source.text(Span(done, token.start)) + "out_\(number)"
      done = tokens[place + 3].end
    }
    text = result + source.text(Span(done, source.bytes.count))
  }

  /// The first statements, the values among them bound to `ans` if that is asked for, and the last
  /// value to a name.
  ///
  /// - Parameters:
  ///   - finished: how many statements were finished.
  ///   - valued: the statements, by number, that gave a value.
  func statements(
    finished: Int, _ valued: [Int], bindsLast: Bool, output: String?
  ) -> [SavedStatement] {
    let source = Source(name: "", text: text)
    let (program, problems) = Parser.parse(source)
    guard problems.isEmpty else { return [] }
    var result: [SavedStatement] = []
    var done = 0
    for (place, statement) in program.statements.prefix(finished).enumerated() {
      var saved = SavedStatement(
        entry: number, lead: source.text(Span(done, statement.span.start)),
        body: body(statement, source))
      saved.find(statement)
      if valued.contains(place) {
        let names = (bindsLast ? ["ans"] : []) + (place == valued.last ? [output ?? ""] : [])
        saved.bind(names.filter { !$0.isEmpty })
      }
      result.append(saved)
      done = statement.span.end
    }
    let isWhole = finished >= program.statements.count
    guard isWhole || !result.isEmpty else { return [] }
    let rest = isWhole ? source.text(Span(done, source.bytes.count)) : ""
    return result + [SavedStatement(entry: number, lead: rest + "\n", body: "")]
  }
}

extension SavedStatement {
  /// Finds the names that a statement needs and gives.
  fileprivate mutating func find(_ statement: Statement) {
    let direct = NameUse([statement], entersFunctions: false)
    let all = NameUse([statement])
    needed = direct.used
    neededLater = all.used
    given = Set(all.assigned)
    // What blocks inside bind they may use; what is assigned as a whole is not there before.
    var own: Set<String> = []
    if case .assign(.pattern(let pattern), _) = statement.kind { own = Set(pattern.names) }
    needed.subtract(direct.bound.subtracting(own))
    if case .function(let node) = statement.kind, let name = node.name { given.insert(name) }
    neededLater.subtract(given)
  }

  /// Gives the value of the statement names.
  fileprivate mutating func bind(_ names: [String]) {
    guard let first = names.first else { return }
    body = "\(first) = \(body)" + names.dropFirst().map { "\n\($0) = \(first)" }.joined()
    given.formUnion(names)
  }
}
