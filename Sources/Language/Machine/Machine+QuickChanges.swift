/// The frequent cases of writing parts of values that nobody else holds: each says whether it was
/// one, and has changed nothing if not.
extension Machine {
  /// The object of a register that is known to hold one of a kind, if nobody else holds it.
  @inline(__always)
  private static func sole<Object: AnyObject>(
    _ register: UnsafeMutablePointer<Value>, _ type: Object.Type
  ) -> Unmanaged<Object>? {
    let holder = UnsafeMutableRawPointer(register).assumingMemoryBound(to: Object.self)
    return isKnownUniquelyReferenced(&holder.pointee) ? register.object(type) : nil
  }

  /// The place of a field in the record of a register, if there is one and nobody else holds it.
  @inline(__always)
  private static func ownField(
    _ register: UnsafeMutablePointer<Value>, _ name: UnsafeMutablePointer<Value>
  ) -> (record: Unmanaged<RecordObject>, place: Int)? {
    guard isRecord(register), case .string = name.pointee,
      let record = sole(register, RecordObject.self)
    else { return nil }
    let symbol = name.object(StringObject.self)._withUnsafeGuaranteedRef { $0.symbol }
    let place = place(of: symbol, in: record)
    return place.map { (record, $0) }
  }

  /// The place of an item in the list of a register, if there is one and nobody else holds it.
  @inline(__always)
  private static func ownItem(
    _ register: UnsafeMutablePointer<Value>, _ key: UnsafeMutablePointer<Value>
  ) -> (list: Unmanaged<ListObject>, place: Int)? {
    guard isList(register), let list = sole(register, ListObject.self) else { return nil }
    let found = list._withUnsafeGuaranteedRef { Machine.place(key, below: $0.count) }
    return found.map { (list, $0) }
  }

  /// Puts an item at the end of a list that nobody else holds.
  @inline(never)
  static func appended(
    _ register: UnsafeMutablePointer<Value>, _ item: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard isList(register), item.pointee.depth < Value.nestingLimit - 1,
      let list = sole(register, ListObject.self)
    else { return false }
    list._withUnsafeGuaranteedRef { $0.append(item.move()) }
    item.initialize(to: .unset)
    return true
  }

  /// Puts a number, string or the like at the end of a list under construction, which its register
  /// alone holds.
  @inline(never)
  static func pushed(
    _ register: UnsafeMutablePointer<Value>, _ item: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard isList(register), item.hasNoParts else { return false }
    register.object(ListObject.self)._withUnsafeGuaranteedRef { $0.append(taking: item) }
    return true
  }

  /// Puts a text at the end of a string that nobody else holds.
  @inline(never)
  static func appendedText(
    _ register: UnsafeMutablePointer<Value>, _ added: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard case .string = register.pointee, case .string = added.pointee,
      let string = sole(register, StringObject.self)
    else { return false }
    let other = added.object(StringObject.self)
    return string._withUnsafeGuaranteedRef { string in
      other._withUnsafeGuaranteedRef { other in
        guard string.byteCount + other.byteCount <= textLimit, other.byteCount < 1 << 20 else {
          return false
        }
        string.append(other)
        return true
      }
    }
  }

  /// Moves a value to a place among others.
  @inline(__always)
  private static func put(
    _ value: UnsafeMutablePointer<Value>, into place: UnsafeMutablePointer<Value>
  ) {
    if place.isTrivial {
      place.initialize(to: value.move())
    } else {
      place.pointee = value.move()
    }
  }

  /// Writes an item of a list that nobody else holds.
  @inline(never)
  static func wroteItem(
    _ register: UnsafeMutablePointer<Value>, _ key: UnsafeMutablePointer<Value>,
    _ value: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard value.pointee.depth == 0, let (list, place) = ownItem(register, key) else { return false }
    list._withUnsafeGuaranteedRef { list in
      put(value, into: list.base + place)
    }
    value.initialize(to: .unset)
    return true
  }

  /// Writes a field of a record that nobody else holds.
  @inline(never)
  static func wroteField(
    _ register: UnsafeMutablePointer<Value>, _ name: UnsafeMutablePointer<Value>,
    _ value: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard value.pointee.depth == 0, let (record, place) = ownField(register, name) else {
      return false
    }
    record._withUnsafeGuaranteedRef { record in
      put(value, into: record.base + place)
    }
    value.initialize(to: .unset)
    return true
  }

  /// The same for a value without parts that remains where it is.
  @inline(never)
  static func copiedToField(
    _ register: UnsafeMutablePointer<Value>, _ name: UnsafeMutablePointer<Value>,
    _ value: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard value.pointee.depth == 0, let (record, place) = ownField(register, name) else {
      return false
    }
    record._withUnsafeGuaranteedRef { record in
      if case .number(let number) = value.pointee {
        set(record.base + place, number)
      } else {
        record.base[place] = value.pointee
      }
    }
    return true
  }

  // MARK: - Changing a place by an operator

