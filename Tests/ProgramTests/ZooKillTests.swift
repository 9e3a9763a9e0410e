import Glibc
import Testing

/// Zoos whose training is killed, stopped, cut off from the disk, and shared, as whole processes.
@Suite(.serialized) struct ZooKillTests {
  /// A zoo of many short runs.
  private static let call = """
    language_zoo("zoo", runs=40, steps=60, letters=3, length=20, lowest=-1, highest=1, maximum_n=5,
      layers=1, hidden=8, batch=8, snapshots=[0, 20], samples=60, rollouts=8, seed=3)
    """

  /// The same of digits, and of a family of the language with random examples and a judge.
  private static let others = [
    """
    digit_zoo("zoo", digits=digits(count=100, seed=1), runs=12, steps=20, layers=1, hidden=6, batch=4,
      snapshots=[0, 10], samples=10, rollouts=2, seed=3)
    """,
    """
    type Walks(noise)
    fn sizes(f: Walks) = (inputs=1, outputs=1)
    fn task(f: Walks, run) = uniform([], 0.5, 1)
    fn examples(f: Walks, task) {
      x = normal([20, 6, 1], std=f.noise)
      (inputs=x, targets=cumsum(x, 1) * task)
    }
    fn judge(f: Walks, task, net) = (answer=sum(run(net, ones([4, 1]))), luck=uniform([]))
    train_zoo(Walks(0.5), "zoo", runs=16, steps=20, layers=1, hidden=6, batch=4, snapshots=[0, 10],
      samples=10, rollouts=2, seed=3)
    """,
  ]

  private func start(
    _ folder: Folder, _ call: String = Self.call, shard: String = "", limit: Int? = nil
  ) throws -> pid_t {
    try Program.start(
      ["--no-init", "-e", call], in: folder, environment: ["RNR_SHARD": shard],
      fileLimit: limit,
      [
        .file("/dev/null", flags: O_RDONLY),
        .file(folder.path + "/.output", flags: O_WRONLY | O_CREAT | O_APPEND),
        .file(folder.path + "/.errors", flags: O_WRONLY | O_CREAT | O_APPEND),
      ])
  }

  private func end(_ process: pid_t) -> Ending {
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return Ending(status: status)
  }

  /// Whether a process has ended by itself.
  private func hasEnded(_ process: pid_t) -> Bool {
    var information = siginfo_t()
    return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information.si_signo == SIGCHLD
  }

  private func bytes(_ folder: Folder) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in folder.names("zoo") { files[name] = folder.bytes("zoo/" + name) }
    return files
  }

  /// The folder that one undisturbed process makes.
  private func whole() throws -> [String: [UInt8]] {
    let folder = try Folder()
    try #require(end(start(folder)) == .code(0), "\(folder.read(".errors") ?? "")")
    let files = bytes(folder)
    try #require(files.count == 9)
    return files
  }

  @Test func killedAgainAndAgainItEndsTheSame() throws {
    let wanted = try whole()
    let folder = try Folder()
    var random = SystemRandomNumberGenerator()
    var kills = 0
    var attempts = 0
    while kills < 24 {
      attempts += 1
      try #require(attempts < 400)
      let process = try start(folder)
      usleep(UInt32.random(in: 1000...60_000, using: &random))
      if hasEnded(process) {
        #expect(end(process) == .code(0))
        if kills < 24 { folder.remove("zoo") }
        continue
      }
      kill(process, SIGKILL)
      if end(process) == .signal(SIGKILL) { kills += 1 }
    }
    #expect(try end(start(folder)) == .code(0))
    #expect(bytes(folder) == wanted)
  }

  @Test(arguments: others) func zoosOfOtherFamiliesEndTheSameToo(call: String) throws {
    let undisturbed = try Folder()
    try #require(end(start(undisturbed, call)) == .code(0), "\(undisturbed.read(".errors") ?? "")")
    let wanted = bytes(undisturbed)
    let folder = try Folder()
    var random = SystemRandomNumberGenerator()
    for shard in ["", "1/2", "", "2/2", "", "1/2", "", ""] {
      let process = try start(folder, call, shard: shard)
      usleep(UInt32.random(in: 5000...60_000, using: &random))
      kill(process, SIGKILL)
      _ = end(process)
    }
    let last = try ["1/2", "2/2", ""].map { try start(folder, call, shard: $0) }
    #expect(last.map { end($0) } == [.code(0), .code(0), .code(0)])
    #expect(bytes(folder) == wanted)
  }

  @Test func processesAndShardsShareAFolderAndMayDie() throws {
    let wanted = try whole()
    let folder = try Folder()
    var random = SystemRandomNumberGenerator()
    for _ in 0..<8 {
      let processes = try ["1/2", "2/2", ""].map { try start(folder, shard: $0) }
      usleep(UInt32.random(in: 5000...40_000, using: &random))
      kill(processes[Int.random(in: 0..<3, using: &random)], SIGKILL)
      usleep(UInt32.random(in: 1000...20_000, using: &random))
      for process in processes { kill(process, SIGKILL) }
      for process in processes { _ = end(process) }
    }
    let last = try ["1/2", "2/2", ""].map { try start(folder, shard: $0) }
    #expect(last.map { end($0) } == [.code(0), .code(0), .code(0)])
    #expect(bytes(folder) == wanted)
  }

  @Test func interruptedItKeepsWhatIsFinished() throws {
    let wanted = try whole()
    let folder = try Folder()
    for _ in 0..<3 {
      let process = try start(folder)
      for _ in 0..<500 where folder.read("zoo/zoo.json") == nil { usleep(2000) }
      usleep(30_000)
      kill(process, SIGINT)
      let ending = end(process)
      #expect(ending == .code(130) || ending == .code(0))
    }
    #expect(try end(start(folder)) == .code(0))
    #expect(bytes(folder) == wanted)
  }

  /// The limit of a file's size stands for a disk without room: writes beyond it fail.
  @Test func withoutRoomItSaysSoAndGoesOnLater() throws {
    let wanted = try whole()
    let size = try #require(wanted["parameters.npy"]).count
    let folder = try Folder()
    #expect(try end(start(folder, limit: size / 2)) == .code(1))
    #expect(folder.read(".errors")?.contains("/parameters.npy\": file too large") == true)
    #expect(folder.read("zoo/zoo.json") == nil)
    // Begun with room for all, then the room goes: rows beyond the limit cannot be written.
    let process = try start(folder)
    for _ in 0..<500 where folder.read("zoo/zoo.json") == nil { usleep(1000) }
    kill(process, SIGKILL)
    let begun = end(process) == .signal(SIGKILL)
    folder.remove(".errors")
    #expect(try end(start(folder, limit: size / 2)) == .code(begun ? 1 : 0))
    if begun {
      #expect(
        folder.read(".errors")?.contains("cannot write \"zoo/parameters.npy\": file too large")
          == true)
    }
    #expect(try end(start(folder)) == .code(0))
    #expect(bytes(folder) == wanted)
  }
}
