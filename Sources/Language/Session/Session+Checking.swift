import Execution

extension Session {
  /// Reports every mistake of files that can be found without running them.
  public func check(_ paths: [String]) -> Outcome {
    var result = Outcome.ok
    for path in paths {
      do {
        let source = Source(name: path, text: try File.readText(path))
        for diagnostic in problems(of: source, path) {
          console.note(render(diagnostic))
          if diagnostic.severity == .error { result = .sourceError }
        }
      } catch {
        console.note("error: \(Machine.failure(error).description)")
        result = .runtimeError
      }
    }
    return result
  }

  private func problems(of source: Source, _ path: String) -> [Diagnostic] {
    let (program, problems) = Parser.parse(source)
    guard problems.isEmpty else { return problems }
    let module = Module(name: path, folder: File.folder(of: path), isLibrary: false)
    let compiler = Compiler(session: self, module: module, source: source, isWhole: true)
    _ = compiler.compile(program)
    return compiler.diagnostics
  }

  /// Runs the examples in the `##` documentation of files: `## > expression`, its value below.
  public func test(_ paths: [String]) -> Outcome {
    var (passed, failed) = (0, 0)
    for path in paths {
      do {
        for example in Example.all(in: try File.readText(path), path: path) {
          if let problem = try run(example) {
            failed += 1
            console.note(problem)
          } else {
            passed += 1
          }
        }
      } catch {
        failed += 1
        console.note("error: \(path): \(Machine.failure(error).description)")
      }
    }
    console.write("\(passed) passed, \(failed) failed\n")
    return failed == 0 ? .ok : .runtimeError
  }

  /// Runs an example in a session of its own; what differs, or nil.
  private func run(_ example: Example) throws -> String? {
    let recording = RecordingConsole(style: ConsoleStyle(columns: 100))
    let session = Session(
      console: recording, library: library, natives: Array(natives.values),
      cancellation: cancellation)
    var text = ""
    for (input, expected) in example.steps {
      let outcome = session.evaluate(input, name: "\(example.path):\(example.line)", echo: true)
      let found = (recording.output + recording.notes).dropFirst(text.count).trimmed
      text = recording.output + recording.notes
      if outcome == .interrupted { throw Interrupted() }
      guard expected.isEmpty ? outcome == .ok : found == expected.trimmed else {
        return
          "\(example.path):\(example.line): \(input)\n  expected: \(expected)\n  found:    \(found)"
      }
    }
    return nil
  }
}

/// The examples of one documentation block: inputs, and what each must print.
struct Example {
  var path: String
  /// The line of the first input, from 1.
  var line: Int
  var steps: [(input: String, expected: String)]

  /// The examples of a text, one for each block of `##` lines.
  static func all(in text: String, path: String) -> [Example] {
    var found: [Example] = []
    var current: Example?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard line.hasPrefix("##") else {
        if let example = current { found.append(example) }
        current = nil
        continue
      }
      let content = line.dropFirst(2).drop { $0 == " " }
      if content.hasPrefix("> ") {
        current = current ?? Example(path: path, line: number + 1, steps: [])
        current?.steps.append((String(content.dropFirst(2)), ""))
      } else if let last = current?.steps.indices.last {
        let before = current?.steps[last].expected ?? ""
        current?.steps[last].expected = before.isEmpty ? String(content) : before + "\n" + content
      }
    }
    return found + (current.map { [$0] } ?? [])
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
