import Autodiff
import Execution
import Tensors

/// A value of the language.
///
/// Everything is a value: what looks like a change makes a copy unless the variable is the only
/// holder.
public enum Value {
  /// A variable that has no value yet, or an argument that was not given. Never seen by programs.
  case unset
  case none
  case boolean(Bool)
  case number(Double)
  case string(StringObject)
  case list(ListObject)
  case record(RecordObject)
  case tensor(TensorObject)
  case range(RangeObject)
  case function(FunctionObject)
  case type(TypeObject)
  case instance(InstanceObject)
  case module(Module)
  case native(NativeBox)
}

/// A tensor, traced or not.
public final class TensorObject {
  /// The numbers, with their place on a tape if they are traced.
  public internal(set) var variable: Variable
  /// What the numbers stand for where they are an index.
  public let kind: Kind

  /// What the numbers of a tensor stand for.
  public enum Kind: Sendable {
    /// Numbers, which as an index name places.
    case numbers
    /// Truth values, which as an index select.
    case mask
    /// Numbers that were computed from truth values: as an index they may be meant either way.
    case formerMask
  }

  init(_ variable: Variable, _ kind: Kind = .numbers) {
    self.variable = variable
    self.kind = kind
  }

  /// Whether it holds truth values: as an index it then selects, and does not name places.
  public var isMask: Bool { kind == .mask }
}

/// The numbers from `start` up to `stop` (not included), one apart.
public final class RangeObject {
  /// The first number.
  public let start: Double
  /// The end, which the range does not reach.
  public let stop: Double
  init(start: Double, stop: Double) {
    self.start = start
    self.stop = stop
  }

  /// The first number if all numbers can be counted up to without rounding.
  var exactStart: Double? {
    start == start.rounded() && abs(start) <= 0x1p53 && abs(stop) <= 0x1p53 ? start : nil
  }

  /// How many numbers there are; may be infinite.
  public var length: Double {
    if exactStart != nil, stop == stop.rounded() { return max(0, stop - start) }
    let length = Steps.count(from: start, to: stop, step: 1)
    return length > 0 ? length : 0
  }

  /// The same as a whole number, at most 10^15.
  public var count: Int { Int(within: 0...1_000_000_000_000_000, length) }
}

extension Value {
  /// Refuses a string of more bytes than one may have, or than there is memory for.
  public static func checkTextLength(_ count: Int) throws { try Machine.checkTextLength(count) }

  /// A string as a value.
  public static func text(_ text: String) -> Value { .string(StringObject(text)) }
  /// A list as a value.
  @inlinable
  public static func items(_ items: some Collection<Value>) -> Value { .items(ListItems(items)) }
  /// A list as a value.
  public static func items(_ items: ListItems) -> Value { .list(items.list) }
  /// A whole number as a value.
  public static func integer(_ number: Int) -> Value { .number(Double(number)) }
  /// A constant tensor as a value.
  public static func tensor(_ tensor: Tensor) -> Value { .tensor(TensorObject(Variable(tensor))) }
  /// A 0/1 tensor that selects where it is used as an index.
  public static func mask(_ tensor: Tensor) -> Value {
    .tensor(TensorObject(Variable(tensor), .mask))
  }
  /// Numbers that were computed from truth values, and no longer are any.
  public static func formerMask(_ variable: Variable) -> Value {
    .tensor(TensorObject(variable, .formerMask))
  }
  /// A variable as a value.
  public static func variable(_ variable: Variable) -> Value { .tensor(TensorObject(variable)) }
  /// Elements of another value in a new shape: a mask if that is one.
  public static func variable(_ variable: Variable, like value: Value) -> Value {
    .tensor(TensorObject(variable, value.tensorKind))
  }
  /// What the numbers of a tensor stand for.
  public var tensorKind: TensorObject.Kind {
    if case .tensor(let object) = self { object.kind } else { .numbers }
  }
  /// Whether it is a tensor that selects where it is used as an index.
  public var isMask: Bool { if case .tensor(let object) = self { object.isMask } else { false } }
  /// A net, zoo or the like as a value.
  public static func object(_ object: any NativeObject) -> Value { .native(NativeBox(object)) }

  /// A record as a value.
  public static func fields(_ fields: [(String, Value)]) -> Value {
    .record(.holding(fields.map { Symbol($0.0) }, fields.lazy.map(\.1)))
  }

  /// A record of names, each of which comes once, and as many values.
  public static func record(_ names: [Symbol], _ values: [Value]) -> Value {
    .record(.holding(names, values))
  }

  /// A record whose fields have names, even if these are the numbers 0, 1 and so on.
  public static func named(_ names: [Symbol], _ values: [Value]) -> Value {
    let record = RecordObject.holding(names, values)
    record.markNamed()
    return .record(record)
  }

  /// A record with the places 0, 1 and so on: what `(a, b)` makes.
  public static func tuple(_ values: [Value]) -> Value {
    .record(.holding(values.indices.map(Symbol.place), values))
  }

  var isUnset: Bool {
    if case .unset = self { return true }
    return false
  }

  /// Whether this is `none`.
  public var isNone: Bool {
    if case .none = self { return true }
    return false
  }

  var isCallable: Bool {
    switch self {
    case .function, .type: true
    default: false
    }
  }

  /// The name of the type, by which functions are chosen and of which messages speak.
  public var typeName: String { typeSymbol.name }

  var typeSymbol: Symbol {
    switch self {
    case .unset, .none: TypeNames.none
    case .boolean: TypeNames.boolean
    case .number: TypeNames.number
    case .string: TypeNames.string
    case .list: TypeNames.list
    case .record: TypeNames.record
    case .tensor: TypeNames.tensor
    case .range: TypeNames.range
    case .function: TypeNames.function
    case .type: TypeNames.type
    case .instance(let instance): instance.type.name
    case .module: TypeNames.module
    case .native(let box): Symbol(box.object.typeName)
    }
  }

  /// The type with its article, for messages: `a number`, `an LSTM`.
  public var described: String {
    switch self {
    case .unset: "nothing"
    case .none: "none"
    case .tensor(let object): "a tensor of shape \(Tensor.text(of: object.variable.shape))"
    default: Value.article(typeName)
    }
  }

  static func article(_ noun: String) -> String {
    let isSpoken = "aeiouAEIOU".contains(noun.prefix(1)) || ["lstm", "rnn"].contains(noun)
    return isSpoken ? "an \(noun)" : "a \(noun)"
  }
}

/// The names of the built-in types.
enum TypeNames {
  static let none = Symbol("none")
  static let boolean = Symbol("boolean")
  static let number = Symbol("number")
  static let string = Symbol("string")
  static let list = Symbol("list")
  static let record = Symbol("record")
  static let tensor = Symbol("tensor")
  static let range = Symbol("range")
  static let function = Symbol("function")
  static let type = Symbol("type")
  static let module = Symbol("module")

  static let all = [
    none, boolean, number, string, list, record, tensor, range, function, type, module,
  ]
}

extension Value {
  /// The numbers from one up to another, as a value.
  public static func range(from start: Double, to stop: Double) -> Value {
    .range(RangeObject(start: start, stop: stop))
  }
}
