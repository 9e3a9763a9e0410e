import Execution
import Tensors

extension Session {
  /// How many mistakes of one source are shown.
  static let shownLimit = 10

  /// Reports every mistake of files that can be found without running them.
  ///
  /// - Parameter isJSON: whether each is written as a JSON object on a line of its own.
  public func check(_ paths: [String], isJSON: Bool = false) -> Outcome {
    var result = Outcome.ok
    for path in paths {
      do {
        let source = Source(name: path, text: try Source.text(ofFile: path))
        var found = problems(of: source, path, keepsProgram: true)
        try cancellation.check()
        if isStrict { for place in found.indices { found[place].severity = .error } }
        if isJSON {
          for diagnostic in found { console.write(diagnostic.json.text() + "\n") }
        } else {
          note(found)
        }
        if found.contains(where: { $0.severity == .error }) { result = .sourceError }
      } catch is Interrupted {
        return .interrupted
      } catch let mistake as Diagnostic {
        if isJSON { console.write(mistake.json.text() + "\n") } else { note([mistake]) }
        result = .sourceError
      } catch {
        console.note("error: \(Machine.failure(error).description)")
        result = .runtimeError
      }
    }
    return result
  }

  /// Every mistake of a source, in the order of their places.
  func problems(
    of source: Source, _ path: String, keepsProgram: Bool = false
  ) -> [Diagnostic] {
    let (program, problems, broken) = Parser.parseWithMistakes(source)
    if keepsProgram { checked.append(program) }
    let module = Module(name: path, folder: File.folder(of: path), isLibrary: isModule(source))
    for name in broken.names where broken.changed.contains(name) || sharedIndex(of: name) == nil {
      module.addSlot(name)
    }
    let compiler = Compiler(
      session: self, module: module, source: source, isWhole: true, onlyChecks: true)
    _ = compiler.compile(program)
    let checker = Checker(session: self, module: module, source: source, unsure: broken.changed)
    var found = compiler.diagnostics + checker.check(program, compiler.names)
    if !problems.isEmpty {
      // What cannot be read may use what seems unused, and define what seems undefined.
      found.removeAll { $0.severity != .error || broken.contains($0.place) }
    }
    return (problems + found).sorted { $0.place < $1.place }
  }

  /// Whether a text is one of the library's own, in which native functions are declared.
  func isModule(_ source: Source) -> Bool {
    library.entries.contains { entry in
      "/\(source.name)".hasSuffix("/stdlib/\(entry.name).rnr")
        || entry.text.utf8.elementsEqual(source.bytes)
    }
  }

  /// Shows the first of some diagnostics, and says how many more there are.
  func note(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics.prefix(Session.shownLimit) { console.note(render(diagnostic)) }
    let hidden = diagnostics.count - Session.shownLimit
    if hidden > 0 { console.note("and \(hidden) more") }
  }
}

extension Diagnostic {
  /// What an editor needs: lines and columns count from 1, in characters, and an end lies behind
  /// the last one.
  var json: JSON {
    guard let first = labels.first else { return .object([("message", .string(message))]) }
    return .object(
      first.places + [
        ("severity", .string(severity.rawValue)), ("code", .string(code.rawValue)),
        ("message", .string(message)), ("hint", hint.map(JSON.string) ?? .null),
        ("labels", .array(labels.filter { !$0.text.isEmpty }.map(\.json))),
      ])
  }
}

extension Diagnostic.Label {
  fileprivate var places: [(key: String, value: JSON)] {
    let start = source.position(of: span.start)
    let end = source.position(of: span.end)
    return [
      ("file", .string(source.name)), ("line", .number(Double(start.line))),
      ("column", .number(Double(start.column))), ("endLine", .number(Double(end.line))),
      ("endColumn", .number(Double(end.column))),
    ]
  }

  fileprivate var json: JSON { .object(places + [("message", .string(text))]) }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
