import Execution
import Glibc
import Testing

/// The program on a terminal, seen from the keyboard and the screen.
final class PseudoTerminal {
  let folder: Folder
  private let master: Int32
  private let process: pid_t
  private var isOver = false
  /// What the screen was sent and no expectation has passed over yet.
  private(set) var pending = ""
  /// What a person sees.
  private(set) var screen: Screen

  struct Missing: Error {}

  /// Requests of `ioctl` whose macros Swift does not see.
  private enum Request {
    static let setLock: UInt = 0x4004_5431  // TIOCSPTLCK
    static let number: UInt = 0x8004_5430  // TIOCGPTN
  }

  /// Starts the program on a terminal, of 80 columns unless another size is given.
  init(
    _ arguments: [String] = [], in given: Folder? = nil, environment: [String: String] = [:],
    columns: Int = 80, rows: Int = 24
  ) throws {
    folder = try given ?? Folder()
    screen = Screen(columns: columns, rows: rows)
    // What grantpt, unlockpt and ptsname do on Linux; Swift's Glibc has none of them.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var locked: Int32 = 0
    var number: UInt32 = 0
    try #require(master >= 0 && ioctl(master, Request.setLock, &locked) == 0)
    try #require(ioctl(master, Request.number, &number) == 0)
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    PseudoTerminal.keepOutputOfInterrupted(master)
    process = try Program.start(
      arguments, in: folder, environment: environment,
      [.file("/dev/pts/\(number)", flags: O_RDWR), .descriptor(0), .descriptor(0)])
  }

  /// By default the kernel, after it has sent the signal of a Ctrl-C, throws away what the screen
  /// was sent and nobody has read: on a busy machine also what the program says of the interruption.
  private static func keepOutputOfInterrupted(_ master: Int32) {
    var settings = termios()
    guard tcgetattr(master, &settings) == 0 else { return }
    settings.c_lflag |= tcflag_t(NOFLSH)
    tcsetattr(master, TCSANOW, &settings)
  }

  deinit {
    if !isOver {
      kill(process, SIGKILL)
      var status: Int32 = 0
      waitpid(process, &status, 0)
    }
    close(master)
  }

  /// Presses keys.
  func type(_ keys: String) {
    var rest = Array(keys.utf8)[...]
    while !rest.isEmpty {
      // A terminal holds few keys that nobody has read, and stops a program that is not listened to.
      let piece = Array(rest.prefix(256))
      let count = write(master, piece, piece.count)
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
      if !rest.isEmpty { _ = readMore(milliseconds: 0) }
    }
  }

  func send(_ signal: Int32) { kill(process, signal) }

  /// Sends a signal and waits until it has arrived: two that are pending at once would count as one.
  func deliver(_ signal: Int32, within seconds: Double = 10) throws {
    send(signal)
    let limit = now() + seconds
    while try isPending(signal) {
      try #require(now() < limit, "the signal does not arrive")
      usleep(1000)
    }
  }

  private func isPending(_ signal: Int32) throws -> Bool {
    guard let status = try? File.readText("/proc/\(process)/status") else { return false }
    // One that has ended may keep what came last.
    if status.contains("State:\tZ") { return false }
    let line = status.split(separator: "\n").first { $0.hasPrefix("ShdPnd:") }
    let mask = line.flatMap { UInt64($0.dropFirst(7).filter(\.isHexDigit), radix: 16) } ?? 0
    return mask & (1 << UInt64(signal - 1)) != 0
  }

  /// Waits until all threads of the program have stood still for a tenth of a second, as on a full
  /// terminal.
  func expectStillness(within seconds: Double = 20) throws {
    let limit = now() + seconds
    var still = 0
    while still < 10 {
      try #require(now() < limit, "the program does not stand still")
      usleep(10_000)
      let threads = try File.list("/proc/\(process)/task")
      let isStill = threads.allSatisfy { thread in
        let status = try? File.readText("/proc/\(process)/task/\(thread)/status")
        return status?.contains("State:\tS") ?? true
      }
      still = isStill ? still + 1 : 0
    }
  }

  func resize(columns: UInt16) {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Waits until the screen was sent `text`, and returns all up to its end.
  @discardableResult
  func expect(
    _ text: String, within seconds: Double = 20, _ place: SourceLocation = #_sourceLocation
  ) throws -> String {
    let limit = now() + seconds
    while true {
      // Bytes, since "\r\n" is one character.
      if let found = pending.utf8.firstRange(of: text.utf8) {
        let seen = String(pending[..<found.upperBound])
        pending = String(pending[found.upperBound...])
        return seen
      }
      guard now() < limit, readMore(milliseconds: 50) else { break }
    }
    Issue.record(
      "\(text.debugDescription) not in \(pending.debugDescription)", sourceLocation: place)
    throw Missing()
  }

  /// Waits for the prompt.
  func expectPrompt(_ place: SourceLocation = #_sourceLocation) throws {
    try expect("\u{1B}[?2004h", within: 20, place)
    try expect("> ", within: 20, place)
  }

  /// Waits until the screen is as wanted.
  func expectScreen(
    within seconds: Double = 20, _ place: SourceLocation = #_sourceLocation,
    _ isWanted: (Screen) -> Bool
  ) throws {
    let limit = now() + seconds
    while !isWanted(screen) {
      guard now() < limit, readMore(milliseconds: 50) else {
        Issue.record("the screen is\n\(screen.text)", sourceLocation: place)
        throw Missing()
      }
    }
  }

  /// Waits until the last lines of the screen are these.
  func expectLines(_ lines: String..., at place: SourceLocation = #_sourceLocation) throws {
    try expectScreen(place) { $0.lines.suffix(lines.count) == lines[...] }
  }

  /// Waits for what an entry prints: all of it, from the moment the editor lets go of the terminal.
  func expectOutput(_ text: String, _ place: SourceLocation = #_sourceLocation) throws {
    try expect("\u{1B}[?2004l\r\(text)\r\n", within: 20, place)
  }

  /// Waits until the program ends.
  func end(within seconds: Double = 10) throws -> Ending {
    let limit = now() + seconds
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      try #require(
        now() < limit, "the program does not end: \(pending.suffix(200).debugDescription)")
      _ = readMore(milliseconds: 5)
    }
    isOver = true
    while readMore(milliseconds: 5) {}
    return Ending(status: status)
  }

  /// Whether the terminal shows what is typed and hands it over by lines, as it was before.
  var isCooked: Bool {
    var settings = termios()
    let both = tcflag_t(ICANON | ECHO)
    return tcgetattr(master, &settings) == 0 && settings.c_lflag & both == both
  }

  /// Reads what there is, and returns false at the end.
  private func readMore(milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, milliseconds) > 0 else { return !isOver }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(master, &bytes, bytes.count)
    guard count > 0 else { return false }
    pending += String(decoding: bytes[..<count], as: UTF8.self)
    screen.feed(bytes[..<count])
    return true
  }

  private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Keys that have no letter.
enum Key {
  static let enter = "\r"
  static let tab = "\t"
  static let up = "\u{1B}[A"
  static let down = "\u{1B}[B"
  static let left = "\u{1B}[D"
  static let controlR = "\u{12}"
  static let home = "\u{1}"
  static let backspace = "\u{7F}"
  static let controlC = "\u{3}"
  static let controlD = "\u{4}"
  static let metaEnter = "\u{1B}\r"

  /// What a terminal sends when text is pasted.
  static func paste(_ text: String) -> String { "\u{1B}[200~\(text)\u{1B}[201~" }
}
