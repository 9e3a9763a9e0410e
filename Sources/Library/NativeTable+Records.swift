import Execution
import Language

/// Records as data: their fields as lists, making them, leaving fields out.
extension NativeTable {
  /// The fields of a record, a type, or a thing with fields.
  static func fields(_ call: Arguments) throws -> [(name: String, value: Value)] {
    switch call[0] {
    case .record(let record): Array(zip(record.names.map(\.name), record.values))
    case .instance(let instance): Array(zip(instance.type.fields.map(\.name), instance.values))
    case .native(let box) where !box.object.fieldNames.isEmpty:
      try box.object.fieldNames.compactMap { name in
        try box.object.field(name).map { (name, $0) }
      }
    default: throw call.wrong(0, expected: "a record")
    }
  }

  /// A record from names and values, or from pairs of both.
  static func record(_ call: Arguments) throws -> Value {
    let first = try items(call, 0)
    if call.isNone(1) {
      return try .distinctFields(first.count) { place in
        let parts = try pair(first[place], call)
        return (call.session.text(parts[0]), parts[1])
      }
    }
    let values = try items(call, 1)
    guard first.count == values.count else {
      throw Failure(
        "\(Text.count(first.count, "name")), but \(Text.count(values.count, "value"))",
        at: .position(1))
    }
    return try .distinctFields(first.count) { (call.session.text(first[$0]), values[$0]) }
  }

  private static func pair(_ value: Value, _ call: Arguments) throws -> [Value] {
    switch value {
    case .record(let record) where record.values.count == 2: return Array(record.values)
    case .list(let list) where list.count == 2: return Array(list.items)
    default:
      throw Failure(
        "a record is made of pairs (name, value), not of \(value.described)", at: .position(0),
        hint: "or give names and values apart: record(names, values)")
    }
  }

  /// A record without some fields, or a list without the item at a place.
  static func removing(_ call: Arguments) throws -> Value {
    switch call[0] {
    case .record(let record): return try removing(record, call)
    case .list(let list):
      var items = Array(list.items)
      let given = try call.integer(1)
      let place = given < 0 ? given + items.count : given
      guard items.indices.contains(place) else {
        throw call.wrongValue(
          1, expected: "a place in a list of \(Text.count(items.count, "item"))",
          hint: "to leave out items by what they are: filter(xs, x -> x != y)")
      }
      items.remove(at: place)
      return .items(items)
    default: throw call.wrong(0, expected: "a record or a list")
    }
  }

  private static func removing(_ record: RecordObject, _ call: Arguments) throws -> Value {
    let isOne = if case .string = call[1] { true } else { false }
    let unwanted = isOne ? ListItems([call[1]]) : try items(call, 1)
    let known = record.names.map(\.name)
    let all = Set(known)
    let names = try unwanted.map { value in
      guard case .string(let name) = value else {
        throw call.wrong(1, expected: "a field's name or a list of names")
      }
      guard all.contains(name.text) else {
        let near = Text.nearest(name.text, in: known).first.map { "did you mean \"\($0)\"?" }
        throw Failure("the record has no field `\(name.text)`", at: .position(1), hint: near)
      }
      return name.text
    }
    let removed = Set(names)
    return .fields(zip(known, record.values).filter { !removed.contains($0.0) })
  }
}

extension Value {
  /// A record of so many fields in which a name that comes twice has its last value.
  ///
  /// - Throws: `Interrupted`.
  static func distinctFields(
    _ count: Int, _ field: (Int) throws -> (name: String, value: Value)
  ) throws -> Value {
    var places: [Symbol: Int] = [:]
    var names: [Symbol] = []
    var values: [Value] = []
    var polling = Polling()
    for number in 0..<count {
      try polling.check()
      let (text, value) = try field(number)
      let name = Symbol(text)
      if let place = places[name] {
        values[place] = value
      } else {
        places[name] = names.count
        names.append(name)
        values.append(value)
      }
    }
    return .named(names, values)
  }
}
