import Execution
import Language

extension NativeTable {
  static let collections: [NativeFunction] = [
    NativeFunction("list") { call in .items(try call.items(of: call[0])) },
    NativeFunction("keys") { call in
      switch call[0] {
      case .record(let record): .items(record.names.map { .text($0.name) })
      case .instance(let instance): .items(instance.type.fields.map { .text($0.name) })
      case .native(let box): .items(box.object.fieldNames.map { .text($0) })
      default: throw call.wrong(0, expected: "a record")
      }
    },
    NativeFunction("record") { call in
      let names = try call.items(of: call[0])
      let values = try call.items(of: call[1])
      guard names.count == values.count else {
        throw Failure(
          "\(Text.count(names.count, "name")), but \(Text.count(values.count, "value"))",
          at: .position(1))
      }
      return .fields(zip(names, values).map { (call.session.text($0), $1) })
    },
    NativeFunction("map") { call in
      let function = try call.function(1)
      return .items(try call.items(of: call[0]).map { try call.call(function, $0) })
    },
    NativeFunction("filter") { call in
      let function = try call.function(1)
      return .items(
        try call.items(of: call[0]).filter { try call.truth(try call.call(function, $0)) })
    },
    NativeFunction("reduce") { call in
      let function = try call.function(1)
      var items = try call.items(of: call[0])[...]
      var result = call[2]
      if call.isNone(2) {
        guard let first = items.popFirst() else {
          throw Failure("`reduce` of nothing needs a start", at: .position(0))
        }
        result = first
      }
      for item in items { result = try call.call(function, result, item) }
      return result
    },
    NativeFunction("zip") { call in
      let first = try call.items(of: call[0])
      let second = try call.items(of: call[1])
      return .items(zip(first, second).map { .tuple([$0, $1]) })
    },
    NativeFunction("enumerate") { call in
      .items(try call.items(of: call[0]).enumerated().map { .tuple([.integer($0), $1]) })
    },
    NativeFunction("reversed") { call in .items(try call.items(of: call[0]).reversed()) },
    NativeFunction("any") { call in
      for item in try flat(call) where try call.truth(item) { return .boolean(true) }
      return .boolean(false)
    },
    NativeFunction("all") { call in
      for item in try flat(call) where try !call.truth(item) { return .boolean(false) }
      return .boolean(true)
    },
    NativeFunction("group_by") { call in
      let function = try call.function(1)
      var names: [String] = []
      var groups: [String: [Value]] = [:]
      for item in try call.items(of: call[0]) {
        let name = call.session.text(try call.call(function, item))
        if groups[name] == nil { names.append(name) }
        groups[name, default: []].append(item)
      }
      return .fields(names.map { ($0, .items(groups[$0] ?? [])) })
    },
    NativeFunction("sort_list") { call in
      let keys = try sortKeys(call)
      let order = keys.indices.sorted {
        comesBefore(keys[$0], keys[$1]) || (!comesBefore(keys[$1], keys[$0]) && $0 < $1)
      }
      let items = try call.items(of: call[0])
      return .items(order.map { items[$0] })
    },
  ]

  /// The elements of a collection, of a tensor all numbers.
  private static func flat(_ call: Arguments) throws -> [Value] {
    if case .tensor(let object) = call[0] {
      return object.variable.value.elements.map { .number(Double($0)) }
    }
    return try call.items(of: call[0])
  }

  private static func sortKeys(_ call: Arguments) throws -> [Value] {
    var keys = try call.items(of: call[0])
    if !call.isNone(1) {
      let function = try call.function(1)
      keys = try keys.map { try call.call(function, $0) }
    }
    let texts = keys.count { if case .string = $0 { true } else { false } }
    guard texts == 0 || texts == keys.count else {
      throw Failure("numbers and strings cannot be sorted among each other", at: .position(0))
    }
    return try keys.map { key in
      if case .string = key { return key }
      guard let number = call.plainNumber(key) else {
        throw Failure(
          "numbers and strings can be sorted, not \(key.described)", at: .position(0),
          hint: "give a function that makes a number or string of each item: by=...")
      }
      return .number(number)
    }
  }

  private static func comesBefore(_ x: Value, _ y: Value) -> Bool {
    switch (x, y) {
    case (.string(let a), .string(let b)): a.text < b.text
    case (.number(let a), .number(let b)): a < b || (b.isNaN && !a.isNaN)
    case (.number, .string): true
    default: false
    }
  }
}
