import CTerminal
import Execution
import Glibc
import Language

/// What begins with a colon at the prompt, and the questions that begin with `?`.
struct Command: Sendable {
  let name: String
  /// What stands behind the name, for the table.
  let argument: String
  let summary: String
  let action: @Sendable (Prompt, _ argument: String) throws -> Outcome

  /// Every command, in the order in which they are listed.
  static let all: [Command] = [
    Command(
      name: "help", argument: "[name]", summary: "this list, or help on a name", action: help),
    Command(
      name: "vars", argument: "[name]", summary: "variables with size, type and shape; net*: some",
      action: vars),
    Command(
      name: "load", argument: "file", summary: "evaluate a file here, again after a change",
      action: load),
    Command(
      name: "save", argument: "file", summary: "write what worked as a script",
      action: save),
    Command(
      name: "time", argument: "expr",
      summary: "how long it takes; short ones the best of many runs",
      action: time),
    Command(
      name: "profile", argument: "expr", summary: "evaluate and say where the time went",
      action: profile),
    Command(
      name: "history", argument: "[here]",
      summary: "where entries are kept; here: in this folder", action: history),
    Command(
      name: "reset", argument: "", summary: "forget all variables and begin anew", action: reset),
    Command(name: "quit", argument: "", summary: "leave, as Ctrl-D does") { _, _ in .quit(0) },
  ]

  private static let questions = [
    ("?name", "help on a name, field, word or sign"), ("??name", "its source text"),
    ("?? \"words\"", "search in all documentation"),
    ("|> f", "go on with the last value, ans"),
    ("out[n]", "the value of entry n; the last \(Outputs.limit) are kept"),
    ("expr;", "evaluate without showing the value"),
  ]
  private static let keys = [
    ("TAB", "complete names, fields, keywords, files"),
    ("RET, Meta-RET", "evaluate, or go on in an open block; a new line"),
    ("Up, Ctrl-R", "entries that begin like the text; search in all"),
    ("Ctrl-C", "stop, keep what is there; again: give up; thrice: leave"),
  ]
}

// MARK: - Reading

extension Command {
  /// Whether a text is a command or a question, and not the language's.
  static func isCommand(_ text: String) -> Bool {
    let first = text.first { !$0.isWhitespace }
    return first == ":" || first == "?"
  }

  /// Runs a command or answers a question.
  static func run(_ text: String, at prompt: Prompt) -> Outcome {
    let text = text.trimmed
    do {
      if text.hasPrefix(":") { return try runNamed(text.dropFirst(), at: prompt) }
      answer(text, by: prompt.interpreter, on: prompt.console)
      return .ok
    } catch let mistake as Diagnostic {
      prompt.console.note(mistake.rendered(colours: false))
    } catch let failure as Failure {
      prompt.console.note("error: " + failure.message)
      if let hint = failure.hint { prompt.console.note("hint: " + hint) }
    } catch {
      prompt.console.note("error: \(error)")
    }
    return .runtimeError
  }

  private static func runNamed(_ text: Substring, at prompt: Prompt) throws -> Outcome {
    let name = text.prefix { !$0.isWhitespace }
    let argument = String(text.dropFirst(name.count)).trimmed
    let meant = all.filter { !name.isEmpty && $0.name.hasPrefix(name) }
    if let command = meant.first(where: { $0.name == name }) ?? (meant.count == 1 ? meant[0] : nil)
    {
      return try command.action(prompt, argument)
    }
    var failure = Failure("unknown command :\(name)", hint: ":help lists the commands")
    let near = name.isEmpty ? [] : meant.map(\.name)
    let meantNames = near.isEmpty ? Text.nearest(String(name), in: all.map(\.name)) : near
    if !meantNames.isEmpty {
      failure.hint = "did you mean " + meantNames.map { ":\($0)" }.joined(separator: " or ") + "?"
    }
    throw failure
  }

  /// Answers a question, which begins with `?`.
  static func answer(_ text: String, by interpreter: any Interpreter, on console: TerminalConsole) {
    let marks = text.prefix { $0 == "?" }.count
    let subject = String(text.dropFirst(marks)).trimmed
    if subject.isEmpty {
      showList(on: console)
    } else if let words = subject.unquoted {
      console.writeLines(interpreter.search(words))
    } else if marks == 1 {
      console.writeLines(interpreter.help(subject))
    } else {
      console.writeLines(interpreter.sourceText(subject))
    }
  }
}

// MARK: - The commands

extension Command {
  private static func help(_ prompt: Prompt, _ name: String) throws -> Outcome {
    answer("?" + name, by: prompt.interpreter, on: prompt.console)
    return .ok
  }

  private static func showList(on console: TerminalConsole) {
    let commands = all.map { (":\($0.name) \($0.argument)".trimmed, $0.summary) }
    let width = 16
    let room = max(console.style.columns - width - 3, 16)
    for rows in [questions, commands, keys] {
      for (form, summary) in rows {
        let gap = String(repeating: " ", count: max(1, width - form.count))
        let lines = summary.wrapped(room)
        let indent = "\n" + String(repeating: " ", count: width + 2)
        console.write("  \(form)\(gap)\(lines.joined(separator: indent))\n")
      }
    }
  }

