import Glibc
import Testing

/// A budget of memory that is reached: an error, after which the session goes on.
@Suite struct BudgetTests {
  /// Each would take far more than the budget of the test.
  private static let hungry = [
    "zeros([6e9])", "ones([1e5, 1e5])", "normal([4e8], seed=1)", "uniform([4e8], seed=1)",
    "integers([4e8], 0, 9, seed=1)", "arange(0, 5e8)", "linspace(0, 1, 500_000_000)",
    "rnn(1, 1, hidden=65536)", "lstm(1, 1, hidden=65536, layers=1)", "gru(1, 1, hidden=20_000)",
    "permutation(1e9)", "shuffle(0..1e8, seed=1)",
    "choice(0..9, 1e8, repeats=true, seed=1)",
    "bootstrap([1, 2, 3], samples=1e9)", "chunks(0..1e9, 1)", "list(0..1e8)", "reversed(0..1e8)",
    "x = [1, 2]; while true { x = x + x }", "x = [1, 2]; while true { x = [..x, ..x] }",
    "x = [1]; while true { x += x }", "x = \"ab\"; while true { x = x + x }",
    "x = \"ab\"; while true { x += x }", "x = ones([2]); while true { x = concat([x, x]) }",
    "x = []; while true { x += [[1, 2, 3]] }", "x = []; while true { x += [\"a{length(x)}\"] }",
    "x = [ones([1000])]; while true { x += [x[0] + 1] }", "[1] * 1e8", "repeat([1, 2], 5e7)",
    "replace(repeat(\"a\", 1e6), \"a\", repeat(\"b\", 1e6))",
    "replace(repeat(\"a\", 1e6), \"\", repeat(\"b\", 1e6))",
    "join([repeat(\"a\", 1e7) for k in 0..100], \",\")", "repeat(\"abc\", 1e8)",
    "list(repeat(\"abcdefgh\", 1e7))", "read_text(\"/dev/zero\")", "load(\"zeros.csv\")",
    "load(\"sparse.npy\")", "load(\"sparse.json\")", "read_text(\"sparse.npy\")",
    "one_hot(zeros([1000]), 1e6)", "ones([30_000, 1]) @ ones([1, 30_000])",
    "ones([30_000, 1]) + ones([1, 30_000])", "broadcast(1, [1e9])",
    "stack([zeros([1e7]) for k in 0..100])", "to_json(zeros([2^33, 0]))",
    "to_csv(zeros([0, 2^33]))", "list(zeros([2^33, 0]))", "[k for k in 0..1e9]",
    "map(0..1e9, k -> k)", "filter(0..1e9, k -> true)", "accumulate(0..1e9, (a, b) -> a + b)",
    "enumerate(0..1e8)", "zip(0..1e8, 0..1e8)", "flatten([list(0..1e6) for k in 0..100])",
  ]

  @Test func eachIsAnErrorAndTheSessionGoesOn() throws {
    let folder = try Folder()
    try folder.prepareEndlessFiles()
    var program = ""
    for entry in Self.hungry {
      // In a function, so that what it holds is given up with it.
      program += "fn hungry() { \(entry) }\n"
      program += "print(try { hungry(); \"none\" } else e { e })\n"
    }
    program += "print(sum(ones([1000])))\n"
    try folder.write(program, to: "hungry.rnr")
    let measure = try Program.measure(
      ["--no-init", "hungry.rnr"], in: folder, budget: "200M", seconds: 120)
    #expect(measure.isSound(memory: 700 << 20), "\(measure)")
    let lines = measure.result.output.split(separator: "\n")
    try #require(lines.count == Self.hungry.count + 1, "\(measure.result)")
    for (entry, line) in zip(Self.hungry, lines) {
      let isTold = [
        "budget of memory", "too long", "too large", "too many", "at most", "more than",
      ]
      .contains { line.contains($0) }
      #expect(isTold, "\(entry): \(line)")
    }
    #expect(lines.last == "1000")
  }

  @Test(arguments: ["10M", "lots", "0", "-5G"]) func aWrongBudgetIsAWrongUse(text: String) throws {
    let run = try Program.run(["-e", "1"], environment: ["RNR_MEMORY": text])
    #expect(run.ending == .code(2) && run.errors.contains("RNR_MEMORY"))
  }

  /// Without a `try` the error ends a script with 1, and an entry with the next one.
  @Test func anErrorLikeAnyOther() throws {
    let folder = try Folder()
    try folder.write("x = []\nwhile true { x += [[1, 2]] }\n", to: "grow.rnr")
    let script = try Program.measure(
      ["--no-init", "grow.rnr"], in: folder, budget: "150M", seconds: 60)
    #expect(script.result.ending == .code(1) && script.memory < 500 << 20)
    #expect(script.result.errors.contains("the budget of memory, 150 MB, is reached"))
    #expect(script.result.errors.contains("grow.rnr:2"))
  }
}

extension Folder {
  /// Files without an end, or that claim to be of a terabyte.
  func prepareEndlessFiles() throws {
    symlink("/dev/zero", path + "/zeros.csv")
    for name in ["sparse.npy", "sparse.json"] {
      try write("[", to: name)
      try #require(truncate(path + "/" + name, 1 << 40) == 0)
    }
  }
}
