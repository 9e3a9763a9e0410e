/// An expression and where it stands.
public struct Expression: Sendable {
  /// What it is.
  public var kind: Kind
  /// Where it stands, the parentheses around it included.
  public var span: Span

  /// An expression at a place.
  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  /// The forms of an expression.
  public indirect enum Kind: Sendable {
    case number(Double)
    case string(String)
    /// `"loss {loss:.4f}"`: texts and values in turn.
    case interpolation([Segment])
    case boolean(Bool)
    case none
    case name(String)
    case list([Element])
    /// `(a=1, b=2)`, `(a, b)` with places 0 and 1, `(..r, a=1)`.
    case record([Element])
    case comprehension(Comprehension)
    case unary(UnaryOperator, Expression)
    /// The span is the operator's.
    case binary(BinaryOperator, Expression, Expression, Span)
    /// `and` or `or`: the right side is not evaluated where a plain left side decides.
    case logical(isAnd: Bool, Expression, Expression, Span)
    /// `x |> f(k=1)` is a call too, with x in front.
    case call(Expression, [Element])
    case index(Expression, [IndexItem])
    case field(Expression, String, Span)
    case lambda(FunctionNode)
    case range(Expression, Expression, isClosed: Bool)
    case conditional(Expression, Block, Block?)
    case block(Block)
    case attempt(Block, error: String, Block)
  }

  /// A piece of an interpolated string.
  public enum Segment: Sendable {
    case text(String)
    /// A value and its format, such as `.4f`; empty if there is none.
    case value(Expression, format: String)
  }

  /// An argument of a call, an item of a list, or a field of a record.
  public struct Element: Sendable {
    /// What stands before the value.
    public var form: Form
    /// The value itself.
    public var value: Expression
    /// The whole element, name and spread included.
    public var span: Span

    /// What stands before the value.
    public enum Form: Sendable, Equatable {
      case plain
      /// `name=value`; the span is the name's.
      case named(String, Span)
      /// `..value`
      case spread
    }

    /// An element at a place.
    public init(_ form: Form, _ value: Expression, _ span: Span) {
      self.form = form
      self.value = value
      self.span = span
    }
  }

  /// One place between the brackets of an index.
  public enum IndexItem: Sendable {
    case at(Expression)
    /// `start:stop:step`, each of which may be missing.
    case slice(Expression?, Expression?, Expression?, Span)
    /// `...`
    case ellipsis(Span)
  }

  /// `[body for pattern in items if condition]`, with one or more `for` clauses.
  public struct Comprehension: Sendable {
    /// What each item of the result is.
    public var body: Expression
    /// The loops, outermost first.
    public var clauses: [Clause]

    /// One `for ... in ...` and the conditions behind it.
    public struct Clause: Sendable {
      /// What each value is bound to.
      public var pattern: Pattern
      /// What the loop goes through.
      public var items: Expression
      /// What must hold for a value to be taken.
      public var conditions: [Expression]

      /// One `for ... in ... if ...`.
      public init(pattern: Pattern, items: Expression, conditions: [Expression]) {
        self.pattern = pattern
        self.items = items
        self.conditions = conditions
      }
    }

    /// A comprehension.
    public init(body: Expression, clauses: [Clause]) {
      self.body = body
      self.clauses = clauses
    }
  }
}

/// Operators with one operand.
public enum UnaryOperator: String, Sendable {
  case minus = "-"
  case plus = "+"
  case not = "not"
}

/// Operators with two operands that evaluates both.
public enum BinaryOperator: String, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "^"
  case matrixMultiply = "@"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isIn = "in"
  case isNotIn = "not in"
}

/// A function, with or without a name.
public final class FunctionNode: Sendable {
  /// The name; nil for a lambda.
  public let name: String?
  /// What it takes.
  public let parameters: [Parameter]
  /// The body; nil for a `native fn`, whose body the program supplies.
  public let body: Block?
  /// The `##` lines above it, without the marks.
  public let documentation: String?
  /// From `fn` (or the lambda's first parameter) to the end of the body.
  public let span: Span
  /// The name, or the parameters of a lambda.
  public let nameSpan: Span
  /// The names that its body assigns and uses.
  let names: NameUse
  /// The names that it takes from around it.
  let free: Set<String>

  /// A function.
  public init(
    name: String?, parameters: [Parameter], body: Block?, documentation: String?, span: Span,
    nameSpan: Span
  ) {
    names = NameUse(body?.statements ?? [])
    free = names.free(name: name, parameters)
    self.name = name
    self.parameters = parameters
    self.body = body
    self.documentation = documentation
    self.span = span
    self.nameSpan = nameSpan
  }
}

