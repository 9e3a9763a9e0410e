import Execution
import Glibc
import Testing

/// Sources that are no text, use each other, or say what a terminal must not do.
@Suite struct SourceTests {
  private func write(_ bytes: [UInt8], _ name: String, in folder: Folder) throws -> String {
    let path = "\(folder.path)/\(name)"
    try File.write(bytes, to: path)
    return path
  }

  private static let broken: [(bytes: [UInt8], place: String, byte: String)] = [
    (Array("x = \"".utf8) + [0xff] + Array("\"\n".utf8), ":1:6", "0xff"),
    (Array("# ".utf8) + [0xe9] + Array("\nprint(1)\n".utf8), ":1:3", "0xe9"),
    (Array("print(1)\nprint(\"ä".utf8) + [0xc3] + Array("\")\n".utf8), ":2:9", "0xc3"),
    ([0xff, 0xfe, 0x70, 0], ":1:1", "0xff"),
  ]

  @Test(arguments: broken.indices)
  func invalidTextIsASourceError(_ number: Int) throws {
    let (bytes, place, byte) = SourceTests.broken[number]
    let folder = try Folder()
    let path = try write(bytes, "broken.rnr", in: folder)
    let user = try folder.write("use \"broken.rnr\"\nprint(2)\n", to: "user.rnr")
    for arguments in [[path], ["check", path], [user], ["check", user]] {
      let result = try Program.run(arguments, in: folder)
      #expect(result.ending == .code(65) && result.output.isEmpty, "\(arguments)")
      #expect(result.errors.contains("the byte \(byte) is no UTF-8"))
      if arguments.last == path { #expect(result.errors.contains("broken.rnr\(place)\n")) }
    }
    let json = try Program.run(["check", "--json", path], in: folder)
    #expect(json.ending == .code(65) && json.output.contains("\"code\":\"malformed\""))
  }

  @Test(arguments: [
    ["a.rnr": "use \"b.rnr\": y\nx = 1", "b.rnr": "use \"a.rnr\": x\ny = 1"],
    [
      "a.rnr": "use \"b.rnr\": y\nx = 1", "b.rnr": "use \"./c.rnr\"\ny = 1",
      "c.rnr": "use \"a.rnr\": x",
    ],
    [
      "a.rnr": "use \"b.rnr\"", "b.rnr": "use \"c.rnr\": z\ny = 1",
      "c.rnr": "use \"b.rnr\": y\nz = 1",
    ],
    ["a.rnr": "use \"b.rnr\"\nfn f() = 1", "b.rnr": "use \"a.rnr\": f\ny = f()"],
  ])
  func filesThatUseEachOtherAreToldSo(_ files: [String: String]) throws {
    let folder = try Folder()
    for (name, text) in files { _ = try folder.write(text + "\n", to: name) }
    for arguments in [["check", "a.rnr"], ["a.rnr"]] {
      let result = try Program.run(arguments, in: folder)
      #expect(result.ending == .code(65))
      #expect(result.errors.hasPrefix("error: files use each other in a circle: "))
      #expect(result.errors.contains("b.rnr -> "))
    }
    let prompt = try Program.run(["-e", "use \"a.rnr\""], in: folder)
    #expect(prompt.errors.hasPrefix("error: files use each other in a circle: "))
  }

  /// Where no name is taken before it is there, a circle does no harm.
  @Test func aCircleOfWholeModulesRuns() throws {
    let folder = try Folder()
    _ = try folder.write("x = 1\nuse \"b.rnr\"\nfn f() = b.g()\n", to: "a.rnr")
    _ = try folder.write("use \"a.rnr\": x\nfn g() = x + 1\n", to: "b.rnr")
    let main = try folder.write("use \"a.rnr\"\nprint(a.f())\n", to: "main.rnr")
    #expect(try Program.run([main], in: folder).output == "2\n")
    for file in ["main.rnr", "a.rnr"] {
      #expect(try Program.run(["check", file], in: folder).ending == .code(0))
    }
    _ = try folder.write("use \"c.rnr\"\nx = 1\n", to: "d.rnr")
    _ = try folder.write("use \"d.rnr\"\ny = d.x\n", to: "c.rnr")
    let early = try Program.run(["-e", "use \"d.rnr\""], in: folder)
    #expect(early.errors.hasPrefix("error: files use each other in a circle: "))
  }

  @Test func oneFileMayBeUsedByTwo() throws {
    let folder = try Folder()
    _ = try folder.write("x = 1\n", to: "base.rnr")
    _ = try folder.write("use \"base.rnr\": x\ny = x\n", to: "left.rnr")
    let main = try folder.write(
      "use \"base.rnr\": x\nuse \"left.rnr\": y\nprint(x + y)\n", to: "main.rnr")
    #expect(try Program.run([main], in: folder).output == "2\n")
    #expect(try Program.run(["check", main], in: folder).ending == .code(0))
  }

  @Test(arguments: [
    ([], "10 false"), (["--runs", "3"], "3 false"), (["--quick"], "10 true"),
    (["--quick", "false"], "10 false"), (["--quick", "true"], "10 true"),
    (["--quick=false"], "10 false"), (["--quick=true", "--runs=4"], "4 true"),
    (["--quick", "--runs", "5"], "5 true"),
  ])
  func optionsOfFilesThatAreUsedCount(_ arguments: [String], _ expected: String) throws {
    let folder = try Folder()
    _ = try folder.write("runs = option(\"runs\", 10)\n", to: "settings.rnr")
    let main = try folder.write(
      "use \"settings.rnr\": runs\nprint(runs, option(\"quick\", false))\n", to: "main.rnr")
    #expect(try Program.run([main] + arguments, in: folder).output == expected + "\n")
    let wrong = try Program.run([main] + arguments + ["--rums=5"], in: folder)
    #expect(wrong.ending == .code(2) && wrong.errors.contains("hint: did you mean --runs?"))
  }

  @Test func aSwitchIsTrueOrFalse() throws {
    let folder = try Folder()
    let main = try folder.write("print(option(\"quick\", false))\n", to: "main.rnr")
    let result = try Program.run([main, "--quick=0"], in: folder)
    #expect(result.errors.hasPrefix("error: --quick must be true or false, but it is \"0\""))
  }

  @Test func messagesHaveNoControlCharacters() throws {
    let folder = try Folder()
    let name = "a\u{1b}[2J\u{7}b.rnr"
    let script = try folder.write("fail(chr(27))\n", to: name)
    for arguments in [
      [script], ["check", script + "x"], ["--\u{1b}[2J"], ["-e", "fail(\"\u{1b}\")"],
      ["test", script],
      ["\u{1b}[2J"], ["-e", "\"\u{1b}[2J\""], ["-e", "?\u{1b}[2J"], [script, "--\u{1b}"],
    ] {
      let result = try Program.run(arguments, in: folder)
      let text = result.output + result.errors
      let found = text.unicodeScalars.filter { $0 != "\n" && Text.isControl($0) }
      #expect(found.isEmpty, "\(arguments): \(text)")
    }
  }

  @Test(arguments: [
    ("a.npy", "hello"), ("a.npz", "hello"), ("a.safetensors", "12345678"), ("a.json", "{"),
    ("a.csv", "a,b\n1\n"), ("a.rnv", "rnv1l"), ("a.rnv", "hello"), ("a.tsv", "\"a"),
    ("a.rnv", "rnv1a\u{1}\0\0\0\0\0\0\0\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}"),
  ])
  func loadersNameTheFile(_ name: String, _ content: String) throws {
    let folder = try Folder()
    _ = try folder.write(content, to: name)
    let result = try Program.run(["-e", "load(\"\(name)\")"], in: folder)
    let message = result.errors.split(separator: "\n").first ?? ""
    #expect(message.hasPrefix("error: ") && message.contains(name), "\(message)")
  }
}
