/// What the command line asks for.
struct Invocation: Equatable {
  /// The work itself.
  enum Work: Equatable {
    /// The prompt; or, if standard input is no terminal, the script that it holds.
    case standardInput
    /// A script from a file, or from standard input if the path is `-`.
    case script(path: String)
    /// Expressions given with `-e`.
    case expressions([String])
    /// Files to be checked without running them; the mistakes as text or as JSON.
    case check([String], isJSON: Bool)
    /// Files whose examples are run; with `updates`, what they print is written into the files.
    case test([String], updates: Bool)
    /// The reference of the library, to standard output.
    case docs
    case version
    case help
  }

  /// When to use colours.
  enum Colours: String, CaseIterable {
    case auto
    case always
    case never
  }

  var work = Work.standardInput
  /// What stands behind the script's path; the script reads it as `arguments`.
  var arguments: [String] = []
  /// Whether to go to the prompt when the work is done.
  var staysAtPrompt = false
  var colours = Colours.auto
  /// Whether the user's start-up file is read before the prompt.
  var readsStartUpFile = true
  /// Whether warnings are errors.
  var isStrict = false
  /// What `seed(n)` is set to from the start.
  var seed: UInt64?
}