/// A parameter: `x`, `k=1`, `e: InteractiveProbing`, or `..rest`.
public struct Parameter: Sendable {
  /// What it is called.
  public var name: String
  /// The type by which the function is chosen; only the first parameter may have one.
  public var type: String?
  /// What it is without an argument; nil if it needs one.
  public var defaultValue: Expression?
  /// Whether it takes all further positional arguments as a list or, with a default, all further
  /// keyword arguments as a record.
  public var isRest: Bool
  /// The whole parameter.
  public var span: Span

  /// A parameter.
  public init(
    name: String, type: String? = nil, defaultValue: Expression? = nil, isRest: Bool = false,
    span: Span
  ) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.isRest = isRest
    self.span = span
  }
}

/// `type Name(field, field=default)`.
public final class TypeNode: Sendable {
  /// What the type and its constructor are called.
  public let name: String
  /// The fields in order.
  public let fields: [Parameter]
  /// The `##` lines above it, without the marks.
  public let documentation: String?
  /// From `type` to the closing parenthesis.
  public let span: Span
  /// The name alone.
  public let nameSpan: Span

  /// A type definition.
  public init(
    name: String, fields: [Parameter], documentation: String?, span: Span, nameSpan: Span
  ) {
    self.name = name
    self.fields = fields
    self.documentation = documentation
    self.span = span
    self.nameSpan = nameSpan
  }
}

/// Statements in order; the value is that of the last one if it is an expression.
public struct Block: Sendable {
  /// What it does, in order.
  public var statements: [Statement]
  /// From brace to brace.
  public var span: Span

  /// Statements between braces.
  public init(_ statements: [Statement], _ span: Span) {
    self.statements = statements
    self.span = span
  }
}

/// What a name, or a nest of names, is bound to: `x`, `(a, b)`.
public indirect enum Pattern: Sendable {
  case name(String, Span)
  case tuple([Pattern], Span)
}

/// Where an assignment puts its value.
public indirect enum Target: Sendable {
  case pattern(Pattern)
  /// `base[i] = v`
  case index(Target, [Expression.IndexItem], Span)
  /// `base.name = v`
  case field(Target, String, Span)
}

/// A statement and where it stands.
public struct Statement: Sendable {
  /// What it is.
  public var kind: Kind
  /// Where it stands, without the `;` behind it.
  public var span: Span
  /// Whether a `;` ends it: the prompt then prints nothing.
  public var isSilent: Bool

  /// A statement at a place.
  public init(_ kind: Kind, _ span: Span, isSilent: Bool = false) {
    self.kind = kind
    self.span = span
    self.isSilent = isSilent
  }

  /// The forms of a statement.
  public indirect enum Kind: Sendable {
    case expression(Expression)
    case assign(Target, Expression)
    /// `x += v`; the span is the operator's.
    case update(BinaryOperator, Target, Expression, Span)
    case function(FunctionNode)
    case type(TypeNode)
    case forLoop(Pattern, Expression, Block)
    case whileLoop(Expression, Block)
    case breakLoop
    case continueLoop
    case returnValue(Expression?)
    case use(Use)
    case assert(Expression, message: Expression?)
  }

  /// `use plot`, `use plot: scatter, line`, `use "mine.rnr"`.
  public struct Use: Sendable {
    /// The name or the path.
    public var module: String
    /// Whether the module is a file path rather than a name of the library.
    public var isPath: Bool
    /// The names taken out of it; empty if the module itself is bound.
    public var names: [(name: String, span: Span)]
    /// The name or the path, with its quotes.
    public var moduleSpan: Span

    /// A `use` statement.
    public init(
      module: String, isPath: Bool, names: [(name: String, span: Span)], moduleSpan: Span
    ) {
      self.module = module
      self.isPath = isPath
      self.names = names
      self.moduleSpan = moduleSpan
    }
  }
}

/// A whole source as a tree.
public struct Program: Sendable {
  /// The text it was read from.
  public let source: Source
  /// What the source does, in order.
  public var statements: [Statement]
  /// The `##` lines at the very top, before a blank line: what the file is about.
  public var documentation: String?

  /// A parsed source.
  public init(source: Source, statements: [Statement], documentation: String?) {
    self.source = source
    self.statements = statements
    self.documentation = documentation
  }
}
