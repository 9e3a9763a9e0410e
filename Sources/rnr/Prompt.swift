import CTerminal
import Execution
import Glibc
import Language

/// The dialogue: reads a text, runs it, shows what came out, until the user leaves.
final class Prompt {
  let interpreter: any Interpreter
  let console: TerminalConsole
  let reader: any LineReader
  /// Whether a person types.
  private let isInteractive: Bool
  private var entries = 0
  /// The texts that ran, in order: what was finished of them is what `:save` writes.
  private(set) var ran: [SessionEntry] = []
  /// The files that `:save` wrote, with what they held then.
  var saved: [String: String] = [:]

  /// A dialogue on this process's terminal, or with what is piped in.
  init(interpreter: any Interpreter, console: TerminalConsole) {
    self.interpreter = interpreter
    self.console = console
    isInteractive = isatty(STDIN_FILENO) == 1
    let isComplete = { Command.isCommand($0) || interpreter.isComplete($0) }
    if isInteractive && isatty(STDOUT_FILENO) == 1 {
      if let note = EditorSettings.check() { console.note(note) }
      reader = EditorReader(
        historyFile: Environment.historyFile(), isComplete: isComplete,
        completions: { Command.completions(in: $0, at: $1, of: interpreter) })
    } else {
      reader = PlainReader(console: console, isComplete: isComplete)
    }
  }

  /// Runs until the user leaves, and returns the exit code.
  func run() -> Int32 {
    showBanner()
    while true {
      console.forgetInterrupts()
      switch reader.read(prompt: "\(entries + 1)> ") {
      case .end: return 0
      case .interrupted:
        if !isInteractive { return ExitCode.interrupted }
      case .text(let text):
        let outcome = enter(text)
        if case .quit = outcome { return ExitCode.of(outcome) }
      }
    }
  }

  private func showBanner() {
    guard isInteractive && isatty(STDOUT_FILENO) == 1 else { return }
    let banner = "rnr \(Version.current)   ?name for help, :help for commands, Ctrl-D to leave"
    console.writeLines(banner.wrapped(console.style.columns).joined(separator: "\n"))
  }

  /// Runs a command, or evaluates a text and shows values.
  private func enter(_ text: String) -> Outcome {
    guard text.contains(where: { !$0.isWhitespace }) else { return .ok }
    if Command.isCommand(text) { return Command.run(text, at: self) }
    return evaluate(text)
  }

  /// Evaluates a text as the next entry.
  func evaluate(_ text: String) -> Outcome {
    let (began, waited) = (Clock.now, console.secondsWaited)
    let outcome = number { interpreter.evaluate(entry: $0, text) }
    finish(outcome, text)
    // What a person thinks over is not the work's time.
    let seconds = Clock.now - began - (console.secondsWaited - waited)
    if isInteractive && seconds >= Self.remarkableSeconds {
      console.note("took \(Text.duration(seconds))")
    }
    return outcome
  }

  /// Does something that counts as an entry.
  func number<Result>(_ body: (Int) throws -> Result) rethrows -> Result {
    entries += 1
    return try body(entries)
  }

  /// Keeps an entry; says that one was stopped.
  func finish(_ outcome: Outcome, _ text: String, folder: String = ".") {
    console.progress(nil)
    ran.append(SessionEntry(number: entries, text: text, folder: folder))
    if case .interrupted = outcome { console.noteInterruption() }
  }

  /// Begins anew: no names, no outputs, entries counted from 1.
  func reset() {
    interpreter.reset()
    entries = 0
    ran = []
  }

  /// Work of at least this length is told how long it took.
  private static let remarkableSeconds = 2.0

}
