/// What the program asks of the language.
public protocol Interpreter: AnyObject {
  /// Whether warnings are errors.
  var isStrict: Bool { get set }
  /// Whether a warning is due when random numbers are drawn without a seed that someone chose.
  var wantsSeed: Bool { get set }
  /// Whether a text can be evaluated as it stands, or needs more lines (an open bracket or string,
  /// a trailing operator).
  func isComplete(_ text: String) -> Bool
  /// Runs a text to its end, printing values of expression statements if `echo`; errors are
  /// rendered to the console.
  func evaluate(_ text: String, name: String, echo: Bool) -> Outcome
  /// Runs an entry of the prompt: its last value becomes `ans`, and `out[number]` if it has one.
  func evaluate(entry number: Int, _ text: String) -> Outcome
  /// Runs a file as an entry, among the prompt's own names; files that it uses are read again.
  func load(entry number: Int, _ path: String) throws -> Outcome
  /// Runs an entry, and again and again if it is short, without showing what it writes then.
  func time(entry number: Int, _ text: String) -> (outcome: Outcome, timing: Timing?)
  /// The prompt's variables with type, shape and size, as a table for so many columns.
  ///
  /// - Parameters:
  ///   - pattern: a part of the names that are wanted, or the whole name with `*` for any letters.
  ///   - rows: the most lines; of more variables the newest are shown.
  func variables(_ pattern: String, columns: Int, rows: Int) -> String
  /// Forgets all names, outputs and modules.
  func reset()
  /// The script that does what these entries did, with names in the place of `ans` and `out[n]`,
  /// to stand in a folder.
  func script(of entries: [SessionEntry], in folder: String) -> SessionScript
  /// Runs a script file (checked as a whole before it starts) with its arguments.
  func runScript(_ text: String, path: String, arguments: [String]) -> Outcome
  /// Runs an entry, and says by functions and operators where its time went.
  func profile(entry number: Int, _ text: String) -> (outcome: Outcome, table: String)
  /// What TAB offers for a text with the cursor at a byte offset: never evaluates anything.
  func completions(in text: String, at cursor: Int) -> Completions
  /// Help of a name.
  func help(_ name: String) -> String
  /// The source text of a name.
  func sourceText(_ name: String) -> String
  /// What a search through all documentation finds.
  func search(_ words: String) -> String
}

/// How long an expression took.
public struct Timing: Sendable {
  /// Seconds of the first run.
  public var first: Double
  /// Seconds of the shortest run.
  public var best: Double
  /// How often it ran.
  public var runs: Int
}

/// What was entered at the prompt.
public struct SessionEntry: Sendable {
  /// The number before which the prompt showed it.
  public var number: Int
  /// What was typed, or stood in the file that was loaded.
  public var text: String
  /// The folder from which the files count that it uses.
  public var folder: String

  /// An entry of a session.
  public init(number: Int, text: String, folder: String = ".") {
    self.number = number
    self.text = text
    self.folder = folder
  }
}

/// What a session did, as a script.
public struct SessionScript: Sendable {
  /// The text; what was left out stands in it as comments.
  public var text: String
  /// How many entries are in it.
  public var entries: Int
  /// For each statement that could not run in a script, the reason.
  public var leftOut: [String]
}

/// How an evaluation ended.
public enum Outcome: Equatable, Sendable {
  case ok
  case runtimeError
  case sourceError
  /// The user stopped it; the program says so.
  case interrupted
  /// The text asked to leave with this exit code.
  case quit(Int)
}

/// What a text may go on with.
public struct Completions: Sendable {
  /// One way to go on.
  public struct Candidate: Sendable {
    /// What replaces the word.
    public var text: String
    /// A remark listed beside it, such as `= 1e-3  learning rate`.
    public var summary: String

    /// A way to go on.
    public init(text: String, summary: String = "") {
      self.text = text
      self.summary = summary
    }
  }

  /// The byte offset where the completed word starts.
  public var start: Int
  /// The ways to go on, in the order in which they are listed.
  public var candidates: [Candidate]
  /// Inside a string: file names complete it instead, and `candidates` is empty.
  public var isPath: Bool
  /// Of files only those with one of these endings are offered, beside folders; `/` alone wants
  /// folders, nothing wants all.
  public var endings: [String] = []

  /// Ways to go on from `start`.
  public init(start: Int, candidates: [Candidate] = [], isPath: Bool = false) {
    self.start = start
    self.candidates = candidates
    self.isPath = isPath
  }
}