  private static func vars(_ prompt: Prompt, _ argument: String) throws -> Outcome {
    // The entry and the next prompt are to stay on the screen, too.
    let rows = isatty(STDOUT_FILENO) == 1 ? Int(terminal_rows()) - 2 : .max
    prompt.console.writeLines(
      prompt.interpreter.variables(argument, columns: prompt.console.style.columns, rows: rows))
    return .ok
  }

  private static func reset(_ prompt: Prompt, _ argument: String) throws -> Outcome {
    prompt.reset()
    return .ok
  }

  /// A folder `.rnr` makes a project, whose sessions share a history of their own.
  private static func history(_ prompt: Prompt, _ argument: String) throws -> Outcome {
    switch argument {
    case "": break
    case "here":
      try File.makeFolder(".rnr")
      guard let file = Environment.historyFile() else { throw Failure("this folder has no path") }
      if file != prompt.reader.historyFile { try prompt.reader.keepHistory(in: file) }
    default: throw Failure(":history is followed by nothing, or by here")
    }
    let file = prompt.reader.historyFile
    prompt.console.note(file.map { "entries are kept in \"\($0)\"" } ?? "entries are not kept")
    return .ok
  }

  private static func load(_ prompt: Prompt, _ path: String) throws -> Outcome {
    guard !path.isEmpty else { throw Failure(":load needs a file") }
    let path = path.unquoted ?? path
    let text = try Source.text(ofFile: path)
    let outcome = try prompt.number { try prompt.interpreter.load(entry: $0, path) }
    prompt.finish(
      outcome, "# from \(path)\n" + text.trimmed, folder: File.folder(of: path))
    return outcome
  }

  private static func save(_ prompt: Prompt, _ path: String) throws -> Outcome {
    guard !path.isEmpty else { throw Failure(":save needs a file") }
    let path = path.unquoted ?? path
    if File.exists(path) {
      guard let written = prompt.saved[path] else {
        throw Failure(
          "\"\(path)\" exists already", hint: "choose another name, or remove it first")
      }
      guard try File.readText(path) == written else {
        throw Failure(
          "\"\(path)\" was changed since it was saved",
          hint: "choose another name, or remove it first")
      }
    }
    let script = prompt.interpreter.script(of: prompt.ran, in: File.folder(of: path))
    try File.writeText(script.text, to: path)
    prompt.saved[path] = script.text
    let entries = script.entries == 1 ? "entry" : "entries"
    prompt.console.note("\(script.entries) \(entries) saved to \"\(path)\"")
    if let reason = script.leftOut.first {
      let statements = Text.count(script.leftOut.count, "statement")
      prompt.console.note("\(statements) left out as comments: \(reason)")
    }
    return .ok
  }

  private static func time(_ prompt: Prompt, _ text: String) throws -> Outcome {
    guard !text.isEmpty else { throw Failure(":time needs an expression") }
    let (outcome, timing) = prompt.number { prompt.interpreter.time(entry: $0, text) }
    prompt.finish(outcome, text)
    guard let timing else { return outcome }
    var said = duration(timing.best)
    if timing.runs > 1 {
      said += ", the best of \(timing.runs) runs (first \(duration(timing.first)))"
    }
    prompt.console.note(said)
    return outcome
  }

  private static func profile(_ prompt: Prompt, _ text: String) throws -> Outcome {
    guard !text.isEmpty else { throw Failure(":profile needs an expression") }
    let (outcome, table) = prompt.number { prompt.interpreter.profile(entry: $0, text) }
    prompt.finish(outcome, text)
    prompt.console.note(table)
    return outcome
  }

  private static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<1e-3: "\(Text.significant(seconds * 1e6, 3)) us"
    case ..<1: "\(Text.significant(seconds * 1e3, 3)) ms"
    case ..<100: "\(Text.significant(seconds, 3)) s"
    default: Text.duration(seconds)
    }
  }
}

// MARK: - Completion

extension Command {
  /// What TAB offers: names of commands, names behind `?`, and what the language says otherwise.
  static func completions(
    in text: String, at cursor: Int, of interpreter: any Interpreter
  )
    -> Completions
  {
    let bytes = Array(text.utf8)
    let lead = bytes.prefix { $0 == UInt8(ascii: " ") }.count
    let typed = String(decoding: bytes[min(lead, cursor)..<cursor], as: UTF8.self)
    if typed.hasPrefix(":") {
      guard let blank = typed.firstIndex(of: " ") else { return names(from: lead) }
      let argument = lead + typed[..<blank].utf8.count + 1
      if typed.hasPrefix(":l") || typed.hasPrefix(":s") {
        var files = Completions(start: argument, isPath: true)
        files.endings = [".rnr"]
        return files
      }
      return shifted(by: argument, bytes, cursor, interpreter)
    }
    let marks = typed.prefix { $0 == "?" || $0 == " " }.count
    if typed.hasPrefix("?") { return shifted(by: lead + marks, bytes, cursor, interpreter) }
    return interpreter.completions(in: text, at: cursor)
  }

  private static func names(from start: Int) -> Completions {
    Completions(
      start: start,
      candidates: all.map { Completions.Candidate(text: ":" + $0.name, summary: $0.summary) })
  }

  /// What the language offers for the text behind `offset`.
  private static func shifted(
    by offset: Int, _ bytes: [UInt8], _ cursor: Int, _ interpreter: any Interpreter
  ) -> Completions {
    let rest = String(decoding: bytes[offset...], as: UTF8.self)
    var found = interpreter.completions(in: rest, at: cursor - offset)
    found.start += offset
    return found
  }
}
