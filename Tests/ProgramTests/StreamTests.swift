import Glibc
import Testing

/// Standard streams that are closed, and pipes that nobody opens at the other end.
@Suite(.serialized) struct StreamTests {
  private func end(_ process: pid_t) -> Ending {
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return Ending(status: status)
  }

  private static let zoo = """
    language_zoo("zoo", runs=2, steps=10, letters=3, length=20, lowest=-1, highest=1, maximum_n=5,
      layers=1, hidden=8, batch=8, snapshots=[0, 5], samples=20, rollouts=4, seed=3)
    print("a result"); save([1, 2], "list.json"); missing = fail("a note")
    """

  private func files(closing closed: Set<Int32>) throws -> [String: [UInt8]] {
    let folder = try Folder()
    let streams = (Int32(0)..<3).map { stream in
      closed.contains(stream) ? Program.Stream.closed : .file("/dev/null", flags: O_RDWR)
    }
    let process = try Program.start(["--no-init", "-e", Self.zoo], in: folder, streams)
    #expect(end(process) == .code(1))
    var files = ["list.json": folder.bytes("list.json")]
    for name in folder.names("zoo") { files[name] = folder.bytes("zoo/" + name) }
    return files
  }

  /// A file must not be given the number of a closed stream: notes would be written into it.
  @Test func closedStreamsLeaveFilesAlone() throws {
    let wanted = try files(closing: [])
    #expect(wanted.count == 10 && wanted["list.json"]?.isEmpty == false)
    for set in 1..<8 {
      let closed = Set((Int32(0)..<3).filter { set & (1 << Int($0)) != 0 })
      #expect(try files(closing: closed) == wanted, "\(closed)")
    }
  }

  @Test func whatGoesToStandardOutputByItsNameKeepsItsPlace() throws {
    let folder = try Folder()
    let result = try Program.run(
      ["--no-init", "-e", "print(1); write_text(\"two\\n\", \"/dev/stdout\"); print(3)"], in: folder
    )
    #expect(result.output == "1\ntwo\n3\n")
    #expect(result.ending == .code(0))
  }

  /// A wait for a pipe's other end is stopped as other work is, and not caught as a failure.
  @Test(arguments: [
    ["-e", "try { read_text(\"pipe\") } else e { print(\"caught\") }"],
    ["-e", "try { load(\"pipe.json\") } else e { print(\"caught\") }"],
    ["-e", "try { save([1], \"pipe.json\") } else e { print(\"caught\") }"],
    ["-e", "use \"pipe\""], ["pipe"], ["check", "pipe"], ["test", "pipe"], ["script.rnr"],
  ])
  func controlCEndsTheWaitForAPipe(arguments: [String]) throws {
    let folder = try Folder()
    try folder.write("use \"pipe\"\nuse \"pipe.json\"\n", to: "script.rnr")
    for name in ["pipe", "pipe.json"] { mkfifo("\(folder.path)/\(name)", 0o600) }
    let process = try Program.start(
      ["--no-init"] + arguments, in: folder,
      [
        .file("/dev/null", flags: O_RDONLY),
        .file(folder.path + "/.output", flags: O_WRONLY | O_CREAT),
        .file(folder.path + "/.errors", flags: O_WRONLY | O_CREAT),
      ])
    usleep(300_000)
    kill(process, SIGINT)
    #expect(end(process) == .code(130))
    #expect(folder.read(".output") == "")
    #expect(folder.names("").contains("pipe") && folder.read(".errors") != nil)
  }

  @Test func aPathWithTheCodeZeroIsRefusedEverywhere() throws {
    let folder = try Folder()
    try folder.write("kept", to: "keep.txt")
    let calls = [
      "write_text(\"x\", p)", "read_text(p)", "load(p)", "save([1], \"keep.txt\\u{0}.json\")",
      "save(arange(3), \"keep.txt\\u{0}.npy\")", "exists(p)", "make_folder(p)", "zoo_status(p)",
      "iterate(0, 2, (s, k) -> s, checkpoint=p)",
    ]
    for call in calls {
      let result = try Program.run(
        ["--no-init", "-e", "p = \"keep.txt\\u{0}.npy\"; \(call)"], in: folder)
      #expect(result.ending == .code(1), "\(call)")
      #expect(result.errors.contains("code 0"), "\(call) \(result.errors)")
    }
    #expect(folder.read("keep.txt") == "kept")
  }
}
