import Execution
import Testing

@Suite struct CommandLineTests {
  @Test func versionNamesTheVectorInstructions() throws {
    let result = try Program.run(["--version"])
    #expect(result.output.wholeMatch(of: /rnr \d+\.\d+\.\d+ \((avx512|avx2|plain)\)\n/) != nil)
    #expect(result.ending == .code(0))
  }

  @Test func strictMakesWarningsErrors() throws {
    let folder = try Folder()
    let random = try folder.write("print(length(normal([2])))", to: "random.rnr")
    let unread = try folder.write("fn f() {\n  unread = 1\n  2\n}\nprint(f())", to: "unread.rnr")
    let result = try Program.run([random])
    #expect(result.output == "2\n" && result.ending == .code(0))
    #expect(result.errors.hasPrefix("warning: random numbers are drawn, but no seed is set\n"))
    #expect(try Program.run(["--seed", "1", random]).errors.isEmpty)
    #expect(try Program.run(["--strict", random]).ending == .code(1))
    #expect(try Program.run(["--strict", "--seed=1", random]).ending == .code(0))
    #expect(try Program.run(["--strict", unread]).ending == .code(65))
    #expect(try Program.run(["-e", "length(normal([2]))"]).errors.isEmpty)
  }

  /// An option that the script never asks for would be passed over in silence.
  @Test func optionsOfAScriptAreChecked() throws {
    let folder = try Folder()
    let text = "runs = option(\"runs\", 10)\nprint(runs, option('name', \"a\"))\n"
    let script = try folder.write(text, to: "script.rnr")
    #expect(try Program.run([script, "--runs", "5", "-1"]).output == "5 a\n")
    let misspelt = try Program.run([script, "--rums=5"])
    #expect(misspelt.output.isEmpty && misspelt.ending == .code(2))
    #expect(misspelt.errors == "rnr: \(script) has no option --rums\nhint: did you mean --runs?\n")
    #expect(try Program.run([script, "--help"]).errors.hasSuffix("hint: it has --runs, --name\n"))
    let bare = try Program.run([script, "--runs"])
    #expect(bare.errors.hasPrefix("error: --runs must be a number, but no value follows it\n"))
    // What reads its arguments itself knows best.
    let free = try folder.write("print(arguments)\n" + text, to: "free.rnr")
    #expect(try Program.run([free, "--rums=5"]).output == "[\"--rums=5\"]\n10 a\n")
  }

  @Test func aMisspeltCommandIsNoScript() throws {
    let result = try Program.run(["chekc", "script.rnr"])
    #expect(result.errors.hasSuffix("hint: did you mean rnr check?\n"))
    #expect(result.ending == .code(2))
  }

  @Test func picklesAreAnsweredWithWhatToDo() throws {
    let folder = try Folder()
    try folder.write("", to: "net.pt")
    let result = try Program.run(["-e", "load(\"net.pt\")"], in: folder)
    #expect(result.errors.contains("safetensors.torch.save_file"))
  }

  @Test func helpFitsOnAScreen() throws {
    let result = try Program.run(["-h"])
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect((20...40).contains(lines.count))
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(result.errors.isEmpty)
    #expect(result.ending == .code(0))
  }

  @Test(arguments: [
    (["--colr=never"], "did you mean --color?"),
    (["--interactiv"], "did you mean --interactive?"),
    (["--seed"], "--seed needs a number"),
    (["--seed", "x"], "not \"x\""),
    (["--seed=-1"], "not \"-1\""),
    (["--color=blue"], "not \"blue\""),
    (["--no-init=1"], "takes no value"),
    (["-e"], "-e needs an expression"),
    (["-e", "1", "script.rnr"], "cannot be used together"),
    (["check"], "check needs at least one file"),
    (["test", "--fast", "a.rnr"], "unknown option --fast of test"),
    (["chek", "a.rnr"], "did you mean rnr check?"),
    (["run", "a.rnr"], "rnr a.rnr runs a script"),
    (["help"], "rnr --help lists"),
    (["no-such-file.rnr"], "no such file"),
    (["/tmp"], "is a folder"),
  ])
  func wrongUsageIsToldAndEndsWith2(arguments: [String], message: String) throws {
    let result = try Program.run(arguments)
    #expect(result.errors.contains(message))
    #expect(result.errors.hasPrefix("rnr: "))
    #expect(result.output.isEmpty)
    #expect(result.ending == .code(2))
  }

  @Test(arguments: ["check", "test", "docs"]) func commandsTellTheUsage(name: String) throws {
    let result = try Program.run([name, "--help"])
    #expect(result.output.contains("rnr \(name)") && result.ending == .code(0))
  }

  @Test func aMistypedScriptNameIsCorrected() throws {
    let folder = try Folder()
    try folder.write("1", to: "train.rnr")
    let result = try Program.run(["trian.rnr"], in: folder)
    #expect(result.errors.contains("did you mean \"train.rnr\"?"))
  }

  @Test func expressionsPrintTheirValuesInOrder() throws {
    let result = try Program.run(["-e", "1 + 1", "--eval=x = 4", "-e", "x + 1"])
    #expect(result.output == "2\n5\n")
    #expect(result.ending == .code(0))
  }

  @Test func theFirstFailureEndsExpressions() throws {
    let result = try Program.run(["-e", "1", "-e", "fail(\"oh no\")", "-e", "3"])
    #expect(result.output == "1\n")
    #expect(result.errors.contains("oh no"))
    #expect(result.ending == .code(1))
  }

