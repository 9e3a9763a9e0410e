/// How a console shows text.
public struct ConsoleStyle: Sendable, Equatable {
  /// Width in columns.
  public var columns: Int
  /// Whether colours may be used.
  public var colours: Bool
  /// Whether a person reads along, so that progress lines make sense.
  public var isTerminal: Bool
  /// The most lines that a value takes which can be shown in part.
  public var lines: Int

  /// The style of a console.
  public init(
    columns: Int = 80, colours: Bool = false, isTerminal: Bool = false, lines: Int = 12
  ) {
    self.lines = lines
    self.columns = columns
    self.colours = colours
    self.isTerminal = isTerminal
  }
}

/// Where results go, where notes go, and whom to ask.
public protocol Console: AnyObject, Sendable {
  /// How text is shown.
  var style: ConsoleStyle { get }
  /// Writes a result (standard output), as it stands: no newline is added.
  func write(_ text: String)
  /// Writes a note or warning on a line of its own (standard error).
  func note(_ text: String)
  /// Asks a question and returns the line typed, or nil at the end of input.
  func ask(_ question: String) throws -> String?
  /// Shows a progress line in place of the last one, or removes it (nil). Only on a terminal.
  func progress(_ line: String?)
  /// Drops what is written, or ends dropping it: for work that is repeated to be timed.
  func mute(_ isMuted: Bool)
}

extension Console {
  /// Goes on writing.
  public func mute(_ isMuted: Bool) {}
}

/// A console that keeps what it is given: for tests and for text that a program wants as a value.
public final class RecordingConsole: Console, @unchecked Sendable {
  /// The form that texts are to have; widths and colours follow it.
  public let style: ConsoleStyle
  /// What was written.
  public private(set) var output = ""
  /// The notes, one a line.
  public private(set) var notes = ""
  /// Both in the order in which they came, as a terminal shows them.
  public private(set) var transcript = ""
  /// Lines that `ask` will return, first one first.
  public var answers: [String]

  /// A console that answers questions with `answers`.
  public init(style: ConsoleStyle = ConsoleStyle(), answers: [String] = []) {
    self.style = style
    self.answers = answers
  }

  /// Appends to `output`.
  public func write(_ text: String) {
    output += text
    transcript += text
  }

  /// Appends a line to `notes`.
  public func note(_ text: String) {
    notes += text + "\n"
    transcript += text + "\n"
  }

  /// Keeps nothing: a progress line leaves no trace on a terminal either.
  public func progress(_ line: String?) {}

  /// Appends the question to `output` and gives the next prepared answer, nil after the last.
  public func ask(_ question: String) throws -> String? {
    write(question)
    guard !answers.isEmpty else { return nil }
    let answer = answers.removeFirst()
    write(answer + "\n")
    return answer
  }
}
