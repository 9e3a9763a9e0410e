import Tensors

extension Value {
  /// Whether two values are equal: by content for data, by identity for functions.
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
    case (.tensor(let a), .number(let b)), (.number(let b), .tensor(let a)):
      a.variable.value.item.map { Double($0) == b } ?? false
    case (.range(let a), .range(let b)): a.start == b.start && a.stop == b.stop
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
    x.count == y.count && zip(x, y).allSatisfy { areEqual($0, $1) }
  }

  private static func haveEqualFields(_ a: RecordObject, _ b: RecordObject) -> Bool {
    zip(a.names, a.values).allSatisfy { name, value in
      b.place(of: name).map { areEqual(value, b.values[$0]) } ?? false
    }
  }
}
