import Execution
import Language
import Tensors

/// Drawing from collections, and comparing with a tolerance.
extension NativeTable {
  static let sampling: [NativeFunction] = [
    NativeFunction("shuffle") { call in
      let items = try items(call, 0)
      var stream = try call.stream(1)
      let order = try stream.checkedPermutation(items.count)
      return .items(try ListItems(polling: order.lazy.map { items[$0] }))
    },
    NativeFunction("choice") { call in
      let items = try items(call, 0)
      guard !items.isEmpty else { throw Failure("the collection is empty", at: .position(0)) }
      var stream = try call.stream(3)
      if call.isNone(1) { return items[stream.integer(below: items.count)] }
      let count = try call.integer(1, 0...100_000_000)
      if try call.boolean(2) {
        try ListItems.checkLength(count)
        return .items(
          try ListItems(capacity: count) { append in
            var polling = Polling()
            for _ in 0..<count {
              try polling.check()
              append(items[stream.integer(below: items.count)])
            }
          })
      }
      guard count <= items.count else {
        throw call.wrongValue(
          1, expected: "at most \(items.count), as nothing is drawn twice",
          hint: "to draw the same item several times: repeats=true")
      }
      let order = try stream.checkedPermutation(items.count).prefix(count)
      return .items(try ListItems(polling: order.lazy.map { items[$0] }))
    },
    NativeFunction("assert_close") { call in
      let difference = Difference(relative: try call.number(2), absolute: try call.number(3))
      if let found = try difference.first(call[0], call[1], "") {
        throw Failure(found, at: .position(0))
      }
      return .none
    },
    NativeFunction("is_close") { call in
      let difference = Difference(relative: try call.number(2), absolute: try call.number(3))
      return .boolean(try difference.first(call[0], call[1], "") == nil)
    },
  ]
}

/// Finds where two values differ by more than a tolerance.
private struct Difference {
  let relative: Double
  let absolute: Double

  /// What differs first, or nil; `path` is the place within the whole values.
  ///
  /// - Throws: what was thrown to stop work.
  func first(_ found: Value, _ expected: Value, _ path: String) throws -> String? {
    switch (found, expected) {
    case (.list(let a), .list(let b)) where a.items.count == b.items.count:
      var polling = Polling()
      for (place, (x, y)) in zip(a.items, b.items).enumerated() {
        try polling.check()
        if case .number(let x) = x, case .number(let y) = y, isClose(x, y) { continue }
        if let difference = try first(x, y, "\(path)[\(place)]") { return difference }
      }
      return nil
    case (.record(let a), .record(let b)) where a.names == b.names:
      return try parts(
        zip(a.names, zip(a.values, b.values)).map { ("\(path).\($0.name)", $1.0, $1.1) })
    case (.instance(let a), .instance(let b)) where a.type.name == b.type.name:
      return try parts(
        zip(a.type.fields, zip(a.values, b.values)).map { ("\(path).\($0.name)", $1.0, $1.1) })
    default: return try plain(found, expected, path)
    }
  }

  private func parts(_ parts: [(String, Value, Value)]) throws -> String? {
    for (path, found, expected) in parts {
      if let difference = try first(found, expected, path) { return difference }
    }
    return nil
  }

  private func plain(
    _ found: Value, _ expected: Value, _ path: String
  ) throws -> String? {
    let place = path.isEmpty ? "" : " at \(path)"
    if case .number(let a) = found, case .number(let b) = expected {
      return isClose(a, b) ? nil : "\(text(a)) is not close to \(text(b))\(place)"
    }
    guard let a = numbers(found), let b = numbers(expected) else {
      return Value.areEqual(found, expected)
        ? nil : "\(found.described) is not close to \(expected.described)\(place)"
    }
    guard a.shape == b.shape else {
      return "shape \(Tensor.text(of: a.shape)) is not shape \(Tensor.text(of: b.shape))\(place)"
    }
    return try a.buffer.read { x in
      try b.buffer.read { y in
        var (wrong, worst, largest) = (0, 0, -1.0)
        try Stretches.forEach(x.count) { places in
          for place in places where !isClose(Double(x[place]), Double(y[place])) {
            wrong += 1
            let distance = abs(Double(x[place]) - Double(y[place]))
            // Where one of the two is no number there is no distance.
            if distance > largest { (worst, largest) = (place, distance) }
            if wrong == 1 { worst = place }
          }
        }
        guard wrong > 0 else { return nil }
        return "\(wrong) of \(Text.count(x.count, "element"))\(place) are not close: at worst "
          + "\(text(Double(x[worst]))) for \(text(Double(y[worst])))"
      }
    }
  }

  private func numbers(_ value: Value) -> Tensor? {
    switch value {
    case .number, .tensor, .list: try? Arguments.tensor(value)
    default: nil
    }
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool {
    a == b || a.isNaN && b.isNaN || abs(a - b) <= absolute + relative * abs(b)
  }

  private func text(_ number: Double) -> String { Text.significant(number, 7) }
}
