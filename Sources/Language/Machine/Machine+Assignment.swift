import Autodiff
import Execution
import Tensors

/// Assignment to places within values.
extension Machine {
  /// Puts a value at the end of a path; nobody else who holds the same value sees it.
  func assign(
    _ value: Value, to place: UnsafeMutablePointer<Value>, _ path: ArraySlice<Code.PathStep>,
    keys: UnsafeMutablePointer<Value>
  ) throws {
    guard let step = path.first else {
      place.pointee = value
      return
    }
    guard value.depth + Int32(path.count) <= Value.nestingLimit else { throw Value.tooDeep }
    let rest = path.dropFirst()
    switch step {
    case .field(let name): try assign(value, to: place, field: name, rest, keys: keys)
    case .index(let form):
      let used = form.reduce(0) { $0 + $1.registers }
      try assign(value, to: place, index: form, rest, keys: keys, next: keys + used)
    }
  }

  private func assign(
    _ value: Value, to place: UnsafeMutablePointer<Value>, field name: Symbol,
    _ rest: ArraySlice<Code.PathStep>, keys: UnsafeMutablePointer<Value>
  ) throws {
    switch Machine.kind(place) {
    case .record:
      try changeRecord(place) { record in
        record.depth = max(record.depth, value.depth + Int32(rest.count) + 1)
        if record.place(of: name) == nil, rest.isEmpty { return record.set(name, value) }
        guard let inner = record.place(of: name) else {
          throw Machine.missingField(
            name.name, of: "the record", names: record.names.map(\.name))
        }
        try self.assign(value, to: record.base + inner, rest, keys: keys)
      }
    case .instance:
      try changeInstance(place) { instance in
        instance.depth = max(instance.depth, value.depth + Int32(rest.count) + 1)
        guard let inner = instance.type.fields.firstIndex(of: name) else {
          throw Machine.missingField(
            name.name, of: Value.article(instance.type.name.name),
            names: instance.type.fields.map(\.name))
        }
        try self.assign(value, to: instance.base + inner, rest, keys: keys)
      }
    default:
      if rest.isEmpty, case .native(let box) = place.pointee,
        let changed = try box.object.setting(name.name, to: value)
      {
        place.pointee = .object(changed)
        return
      }
      throw Failure(
        "the fields of \(place.pointee.described) cannot be changed", at: .position(0),
        place.pointee.described)
    }
  }

  /// The same for a value in another register, which gives it up.
  func setField(
    _ place: UnsafeMutablePointer<Value>, _ name: Value, _ value: UnsafeMutablePointer<Value>
  ) throws {
    let new = value.move()
    value.initialize(to: .unset)
    try copyToField(place, name, new)
  }

  /// Assigns to a field of the value in a register.
  func copyToField(
    _ place: UnsafeMutablePointer<Value>, _ name: Value, _ value: Value
  ) throws {
    guard case .string(let text) = name else { return }
    try assign(value, to: place, [.field(text.symbol)], keys: place)
  }

  /// Assigns to an item of the value in a register; the key lies behind the new value.
  func setItem(
    _ place: UnsafeMutablePointer<Value>, _ value: UnsafeMutablePointer<Value>
  ) throws {
    let new = value.move()
    value.initialize(to: .unset)
    try assign(new, to: place, [.index([.value])], keys: value + 1)
  }

  /// What kind of value has parts that can be changed.
  enum Holder {
    case list
    case record
    case instance
    case tensor
    case string
    case other
  }

  /// The kind alone: whoever switches over the value itself holds it a second time while he does,
  /// and the change becomes a copy.
  @inline(never)
  static func kind(_ place: UnsafeMutablePointer<Value>) -> Holder {
    switch place.pointee {
    case .list: .list
    case .record: .record
    case .instance: .instance
    case .tensor: .tensor
    case .string: .string
    default: .other
    }
  }

  /// Whether a record has no field of a name.
  @inline(never)
  private static func lacks(_ name: Symbol, _ place: UnsafeMutablePointer<Value>) -> Bool {
    if case .record(let record) = place.pointee { record.place(of: name) == nil } else { false }
  }

  /// The extents alone, for the same reason.
  @inline(never)
  private static func shape(_ place: UnsafeMutablePointer<Value>) -> [Int] {
    if case .tensor(let object) = place.pointee { object.variable.shape } else { [] }
  }

