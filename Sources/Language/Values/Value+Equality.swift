import Tensors

extension Value {
  /// Whether two values are equal: by content for data, by identity for functions.
  public static func areEqual(_ x: Value, _ y: Value) -> Bool {
    var pairs: [(Value, Value)] = []
    guard areEqual(x, y, &pairs) else { return false }
    while let (a, b) = pairs.popLast() {
      guard areEqual(a, b, &pairs) else { return false }
    }
    return true
  }

  /// Whether two values are equal if all the pairs that are added are.
  private static func areEqual(_ x: Value, _ y: Value, _ pairs: inout [(Value, Value)]) -> Bool {
    switch (x, y) {
    case (.none, .none), (.unset, .unset): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a.text == b.text
    case (.list(let a), .list(let b)): a === b || areEqual(a.items, b.items, &pairs)
    case (.record(let a), .record(let b)):
      a === b || a.names.count == b.names.count && haveEqualFields(a, b, &pairs)
    case (.tensor(let a), .tensor(let b)): a === b || a.variable.value == b.variable.value
    case (.tensor(let a), .number(let b)), (.number(let b), .tensor(let a)):
      a.variable.value.item.map { Double($0) == b } ?? false
    case (.range(let a), .range(let b)): a.start == b.start && a.stop == b.stop
    case (.function(let a), .function(let b)): a === b
    case (.type(let a), .type(let b)): a === b
    case (.instance(let a), .instance(let b)):
      a.type.name == b.type.name && areEqual(a.values, b.values, &pairs)
    case (.module(let a), .module(let b)): a === b
    case (.native(let a), .native(let b)):
      a === b || a.object.typeName == b.object.typeName && a.object.isEqual(to: b.object)
    default: false
    }
  }

  private static func areEqual(
    _ x: [Value], _ y: [Value], _ pairs: inout [(Value, Value)]
  ) -> Bool {
    guard x.count == y.count else { return false }
    pairs += zip(x, y)
    return true
  }

  private static func haveEqualFields(
    _ a: RecordObject, _ b: RecordObject, _ pairs: inout [(Value, Value)]
  ) -> Bool {
    for (name, value) in zip(a.names, a.values) {
      guard let place = b.place(of: name) else { return false }
      pairs.append((value, b.values[place]))
    }
    return true
  }
}
