import Execution

extension Invocation {
  /// The long options, for "did you mean".
  static let longOptions = [
    "--color", "--eval", "--help", "--interactive", "--no-init", "--seed", "--version",
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
    switch first {
    case "check", "test":
      guard !others.isEmpty else {
        throw Failure("\(first) needs at least one file", hint: "rnr \(first) script.rnr")
      }
      if let option = others.first(where: { $0.hasPrefix("-") && $0 != "-" }) {
        throw Failure(
          "unknown option \(option) of \(first)", hint: "options stand before \(first)")
      }
      work = first == "check" ? .check(others) : .test(others)
    default:
      work = .script(path: first)
      arguments = others
    }
  }
}
