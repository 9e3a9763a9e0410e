import Execution
import Language
import Tensors

/// Values as JSON and back.
extension NativeTable {
  /// Objects become records, arrays lists, null becomes none.
  ///
  /// - Throws: `Interrupted`.
  static func jsonValue(_ json: JSON) throws -> Value {
    switch json {
    case .null: return .none
    case .bool(let truth): return .boolean(truth)
    case .number(let number): return .number(number)
    case .string(let text): return .text(text)
    case .array(let items):
      var polling = Polling()
      return .items(
        try items.map { item in
          try polling.check()
          return try jsonValue(item)
        })
    case .object(let members):
      return try .distinctFields(members.count) {
        (members[$0].key, try jsonValue(members[$0].value))
      }
    }
  }

  /// Gives up what is no longer needed; much of it is freed beside what goes on.
  static func release(_ tree: inout JSON) {
    guard case .array(var items) = tree else { return }
    tree = .null
    Parallel.release(&items)
  }

  /// The JSON form of a value; `path` leads to it within the whole, for messages.
  static func json(_ value: Value, _ path: String = "") throws -> JSON {
    switch value {
    case .none, .unset: return .null
    case .boolean(let truth): return .bool(truth)
    case .number(let number): return .number(number)
    case .string(let text): return .string(text.text)
    case .list(let list):
      var polling = Polling()
      return .array(
        try list.items.enumerated().map {
          try polling.check()
          return try json($1, "\(path)[\($0)]")
        })
    case .record(let record) where record.isPlaces && !record.values.isEmpty:
      return .array(try record.values.enumerated().map { try json($1, "\(path)[\($0)]") })
    case .record(let record): return try object(record.names, record.values, path)
    case .instance(let instance): return try object(instance.type.fields, instance.values, path)
    case .tensor(let object):
      return try nested(object.variable.value, object.isMask ? { .bool($0 != 0) } : decimal)
    case .range(let range):
      guard range.length <= 1e8, let count = Int(exactly: range.length) else {
        throw noForm(value, path)
      }
      var polling = Polling()
      return .array(
        try (0..<count).map {
          try polling.check()
          return .number(range.start + Double($0))
        })
    case .function, .type, .module, .native: throw noForm(value, path)
    }
  }

  private static func noForm(_ value: Value, _ path: String) -> Failure {
    let place = path.isEmpty ? "" : " (at \(path.drop { $0 == "." }))"
    return Failure(
      "\(value.described)\(place) has no JSON form", at: .position(0),
      hint: "a .rnv file keeps nets, types and whatever else is data")
  }

  private static func object(
    _ names: [Symbol], _ values: some Collection<Value>, _ path: String
  ) throws -> JSON {
    .object(
      try zip(names, values).map { (key: $0.name, value: try json($1, "\(path).\($0.name)")) })
  }

  private static func nested(_ tensor: Tensor, _ single: (Float) -> JSON) throws -> JSON {
    let numbers = tensor.elements
    var polling = Polling()
    func level(_ axis: Int, _ start: Int, _ count: Int) throws -> JSON {
      try polling.check()
      guard axis < tensor.rank else { return single(numbers[start]) }
      let extent = tensor.shape[axis]
      let size = extent > 0 ? count / extent : 0
      try Memory.reserve(
        extent, of: MemoryLayout<JSON>.stride, for: "the JSON form of \(extent) items")
      var items: [JSON] = []
      items.reserveCapacity(extent)
      do {
        for place in 0..<extent { items.append(try level(axis + 1, start + place * size, size)) }
      } catch {
        // Whoever has stopped work would wait until all of them are freed.
        Parallel.release(&items)
        throw error
      }
      return .array(items)
    }
    return try level(0, 0, tensor.count)
  }

  /// The number of fewest digits that is this one in 32 bits: 0.1, not 0.10000000149.
  private static func decimal(_ number: Float) -> JSON {
    .number(number.isFinite ? Double("\(number)") ?? Double(number) : Double(number))
  }
}
