import Execution

/// How deeply values lie within each other.
///
/// Comparing, printing, saving and even letting go of a value recurses into it, on a stack that
/// ends. So each container knows its depth, and the machine refuses to make one that is too deep.
extension Value {
  /// Containers within containers before an error.
  public static let nestingLimit = 1000

  /// 0 for a value without parts, else one more than the deepest part.
  var depth: Int32 {
    switch self {
    case .list(let list): list.depth
    case .record(let record): record.depth
    case .instance(let instance): instance.depth
    case .function(let function): function.depth
    default: 0
    }
  }

  /// The depth of a container with these parts.
  static func depth(of parts: some Collection<Value>) -> Int32 {
    var deepest: Int32 = 0
    for part in parts { deepest = max(deepest, part.depth) }
    return deepest + 1
  }

  /// Fails if the value is too deep to be worked with.
  @inline(__always)
  func checkDepth() throws {
    if depth > Value.nestingLimit { throw Value.tooDeep }
  }

  static var tooDeep: Failure {
    Failure("values are nested too deeply: at most \(nestingLimit) within each other")
  }
}
