import Execution
import Tensors

extension Value {
  /// Whether two values are equal: by content for data, by identity for functions.
  ///
  /// A tensor, a list and a range are equal if they have the same shape and equal numbers; a number
  /// and an element of a tensor are compared in the 32 bits of the latter.
  public static func areEqual(_ x: Value, _ y: Value) -> Bool {
    switch (x, y) {
    case (.none, .none), (.unset, .unset): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a.text == b.text
    case (.list(let a), .list(let b)): a === b || areEqual(a.items, b.items)
    case (.record(let a), .record(let b)):
      a === b || a.names.count == b.names.count && haveEqualFields(a, b)
    case (.tensor(let a), .tensor(let b)): a === b || a.variable.value == b.variable.value
    case (.tensor(let a), let other), (let other, .tensor(let a)):
      equals(a.variable.value[...], other)
    case (.range(let a), .range(let b)): areEqual(a, b)
    case (.range(let a), .list(let b)), (.list(let b), .range(let a)): areEqual(a, b)
    case (.function(let a), .function(let b)): a === b
    case (.type(let a), .type(let b)): a === b
    case (.instance(let a), .instance(let b)):
      a.type.name == b.type.name && areEqual(a.values, b.values)
    case (.module(let a), .module(let b)): a === b
    case (.native(let a), .native(let b)):
      a === b || a.object.typeName == b.object.typeName && a.object.isEqual(to: b.object)
    default: false
    }
  }

  private static func areEqual(
    _ x: some Collection<Value>, _ y: some Collection<Value>
  ) -> Bool {
    guard x.count == y.count else { return false }
    var polling = Polling()
    // Whoever compares what may be long looks at the token afterwards.
    return zip(x, y).allSatisfy { areEqual($0, $1) && (try? polling.check()) != nil }
  }

  private static func haveEqualFields(_ a: RecordObject, _ b: RecordObject) -> Bool {
    zip(a.names, a.values).allSatisfy { name, value in
      b.place(of: name).map { areEqual(value, b.values[$0]) } ?? false
    }
  }

  private static func areEqual(_ a: RangeObject, _ b: RangeObject) -> Bool {
    a.length == b.length && (a.length == 0 || a.start == b.start)
  }

  private static func areEqual(_ range: RangeObject, _ list: ListObject) -> Bool {
    range.length == Double(list.count)
      && list.items.enumerated().allSatisfy {
        areEqual(.number(range.start + Double($0)), $1)
      }
  }

  // MARK: - Tensors

  private static func equals(_ part: TensorPart, _ other: Value) -> Bool {
    switch other {
    case .number(let number): part.single == Float(number)
    case .boolean(let truth): part.single == (truth ? 1 : 0)
    case .tensor(let object): part.equals(object.variable.value)
    case .list(let list):
      part.extent == list.count && (list.count > 0 || part.axis + 1 == part.tensor.rank)
        && list.items.enumerated().allSatisfy { equals(part[$0], $1) }
    case .range(let range):
      part.tensor.rank == part.axis + 1 && Double(part.extent ?? -1) == range.length
        && (0..<range.count).allSatisfy { part[$0].single == Float(range.start + Double($0)) }
    default: false
    }
  }

  // MARK: - Hashes

  /// Items of a collection at each level that a hash looks at.
  private static let hashedItems = 256

  /// A number that is the same for all values that are equal to this one.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .none, .unset: hasher.combine(0)
    case .boolean(let truth): Value.hash(truth ? 1 : 0, into: &hasher)
    case .number(let number): Value.hash(Float(number), into: &hasher)
    case .string(let text): hasher.combine(text.text)
    case .list(let list):
      hasher.combine(list.count)
      for item in list.items.prefix(Value.hashedItems) { item.hash(into: &hasher) }
    case .range(let range):
      hasher.combine(range.count)
      for place in 0..<min(range.count, Value.hashedItems) {
        Value.hash(Float(range.start + Double(place)), into: &hasher)
      }
    case .tensor(let object): Value.hash(object.variable.value[...], into: &hasher)
    case .record(let record): Value.hash(record, into: &hasher)
    case .instance(let instance):
      hasher.combine(instance.type.name.name)
      for value in instance.values { value.hash(into: &hasher) }
    case .function, .type, .module: hasher.combine(1)
    case .native(let box): hasher.combine(box.object.typeName)
    }
  }

  private static func hash(_ number: Float, into hasher: inout Hasher) {
    hasher.combine(number)
  }

  /// Fields may come in any order.
  private static func hash(_ record: RecordObject, into hasher: inout Hasher) {
    var sum = 0
    for (name, value) in zip(record.names, record.values) {
      var own = Hasher()
      own.combine(name.name)
      value.hash(into: &own)
      sum ^= own.finalize()
    }
    hasher.combine(sum)
  }

  private static func hash(_ part: TensorPart, into hasher: inout Hasher) {
    guard let extent = part.extent else {
      return hash(part.single ?? 0, into: &hasher)
    }
    hasher.combine(extent)
    for place in 0..<min(extent, hashedItems) { hash(part[place], into: &hasher) }
  }
}

/// A tensor, or what lies in it at some places of its first axes.
private struct TensorPart {
  let tensor: Tensor
  var axis = 0
  var start = 0
  var count: Int

  /// The number, if no axis is left.
  var single: Float? { axis == tensor.rank ? tensor.buffer[start] : nil }
  /// The extent of the first axis that is left.
  var extent: Int? { axis < tensor.rank ? tensor.shape[axis] : nil }

  /// What lies at a place of the first axis that is left.
  subscript(_ place: Int) -> TensorPart {
    let size = count / max(tensor.shape[axis], 1)
    return TensorPart(tensor: tensor, axis: axis + 1, start: start + place * size, count: size)
  }

  func equals(_ other: Tensor) -> Bool {
    tensor.shape.dropFirst(axis).elementsEqual(other.shape)
      && (0..<count).allSatisfy { tensor.buffer[start + $0] == other.buffer[$0] }
  }
}

extension Tensor {
  fileprivate subscript(_: UnboundedRange) -> TensorPart { TensorPart(tensor: self, count: count) }
}
