import Execution
import Language
import Zoos

/// Functions of lists and tensors that take zoos too.
extension NativeTable {
  /// Zoos one after the other, where `concat` is given zoos; nil where it is given no zoo.
  static func joinedZoos(_ call: Arguments) throws -> Value? {
    guard let items = try? call.items(of: call[0]) else { return nil }
    let zoos = items.map(zoo)
    guard zoos.contains(where: { $0 != nil }) else { return nil }
    guard try call.integer(1) == 0 else {
      throw Failure("zoos are joined row by row, along axis 0", at: .position(1))
    }
    return .object(
      ZooValue(
        zoo: try Zoo.joined(
          try zip(zoos, items).enumerated().map { place, pair in
            guard let zoo = pair.0 else {
              throw Failure(
                "a list of zoos is expected, but item \(place) is \(pair.1.described)",
                at: .position(0))
            }
            return zoo
          })))
  }

  private static func columnOfNumbers(_ zoo: Zoo, _ name: String) throws -> [Float] {
    guard zoo.measures.contains(name) else {
      throw Failure(
        "a zoo is parted by a column of single numbers, but `\(name)` is none", at: .position(1),
        hint: "it has " + zoo.measures.map { "`\($0)`" }.joined(separator: ", "))
    }
    return try zoo.numbers(name)
  }

  /// The zoo that a value is; nil for any other.
  static func zoo(_ value: Value) -> Zoo? {
    guard case .native(let box) = value else { return nil }
    return (box.object as? ZooValue)?.zoo
  }

  /// The rows of a zoo by the values of a column, or by what a function gives for each row: a zoo
  /// for each value.
  static func groupedZoo(_ call: Arguments, _ zoo: Zoo) throws -> Value {
    var groups = ItemGroups()
    if case .string(let name) = call[1] {
      for (row, number) in try columnOfNumbers(zoo, name.text).enumerated() {
        groups.add(.integer(row), under: .number(Double(number)))
      }
    } else {
      let function = try function(call, 1)
      for row in 0..<zoo.count {
        guard let item = try ZooValue(zoo: zoo).element(at: .integer(row)) else { continue }
        groups.add(.integer(row), under: try call.call(function, item))
      }
    }
    let names = try groups.names { call.session.text($0) }
    return .named(
      names.map { Symbol($0) },
      try groups.items.map { rows in
        let numbers = rows.compactMap { call.plainNumber($0).flatMap { Int(exactly: $0) } }
        return .object(ZooValue(zoo: try zoo[rows: numbers]))
      })
  }
}
