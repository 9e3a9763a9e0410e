import Execution
import Language
import Tensors

/// Parts of collections: the first, the last, some of them, those that were looked for.
extension NativeTable {
  static let parts: [NativeFunction] = [
    NativeFunction("first") { call in try only(call, part(call, 0, 1)) },
    NativeFunction("last") { call in
      let count = try count(call)
      return try only(call, part(call, max(0, count - 1), count))
    },
    NativeFunction("take") { call in try part(call, 0, call.integer(1, 0...Int.max)) },
    NativeFunction("drop") { call in
      try part(call, call.integer(1, 0...Int.max), Int.max)
    },
    NativeFunction("chunks") { call in
      let size = try call.integer(1, 1...Int.max)
      if case .string(let text) = call[0] { return .items(try chunks(text.text, size)) }
      let count = try count(call)
      try ListItems.checkLength(count / size)
      // Each is an object of its own.
      try Memory.reserve(count / size, of: 64, for: "\(count / size) chunks")
      return .items(
        try ListItems(capacity: count / size + 1) { append in
          var polling = Polling()
          for start in stride(from: 0, to: count, by: size) {
            try polling.check()
            append(try part(call, start, start + min(size, count - start)))
          }
        })
    },
    NativeFunction("find") { call in
      let function = try function(call, 1)
      for item in try items(call, 0) where try call.truth(try call.call(function, item)) {
        return item
      }
      return call[2]
    },
    NativeFunction("index_of") { call in
      if case .string(let text) = call[0], case .string(let part) = call[1] {
        return try TextSearch(text.text).first(part.text).map(Value.integer) ?? .none
      }
      var polling = Polling()
      for (place, item) in try items(call, 0).enumerated() {
        try polling.check()
        if try fits(item, call) { return .integer(place) }
      }
      return .none
    },
    NativeFunction("count") { call in
      if case .string(let text) = call[0], case .string(let part) = call[1] {
        guard !part.text.isEmpty else {
          throw call.wrongValue(1, expected: "of one letter or more")
        }
        return .integer(try TextSearch(text.text).count(part.text))
      }
      var polling = Polling()
      return .integer(
        try items(call, 0).count {
          try polling.check()
          return try fits($0, call)
        })
    },
    NativeFunction("repeat") { call in
      let times = try call.integer(1, 0...100_000_000)
      if case .list(let list) = call[0] {
        guard list.items.count * times <= 1 << 27 else {
          throw tooLong("\(list.items.count * times) items, of which a list holds 2^27")
        }
        let items = list.items
        try ListItems.checkLength(items.count * times)
        return .items(
          try ListItems(capacity: items.count * times) { append in
            var polling = Polling()
            for _ in 0..<(items.isEmpty ? 0 : times) {
              for item in items {
                try polling.check()
                append(item)
              }
            }
          })
      }
      guard case .string(let text) = call[0] else {
        throw call.wrong(0, expected: "a string or a list")
      }
      guard text.text.utf8.count * times <= 1 << 30 else {
        throw tooLong("\(text.text.utf8.count * times) bytes, of which a string holds 2^30")
      }
      try Value.checkTextLength(text.text.utf8.count * times)
      return .text(try TextBuilder.repeating(text.text, count: times))
    },
  ]

  /// The pieces of so many letters of a text, which is walked once.
  private static func chunks(_ text: String, _ size: Int) throws -> ListItems {
    try ListItems(capacity: 0) { append in
      var polling = Polling()
      var rest = text[...]
      while !rest.isEmpty {
        try polling.check()
        let piece = rest.prefix(size)
        append(.text(String(piece)))
        rest = rest[piece.endIndex...]
      }
    }
  }

  private static func tooLong(_ size: String) -> Failure {
    Failure("so many repetitions would have \(size)", at: .position(1))
  }

  /// Whether an item is the one that is looked for, or fulfils the function that is given.
  private static func fits(_ item: Value, _ call: Arguments) throws -> Bool {
    guard call[1].isCallableValue else { return Value.areEqual(item, call[1]) }
    return try call.truth(try call.call(call[1], item))
  }

  private static func only(_ call: Arguments, _ part: Value) throws -> Value {
    switch part {
    case .string(let text) where !text.text.isEmpty: return part
    case .range(let range) where range.length > 0: return .number(range.start)
    case .list(let list): if let item = list.items.first { return item }
    case .tensor(let object) where object.variable.shape[0] > 0:
      return .variable(try object.variable.selecting([.at(0)]), like: part)
    case .native(let box):
      if let item = try box.object.element(at: .number(0)) { return item }
    default: break
    }
    throw Failure("the collection is empty", at: .position(0))
  }

  private static func count(_ call: Arguments) throws -> Int {
    switch call[0] {
    case .range(let range):
      guard let count = Int(whole: range.length, in: 0...1_000_000_000_000_000) else {
        throw call.wrongValue(0, expected: "finite")
      }
      return count
    case .string(let text): return try text.checkedCount()
    case .tensor(let object) where object.variable.value.rank > 0: return object.variable.shape[0]
    case .native(let box):
      if let count = box.object.elementCount { return count }
    default: break
    }
    return try items(call, 0).count
  }

  /// The items from one place up to another, in the form of the collection.
  private static func part(_ call: Arguments, _ start: Int, _ stop: Int) throws -> Value {
    switch call[0] {
    case .string(let text): return .text(String(text.text.dropFirst(start).prefix(stop - start)))
    case .range(let range):
      let from = min(range.start + Double(start), max(range.start, range.stop))
      let to = stop == Int.max ? range.stop : min(range.stop, range.start + Double(stop))
      return .range(from: from, to: max(from, to))
    case .tensor(let object) where object.variable.value.rank > 0:
      let count = object.variable.shape[0]
      let (from, to) = (min(start, count), min(stop, count))
      return .variable(
        try object.variable.selecting([.slice(start: from, stop: to, step: 1)]), like: call[0])
    case .native(let box):
      guard let count = box.object.elementCount else { break }
      let (from, to) = (min(start, count), min(stop, count))
      if from < to,
        let part = try box.object.element(at: .range(from: Double(from), to: Double(to)))
      {
        return part
      }
      return .items([])
    default: break
    }
    return .items(try ListItems(polling: try items(call, 0).dropFirst(start).prefix(stop - start)))
  }
}
