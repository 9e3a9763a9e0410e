/// What the program asks of the language.
public protocol Interpreter: AnyObject {
  /// Whether a text can be evaluated as it stands, or needs more lines (an open bracket or string, a trailing operator).
  func isComplete(_ text: String) -> Bool
  /// Runs a text to its end, printing values of expression statements if `echo`; errors are rendered to the console.
  func evaluate(_ text: String, name: String, echo: Bool) -> Outcome
  /// Runs a script file (checked as a whole before it starts) with its arguments.
  func runScript(_ text: String, path: String, arguments: [String]) -> Outcome
  /// What TAB offers for a text with the cursor at a byte offset: never evaluates anything.
  func completions(in text: String, at cursor: Int) -> Completions
  /// Help of a name, its source text, or a search through all documentation.
  func help(_ name: String) -> String
  func sourceText(_ name: String) -> String
  func search(_ words: String) -> String
}
public enum Outcome: Equatable, Sendable { case ok, runtimeError, sourceError, interrupted, quit(Int) }
public struct Completions: Sendable {
  public struct Candidate: Sendable {
    public var text: String; public var summary: String
  }   // summary e.g. "= 1e-3  learning rate"
  public var start: Int   // byte offset where the completed word starts
  public var candidates: [Candidate]
  public var isPath: Bool }
