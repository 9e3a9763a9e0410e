/// A function as a value.
public final class FunctionObject {
  enum Kind {
    /// Code and the values it captured when it was made.
    case closure(Code, captures: [Value])
    /// Chosen by the type of the first argument.
    case generic(Generic)
  }

  let kind: Kind
  /// The code, unless types choose among several.
  let code: Code?
  /// What the code captured.
  let captures: [Value]
  /// What the machine's loop needs; set when it is first called.
  var entry: UnsafeMutablePointer<Code.Fixed>?
  /// How many arguments it takes if exactly so many are wanted, by place; -1 otherwise.
  let plainCount: Int
  /// Captured values count as parts.
  let depth: Int32

  init(_ kind: Kind) {
    self.kind = kind
    if case .closure(let code, let captures) = kind {
      self.code = code
      self.captures = captures
      plainCount = code.hasRest ? -1 : code.parameters.count
      depth = captures.isEmpty ? 0 : Value.depth(of: captures)
    } else {
      code = nil
      captures = []
      plainCount = -1
      depth = 0
    }
  }

  /// What the machine's loop needs of the code; there is one wherever a function can be entered.
  var readyEntry: UnsafeMutablePointer<Code.Fixed> {
    guard let code else { preconditionFailure("a choice among functions cannot be entered") }
    if let entry { return entry }
    let made = code.prepared
    entry = made
    return made
  }

  /// What messages call it.
  public var name: String {
    switch kind {
    case .closure(let code, _): code.name
    case .generic(let generic): generic.name
    }
  }

  /// Whether it is a single definition, and the library's.
  public var isOfLibrary: Bool { code?.module.isLibrary ?? false }

  /// The names of its parameters; of several definitions those for all types.
  public var parameterNames: [String] { (parameters ?? []).map(\.name.name) }

  /// The parameters as they are written, for help and messages; nil where types choose.
  var parameters: [Code.Parameter]? {
    switch kind {
    case .closure(let code, _): code.parameters
    case .generic(let generic): (generic.fallback ?? generic.methods.values.first)?.parameters
    }
  }
}

/// The definitions of one name for different types of the first argument; shared by all modules.
final class Generic {
  /// Stands for the definition without a type.
  static let anyType = "any"

  let name: String
  private var own: [Symbol: FunctionObject] = [:]
  /// Where the definitions for types are, if one file sees them with another definition for the rest.
  private let base: Generic?
  /// The definition without a type, if there is one.
  var fallback: FunctionObject?

  init(name: String) {
    self.name = name
    base = nil
  }

  /// The definitions of another one, with `fallback` in the place of its definition without a type.
  init(_ base: Generic, fallback: FunctionObject) {
    name = base.name
    self.base = base
    self.fallback = fallback
  }

  /// The definitions for types.
  var methods: [Symbol: FunctionObject] { base?.methods ?? own }

  /// The definition for a type, if there is one.
  func method(for type: Symbol) -> FunctionObject? { own[type] ?? base?.method(for: type) }

  /// Adds a definition for a type.
  func add(_ function: FunctionObject, for type: Symbol) { own[type] = function }
}

extension TypeObject {
  /// The names of the parameters of its constructor.
  public var parameterNames: [String] { constructor.parameterNames }
}
