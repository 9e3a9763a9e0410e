import Glibc
import Testing

/// How a process ended.
enum Ending: Equatable {
  case code(Int32)
  case signal(Int32)

  init(status: Int32) {
    self = status & 0x7F == 0 ? .code((status >> 8) & 0xFF) : .signal(status & 0x7F)
  }
}

/// The built program.
enum Program {
  /// `.build/release/rnr` of the package that holds this file.
  static let path: String = {
    let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(package)/.build/release/rnr"
  }()

  /// Where a standard descriptor leads.
  enum Stream {
    case file(String, flags: Int32)
    case descriptor(Int32)
    case closed
  }

  /// What a run left behind.
  struct Result {
    var output: String
    var errors: String
    var ending: Ending
  }

  /// Runs the program to its end without a terminal.
  static func run(
    _ arguments: [String], input: String = "", in given: Folder? = nil,
    environment: [String: String] = [:]
  ) throws -> Result {
    let folder = try given ?? Folder()
    let input = try folder.write(input, to: ".input")
    let created = O_WRONLY | O_CREAT | O_TRUNC
    let process = try start(
      arguments, in: folder, environment: environment,
      [
        .file(input, flags: O_RDONLY), .file(folder.path + "/.output", flags: created),
        .file(folder.path + "/.errors", flags: created),
      ])
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return Result(
      output: folder.read(".output") ?? "", errors: folder.read(".errors") ?? "",
      ending: Ending(status: status))
  }

  /// Starts the program in a session of its own, with default signals, at home in `folder`.
  ///
  /// - Parameter fileLimit: the most bytes that a file may have.
  static func start(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:],
    fileLimit: Int? = nil, _ streams: [Stream]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
      switch stream {
      case .file(let path, let flags):
        posix_spawn_file_actions_addopen(&actions, Int32(number), path, flags, 0o600)
      case .descriptor(let other):
        posix_spawn_file_actions_adddup2(&actions, other, Int32(number))
      case .closed:
        posix_spawn_file_actions_addclose(&actions, Int32(number))
      }
    }
    var attributes = newSession()
    defer { posix_spawnattr_destroy(&attributes) }
    var variables = [
      "HOME": folder.path, "TERM": "xterm", "PATH": "/usr/bin:/bin", "INPUTRC": "/dev/null",
    ]
    // Where the libraries are, if the loader has to be told.
    if let libraries = getenv("LD_LIBRARY_PATH") {
      variables["LD_LIBRARY_PATH"] = String(cString: libraries)
    }
    variables.merge(environment) { $1 }
    let shell = "/bin/sh"
    // The shell counts in blocks of 512 bytes.
    let limit = fileLimit.map { "ulimit -f \($0 / 512) && " } ?? ""
    let words =
      ([shell, "-c", "cd \"$0\" && \(limit)exec \"$@\"", folder.path, path] + arguments).map {
        strdup($0)
      }
      + [nil]
    let settings = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var process = pid_t()
    let failure = posix_spawn(&process, shell, &actions, &attributes, words, settings)
    try #require(failure == 0, "cannot start \(path)")
    return process
  }

  private static func newSession() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let session = 0x80  // POSIX_SPAWN_SETSID
    let flags = Int(POSIX_SPAWN_SETSIGMASK) | Int(POSIX_SPAWN_SETSIGDEF) | session
    posix_spawnattr_setflags(&attributes, Int16(flags))
    return attributes
  }
}
