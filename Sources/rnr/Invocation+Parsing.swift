import Execution

extension Invocation {
  /// The long options, for "did you mean".
  static let longOptions = [
    "--color", "--eval", "--help", "--interactive", "--no-init", "--seed", "--strict", "--version",
  ]

  /// Reads the command line, without the program's name.
  ///
  /// - Throws: `Failure` on an unknown option or a value that is missing or wrong.
  init(arguments: [String]) throws {
    self.init()
    var rest = arguments[...]
    var expressions: [String] = []
    while let word = rest.first, word.hasPrefix("-"), word != "-" {
      rest.removeFirst()
      if word == "--" { break }
      try readOption(word, &rest, &expressions)
      if work == .help || work == .version { return }
    }
    if expressions.isEmpty {
      try readOperands(Array(rest))
    } else {
      guard rest.isEmpty else {
        throw Failure("-e and a script (\"\(rest[rest.startIndex])\") cannot be used together")
      }
      work = .expressions(expressions)
    }
  }

  private mutating func readOption(
    _ word: String, _ rest: inout ArraySlice<String>, _ expressions: inout [String]
  ) throws {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = word.hasPrefix("--") ? String(parts[0]) : word
    var attached = word.hasPrefix("--") && parts.count == 2 ? String(parts[1]) : nil
    func value(_ what: String) throws -> String {
      defer { attached = nil }
      if let attached { return attached }
      guard let next = rest.popFirst() else { throw Failure("\(name) needs \(what)") }
      return next
    }
    switch name {
    case "-e", "--eval": expressions.append(try value("an expression"))
    case "-i", "--interactive": staysAtPrompt = true
    case "-h", "--help": work = .help
    case "-V", "--version": work = .version
    case "--strict": isStrict = true
    case "--no-init": readsStartUpFile = false
    case "--color": colours = try Self.colours(try value("auto, always or never"))
    case "--seed": seed = try Self.seed(try value("a number"))
    default: throw Self.unknown(name)
    }
    if attached != nil { throw Failure("\(name) takes no value") }
  }

  private static func unknown(_ name: String) -> Failure {
    var failure = Failure("unknown option \(name)", hint: "rnr --help lists all options")
    if let near = Text.nearest(name, in: longOptions).first {
      failure.hint = "did you mean \(near)?"
    }
    return failure
  }

  private static func colours(_ text: String) throws -> Colours {
    guard let colours = Colours(rawValue: text) else {
      throw Failure("--color is auto, always or never, not \"\(text)\"")
    }
    return colours
  }

  private static func seed(_ text: String) throws -> UInt64 {
    guard let seed = UInt64(text), seed <= 1 << 53 else {
      throw Failure("--seed is a whole number from 0 to 2^53, not \"\(text)\"")
    }
    return seed
  }

  private mutating func readOperands(_ words: [String]) throws {
    guard let first = words.first else { return }
    let others = Array(words.dropFirst())
    let asksForHelp = others.contains("--help") || others.contains("-h")
    switch first {
    case "check" where asksForHelp, "test" where asksForHelp, "docs" where asksForHelp:
      work = .help
    case "check":
      isStrict = isStrict || others.contains("--strict")
      let (files, isJSON) = try Self.files(
        of: first, option: "--json", in: others.filter { $0 != "--strict" })
      work = .check(files, isJSON: isJSON)
    case "test":
      let (files, updates) = try Self.files(of: first, option: "--update", in: others)
      work = .test(files, updates: updates)
    case "docs":
      if let word = others.first { throw Failure("docs takes no argument, found \(word)") }
      work = .docs
    default:
      try Self.checkScript(first, others)
      work = .script(path: first)
      arguments = others
    }
  }

  /// Tells what was meant where a word stands that is neither a script nor a command.
  private static func checkScript(_ word: String, _ others: [String]) throws {
    let isName = word.allSatisfy(\.isLetter) && !File.exists(word)
    guard isName else { return }
    let unknown = "there is no command or script \(word)"
    if word == "help" { throw Failure(unknown, hint: "rnr --help lists all commands and options") }
    if let near = Text.nearest(word, in: ["check", "test", "docs"]).first {
      throw Failure(unknown, hint: "did you mean rnr \(near)?")
    }
    if let script = others.first(where: { $0.hasSuffix(".rnr") }) {
      throw Failure(unknown, hint: "rnr \(script) runs a script")
    }
  }

  /// The files behind `check` or `test`, and whether its one option is among them.
  private static func files(
    of command: String, option: String, in words: [String]
  ) throws -> ([String], isSet: Bool) {
    let files = words.filter { $0 == "-" || !$0.hasPrefix("-") }
    if let unknown = words.first(where: { $0.hasPrefix("-") && $0 != "-" && $0 != option }) {
      let isNear = !Text.nearest(unknown, in: [option]).isEmpty
      throw Failure(
        "unknown option \(unknown) of \(command)",
        hint: isNear ? "did you mean \(option)?" : "\(command) has the option \(option)")
    }
    guard !files.isEmpty else {
      throw Failure("\(command) needs at least one file", hint: "rnr \(command) script.rnr")
    }
    return (files, words.contains(option))
  }
}
