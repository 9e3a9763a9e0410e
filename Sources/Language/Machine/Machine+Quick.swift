import Execution

/// The frequent cases of reading parts of values, and of comparing: each says whether it was one.
///
/// What a register holds is looked at without being held a second time, as that would make a change
/// a copy.
extension Machine {
  // MARK: - What a register holds

  /// The function in a register, if that holds one.
  @inline(__always)
  static func function(in register: UnsafeMutablePointer<Value>) -> Unmanaged<FunctionObject>? {
    guard case .function = register.pointee else { return nil }
    return register.object(FunctionObject.self)
  }

  /// The function in a register, if it takes just so many arguments by place.
  @inline(__always)
  static func function(
    in register: UnsafeMutablePointer<Value>, taking count: Int
  ) -> Unmanaged<FunctionObject>? {
    guard case .function = register.pointee else { return nil }
    let function = register.object(FunctionObject.self)
    return function._withUnsafeGuaranteedRef { $0.plainCount } == count ? function : nil
  }

  static func copyCaptures(
    of function: Unmanaged<FunctionObject>, to first: UnsafeMutablePointer<Value>
  ) {
    function._withUnsafeGuaranteedRef { copyCaptures(of: $0, to: first) }
  }

  static func copyCaptures(of function: FunctionObject, to first: UnsafeMutablePointer<Value>) {
    for (place, value) in function.captures.enumerated() { first[place] = value }
  }

  @inline(__always)
  static func isList(_ register: UnsafeMutablePointer<Value>) -> Bool {
    if case .list = register.pointee { true } else { false }
  }

  @inline(__always)
  static func isRecord(_ register: UnsafeMutablePointer<Value>) -> Bool {
    if case .record = register.pointee { true } else { false }
  }

  /// A number as a place from 0 to below `count`.
  @inline(__always)
  static func place(_ key: UnsafeMutablePointer<Value>, below count: Int) -> Int? {
    guard case .number(let x) = key.pointee, x >= 0, x < Double(count) else { return nil }
    let place = Int(x)
    return Double(place) == x ? place : nil
  }

  // MARK: - Reading

  @inline(__always)
  static func readItem(
    _ base: UnsafeMutablePointer<Value>, _ key: UnsafeMutablePointer<Value>,
    into target: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard isList(base) else { return false }
    return base.object(ListObject.self)._withUnsafeGuaranteedRef { list in
      guard let place = place(key, below: list.count) else { return false }
      copy(list.base + place, to: target)
      return true
    }
  }

  @inline(__always)
  static func readNext(
    _ source: UnsafeMutablePointer<Value>, _ place: Int, into target: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard isList(source) else { return false }
    return source.object(ListObject.self)._withUnsafeGuaranteedRef { list in
      guard place < list.count else { return false }
      copy(list.base + place, to: target)
      return true
    }
  }

  @inline(__always)
  private static func copy(
    _ source: UnsafeMutablePointer<Value>, to target: UnsafeMutablePointer<Value>
  ) {
    if case .number(let number) = source.pointee {
      set(target, number)
    } else {
      target.pointee = source.pointee
    }
  }

  /// Where a record has a field.
  ///
  /// Apart from what reads it: as the search may make an index, record and values would be held.
  @inline(never)
  static func place(of name: Symbol, in record: Unmanaged<RecordObject>) -> Int? {
    record._withUnsafeGuaranteedRef { $0.place(of: name) }
  }

  @inline(__always)
  static func readField(
    _ base: UnsafeMutablePointer<Value>, _ name: UnsafeMutablePointer<Value>,
    into target: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard case .string = name.pointee else { return false }
    let symbol = name.object(StringObject.self)._withUnsafeGuaranteedRef { $0.symbol }
    // Not by a switch, which holds what it looks at.
    if isRecord(base) {
      let record = base.object(RecordObject.self)
      guard let place = place(of: symbol, in: record) else { return false }
      record._withUnsafeGuaranteedRef { copy($0.base + place, to: target) }
      return true
    }
    guard case .instance = base.pointee else { return false }
    return base.object(InstanceObject.self)._withUnsafeGuaranteedRef { instance in
      guard let place = instance.type.fields.firstIndex(of: symbol) else { return false }
      copy(instance.base + place, to: target)
      return true
    }
  }

