import Execution
import Glibc

/// Thrown where a figure file cannot be made because gnuplot is not installed.
public struct GnuplotMissing: Error, Equatable, Sendable, CustomStringConvertible {
  /// The error.
  public init() {}

  /// What to install.
  public var description: String { "figure files need gnuplot: apt-get install gnuplot-nox" }
}

/// The program that draws figure files.
struct Gnuplot {
  /// The path of the program.
  let program: String

  /// The first gnuplot in a search path (by default that of this process).
  ///
  /// - Throws: `GnuplotMissing` if there is none.
  init(searchPath: String? = nil) throws {
    let path = searchPath ?? getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    for folder in path.split(separator: ":") {
      let candidate = "\(folder)/gnuplot"
      if access(candidate, X_OK) == 0 && !File.isFolder(candidate) {
        program = candidate
        return
      }
    }
    throw GnuplotMissing()
  }

  /// What a script writes to standard output.
  ///
  /// All three streams are files without a name, so that neither side can wait for the other.
  ///
  /// - Throws: a `Failure` that quotes gnuplot's messages, or `Interrupted`.
  func run(_ script: String) throws -> [UInt8] {
    let input = try namelessFile(Array(script.utf8))
    defer { close(input) }
    let output = try namelessFile([])
    defer { close(output) }
    let messages = try namelessFile([])
    defer { close(messages) }
    let status = try wait(for: try spawn(input: input, output: output, messages: messages))
    if status != 0 {
      let said = String(decoding: bytes(of: messages), as: UTF8.self)
      throw Failure("gnuplot failed: \(Gnuplot.summary(of: said, status: status))")
    }
    let drawn = bytes(of: output)
    guard !drawn.isEmpty else { throw Failure("gnuplot wrote nothing, expected a figure") }
    return drawn
  }

  /// A file that no folder lists, holding some bytes and read from the first one.
  private func namelessFile(_ bytes: [UInt8]) throws -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(folder)/rnr-figure-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw File.problem("cannot write in the folder", folder) }
    unlink(name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let failure = File.problem("cannot write in the folder", folder)
        close(descriptor)
        throw failure
      }
      done += count
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
  }

  private func bytes(of descriptor: Int32) -> [UInt8] {
    lseek(descriptor, 0, SEEK_SET)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: chunk[0..<count])
    }
  }

  private func spawn(input: Int32, output: Int32, messages: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (from, to) in [(input, Int32(0)), (output, 1), (messages, 2)] {
      posix_spawn_file_actions_adddup2(&actions, from, to)
    }
    // No start-up files of the user: the same figure everywhere.
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("gnuplot"), strdup("-d"), nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let code = posix_spawn(&process, program, &actions, nil, &arguments, environ)
    if code == ENOENT { throw GnuplotMissing() }
    guard code == 0 else {
      throw Failure("cannot start \"\(program)\": \(String(cString: strerror(code)).lowercased())")
    }
    return process
  }

  /// Waits for the end, ending the process if the user asks to stop.
  private func wait(for process: pid_t) throws -> Int32 {
    var status: Int32 = 0
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return status }
      if ended < 0 && errno != EINTR { return -1 }
      if Cancellation.current.isRequested {
        kill(process, SIGKILL)
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        throw Interrupted()
      }
      usleep(2000)
    }
  }

  /// Gnuplot's messages on one line, without the script lines that it repeats.
  static func summary(of messages: String, status: Int32) -> String {
    let lines = messages.split(separator: "\n").map { line in
      String(line.drop { $0 == " " || $0 == "\t" })
    }
    let said = lines.filter {
      $0.hasPrefix("line ") || $0.contains("error") || $0.contains("cannot")
    }
    let chosen = said.isEmpty ? Array(lines.suffix(2)) : Array(said.prefix(3))
    if !chosen.isEmpty { return String(chosen.joined(separator: "; ").prefix(300)) }
    let signal = status & 0x7F
    return signal != 0 ? "ended by signal \(signal)" : "exit status \(status >> 8 & 0xFF)"
  }
}
