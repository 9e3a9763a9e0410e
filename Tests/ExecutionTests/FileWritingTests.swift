import Glibc
import Testing

@testable import Execution

/// What writing does with what is there already: links, pipes, permissions, what others have left.
@Suite struct FileWritingTests {
  private let folder = "/tmp/rnr-writing-tests-\(getpid())-\(UInt32.random(in: 0 ... .max))"

  init() throws { try File.makeFolder(folder + "/inner") }

  private func path(_ name: String) -> String { "\(folder)/\(name)" }

  private func mode(_ name: String) -> mode_t {
    var information = stat()
    return lstat(path(name), &information) == 0 ? information.st_mode : 0
  }

  private func names() throws -> [String] { try File.list(folder) }

  // MARK: - Large files

  @Test func manyPiecesMakeOneFile() throws {
    let bytes = (0..<9_500_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
    try File.write(bytes, to: path("large"))
    #expect(try File.read(path("large")) == bytes)
    try File.write(to: path("large")) { output in
      for piece in [bytes[..<5_000_000], bytes[..<0], bytes[5_000_000...]] {
        try Array(piece).withUnsafeBytes { try output.append($0) }
      }
    }
    #expect(try File.read(path("large")) == bytes)
    #expect(try names() == ["inner", "large"])
  }

  /// In a process of its own, as the wish to stop is one for the whole process.
  @Test func aLargeFileThatIsStoppedLeavesTheOldOne() async {
    await #expect(processExitsWith: .success) {
      let folder = "/tmp/rnr-stopped-writing-\(getpid())"
      try File.makeFolder(folder)
      defer { rmdir(folder) }
      try File.writeText("old", to: folder + "/file")
      defer { unlink(folder + "/file") }
      Cancellation.current.request()
      do {
        try File.write([UInt8](repeating: 1, count: 20_000_000), to: folder + "/file")
        throw Failure("it was written")
      } catch is Interrupted {}
      // What is small may hold a partial result.
      guard try File.readText(folder + "/file") == "old", try File.list(folder) == ["file"] else {
        throw Failure("something else is left")
      }
      try File.writeText("new", to: folder + "/file")
      guard try File.readText(folder + "/file") == "new" else { throw Failure("nothing written") }
    }
  }

  // MARK: - Links

  @Test(arguments: [
    (link: "inner/target", old: "old"), ("inner/target", nil), ("./inner/../inner/target", nil),
    ("/absolute", "old"), ("/absolute", nil),
  ])
  func aLinkKeepsLeadingWhereItLeads(link: String, old: String?) throws {
    let leads = link.hasPrefix("/") ? path("inner/target") : link
    if let old { try File.writeText(old, to: path("inner/target")) }
    try #require(symlink(leads, path("first")) == 0)
    try #require(symlink("first", path("second")) == 0)
    try File.writeText("new", to: path("second"))
    #expect(mode("first") & S_IFMT == S_IFLNK && mode("second") & S_IFMT == S_IFLNK)
    #expect(mode("inner/target") & S_IFMT == S_IFREG)
    #expect(try File.readText(path("inner/target")) == "new")
    #expect(try names() == ["first", "inner", "second"])
    #expect(try File.list(path("inner")) == ["target"])
  }

  @Test func aRingOfLinksIsRefused() throws {
    try #require(symlink("b", path("a")) == 0 && symlink("a", path("b")) == 0)
    let failure = #expect(throws: Failure.self) { try File.writeText("x", to: path("a")) }
    #expect(failure?.message.contains("too many levels of symbolic links") == true)
  }

  // MARK: - What is no plain file

