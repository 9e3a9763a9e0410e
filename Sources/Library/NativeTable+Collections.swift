import Execution
import Language

extension NativeTable {
  static let collections: [NativeFunction] =
    records + folds
    + [
      NativeFunction("list") { call in .items(try items(call, 0)) },
      NativeFunction("range") { call in try range(call) },
      NativeFunction("zip") { call in
        let lists = try items(call, 0).map { try call.items(of: $0) }
        let count = lists.map(\.count).min() ?? 0
        try ListItems.checkLength(count)
        return .items(
          try ListItems(capacity: count) { append in
            var polling = Polling()
            for place in 0..<count {
              try polling.check()
              append(.tuple(lists.map { $0[place] }))
            }
          })
      },
      NativeFunction("enumerate") { call in
        let start = try call.integer(1)
        let list = try items(call, 0)
        return .items(
          try ListItems(capacity: list.count) { append in
            var polling = Polling()
            for (place, item) in list.enumerated() {
              try polling.check()
              append(.tuple([.integer(start + place), item]))
            }
          })
      },
      NativeFunction("reversed") { call in
        if case .string(let text) = call[0] { return .text(try reversed(text.text)) }
        return .items(try ListItems(polling: try items(call, 0).reversed()))
      },
      NativeFunction("flatten") { call in
        if case .tensor = call[0] { return .variable(try call.variable(0).reshaped([-1])) }
        let (list, levels) = (try items(call, 0), try call.integer(1, 1...Int.max))
        return .items(
          try ListItems(capacity: list.count) { append in
            var polling = Polling()
            try flatten(list, levels: levels, &polling, append)
          })
      },
    ]

  private static let records: [NativeFunction] = [
    NativeFunction("keys") { call in .items(try fields(call).map { .text($0.name) }) },
    NativeFunction("values") { call in .items(try fields(call).map(\.value)) },
    NativeFunction("items") { call in
      .items(try fields(call).map { .tuple([.text($0.name), $0.value]) })
    },
    NativeFunction("has") { call in
      let name = try call.string(1)
      return .boolean(try fields(call).contains { $0.name == name })
    },
    NativeFunction("record") { call in try record(call) },
    NativeFunction("remove") { call in try removing(call) },
  ]

  private static let folds: [NativeFunction] = [
    NativeFunction("side_by_side") { call in
      let function = try function(call, 1)
      let values = try call.callSideBySide(function, Array(try items(call, 0)))
      return .items(ListItems(values))
    },
    NativeFunction("map") { call in
      let function = try function(call, 1)
      let more = try items(call, 2).map { try call.items(of: $0) }
      let first = try items(call, 0)
      guard !more.isEmpty else {
        return .items(
          try ListItems(capacity: first.count) { append in
            for item in first { append(try call.call(function, item)) }
          })
      }
      let count = min(first.count, more.map(\.count).min() ?? 0)
      return .items(
        try ListItems(capacity: 0) { append in
          for place in 0..<count {
            append(try call.call(function, with: [first[place]] + more.map { $0[place] }))
          }
        })
    },
    NativeFunction("filter") { call in
      let function = try function(call, 1)
      return .items(
        try ListItems(capacity: 0) { append in
          for item in try items(call, 0) where try call.truth(try call.call(function, item)) {
            append(item)
          }
        })
    },
    NativeFunction("reduce") { call in
      let function = try function(call, 1)
      var items = try items(call, 0)[...]
      var result = try start(call, &items)
      for item in items { result = try call.call(function, result, item) }
      return result
    },
    NativeFunction("accumulate") { call in
      let function = try function(call, 1)
      var items = try items(call, 0)[...]
      if items.isEmpty, call.isNone(2) { return .items([]) }
      var results = [try start(call, &items)]
      for item in items {
        results.append(try call.call(function, results[results.count - 1], item))
      }
      return .items(results)
    },
    NativeFunction("any") { call in
      if !call.isNone(1) {
        return try truths(call) { x, axes in
          try x.mapped { $0 == 0 ? 0 : 1 }.sum(axes: axes).mapped { $0 > 0 ? 1 : 0 }
        }
      }
      return .boolean(try flatContains(call) { try call.truth($0) })
    },
    NativeFunction("all") { call in
      if !call.isNone(1) {
        return try truths(call) { x, axes in
          try x.mapped { $0 == 0 ? 1 : 0 }.sum(axes: axes).mapped { $0 == 0 ? 1 : 0 }
        }
      }
      return .boolean(try !flatContains(call) { try !call.truth($0) })
    },
    NativeFunction("group_by") { call in
      if let zoo = zoo(call[0]) { return try groupedZoo(call, zoo) }
      let function = try function(call, 1)
      var groups = ItemGroups()
      for item in try items(call, 0) { groups.add(item, under: try call.call(function, item)) }
      let names = try groups.names { call.session.text($0) }
      return .named(names.map { Symbol($0) }, groups.items.map { .items($0) })
    },
  ]