  @Test func namesOfUsedFilesAreFound() throws {
    let folder = try Folder()
    try folder.write("fn double(x) = 2 * x\n", to: "mine.rnr")
    let both = "hint: it is in mine.rnr: write mine.double, or use \"mine.rnr\": double\n"
    let text = "use \"mine.rnr\"\ndouble(4)\n"
    try folder.write(text, to: "script.rnr")
    for arguments in [["script.rnr"], ["check", "script.rnr"]] {
      let result = try Program.run(arguments, in: folder)
      #expect(result.errors.hasSuffix(both) && result.ending == .code(65))
    }
    #expect(try Program.run([], input: text, in: folder).errors.hasSuffix(both))
    #expect(try Program.run(["-i"], input: text, in: folder).errors.hasSuffix(both))
    let texts = ["-e", "use \"mine.rnr\"", "-e", "double(4)"]
    #expect(try Program.run(texts, in: folder).errors.hasSuffix(both))
  }

  @Test func mistakesInUsedFilesNameTheirUser() throws {
    let folder = try Folder()
    try folder.write("x = 1\nfail(\"no\")\n", to: "bad.rnr")
    try folder.write("\nuse \"bad.rnr\"\nprint(bad.x)\n", to: "main.rnr")
    let result = try Program.run(["main.rnr"], in: folder)
    #expect(
      result.errors == """
        error: no
         --> bad.rnr:2:1
          |
        2 | fail("no")
          | ^^^^^^^^^^
        called by: main.rnr:2:5

        """)
  }

  @Test(arguments: [Array("\u{20}= 3\nx (".utf8), Array((1...255).reversed())])
  func bytesThatAreNoTextGiveOneMistake(bytes: [UInt8]) throws {
    let folder = try Folder()
    try File.write([0xFF, 0xFE] + bytes, to: folder.path + "/a.rnr")
    let result = try Program.run(["check", "a.rnr"], in: folder)
    #expect(result.errors.hasPrefix("error: the byte 0xff is no UTF-8\n --> a.rnr:1:1\n"))
    #expect(result.errors.contains("hint: it begins like UTF-16: iconv -f UTF-16"))
    #expect(result.errors.split(separator: "\n").filter { $0.hasPrefix("error") }.count == 1)
    #expect(result.ending == .code(65))
  }

  @Test(arguments: ["x", "0", "-1", "1.5"]) func oddThreadsAreTold(_ threads: String) throws {
    let result = try Program.run(["-e", "1"], environment: ["RNR_THREADS": threads])
    #expect(result.ending == .code(2) && result.output.isEmpty)
    #expect(
      result.errors.contains("RNR_THREADS must be a whole number from 1, but it is \"\(threads)\""))
  }

  @Test func anotherLocaleBreaksNoLetters() throws {
    let text = "print(\"\u{E9}\u{4E2D}\"); \u{E9} = \"\u{4E2D}\"; \u{E9}"
    let result = try Program.run(["-e", text], environment: ["LC_ALL": "C"])
    #expect(result.output == "\u{E9}\u{4E2D}\n\"\u{4E2D}\"\n")
  }

  @Test func wrongSourceEndsWith65() throws {
    #expect(try Program.run(["-e", "1 +* 2"]).ending == .code(65))
  }

  @Test func aScriptPrintsNoValuesAndKeepsItsOptions() throws {
    let folder = try Folder()
    try folder.write("#!/usr/bin/env rnr\n1 + 1\nprint(2 + 3)\n", to: "sum.rnr")
    let result = try Program.run(["sum.rnr", "--help", "-x"], in: folder)
    #expect(result.output == "5\n")
    #expect(result.ending == .code(0))
  }

  @Test func questionsAreAnsweredOnTheCommandLine() throws {
    let result = try Program.run(["-e", "?median", "-e", "1 + 1", "-e", "?? \"half elements\""])
    #expect(result.output.hasPrefix("median(x, axis=none, keep=false)\n  The medians along axes"))
    #expect(result.output.contains("\n2\nmedian("))
    #expect(result.ending == .code(0))
  }

  /// Examples write where they harm nothing, and read what lies beside their file and around.
  @Test func examplesRunInAFolderOfTheirOwn() throws {
    let folder = try Folder()
    folder.makeFolder("part")
    try folder.write("here", to: "here.txt")
    folder.makeFolder("data")
    try folder.write("old", to: "data/old.txt")
    try folder.write("beside", to: "part/beside.txt")
    try folder.write("fn two() = 2\n", to: "part/own.rnr")
    let script = """
      use "own.rnr"

      ## One.
      ## > write_text("made", "made.txt")
      ## > write_text("changed", "here.txt")
      ## > [read_text(name) for name in ["made.txt", "here.txt", "beside.txt"]]
      ## ["made", "changed", "beside"]
      ## > write_text("new", "data/new.txt")
      ## > write_text("changed", "data/old.txt")
      ## > make_folder("data/more")
      ## > [read_text("data/{name}.txt") for name in ["new", "old"]]
      ## ["new", "changed"]
      ## > own.two()
      ## 2
      fn one() = 1

      """
    try folder.write(script, to: "part/script.rnr")
    let result = try Program.run(["test", "part/script.rnr"], in: folder)
    #expect(result.output == "8 passed, 0 failed\n", "\(result.errors)")
    #expect(folder.read("here.txt") == "here")
    #expect(folder.read("data/old.txt") == "old")
    #expect(folder.names("data") == ["old.txt"])
    #expect(folder.names(".").filter { !$0.hasPrefix(".") } == ["data", "here.txt", "part"])
    #expect(folder.names("part") == ["beside.txt", "own.rnr", "script.rnr"])
  }
}
