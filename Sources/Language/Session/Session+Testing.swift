import Execution

extension Session {
  /// Runs the examples of files: in `##` documentation, and in the ```` ```rnr ```` blocks of
  /// Markdown.
  ///
  /// An example is an entry behind `> ` with what it prints below it. Those of a Markdown file run
  /// in one session, those of each definition in one of their own, in which the functions, types
  /// and constants of the file are known.
  ///
  /// - Parameters:
  ///   - updates: whether what the examples print is written into the files.
  ///   - within: makes the surroundings in which the examples of a file run.
  public func test(
    _ paths: [String], updates: Bool = false,
    within: (_ path: String, _ body: () throws -> Void) throws -> Void = { try $1() }
  ) -> Outcome {
    var count = ExampleCount()
    for path in paths {
      do {
        try test(path, updates: updates, &count, within)
      } catch is Interrupted {
        return .interrupted
      } catch {
        count.failed += 1
        let mistake = (error as? Diagnostic).map(render)
        console.note(mistake ?? "error: \(path): \(Machine.failure(error).description)")
      }
    }
    let updated = updates ? ", \(count.updated) updated" : ""
    console.write("\(count.passed) passed, \(count.failed) failed\(updated)\n")
    return count.failed == 0 ? .ok : .runtimeError
  }

  private func test(
    _ path: String, updates: Bool, _ count: inout ExampleCount,
    _ within: (String, () throws -> Void) throws -> Void
  ) throws {
    let file = ExampleFile(try Source.text(ofFile: path), path: path)
    var changes: [(lines: Range<Int>, by: [String])] = []
    try within(path) { try run(file, updates: updates, &count, &changes) }
    if !changes.isEmpty { try File.writeText(file.replacing(changes), to: path) }
  }

  private func run(
    _ file: ExampleFile, updates: Bool, _ count: inout ExampleCount,
    _ changes: inout [(lines: Range<Int>, by: [String])]
  ) throws {
    for group in file.groups {
      let run = try ExampleRun(self, file, group)
      for example in group.examples {
        switch try run.run(example) {
        case .passed: count.passed += 1
        case .differs(let found) where updates && example.form == .entry:
          let margin = group.margin.isEmpty ? file.lines[example.line].indentation : group.margin
          changes.append((example.expectedLines, found.map { (margin + $0).trimmedAtEnd }))
          count.updated += 1
        case .differs(let found), .failed(let found):
          count.failed += 1
          console.note(run.report(example, found))
        }
      }
    }
  }

  /// Runs the definitions of a source at the prompt: functions, types, `use`, and names for what
  /// is computed without a call.
  func evaluateDefinitions(of source: Source) -> Outcome {
    outcome {
      var (program, problems) = Parser.parse(source)
      guard problems.isEmpty else { throw SourceErrors(diagnostics: problems) }
      program.statements.removeAll { !$0.isDefinition }
      try self.run(program, in: self.prompt, isWhole: false, echo: false)
    }
  }
}

extension Statement {
  /// Whether it only gives a name to a function, a type, a module or a constant.
  fileprivate var isDefinition: Bool {
    switch kind {
    case .function, .type, .use: true
    case .assign(.pattern, let value): value.isConstant
    default: false
    }
  }
}

extension Expression {
  /// Whether it is put together from literals, names and operators.
  fileprivate var isConstant: Bool {
    switch kind {
    case .number, .string, .boolean, .none, .name, .lambda: true
    case .list(let elements), .record(let elements): elements.allSatisfy(\.value.isConstant)
    case .unary(_, let value), .field(let value, _, _): value.isConstant
    case .binary(_, let left, let right, _), .range(let left, let right, _):
      left.isConstant && right.isConstant
    default: false
    }
  }
}

/// How many examples ended how.
private struct ExampleCount {
  var passed = 0
  var failed = 0
  var updated = 0
}

/// The session in which a group of examples runs.
private final class ExampleRun {
  /// How an example ended.
  enum Ending {
    case passed
    /// It printed something else than is expected.
    case differs([String])
    /// It should only have run, and did not.
    case failed([String])
  }

  private let file: ExampleFile
  private let group: ExampleGroup
  private let console: RecordingConsole
  private let session: Session
  private let colours: Bool
  private var entries = 0

  init(_ outer: Session, _ file: ExampleFile, _ group: ExampleGroup) throws {
    self.file = file
    self.group = group
    colours = outer.console.style.colours
    let columns = group.place == .markdown ? 80 : 100
    console = RecordingConsole(style: ConsoleStyle(columns: columns))
    session = Session(
      console: console, library: outer.library, natives: Array(outer.natives.values),
      cancellation: outer.cancellation)
    session.random = outer.random
    if group.place == .documentation { try loadDefinitions() }
  }

  func run(_ example: Example) throws -> Ending {
    let before = console.transcript.utf8.count
    let outcome = evaluate(example)
    if outcome == .interrupted { throw Interrupted() }
    let printed = console.transcript.utf8.dropFirst(before)
    let found = String(decoding: printed, as: UTF8.self).outputLines
    let isRun = outcome != .runtimeError && outcome != .sourceError
    let needsOnlyRun = group.place == .documentation && example.expected.isEmpty
    if example.form == .script || needsOnlyRun { return isRun ? .passed : .failed(found) }
    return example.accepts(found) ? .passed : .differs(found)
  }

  private func evaluate(_ example: Example) -> Outcome {
    if example.form == .script {
      // Blank lines above let messages name the line of the file.
      let text = String(repeating: "\n", count: example.line) + example.input
      return session.evaluate(text, name: file.path, echo: false)
    }
    if example.input.hasPrefix("?") { return answer(example.input) }
    entries += 1
    return session.evaluate(example.input, name: "<entry \(entries)>", echo: true)
  }

  /// `?name`, `??name` and `?? "words"`, as the prompt answers them.
  private func answer(_ text: String) -> Outcome {
    let marks = text.prefix { $0 == "?" }.count
    let subject = text.dropFirst(marks).trimmed
    if subject.hasPrefix("\"") {
      console.write(
        Text.visible(session.search(String(subject.filter { $0 != "\"" }))) + "\n")
    } else {
      console.write((marks == 1 ? session.help(subject) : session.sourceText(subject)) + "\n")
    }
    return .ok
  }

  // MARK: - What the file defines

  /// Makes the functions, types and constants of a file known, without running the rest of it.
  private func loadDefinitions() throws {
    let text = file.lines.joined(separator: "\n")
    let source = Source(name: file.path, text: text)
    if session.isModule(source) { return }
    guard session.evaluateDefinitions(of: source) == .ok else {
      throw Failure("its definitions cannot be read:\n\(console.notes.trimmed)")
    }
  }

  // MARK: - Reports

  /// Where the example stands, and what is missing from or new in what it prints.
  func report(_ example: Example, _ found: [String]) -> String {
    let paint = Paint(isOn: colours)
    let first = example.input.split(separator: "\n").first ?? ""
    let mark = example.form == .entry ? "> " : ""
    let head = paint("\(file.path):\(example.line + 1):", .strong) + " \(mark)\(first)"
    let wanted = example.form == .script ? [] : example.expected
    return ([head] + LineDifference(wanted, found).rendered(paint)).joined(separator: "\n")
  }
}

extension String {
  /// Its lines without blanks at their ends, and without empty ones at the end.
  fileprivate var outputLines: [String] {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0).trimmedAtEnd
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  fileprivate var trimmedAtEnd: String {
    String(reversed().drop { $0.isWhitespace }.reversed())
  }

  fileprivate var indentation: String { String(prefix { $0 == " " }) }
}