  /// A function behind the collection; in other languages it comes first.
  static func function(_ call: Arguments, _ place: Int) throws -> Value {
    guard !call[place].isCallableValue, call[0].isCallableValue else {
      return try call.function(place)
    }
    throw call.wrong(
      place, expected: "a function", hint: "the collection comes first, then the function")
  }

  /// The items of an argument that must be a collection.
  static func items(_ call: Arguments, _ place: Int) throws -> ListItems {
    do { return try call.items(of: call[place]) } catch let failure as Failure {
      let isCollection =
        switch call[place] {
        case .range, .list, .string: true
        case .tensor(let object): object.variable.value.rank > 0
        default: false
        }
      // Then there is no room for its items.
      if isCollection {
        throw Failure(failure.message, at: .position(place), hint: failure.hint)
      }
      throw call.wrong(place, expected: "a collection", hint: failure.hint)
    }
  }

  /// Whether a condition holds for one of the elements of a collection, of a tensor all numbers.
  private static func flatContains(
    _ call: Arguments, where condition: (Value) throws -> Bool
  ) throws -> Bool {
    if case .tensor(let object) = call[0] {
      return try object.variable.value.buffer.read { numbers in
        try numbers.containsInStretches { try condition(.number(Double($0))) }
      }
    }
    return try items(call, 0).containsInStretches(where: condition)
  }

  /// What a fold starts from: what is given for it, else the first item.
  private static func start(_ call: Arguments, _ items: inout Slice<ListItems>) throws -> Value {
    if !call.isNone(2) { return call[2] }
    guard let first = items.popFirst() else {
      throw Failure("`reduce` of nothing needs a start", at: .position(0))
    }
    return first
  }

  /// Gives the items and, for so many levels, those of lists among them.
  private static func flatten(
    _ items: ListItems, levels: Int, _ polling: inout Polling, _ append: (consuming Value) -> Void
  ) throws {
    for item in items {
      try polling.check()
      if levels > 0, case .list(let list) = item {
        try flatten(list.items, levels: levels - 1, &polling, append)
      } else {
        append(item)
      }
    }
  }

  /// A text with its letters in the other order.
  private static func reversed(_ text: String) throws -> String {
    var polling = Polling()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for letter in text.reversed() {
      try polling.check()
      bytes.append(contentsOf: letter.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func range(_ call: Arguments) throws -> Value {
    let first = try call.number(0)
    let start = call.isNone(1) ? 0 : first
    let stop = call.isNone(1) ? first : try call.number(1)
    let step = try call.number(2)
    guard start.isFinite, !start.isNaN else { throw call.wrongValue(0, expected: "finite") }
    guard step != 0, step.isFinite else {
      throw call.wrongValue(2, expected: "a number other than 0")
    }
    if step == 1, !stop.isNaN { return .range(from: start, to: stop) }
    let steps = Steps.count(from: start, to: stop, step: step)
    guard let count = Int(whole: max(0, steps), in: 0...1 << 27) else {
      throw Failure(
        "a range of \(Value.text(of: steps)) steps is too long: at most 2^27 are possible",
        at: .position(call.isNone(1) ? 0 : 1))
    }
    return .items(
      try ListItems(polling: (0..<count).lazy.map { .number(start + Double($0) * step) }))
  }
}
