/// A function as a value.
public final class FunctionObject {
  enum Kind {
    /// Code and the values it captured when it was made.
    case closure(Code, captures: [Value])
    /// Chosen by the type of the first argument.
    case generic(Generic)
  }

  let kind: Kind
  /// Captured values count as parts.
  let depth: Int32

  init(_ kind: Kind) {
    self.kind = kind
    if case .closure(_, let captures) = kind, !captures.isEmpty {
      depth = Value.depth(of: captures)
    } else {
      depth = 0
    }
  }

  /// What messages call it.
  public var name: String {
    switch kind {
    case .closure(let code, _): code.name
    case .generic(let generic): generic.name
    }
  }

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
  var methods: [Symbol: FunctionObject] = [:]
  /// The definition without a type, if there is one.
  var fallback: FunctionObject?

  init(name: String) { self.name = name }
}
