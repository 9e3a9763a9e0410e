import CTerminal
import Execution
import Glibc
import Language

/// The documented exit codes.
enum ExitCode {
  static let usage: Int32 = 2
  static let source: Int32 = 65
  static let interrupted: Int32 = 130

  /// The exit code of an outcome.
  static func of(_ outcome: Outcome) -> Int32 {
    switch outcome {
    case .ok: 0
    case .runtimeError: 1
    case .sourceError: source
    case .interrupted: interrupted
    // A process can tell 0 to 255; a code beyond must not become 0 by being cut.
    case .quit(let code): Int32((0...255).contains(code) ? code : 255)
    }
  }
}

/// What the program is given from the language.
struct Hooks {
  /// Makes the interpreter; the seed is nil unless the user chose one.
  var interpreter: (any Console, _ seed: UInt64?) -> any Interpreter
  /// Reports every mistake of files without running them.
  var check: ([String], _ isJSON: Bool, _ isStrict: Bool, any Console) -> Outcome
  /// Runs the examples in documentation and Markdown, or writes what they print into the files.
  var test: ([String], _ updates: Bool, any Console) -> Outcome
  /// The reference of the library, as Markdown.
  var reference: (any Console) -> String
}

/// One run of the program.
struct Program {
  let hooks: Hooks

  /// Does what the arguments, without the program's name, ask for, and returns the exit code.
  func run(_ arguments: [String]) -> Int32 {
    if let missing = terminal_missing_instructions() {
      let level = String(cString: terminal_vector_level())
      fail(
        "this rnr was built for \(level), but the processor lacks \(String(cString: missing))",
        hint: "build it with RNR_VECTOR=plain")
      return 1
    }
    do {
      let invocation = try Invocation(arguments: arguments)
      try Parallel.checkEnvironment()
      try Memory.checkEnvironment()
      prepareTerminal()
      return try run(invocation, TerminalConsole(colours: invocation.colours))
    } catch is Interrupted {
      return ExitCode.interrupted
    } catch let diagnostic as Diagnostic {
      TerminalConsole(colours: .never).note(diagnostic.rendered(colours: false))
      return ExitCode.source
    } catch {
      let failure = error as? Failure ?? Failure("\(error)")
      fail(failure.message, hint: failure.hint)
      return ExitCode.usage
    }
  }

  private func prepareTerminal() {
    terminal_set_locale()
    // The handler must not be the first to reach the token, which is made on first use.
    Cancellation.current.clear()
    terminal_catch_signals({ Cancellation.current.request() }, { Cancellation.current.clear() })
    Memory.watch()
  }

  private func fail(_ message: String, hint: String?) {
    let console = TerminalConsole(colours: .never)
    console.note("rnr: " + message)
    if let hint { console.note("hint: " + hint) }
  }

  private func run(_ invocation: Invocation, _ console: TerminalConsole) throws -> Int32 {
    switch invocation.work {
    case .help: console.write(Usage.help)
    case .version: console.write(Usage.version)
    case .docs: console.write(hooks.reference(console))
    case .check(let files, let isJSON):
      return finish(hooks.check(files, isJSON, invocation.isStrict, console), console)
    case .test(let files, let updates):
      return finish(hooks.test(files, updates, console), console)
    case .expressions, .script, .standardInput: return try compute(invocation, console)
    }
    return 0
  }

  private func compute(_ invocation: Invocation, _ console: TerminalConsole) throws -> Int32 {
    // A script is read before the language is made, so that a wrong name costs nothing.
    let script = try scriptText(invocation)
    let interpreter = hooks.interpreter(console, invocation.seed)
    interpreter.isStrict = invocation.isStrict
    interpreter.wantsSeed = script != nil && invocation.seed == nil
    var code: Int32 = 0
    if let (path, text) = script {
      let outcome = interpreter.runScript(text, path: path, arguments: invocation.arguments)
      code = finish(outcome, console)
      if case .quit = outcome { return code }
    } else if case .expressions(let texts) = invocation.work {
      let outcome = evaluate(texts, interpreter, console)
      code = finish(outcome, console)
      if case .quit = outcome { return code }
    }
    let isPromptAsked = script == nil && invocation.work == .standardInput
    guard isPromptAsked || invocation.staysAtPrompt else { return code }
    if invocation.readsStartUpFile { readStartUpFile(interpreter, console) }
    return Prompt(interpreter: interpreter, console: console).run()
  }

  /// The script to be run, if there is one: from a file, or from a piped standard input.
  private func scriptText(_ invocation: Invocation) throws -> (path: String, text: String)? {
    switch invocation.work {
    case .script(let path) where path != "-":
      return (path, try Source.text(ofFile: path))
    case .script:
      return ("<standard input>", try LineBuffer.readToEnd(STDIN_FILENO))
    case .standardInput where !invocation.staysAtPrompt && isatty(STDIN_FILENO) == 0:
      return ("<standard input>", try LineBuffer.readToEnd(STDIN_FILENO))
    default:
      return nil
    }
  }

  /// Evaluates texts up to the first that fails.
  private func evaluate(
    _ texts: [String], _ interpreter: any Interpreter, _ console: TerminalConsole
  ) -> Outcome {
    for (number, text) in texts.enumerated() {
      if text.trimmed.hasPrefix("?") {
        Command.answer(text.trimmed, by: interpreter, on: console)
        continue
      }
      let name = texts.count == 1 ? "<command line>" : "<command line \(number + 1)>"
      let outcome = interpreter.evaluate(text, name: name, echo: true)
      if outcome != .ok { return outcome }
    }
    return .ok
  }

  private func finish(_ outcome: Outcome, _ console: TerminalConsole) -> Int32 {
    console.progress(nil)
    if outcome == .interrupted { console.noteInterruption() }
    return ExitCode.of(outcome)
  }

  private func readStartUpFile(_ interpreter: any Interpreter, _ console: TerminalConsole) {
    guard let path = Environment.startUpFile, File.exists(path) else { return }
    do {
      _ = interpreter.evaluate(try Source.text(ofFile: path), name: path, echo: false)
    } catch {
      console.note("warning: the start-up file is left out: \(error)")
    }
  }
}
