extension Diagnostic {
  /// The kind of a diagnostic; its text is stable, for editors and scripts.
  public enum Code: String, Sendable, CaseIterable {
    /// The text does not follow the grammar.
    case syntax
    /// A bracket or a string is not closed.
    case unclosed
    /// A number, a string or a sign that cannot be read.
    case malformed
    /// A notation of another language.
    case foreign = "foreign-notation"
    /// A limit of the language is passed.
    case limit
    /// A name that nothing defines.
    case unknownName = "unknown-name"
    /// A name that gets its value only further down.
    case readEarly = "read-before-definition"
    /// A field that the value does not have.
    case unknownField = "unknown-field"
    /// A module that the library does not have.
    case unknownModule = "unknown-module"
    /// A function for a type that is not there.
    case unknownType = "unknown-type"
    /// A keyword that the function does not take.
    case unknownArgument = "unknown-argument"
    /// More arguments than the function takes.
    case argumentCount = "too-many-arguments"
    /// An argument that the function needs is not given.
    case argumentMissing = "missing-argument"
    /// An argument that is given twice.
    case argumentTwice = "repeated-argument"
    /// A parameter or a field of this name is there twice, or in the wrong order.
    case duplicate = "repeated-name"
    /// A statement where it has no meaning.
    case misplaced = "misplaced-statement"
    /// A function tries to change a variable outside of it.
    case outerVariable = "outer-variable"
    /// Shapes that cannot go together.
    case shapes = "shape-mismatch"
    /// Statements that never run.
    case unreachable = "unreachable-code"
    /// A name that is assigned and never read.
    case unread = "unread-name"
    /// A mistake that only running shows.
    case runTime = "run-time"
  }
}
