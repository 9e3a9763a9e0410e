import CTerminal
import Execution
import Glibc
import Language
import Synchronization

/// The console of this process: results to standard output, notes and progress to standard error.
final class TerminalConsole: Console {
  private struct State {
    /// Whether what is written is dropped.
    var isMuted = false
    /// Whether a progress line stands on the terminal.
    var showsProgress = false
    /// Whether Ctrl-C was pressed while the editor asked something.
    var wasInterruptedInQuestion = false
    /// How many of the Ctrl-C that the terminal showed as `^C` have their line ended.
    var endedInterrupts = 0
    /// Seconds for which questions waited for an answer.
    var waited = 0.0
    /// What was read of standard input beyond the last line.
    var input = LineBuffer()
  }

  private let coloursResults: Bool
  private let coloursNotes: Bool
  private let showsProgress: Bool
  private let asksByEditor: Bool
  private let state = Mutex(State())

  /// A console with colours as asked for.
  init(colours: Invocation.Colours) {
    let isPlain = Environment.isSet("NO_COLOR") || Environment["TERM"] == "dumb"
    func uses(_ descriptor: Int32) -> Bool {
      colours == .always || (colours == .auto && !isPlain && isatty(descriptor) == 1)
    }
    coloursResults = uses(STDOUT_FILENO)
    coloursNotes = uses(STDERR_FILENO)
    showsProgress = isatty(STDERR_FILENO) == 1 && Environment["TERM"] != "dumb"
    asksByEditor = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
  }

  var style: ConsoleStyle {
    // The entry, the value and the next prompt are to stay on a small screen together.
    let rows = isatty(STDOUT_FILENO) == 1 ? Int(terminal_rows()) - 2 : .max
    return ConsoleStyle(
      columns: Int(terminal_columns()), colours: coloursResults, isTerminal: showsProgress,
      lines: min(ValueLayout.maximumLines, max(rows, 4)))
  }

  func write(_ text: String) {
    if isMuted { return }
    eraseProgress()
    let level = Cancellation.current.level
    Self.send(text, to: STDOUT_FILENO)
    // What was written behind a `^C` ended its line.
    if level > 0, text.hasSuffix("\n") { state.withLock { $0.endedInterrupts = level } }
  }

  func note(_ text: String) {
    if isMuted { return }
    eraseProgress()
    if isInterruptShown { Self.send("\n", to: STDERR_FILENO) }
    let visible = Text.visible(text, keepsStyles: true)
    let shown = coloursNotes ? visible : visible.withoutEscapes
    Self.send((showsProgress ? fitted(shown) : shown) + "\n", to: STDERR_FILENO)
  }

  /// A single line that is too long for the terminal, broken between words.
  private func fitted(_ text: String) -> String {
    let columns = Int(terminal_columns())
    guard text.utf8.count > columns, !text.utf8.contains(where: { $0 == 0x0A || $0 == 0x1B }) else {
      return text
    }
    return text.wrapped(columns).joined(separator: "\n")
  }

  /// Whether a terminal shows `^C` where the next note would begin; each is told once.
  private var isInterruptShown: Bool {
    guard isatty(STDIN_FILENO) == 1 else { return false }
    let level = Cancellation.current.level
    return state.withLock { state in
      defer { state.endedInterrupts = level }
      return level > state.endedInterrupts && !state.wasInterruptedInQuestion
    }
  }

  func progress(_ line: String?) {
    guard showsProgress, !isMuted else { return }
    guard let line else {
      eraseProgress()
      return
    }
    state.withLock { $0.showsProgress = true }
    let shown = Text.visible(line, keepsStyles: true)
    Self.send("\r\(shown)\u{1B}[K", to: STDERR_FILENO)
  }

  /// Forgets the Ctrl-C of earlier work: the next is the first again.
  func forgetInterrupts() {
    terminal_forget_interrupts()
    state.withLock { $0.endedInterrupts = 0 }
  }

  func mute(_ isMuted: Bool) { state.withLock { $0.isMuted = isMuted } }

  private var isMuted: Bool { state.withLock { $0.isMuted } }

  /// Removes the progress line; whether there was one.
  @discardableResult
  private func eraseProgress() -> Bool {
    guard showsProgress else { return false }
    let level = Cancellation.current.level
    let stands = state.withLock { state in
      defer { state.showsProgress = false }
      // A `^C` behind it goes with it.
      if state.showsProgress { state.endedInterrupts = level }
      return state.showsProgress
    }
    if stands { Self.send("\r\u{1B}[K", to: STDERR_FILENO) }
    return stands
  }

  /// Seconds for which questions have waited for a person's answer so far.
  var secondsWaited: Double { state.withLock { $0.waited } }

  func ask(_ question: String) throws -> String? {
    eraseProgress()
    let asked = Clock.now
    defer { state.withLock { $0.waited += Clock.now - asked } }
    if asksByEditor { return try askByEditor(question) }
    Self.send(question, to: STDERR_FILENO)
    return try readLine()
  }

  private func askByEditor(_ question: String) throws -> String? {
    // The editor shows the last line as its prompt; what stands above is written first.
    let lines = question.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.count > 1 { write(lines.dropLast().joined(separator: "\n") + "\n") }
    var text: UnsafeMutablePointer<CChar>?
    switch terminal_ask(String(lines.last ?? ""), &text) {
    case TERMINAL_TEXT:
      defer { free(text) }
      return text.map { String(cString: $0) }
    case TERMINAL_INTERRUPTED:
      state.withLock { $0.wasInterruptedInQuestion = true }
      Cancellation.current.request()
      throw Interrupted()
    default:
      return nil
    }
  }

  /// Writes a text that ends its last line.
  func writeLines(_ text: String) {
    write(Text.visible(text, keepsStyles: true) + (text.hasSuffix("\n") ? "" : "\n"))
  }

  /// Says that the user stopped the work.
  func noteInterruption() {
    // A terminal shows `^C` where the cursor was; the editor has ended the line already.
    note("interrupted")
    state.withLock { $0.wasInterruptedInQuestion = false }
  }

  /// The next line of standard input, without its newline, or nil at the end.
  ///
  /// - Throws: `Interrupted` if Ctrl-C ends the wait.
  func readLine() throws -> String? {
    try state.withLock { try $0.input.next(from: STDIN_FILENO) }
  }

  /// Writes all of a text, however often a signal or a full pipe gets between.
  private static func send(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        done += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitUntilWritable(descriptor)
      case EPIPE: return terminal_end_by_broken_pipe()
      case ENOSPC, EFBIG, EDQUOT, EIO: return endByLostResults(descriptor, errno)
      default: return
      }
    }
  }

  /// A full disk must not swallow results in silence: nobody would know that some are missing.
  private static func endByLostResults(_ descriptor: Int32, _ reason: Int32) {
    guard descriptor == STDOUT_FILENO else { return }
    send(
      "rnr: cannot write to standard output: \(String(cString: strerror(reason)).lowercased())\n",
      to: STDERR_FILENO)
    exit(1)
  }

  private static func waitUntilWritable(_ descriptor: Int32) {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    poll(&waiting, 1, -1)
  }
}
