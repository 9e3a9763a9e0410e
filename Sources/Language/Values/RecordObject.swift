/// What a record knows of itself beside its values.
public struct RecordHeader: ItemHeader {
  var memory: ItemMemory
  var names: [Symbol]
  var places: FieldIndex?
  var depth: Int32
  /// Whether names that are numbers are meant as names, and not as places.
  var isNamed = false
}

/// A record: values by name, in order.
public final class RecordObject: ManagedBuffer<RecordHeader, Value> {
  /// Above this many fields an index finds them; below, looking at each is quicker.
  private static let linearLimit = 12

  /// A record of values that come in the order of their names, each of which comes once.
  static func holding(_ names: [Symbol], _ values: some Collection<Value>) -> RecordObject {
    let record = empty(names)
    for value in values { record.header.memory.append(value) }
    record.depth = Value.depth(of: values)
    return record
  }

  /// A record of values that are moved out of registers, which are left unset.
  static func taking(
    _ names: [Symbol], from first: UnsafeMutablePointer<Value>
  ) -> RecordObject {
    let record = empty(names)
    record.depth = Value.depth(of: UnsafeBufferPointer(start: first, count: names.count))
    record.header.memory.append(taking: first, names.count)
    return record
  }

  /// A record whose values are still to come.
  private static func empty(_ names: [Symbol]) -> RecordObject {
    let made = RecordObject.create(minimumCapacity: names.count) {
      RecordHeader(
        memory: ItemMemory(behind: $0, capacity: names.count), names: names, depth: 1)
    }
    return unsafeDowncast(made, to: RecordObject.self)
  }

  deinit { header.memory.destroy() }

  /// The names of the fields, each once, in order.
  public var names: [Symbol] { header.names }

  /// The values, one for each name.
  public var values: Items<RecordObject> { Items(of: self, header.memory) }

  func copy() -> RecordObject {
    let copy = RecordObject.empty(names)
    withExtendedLifetime(self) {
      copy.header.memory.append(copying: header.memory, 0..<header.memory.count)
    }
    copy.header.places = header.places
    copy.header.depth = depth
    copy.header.isNamed = header.isNamed
    return copy
  }

  @inline(__always)
  func place(of name: Symbol) -> Int? {
    let count = header.names.count
    if count > RecordObject.linearLimit { return indexed(name) }
    var place = 0
    while place < count {
      if header.names[place].id == name.id { return place }
      place += 1
    }
    return nil
  }

  @inline(never)
  private func indexed(_ name: Symbol) -> Int? {
    if header.places == nil { header.places = FieldIndex(header.names) }
    return header.places?.place(of: name, header.names)
  }

  // MARK: - Changing

  // Only the sole holder may call what follows.

  func set(_ name: Symbol, _ value: Value) {
    depth = max(depth, value.depth + 1)
    if let place = place(of: name) {
      base[place] = value
    } else {
      header.names.append(name)
      header.memory.append(value)
      header.places?.append(header.names)
    }
  }

  func removeValue(at name: Symbol) {
    guard let place = place(of: name) else { return }
    header.places = nil
    header.names.remove(at: place)
    header.memory.remove(at: place)
  }

  /// Whether names that are numbers are meant as names: those of `record` and of JSON.
  var isNamed: Bool { header.isNamed }

  /// Whether the names are the numbers 0, 1, ..., and yet no places.
  public var isNumbered: Bool {
    isNamed && !names.isEmpty && names.indices.allSatisfy { names[$0] == Symbol.place($0) }
  }

  /// A record of the same names and other values.
  func like(_ values: [Value]) -> RecordObject {
    let record = RecordObject.holding(names, values)
    record.header.isNamed = header.isNamed
    return record
  }

  /// Only the sole holder may call it.
  func markNamed() { header.isNamed = true }

  /// Whether the fields are places 0, 1, ...: what `(a, b)` makes.
  public var isTuple: Bool {
    !names.isEmpty && !isNamed && names.indices.allSatisfy { names[$0] == Symbol.place($0) }
  }
}
