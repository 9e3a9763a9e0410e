import Glibc

extension Program {
  /// How a run under watch ended, and what it took.
  struct Measure {
    var result: Result
    /// The most memory that it held, in bytes.
    var memory: Int
    /// Whether it went on for too long and was ended.
    var isEndless = false

    /// Whether it ended by itself, of no signal, within the bounds.
    func isSound(memory bound: Int) -> Bool {
      if case .signal = result.ending { return false }
      return !isEndless && memory <= bound
    }
  }

  /// Runs the program with a budget of memory; ends it after so many seconds.
  static func measure(
    _ arguments: [String], in folder: Folder, budget: String, seconds: Double,
    environment: [String: String] = [:]
  ) throws -> Measure {
    let created = O_WRONLY | O_CREAT | O_TRUNC
    let process = try start(
      arguments, in: folder, environment: environment.merging(["RNR_MEMORY": budget]) { $1 },
      [
        .file("/dev/null", flags: O_RDONLY), .file(folder.path + "/.output", flags: created),
        .file(folder.path + "/.errors", flags: created),
      ])
    var (status, usage, waited, isEndless) = (Int32(0), rusage(), 0.0, false)
    while wait4(process, &status, WNOHANG, &usage) == 0 {
      if waited > seconds, !isEndless {
        kill(process, SIGKILL)
        isEndless = true
      }
      usleep(2_000)
      waited += 0.002
    }
    return Measure(
      result: Result(
        output: folder.read(".output") ?? "", errors: folder.read(".errors") ?? "",
        ending: Ending(status: status)),
      memory: usage.ru_maxrss << 10, isEndless: isEndless)
  }
}
