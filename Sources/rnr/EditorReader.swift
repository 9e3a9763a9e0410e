import CTerminal
import Execution
import Glibc
import Language

/// Reads from a terminal with the line editor: history, completion, blocks of several lines.
final class EditorReader: LineReader {
  /// How many entries of the history are kept.
  static let historyLimit = 100_000

  private let isComplete: (String) -> Bool
  private let completions: (String, Int) -> Completions
  private(set) var historyFile: String?
  /// What was entered in this session.
  private var entered: [String] = []

  /// The editor calls back with its address, so a reader must live as long as it reads.
  init(
    historyFile: String?, isComplete: @escaping (String) -> Bool,
    completions: @escaping (String, Int) -> Completions
  ) {
    self.historyFile = historyFile
    self.isComplete = isComplete
    self.completions = completions
    terminal_open(hooks)
    if let historyFile { terminal_history_load(historyFile, Int32(Self.historyLimit)) }
  }

  func read(prompt: String) -> Reading {
    var text: UnsafeMutablePointer<CChar>?
    switch terminal_read(prompt, &text) {
    case TERMINAL_TEXT:
      defer { free(text) }
      return .text(remember(text.map { String(cString: $0) } ?? ""))
    case TERMINAL_INTERRUPTED:
      return .interrupted
    default:
      return .end
    }
  }

  /// Adds a text to the history at once, so that a killed process loses nothing.
  private func remember(_ text: String) -> String {
    guard text.contains(where: { !$0.isWhitespace }) else { return text }
    entered.append(text)
    _ = terminal_history_add(text, historyFile)
    return text
  }

  func keepHistory(in file: String) throws {
    for text in entered {
      let failure = terminal_history_append(text, file)
      guard failure == 0 else {
        throw Failure("cannot write \"\(file)\": \(String(cString: strerror(failure)))")
      }
    }
    historyFile = file
  }

  private var hooks: TerminalHooks {
    TerminalHooks(
      context: Unmanaged.passUnretained(self).toOpaque(),
      next_indentation: { context, text in
        guard let context, let text else { return -1 }
        let reader = Unmanaged<EditorReader>.fromOpaque(context).takeUnretainedValue()
        return reader.nextIndentation(String(cString: text))
      },
      complete: { context, text, cursor in
        guard let context, let text else { return }
        let reader = Unmanaged<EditorReader>.fromOpaque(context).takeUnretainedValue()
        reader.complete(String(cString: text), Int(cursor))
      })
  }

  private func nextIndentation(_ text: String) -> Int32 {
    isComplete(text) ? -1 : Int32(Indentation.next(after: text))
  }

  private func complete(_ text: String, _ cursor: Int) {
    let found = completions(text, cursor)
    terminal_offer_from(
      Int32(clamping: found.start), found.isPath, found.endings.joined(separator: " "))
    for candidate in found.candidates {
      terminal_offer(candidate.text, Text.visible(candidate.summary))
    }
  }
}

/// How far the next line of a block is indented.
enum Indentation {
  /// Spaces in front of the line that follows: one step more than the last line if that opens more
  /// brackets than it closes, or begins to go on.
  static func next(after text: String) -> Int {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let last = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }) else { return 0 }
    let own = last.prefix { $0 == " " }.count
    let depth = last.reduce(0) { depth, character in
      "([{".contains(character) ? depth + 1 : ")]}".contains(character) ? depth - 1 : depth
    }
    let closesFirst = last.drop { $0 == " " }.first.map { ")]}".contains($0) } ?? false
    let opens = closesFirst ? depth + 1 : depth
    if opens > 0 { return own + 2 }
    return lines.count == 1 && opens == 0 ? own + 2 : own
  }
}
