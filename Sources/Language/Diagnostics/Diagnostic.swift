/// What is wrong and where: a message, the exact stretches of source it speaks of, and a hint.
public struct Diagnostic: Error, Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    case error
    case warning
  }

  /// When it was found; decides the exit code.
  public enum Stage: Sendable {
    /// While the text was read or checked: nothing has run.
    case source
    /// While the program ran.
    case run
  }

  /// A stretch of source and a remark under it.
  public struct Label: Sendable {
    /// The source it speaks of.
    public var source: Source
    /// The stretch that is marked.
    public var span: Span
    /// The remark beside the mark; may be empty.
    public var text: String

    /// A remark about a stretch of source.
    public init(_ source: Source, _ span: Span, _ text: String = "") {
      self.source = source
      self.span = span
      self.text = text
    }
  }

  /// A call that was under way: the function's name and where it was called.
  public struct Frame: Sendable {
    /// The name of the function that was called.
    public var function: String
    /// The source of the call.
    public var source: Source
    /// Where the call stands.
    public var span: Span

    /// A call under way.
    public init(function: String, source: Source, span: Span) {
      self.function = function
      self.source = source
      self.span = span
    }
  }

  /// How bad it is.
  public var severity: Severity
  /// When it was found.
  public var stage: Stage
  /// Its kind.
  public var code: Code
  /// One sentence, lower-case start, no full stop.
  public var message: String
  /// The first label is the place itself; the others are further places that matter.
  public var labels: [Label]
  /// What to do about it, if there is something to say.
  public var hint: String?
  /// The calls under way, innermost first.
  public var frames: [Frame]
  /// The function of the library that found the mistake, and where: the place is the call of it.
  public var finder: Frame?

  /// A diagnostic.
  public init(
    _ severity: Severity = .error, stage: Stage, code: Code? = nil, _ message: String,
    labels: [Label], hint: String? = nil, frames: [Frame] = []
  ) {
    self.severity = severity
    self.stage = stage
    self.code = code ?? (stage == .run ? .runTime : .syntax)
    self.message = message
    self.labels = labels
    self.hint = hint
    self.frames = frames
  }
}
