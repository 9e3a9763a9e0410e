/// The base error: what was found, what was expected, and a hint, tied to arguments by place or
/// name.
///
/// Rooms throw it without knowing the source text; the language adds the span of the call and of
/// the arguments that `labels` point at.
public struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The argument that a label speaks of.
  public enum Argument: Equatable, Sendable {
    /// The argument at this place, counted from 0.
    case position(Int)
    /// The keyword argument of this name.
    case keyword(String)
  }

  /// A remark about one argument, shown under it.
  public struct Label: Equatable, Sendable {
    /// The argument that the remark is about.
    public var argument: Argument
    /// The remark, as one short phrase.
    public var text: String

    /// A remark about one argument.
    public init(_ argument: Argument, _ text: String) {
      self.argument = argument
      self.text = text
    }
  }

  /// One sentence without a full stop that says what is wrong, with what was found and expected.
  public var message: String
  /// Remarks about single arguments, such as the shape of each operand.
  public var labels: [Label]
  /// What to do about it, if there is something to say.
  public var hint: String?

  /// An error with its remarks and hint.
  public init(_ message: String, labels: [Label] = [], hint: String? = nil) {
    self.message = message
    self.labels = labels
    self.hint = hint
  }

  /// An error about the value of one argument.
  public init(_ message: String, at argument: Argument, _ text: String = "", hint: String? = nil) {
    self.init(message, labels: [Label(argument, text)], hint: hint)
  }

  /// The message and, in parentheses, its hint.
  public var description: String {
    guard let hint else { return message }
    return message + " (hint: " + hint + ")"
  }
}

/// Thrown where work stops because the user asked for it.
public struct Interrupted: Error, Equatable, Sendable {
  /// The interruption.
  public init() {}
}
