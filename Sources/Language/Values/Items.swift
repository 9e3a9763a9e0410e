import Execution

/// The values that a list, record or instance holds, in order.
///
/// Whoever has them holds their owner, so that nobody changes it in place meanwhile.
public struct Items<Owner: AnyObject>: RandomAccessCollection {
  @usableFromInline let owner: Owner
  @usableFromInline let base: UnsafeMutablePointer<Value>
  /// How many values there are.
  public let count: Int

  init(of owner: Owner, _ memory: ItemMemory) {
    self.owner = owner
    base = memory.base
    count = memory.count
  }

  /// The first place.
  @inlinable
  public var startIndex: Int { 0 }

  /// The place behind the last one.
  @inlinable
  public var endIndex: Int { count }

  /// The value at a place.
  @inlinable
  public subscript(place: Int) -> Value {
    precondition(place >= 0 && place < count, "no such place")
    // Nothing else tells the compiler that the memory goes with its owner.
    return withExtendedLifetime(owner) { base[place] }
  }

  /// The values as they lie in memory.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Value>) throws -> Result
  ) rethrows -> Result? {
    try withExtendedLifetime(owner) {
      try body(UnsafeBufferPointer(start: base, count: count))
    }
  }
}

/// The items of a list.
public typealias ListItems = Items<ListObject>

extension ListItems {
  var list: ListObject { owner }

  init(of list: ListObject) { self.init(of: list, list.header.memory) }

  /// The items of a collection.
  @inlinable
  public init(_ items: some Collection<Value>) {
    self.init(capacity: items.count) { append in for item in items { append(item) } }
  }

  /// The items of a collection that may be large, between which work can be stopped.
  ///
  /// - Throws: `Failure` if there is no memory for them; what was thrown to stop work.
  public init(polling items: some Collection<Value>) throws {
    try Machine.checkListLength(Double(items.count))
    try self.init(capacity: items.count) { append in
      var polling = Polling()
      for item in items {
        try polling.check()
        append(item)
      }
    }
  }

  /// Refuses a list that there is no room for.
  public static func checkLength(_ count: Int) throws {
    try Machine.checkListLength(Double(count))
  }

  /// Items that a function puts in one by one, about as many as `capacity` says.
  public init(capacity: Int, _ fill: ((consuming Value) -> Void) throws -> Void) rethrows {
    let list = ListObject.empty(capacity: capacity)
    try fill { list.append($0) }
    self.init(of: list)
  }
}
