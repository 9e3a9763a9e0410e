import Autodiff
import Execution
import Tensors

/// Lists and records under construction, and loops over collections.
extension Machine {
  func push(_ list: UnsafeMutablePointer<Value>, _ item: UnsafeMutablePointer<Value>) throws {
    guard item.pointee.depth < Value.nestingLimit else { throw Value.tooDeep }
    guard case .list(let object) = list.pointee else { return }
    object.append(item.move())
    item.initialize(to: .unset)
  }

  /// `xs += [v]` where `xs` has other holders, or is no list.
  func append(_ list: UnsafeMutablePointer<Value>, _ item: UnsafeMutablePointer<Value>) throws {
    let added = Value.items([item.pointee])
    try added.checkDepth()
    try addInPlace(list, added)
    try list.pointee.checkDepth()
  }

  func extend(_ list: UnsafeMutablePointer<Value>, _ items: Value) throws {
    guard case .list(let object) = list.pointee else { return }
    let added = try self.items(of: items)
    try Machine.checkListLength(Double(object.count + added.count))
    try object.append(contentsOf: added.list)
    try list.pointee.checkDepth()
  }

  func merge(_ record: UnsafeMutablePointer<Value>, _ fields: Value) throws {
    guard case .record(let object) = record.pointee else { return }
    switch fields {
    case .record(let other) where other.isTuple:
      for value in other.values { object.set(.place(object.names.count), value) }
    case .record(let other):
      for (name, value) in zip(other.names, other.values) { object.set(name, value) }
      if other.isNamed { object.markNamed() }
    case .instance(let other):
      for (name, value) in zip(other.type.fields, other.values) { object.set(name, value) }
    default:
      throw Failure(
        "only a record can be spread into a record, not \(fields.described)", at: .position(0),
        fields.described)
    }
  }

  /// Puts a value under a name, or at the next place where the name is none.
  func put(_ record: UnsafeMutablePointer<Value>, _ value: Value, _ name: Value) throws {
    guard case .record(let object) = record.pointee else { return }
    if case .string(let name) = name {
      object.set(name.symbol, value)
    } else {
      object.set(.place(object.names.count), value)
    }
    try record.pointee.checkDepth()
  }

  /// All items of a collection, as a loop would see them.
  func items(of value: Value) throws -> ListItems {
    let source = try iterable(value)
    if case .list(let list) = source { return list.items }
    if case .range(let range) = source {
      try Machine.checkListLength(range.length)
      let list = ListObject.empty(capacity: range.count)
      var polling = Polling()
      for place in 0..<range.count {
        try polling.check()
        list.append(.number(range.start + Double(place)))
      }
      return list.items
    }
    let list = ListObject.empty(capacity: 0)
    while let item = try nextItem(source, list.count) {
      list.append(item)
      if cancellation.isRequested {
        Parallel.release(list)
        throw cancellation.reason
      }
    }
    return list.items
  }

  /// What a loop goes over; fails for values that are no collections.
  func iterable(_ value: Value) throws -> Value {
    switch value {
    case .list, .range: return value
    case .record(let record): return .items(record.values)
    case .string(let text):
      if text.hasByteCharacters {
        return .items(try ListItems(polling: text.text.utf8.lazy.map { self.letters[Int($0)] }))
      }
      return .items(
        try ListItems(capacity: 0) { append in
          var polling = Polling()
          for letter in text.text {
            try polling.check()
            append(.text(String(letter)))
          }
        })
    case .tensor(let object) where object.variable.value.rank > 0: return value
    case .native(let box) where box.object.elementCount != nil: return value
    default:
      throw Failure(
        "a loop cannot go over \(value.described)", at: .position(0), value.described,
        hint: Machine.number(value).map { "write 0..\(Value.text(of: $0))" })
    }
  }

  func nextItem(_ source: Value, _ place: Int) throws -> Value? {
    switch source {
    case .list(let list): return place < list.count ? list.items[place] : nil
    case .range(let range):
      return place < range.count ? .number(range.start + Double(place)) : nil
    case .tensor(let object):
      guard place < object.variable.shape[0] else { return nil }
      if object.variable.value.rank == 1, !object.variable.isTraced {
        let number = object.variable.value.buffer[place]
        return .tensor(TensorObject(Variable(Tensor(number)), object.kind))
      }
      return .variable(try object.variable.selecting([.at(place)]), like: source)
    case .native(let box):
      guard place < box.object.elementCount ?? 0 else { return nil }
      return try box.object.element(at: .integer(place))
    default: return nil
    }
  }

  func unpack(_ value: Value, into first: UnsafeMutablePointer<Value>, count: Int) throws {
    switch value {
    case .list(let list): try unpack(list.items, into: first, count)
    case .record(let record): try unpack(record.values, into: first, count)
    case .instance(let instance): try unpack(instance.values, into: first, count)
    case .tensor(let object) where object.variable.value.rank > 0:
      let parts = try (0..<object.variable.shape[0]).map {
        Value.variable(try object.variable.selecting([.at($0)]), like: value)
      }
      try unpack(parts, into: first, count)
    default:
      throw Failure(
        "\(value.described) has no parts for \(Text.count(count, "name"))", at: .position(1),
        value.described)
    }
  }

  private func unpack(
    _ parts: some Collection<Value>, into first: UnsafeMutablePointer<Value>, _ count: Int
  ) throws {
    guard parts.count == count else {
      throw Failure(
        "\(Text.count(count, "name")) on the left, but \(Text.count(parts.count, "part")) on the right",
        labels: [
          Failure.Label(.position(0), Text.count(count, "name")),
          Failure.Label(.position(1), Text.count(parts.count, "part")),
        ])
    }
    for (place, part) in parts.enumerated() { first[place] = part }
  }

  private func formatted(_ value: Value, _ layout: Layout, place: Int) throws -> String {
    do {
      return try layout.text(value, plain: session.text)
    } catch let failure as Failure {
      throw Failure(failure.message, at: .position(place), hint: failure.hint)
    }
  }

  func format(
    _ pieces: [Code.FormatPiece], _ first: UnsafeMutablePointer<Value>,
    top newTop: UnsafeMutablePointer<Value>
  ) throws -> String {
    let saved = top
    top = newTop
    defer { top = saved }
    var text = ""
    var register = first
    for piece in pieces {
      switch piece {
      case .text(let fixed): text += fixed
      case .value(let layout):
        if let layout {
          text += try formatted(register.pointee, layout, place: register - first)
        } else if case .number(let number) = register.pointee {
          text += Value.text(of: number)
        } else if case .string(let string) = register.pointee,
          string.byteCount >= StringObject.longTextLimit
        {
          try Machine.checkTextLength(text.utf8.count + string.byteCount)
          text = try StringObject.joined(StringObject(text), string)
        } else {
          text += session.text(register.pointee)
        }
        register.pointee = .unset  // not to remain a second holder
        register += 1
      }
    }
    try Machine.checkTextLength(text.utf8.count)
    return text
  }
}