  /// The character of a string in which each byte is one.
  @inline(never)
  func readLetter(
    _ base: UnsafeMutablePointer<Value>, _ key: UnsafeMutablePointer<Value>,
    into target: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard case .string = base.pointee else { return false }
    let text = base.object(StringObject.self)
    let byte = text._withUnsafeGuaranteedRef { string -> UInt8? in
      guard string.hasByteCharacters,
        let place = Machine.place(key, below: string.byteCount)
      else { return nil }
      return string.byte(at: place)
    }
    guard let byte else { return false }
    target.pointee = letters[Int(byte)]
    return true
  }

  /// A slice of a list whose places follow each other; a bound that is unset is not given.
  @inline(never)
  static func readSlice(
    _ base: UnsafeMutablePointer<Value>, _ bounds: UnsafeMutablePointer<Value>,
    into target: UnsafeMutablePointer<Value>
  ) -> Bool {
    guard isList(base) else { return false }
    let part = base.object(ListObject.self)._withUnsafeGuaranteedRef { list -> ListObject? in
      let count = list.count
      let start = bounds[0].isUnset ? 0 : place(bounds, below: count + 1)
      let stop = bounds[1].isUnset ? count : place(bounds + 1, below: count + 1)
      // A long part is copied where work can be stopped meanwhile.
      guard let start, let stop, stop - start < 1 << 18 else { return nil }
      return list.part(start..<max(start, stop))
    }
    guard let part else { return false }
    target.pointee = .list(part)
    return true
  }

  /// Puts the texts of items into one with a separator between them, without counting references to
  /// those that are strings; `other` gives the texts of the rest.
  static func join(
    _ items: ListItems, _ separator: String, into result: inout TextBuilder,
    other: (Value) throws -> String
  ) throws {
    var polling = Polling()
    var separator = separator
    defer { withExtendedLifetime(items) {} }
    try separator.withUTF8 { separator in
      let base = items.list.base
      for place in 0..<items.count {
        try polling.check()
        if place > 0 { result.append(separator) }
        guard case .string = base[place] else {
          result.append(try other(base[place]))
          continue
        }
        let string = (base + place).object(StringObject.self)
        string._withUnsafeGuaranteedRef { result.append($0) }
      }
    }
  }

  // MARK: - Comparing

  /// Whether a comparison of two strings holds; nil where the registers hold others.
  @inline(never)
  static func comparedTexts(
    _ operation: Operation, _ x: UnsafeMutablePointer<Value>, _ y: UnsafeMutablePointer<Value>
  ) -> Bool? {
    guard case .string = x.pointee, case .string = y.pointee else { return nil }
    return x.object(StringObject.self)._withUnsafeGuaranteedRef { a in
      y.object(StringObject.self)._withUnsafeGuaranteedRef { b in
        if let x = a.head, let y = b.head {
          if x != y { return holds(operation, x, y) }
          if max(a.byteCount, b.byteCount) <= 8 {
            return holds(operation, a.byteCount, b.byteCount)
          }
        }
        return holds(operation, a.text, b.text)
      }
    }
  }

  /// The remainder of two whole numbers.
  @inline(__always)
  static func wholeRemainder(_ x: Double, _ y: Double) -> Double? {
    guard x >= 0, x <= 0x1p53, y >= 1, y <= 0x1p53 else { return nil }
    let (a, b) = (UInt64(x), UInt64(y))
    guard Double(a) == x, Double(b) == y else { return nil }
    return Double((a | b) >> 32 == 0 ? UInt64(UInt32(a) % UInt32(b)) : a % b)
  }
}