  private func assign(
    _ value: Value, to place: UnsafeMutablePointer<Value>, index form: [Code.IndexPiece],
    _ rest: ArraySlice<Code.PathStep>, keys: UnsafeMutablePointer<Value>,
    next: UnsafeMutablePointer<Value>
  ) throws {
    switch Machine.kind(place) {
    case .list:
      guard form.count == 1, case .value = form[0] else {
        throw Failure("one place of a list is assigned at a time")
      }
      try changeList(place) { list in
        list.depth = max(list.depth, value.depth + Int32(rest.count) + 1)
        let inner = try Machine.place(keys.pointee, count: list.count)
        try self.assign(value, to: list.base + inner, rest, keys: next)
      }
    case .record:
      guard form.count == 1, case .value = form[0] else {
        throw Failure("one field of a record is assigned at a time")
      }
      if case .string(let name) = keys.pointee {
        let isNew = Machine.lacks(name.symbol, place)
        try assign(value, to: place, field: name.symbol, rest, keys: next)
        // A name that is a number is meant as a name.
        if isNew { try changeRecord(place) { $0.markNamed() } }
        return
      }
      try changeRecord(place) { record in
        record.depth = max(record.depth, value.depth + Int32(rest.count) + 1)
        let inner = try Machine.place(keys.pointee, count: record.values.count)
        try self.assign(value, to: record.base + inner, rest, keys: next)
      }
    case .tensor:
      guard rest.isEmpty else {
        throw Failure("an element of a tensor has no parts", hint: "write x[i, j] for x[i][j]")
      }
      let shape = Machine.shape(place)
      try changeTensor(place, try tensorIndices(form, keys, of: shape), value)
    default:
      throw Failure(
        "\(place.pointee.described) cannot be assigned to by index", at: .position(0),
        place.pointee.described, hint: Machine.hint(forChanging: place.pointee))
    }
  }

  private static func hint(forChanging value: Value) -> String? {
    guard case .string = value else { return nil }
    return "make a new text: replace(s, old, new), or s[:k] + new + s[k + 1:]"
  }

  private func changeTensor(
    _ place: UnsafeMutablePointer<Value>, _ index: [TensorIndex], _ value: Value
  ) throws {
    let new: Variable
    switch value {
    case .list, .range: new = try Arguments.variable(of: value)
    default:
      guard let variable = try Machine.variable(value) else {
        throw Failure("an element of a tensor must be a number, not \(value.described)")
      }
      new = variable
    }
    profile?.enter(operation: "x[...] = y")
    defer { profile?.leave() }
    let kind = Masks.kind(of: place.pointee, changedTo: value)
    guard case .tensor(var object) = place.move() else { return }
    place.initialize(to: .unset)
    defer { place.pointee = .tensor(object) }
    if object.variable.isTraced || new.isTraced {
      object = TensorObject(try object.variable.setting(index, to: new), kind)
      return
    }
    if kind != object.kind || !isKnownUniquelyReferenced(&object) {
      object = TensorObject(object.variable, kind)
    }
    var tensor = object.variable.value
    object.variable = Variable(Tensor(0))
    defer { object.variable = Variable(tensor) }
    try tensor.set(index, to: new.value)
  }

  // Each takes the object out of its register, so that it is the only holder if nobody else is.

  private func changeList(
    _ place: UnsafeMutablePointer<Value>, _ change: (ListObject) throws -> Void
  ) throws {
    guard case .list(var list) = place.move() else { return }
    place.initialize(to: .unset)
    defer { place.pointee = .list(list) }
    if !isKnownUniquelyReferenced(&list) { list = list.copy() }
    try change(list)
  }

  private func changeRecord(
    _ place: UnsafeMutablePointer<Value>, _ change: (RecordObject) throws -> Void
  ) throws {
    guard case .record(var record) = place.move() else { return }
    place.initialize(to: .unset)
    defer { place.pointee = .record(record) }
    if !isKnownUniquelyReferenced(&record) { record = record.copy() }
    try change(record)
  }

  private func changeInstance(
    _ place: UnsafeMutablePointer<Value>, _ change: (InstanceObject) throws -> Void
  ) throws {
    guard case .instance(var instance) = place.move() else { return }
    place.initialize(to: .unset)
    defer { place.pointee = .instance(instance) }
    if !isKnownUniquelyReferenced(&instance) {
      instance = instance.copy()
    }
    try change(instance)
  }
}