  /// Adds to a field of a record that nobody else holds.
  @inline(never)
  static func addedToField(
    _ register: UnsafeMutablePointer<Value>, _ name: UnsafeMutablePointer<Value>,
    _ value: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard case .number(let y) = value.pointee, let (record, place) = ownField(register, name)
    else { return false }
    return record._withUnsafeGuaranteedRef { added(y, to: $0.base + place) }
  }

  /// Adds to a number; false where it is none.
  @inline(__always)
  private static func added(_ y: Double, to place: UnsafeMutablePointer<Value>) -> Bool {
    guard case .number(let x) = place.pointee else { return false }
    place.initialize(to: .number(x + y))
    return true
  }

  /// Puts an item at the end of the list in a field, if nobody else holds record and list.
  @inline(never)
  static func appendedToField(
    _ register: UnsafeMutablePointer<Value>, _ name: UnsafeMutablePointer<Value>,
    _ item: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard item.pointee.depth < Value.nestingLimit - 2,
      let (record, place) = ownField(register, name)
    else { return false }
    return record._withUnsafeGuaranteedRef { record in
      guard appended(record.base + place, item) else { return false }
      record.depth = max(record.depth, record.base[place].depth + 1)
      return true
    }
  }

  /// Adds to an item of a list, or a field of a record, that nobody else holds.
  @inline(never)
  static func addedToItem(
    _ register: UnsafeMutablePointer<Value>, _ key: UnsafeMutablePointer<Value>,
    _ value: UnsafeMutablePointer<Value>
  ) -> Bool {
    if isRecord(register) { return addedToField(register, key, value) }
    guard case .number(let y) = value.pointee, let (list, place) = ownItem(register, key)
    else { return false }
    return list._withUnsafeGuaranteedRef { added(y, to: $0.base + place) }
  }

  /// Changes a place within a value, where that needs no more than numbers, strings and lists;
  /// changes nothing where it needs more.
  func update(
    _ place: UnsafeMutablePointer<Value>, _ operation: Operation,
    _ path: ArraySlice<Code.PathStep>, _ value: UnsafeMutablePointer<Value>,
    key: Int = 1
  ) -> Bool {
    guard let step = path.first else { return updateLeaf(place, operation, value) }
    guard value.pointee.depth + Int32(path.count) + 1 < Value.nestingLimit else { return false }
    switch step {
    case .field(let name):
      return within(place, name) {
        update($0, operation, path.dropFirst(), value, key: key)
      }
    case .index(let form):
      guard form.count == 1, case .value = form[0] else { return false }
      return within(place, key: value + key) {
        update($0, operation, path.dropFirst(), value, key: key + 1)
      }
    }
  }

  private func updateLeaf(
    _ place: UnsafeMutablePointer<Value>, _ operation: Operation,
    _ value: UnsafeMutablePointer<Value>
  ) -> Bool {
    if case .number(let x) = place.pointee, case .number(let y) = value.pointee {
      switch operation {
      case .add: place.initialize(to: .number(x + y))
      case .subtract: place.initialize(to: .number(x - y))
      case .multiply: place.initialize(to: .number(x * y))
      case .divide: place.initialize(to: .number(x / y))
      default: return false
      }
      return true
    }
    if operation == .append { return Machine.appended(place, value) }
    guard operation == .add else { return false }
    switch (Machine.kind(place), Machine.kind(value)) {
    case (.list, .list), (.string, .string):
      return (try? addInPlace(place, value.pointee)) != nil
    default: return false
    }
  }

  private func within(
    _ place: UnsafeMutablePointer<Value>, _ name: Symbol,
    _ change: (UnsafeMutablePointer<Value>) -> Bool
  ) -> Bool {
    switch Machine.kind(place) {
    case .record:
      guard case .record(var record) = place.move() else { return false }
      defer { place.initialize(to: .record(record)) }
      guard let inner = record.place(of: name) else { return false }
      if !isKnownUniquelyReferenced(&record) { record = record.copy() }
      guard change(record.base + inner) else { return false }
      record.depth = max(record.depth, record.base[inner].depth + 1)
      return true
    case .instance:
      guard case .instance(var instance) = place.move() else { return false }
      defer { place.initialize(to: .instance(instance)) }
      guard let inner = instance.type.fields.firstIndex(of: name) else { return false }
      if !isKnownUniquelyReferenced(&instance) {
        instance = instance.copy()
      }
      guard change(instance.base + inner) else { return false }
      instance.depth = max(instance.depth, instance.base[inner].depth + 1)
      return true
    default: return false
    }
  }

  private func within(
    _ place: UnsafeMutablePointer<Value>, key: UnsafeMutablePointer<Value>,
    _ change: (UnsafeMutablePointer<Value>) -> Bool
  ) -> Bool {
    if case .string(let text) = key.pointee { return within(place, text.symbol, change) }
    guard Machine.isList(place), case .list(var list) = place.move() else { return false }
    defer { place.initialize(to: .list(list)) }
    guard let inner = Machine.place(key, below: list.count) else { return false }
    if !isKnownUniquelyReferenced(&list) { list = list.copy() }
    guard change(list.base + inner) else { return false }
    list.depth = max(list.depth, list.base[inner].depth + 1)
    return true
  }
}
