import Autodiff
import Execution
import Tensors

/// Which results of computing with masks are masks again.
///
/// What is none any more is marked, so that an index which looks like a mask is not taken for
/// places in silence.
enum Masks {
  /// How a built-in function treats masks among its arguments.
  enum Rule {
    /// Masks at these places give a mask.
    case keeps([Int])
    /// The result is numbers, whatever the arguments are.
    case counts
    /// A mask among the arguments gives what is none any more.
    case loses
  }

  private static let first = [
    "abs", "relu", "sort", "unique", "flatten", "detach", "round", "floor", "ceil", "first", "last",
    "take", "drop", "shuffle", "reversed", "diagonal", "tensor", "reshape", "transpose", "gather",
    "broadcast", "permuted",
  ]
  private static let pairs = ["max", "min", "maximum", "minimum"]
  private static let places = ["argsort", "argmax", "argmin"]

  static func rule(of function: String) -> Rule {
    if first.contains(function) { return .keeps([0]) }
    if pairs.contains(function) { return .keeps([0, 1]) }
    if function == "where" { return .keeps([1, 2]) }
    return places.contains(function) ? .counts : .loses
  }

  /// What a tensor is where an element of it becomes something else.
  static func kind(of tensor: Value, changedTo value: Value) -> TensorObject.Kind {
    guard tensor.isMask else { return tensor.tensorKind }
    return isTruth(value) || isOneOrZero(value) ? .mask : .formerMask
  }

  /// The result of an operator.
  static func marked(
    _ result: Value, of operation: Operation, _ x: Value, _ y: Value
  ) -> Value {
    guard x.tensorKind != .numbers || y.tensorKind != .numbers,
      case .tensor(let object) = result
    else { return result }
    return .tensor(
      TensorObject(object.variable, keepsTruth(operation, x, y) ? .mask : .formerMask))
  }

  private static func keepsTruth(_ operation: Operation, _ x: Value, _ y: Value) -> Bool {
    switch operation {
    case .multiply: holdsTruth(x) && holdsTruth(y)
    case .subtract: !x.isMask && isOne(x) && y.isMask
    case .power: x.isMask && (Machine.number(y) ?? 0) > 0
    default: false
    }
  }

  /// The result of a built-in function.
  static func marked(_ result: Value, _ rule: Rule, _ arguments: Arguments) -> Value {
    guard case .tensor(let object) = result, object.kind == .numbers else { return result }
    if case .counts = rule { return result }
    var hasMask = false
    for place in 0..<arguments.count where arguments[place].tensorKind != .numbers {
      hasMask = true
    }
    guard hasMask else { return result }
    if case .keeps(let places) = rule {
      let given = places.filter { $0 < arguments.count && !arguments.isNone($0) }
        .map { arguments[$0] }
      if given.contains(where: isTruth), given.allSatisfy(holdsTruth) {
        return .tensor(TensorObject(object.variable, .mask))
      }
    }
    return .formerMask(object.variable)
  }

  /// A list as a mask, if it holds truth values alone.
  static func mask(of list: ListObject) throws -> Tensor? {
    guard list.count > 0, try !list.items.containsInStretches(where: { !isSingleTruth($0) }) else {
      return nil
    }
    return Tensor(
      try list.items.mappedInStretches { Machine.number($0).map(Float.init) ?? ($0.isTrue ? 1 : 0) }
    )
  }

  /// Throws if an index is no mask any more, but looks like one for axes of these extents.
  static func checkIndex(_ key: Value, extents: [Int], item: Int = 1) throws {
    guard case .tensor(let object) = key, object.kind == .formerMask else { return }
    let tensor = object.variable.value
    guard tensor.rank > 0, fits(tensor.shape, extents),
      tensor.buffer.read({ $0.allSatisfy { $0 == 0 || abs($0) == 1 } })
    else { return }
    throw Failure(
      "an index of 0 and 1 that was computed from a mask may name places or select",
      at: .position(item), "no mask any more",
      hint: "m > 0 selects where it holds; list(m) names places")
  }

  private static func fits(_ shape: [Int], _ extents: [Int]) -> Bool {
    guard shape.count <= extents.count else { return false }
    return (0...extents.count - shape.count).contains {
      Array(extents[$0..<$0 + shape.count]) == shape
    }
  }

  private static func isSingleTruth(_ value: Value) -> Bool {
    switch value {
    case .boolean: true
    case .tensor(let object): object.isMask && object.variable.value.rank == 0
    default: false
    }
  }

  private static func isTruth(_ value: Value) -> Bool {
    if case .boolean = value { return true }
    return value.isMask
  }

  private static func isOneOrZero(_ value: Value) -> Bool {
    if case .number(let number) = value { return number == 0 || number == 1 }
    return false
  }

  private static func isOne(_ value: Value) -> Bool {
    switch value {
    case .number(let number): number == 1
    case .boolean(let truth): truth
    default: false
    }
  }

  private static func holdsTruth(_ value: Value) -> Bool { isTruth(value) || isOneOrZero(value) }
}

extension Value {
  fileprivate var isTrue: Bool { if case .boolean(let truth) = self { truth } else { false } }
}