  @Test func aPipeIsWrittenToAsItIs() throws {
    try #require(mkfifo(path("pipe"), 0o600) == 0)
    let reader = open(path("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try File.writeText("through", to: path("pipe"))
    var bytes = [UInt8](repeating: 0, count: 20)
    #expect(read(reader, &bytes, 20) == 7 && mode("pipe") & S_IFMT == S_IFIFO)
    try File.writeText("nowhere", to: "/dev/null")
    var null = stat()
    #expect(stat("/dev/null", &null) == 0 && null.st_mode & S_IFMT == S_IFCHR)
  }

  /// What a process has open is not taken from under it.
  @Test func anOpenFileIsWrittenToAtItsEnd() throws {
    let descriptor = open(path("output"), O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    _ = write(descriptor, "begun ", 6)
    for name in ["/dev/fd/\(descriptor)", "/proc/self/fd/\(descriptor)"] {
      try File.writeText("more ", to: name)
    }
    // The place is the one of whoever has it open, who goes on behind it.
    _ = write(descriptor, "end", 3)
    #expect(try File.readText(path("output")) == "begun more more end")
    var information = stat()
    #expect(fstat(descriptor, &information) == 0 && information.st_nlink == 1)
  }

  @Test func aSocketAndAFolderAreRefused() throws {
    let failure = #expect(throws: Failure.self) { try File.writeText("x", to: path("inner")) }
    #expect(failure?.message == "\"\(path("inner"))\" is a folder, not a file")
    try #require(mknod(path("socket"), S_IFSOCK | 0o600, 0) == 0)
    let other = #expect(throws: Failure.self) { try File.writeText("x", to: path("socket")) }
    #expect(other?.message == "\"\(path("socket"))\" is a socket, expected a file")
  }

  // MARK: - Permissions

  @Test(arguments: [0o600, 0o640, 0o644, 0o755, 0o666] as [mode_t])
  func permissionsStay(mode wanted: mode_t) throws {
    try File.writeText("old", to: path("file"))
    try #require(chmod(path("file"), wanted) == 0)
    try File.writeText("new", to: path("file"))
    #expect(mode("file") & 0o7777 == wanted)
    #expect(try File.readText(path("file")) == "new")
  }

  /// The reason is that of the failed call, not of one that came after it.
  @Test func aClosedFolderIsToldAsOne() throws {
    for body in [
      { try File.makeFolder("/sys/kernel/rnr/inner") },
      { try File.writeText("x", to: "/sys/kernel/rnr") },
      { try File.writeFolder("/sys/kernel/rnr") { _ in } },
    ] as [() throws -> Void] {
      let failure = #expect(throws: Failure.self) { try body() }
      #expect(failure?.message.contains("/sys/kernel/rnr") == true)
      #expect(failure?.message.contains("no such file") == false, "\(failure?.message ?? "")")
    }
  }

  // MARK: - Names

  @Test func aPathWithTheCodeZeroIsRefused() throws {
    try File.writeText("kept", to: path("keep.txt"))
    let cut = path("keep.txt\u{0}.npy")
    for body in [
      { try File.writeText("x", to: cut) }, { _ = try File.read(cut) },
      { try File.makeFolder(cut) }, { _ = try File.list(cut) },
      { try File.writeFolder(cut) { _ in } },
    ] as [() throws -> Void] {
      let failure = #expect(throws: Failure.self) { try body() }
      #expect(failure?.message.contains("keep.txt\\u{0}.npy") == true)
    }
    #expect(!File.exists(cut) && !File.isFolder(path("inner\u{0}x")))
    #expect(try File.readText(path("keep.txt")) == "kept")
  }

  @Test func theNameAsideIsLongEnoughAndShortEnough() throws {
    let long = path(String(repeating: "é", count: 127))
    try File.writeText("x", to: long)
    #expect(try File.readText(long) == "x")
    let names = (0..<100).map { _ in LeftOvers.newName(for: long) }
    #expect(Set(names).count == 100)
    #expect(names.allSatisfy { LeftOvers.process(in: $0) == getpid() })
  }

  @Test(
    arguments: [
      ("a.npy.part-77-0123456789abcdef", 77), ("a.part-77", nil),
      ("a.part-x-0123456789abcdef", nil),
      ("a.part-77-0123456789abcdeg", nil), ("a.part-77-0123456789abcde", nil), ("part-77", nil),
      ("a-77-0123456789abcdef", nil), ("a.part--7-0123456789abcdef", nil), ("", nil),
    ] as [(String, pid_t?)])
  func onlyNamesOfItsOwnAreKnown(name: String, process: pid_t?) {
    #expect(LeftOvers.process(in: name) == process)
  }

  // MARK: - What killed processes left

  /// The number of a process that is no more.
  private func deadProcess() throws -> pid_t {
    var process = pid_t()
    var words = [strdup("/bin/true"), nil]
    defer { free(words[0]) }
    try #require(posix_spawn(&process, "/bin/true", nil, nil, &words, nil) == 0)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return process
  }

  private func plant(_ name: String) throws -> Int32 {
    let descriptor = open(path(name), O_WRONLY | O_CREAT | O_EXCL, 0o600)
    try #require(descriptor >= 0)
    return descriptor
  }

  @Test func whatTheDeadLeftIsRemoved() throws {
    let dead = try deadProcess()
    close(try plant("a.npy.part-\(dead)-00000000000000aa"))
    try File.makeFolder(path("zoo.part-\(dead)-00000000000000ab"))
    close(try plant("zoo.part-\(dead)-00000000000000ab/weights.npy"))
    // At work: a living process, and one of another machine, which holds the lock.
    close(try plant("b.part-\(getppid())-00000000000000ac"))
    let locked = try plant("c.part-\(dead)-00000000000000ad")
    defer { close(locked) }
    try #require(flock(locked, LOCK_EX) == 0)
    // What a user may have named so.
    close(try plant("d.part-\(dead)"))
    close(try plant("kept"))
    try #require(symlink("kept", path("e.part-\(dead)-00000000000000ae")) == 0)

    try File.writeText("x", to: path("new"))
    #expect(
      try names() == [
        "b.part-\(getppid())-00000000000000ac", "c.part-\(dead)-00000000000000ad",
        "d.part-\(dead)", "e.part-\(dead)-00000000000000ae", "inner", "kept", "new",
      ])
  }

  @Test func aFolderIsThereWholeOrNotAtAll() throws {
    try #require(symlink("inner", path("link")) == 0)
    try File.writeFolder(path("link")) { try File.writeText("x", to: $0 + "/file") }
    #expect(try File.readText(path("inner/file")) == "x")
    #expect(throws: Failure.self) {
      try File.writeFolder(path("other")) { aside in
        try File.writeText("x", to: aside + "/file")
        throw Failure("stop")
      }
    }
    #expect(try names() == ["inner", "link"])
  }
}
