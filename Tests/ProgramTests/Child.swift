import Execution
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
    var (status, memory, waited, isEndless) = (Int32(0), 0, 0.0, false)
    while waitpid(process, &status, WNOHANG) == 0 {
      // What the system tells at the end counts the memory of this process, too, from which the
      // child was forked.
      memory = peak(of: process) ?? memory
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
      memory: memory, isEndless: isEndless)
  }

  /// The most memory that a running process has had, in bytes.
  private static func peak(of process: pid_t) -> Int? {
    guard let text = try? File.readText("/proc/\(process)/status"),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(separator: " ").dropLast().last.flatMap({ Int($0) })
    else { return nil }
    return kilobytes << 10
  }
}
