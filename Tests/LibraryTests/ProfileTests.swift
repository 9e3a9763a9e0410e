import Execution
import Language
import Testing

/// Where `profile` says that the time went.
@Suite struct ProfileTests {
  private func profiled(_ program: String) throws -> Profile {
    let session = try LanguagePrograms.session(RecordingConsole())
    return session.profiled { _ = session.evaluate(program, name: "test", echo: false) }.1
  }

  private func entry(_ name: String, _ profile: Profile) throws -> Profile.Entry {
    try #require(profile.entries.first { $0.name == name })
  }

  @Test func callsAreCountedByKind() throws {
    let profile = try profiled(
      """
      fn twice(x) = 2 * x
      xs = map([1, 2, 3], twice)
      y = ones([4, 5]) @ ones([5, 6]) + 1
      """)
    #expect(try entry("twice", profile).calls == 3)
    #expect(try entry("twice", profile).kind == .function)
    #expect(try entry("twice", profile).place == "test:1")
    #expect(try entry("map", profile).kind == .native)
    #expect(try entry("@", profile).operations == 2 * 4 * 5 * 6)
    #expect(try entry("+", profile).kind == .operation)
  }

  /// A module runs in parts when it is first used.
  @Test func linesThatWouldLookAlikeAreOne() throws {
    let profile = try profiled("iterate(0, 3, (s, k) -> s + k); adamw(zeros([2]))")
    let lines = profile.table().split(separator: "\n").map { $0.dropFirst(30) }
    #expect(Set(lines).count == lines.count)
  }

  @Test func timeBelongsToTheInnermostCall() throws {
    let profile = try profiled(
      """
      fn inner() { for k in 0..300_000 { k } }
      fn outer() { inner() }
      outer()
      """)
    #expect(try entry("inner", profile).seconds > 5 * entry("outer", profile).seconds)
    #expect(profile.entries.reduce(0) { $0 + $1.seconds } <= profile.seconds)
  }

  @Test func errorsEndTheCallsThatTheyBreakOff() throws {
    let profile = try profiled(
      """
      fn broken() { fail("no") }
      fn caught() { try { broken() } else e { 0 } }
      for k in 0..3 { caught() }
      x = map([1, 2], x -> try { broken() } else e { x })
      """)
    #expect(try entry("broken", profile).calls == 5)
    #expect(try entry("caught", profile).calls == 3)
    #expect(try entry("map", profile).calls == 1)
  }

  @Test func tableShowsSharesAndTheRest() throws {
    let names = (0..<30).map { "f\($0)" }
    let program =
      names.map { "fn \($0)() = 1" } + ["x = ones([64, 64]) @ ones([64, 64])"]
      + names.map { $0 + "()" }
    let table = try profiled(program.joined(separator: "\n")).table(columns: 100)
    let lines = table.split(separator: "\n")
    #expect(lines[0] == " share    seconds     calls  name")
    #expect(lines.count == 1 + 20 + 2)
    #expect(lines[lines.count - 2].contains(" others"))
    #expect(lines.contains { $0.contains(" @ ") && $0.hasSuffix(" GFLOP/s") })
    #expect(lines[lines.count - 1].contains("% in the language"))
  }
}
