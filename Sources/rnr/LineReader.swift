import Execution
import Glibc

/// What the prompt reads: whole texts, of one or of several lines.
protocol LineReader {
  /// The next text that can be evaluated as it stands.
  func read(prompt: String) -> Reading
  /// The file in which entries are kept, if they are.
  var historyFile: String? { get }
  /// Keeps the entries of this session, those before too, in another file.
  func keepHistory(in file: String) throws
}

/// How the reading of a text ended.
enum Reading: Equatable {
  case text(String)
  case end
  case interrupted
}

/// Reads from a pipe, or from a terminal that shows results elsewhere: no editing, no escapes.
final class PlainReader: LineReader {
  private let console: TerminalConsole
  private let isComplete: (String) -> Bool
  private let prompts: Bool
  var historyFile: String? { nil }

  /// A reader that goes on with a text until `isComplete`.
  init(console: TerminalConsole, isComplete: @escaping (String) -> Bool) {
    self.console = console
    self.isComplete = isComplete
    prompts = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
  }

  func read(prompt: String) -> Reading {
    var text = ""
    do {
      while let line = try readLine(prompt: text.isEmpty ? prompt : "  ") {
        text += line
        if isComplete(text) { return .text(text) }
        text += "\n"
      }
    } catch {
      return .interrupted
    }
    return text.isEmpty ? .end : .text(text)
  }

  func keepHistory(in file: String) throws {
    throw Failure("entries that are not typed at a terminal are not kept")
  }

  private func readLine(prompt: String) throws -> String? {
    try prompts ? console.ask(prompt) : console.readLine()
  }
}
