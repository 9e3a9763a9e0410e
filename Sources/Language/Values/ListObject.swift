import Execution
import Glibc

/// What a list knows of itself beside its items.
public struct ListHeader {
  /// Where the items lie: behind the object, or in memory of their own once they outgrew that.
  public fileprivate(set) var base: UnsafeMutablePointer<Value>
  /// How many items there are.
  public fileprivate(set) var count = 0
  /// For how many there is room.
  fileprivate var capacity: Int
  /// Whether the items lie in memory of their own.
  fileprivate var isApart = false
  /// How deeply values lie within each other: 1 for a list of numbers.
  var depth: Int32
}

/// A list.
///
/// Its items lie behind the object itself, so that a short list is one piece of memory. A list that
/// grows beyond its room takes memory of its own, twice as much each time.
public final class ListObject: ManagedBuffer<ListHeader, Value> {
  /// An empty list with room for so many items.
  ///
  /// - Parameter depth: the list's own if that is known, else it rises with the items.
  static func empty(capacity: Int, depth: Int32 = 1) -> ListObject {
    let made = ListObject.create(minimumCapacity: capacity) { buffer in
      let base = buffer.withUnsafeMutablePointerToElements { $0 }
      return ListHeader(base: base, capacity: capacity, depth: depth)
    }
    return unsafeDowncast(made, to: ListObject.self)
  }

  deinit {
    UnsafeMutablePointer.destroy(header.base, header.count)
    if header.isApart { free(header.base) }
  }

  /// Where the items lie, until the list grows; only the sole holder may write there.
  @inline(__always)
  var base: UnsafeMutablePointer<Value> { header.base }

  /// How many items there are.
  @inlinable
  public var count: Int { header.count }

  /// How deeply values lie within each other.
  @inline(__always)
  var depth: Int32 {
    get { header.depth }
    set { header.depth = newValue }
  }

  /// The items, in order.
  public var items: ListItems { ListItems(of: self) }

  /// A list with the same items.
  func copy() -> ListObject { part(0..<count) }

  /// A list with some of the items.
  func part(_ range: Range<Int>) -> ListObject {
    let part = ListObject.empty(capacity: range.count, depth: depth)
    UnsafeMutablePointer.copy(base + range.lowerBound, to: part.base, range.count)
    part.header.count = range.count
    return part
  }

  // MARK: - Growing

  // Only the sole holder may call what follows.

  /// Puts an item at the end.
  @inline(__always)
  func append(_ item: consuming Value) {
    let itemDepth = item.depth
    if itemDepth >= header.depth { header.depth = itemDepth + 1 }
    if header.count == header.capacity { grow(to: header.count + 1) }
    (header.base + header.count).initialize(to: item)
    header.count += 1
  }

  /// Puts the items of a list at the end, which may be this one.
  func append(contentsOf other: ListObject) {
    let added = other.count
    if count + added > header.capacity { grow(to: count + added) }
    UnsafeMutablePointer.copy(other.base, to: base + count, added)
    header.count += added
    header.depth = max(header.depth, other.depth)
  }

  /// Moves a value without parts to the end and leaves its register unset.
  @inline(__always)
  func append(taking register: UnsafeMutablePointer<Value>) {
    if header.count == header.capacity { grow(to: header.count + 1) }
    // Not both words of the register at once: it was written just now, and one by one.
    (header.base + header.count).initialize(to: register.move())
    header.count += 1
    register.initialize(to: .unset)
  }

  /// Moves values to the end and leaves their registers unset.
  func append(taking first: UnsafeMutablePointer<Value>, _ added: Int) {
    for register in first..<first + added {
      append(register.move())
      register.initialize(to: .unset)
    }
  }

  /// Lets go of items at the end.
  public func removeLast(_ removed: Int) {
    header.count -= removed
    UnsafeMutablePointer.destroy(base + count, removed)
  }

  /// Makes room for so many items or more.
  @inline(never)
  private func grow(to wanted: Int) {
    let capacity = max(wanted, 2 * header.capacity, 4)
    header.base = header.isApart ? enlarged(to: capacity) : moved(to: capacity)
    header.capacity = capacity
    header.isApart = true
  }

  /// The system can move a large piece of memory without copying what lies in it.
  private func enlarged(to capacity: Int) -> UnsafeMutablePointer<Value> {
    let memory = realloc(header.base, capacity * MemoryLayout<Value>.stride)
    if let memory { return memory.assumingMemoryBound(to: Value.self) }
    return moved(to: capacity)
  }

  private func moved(to capacity: Int) -> UnsafeMutablePointer<Value> {
    let memory = malloc(capacity * MemoryLayout<Value>.stride)
    // Where there is no memory left, this ends the program and says so.
    let target =
      memory?.assumingMemoryBound(to: Value.self) ?? .allocate(capacity: capacity)
    target.moveInitialize(from: header.base, count: header.count)
    if header.isApart { free(header.base) }
    return target
  }
}

extension ListObject: ReleasedInPieces {}

/// The items of a list, in order.
///
/// Whoever has them holds the list, so that nobody changes it in place meanwhile.
public struct ListItems: RandomAccessCollection {
  @usableFromInline let list: ListObject

  init(of list: ListObject) { self.list = list }

  /// The items of a collection.
  @inlinable
  public init(_ items: some Collection<Value>) {
    self.init(capacity: items.count) { append in for item in items { append(item) } }
  }

  /// Items that a function puts in one by one, about as many as `capacity` says.
  public init(capacity: Int, _ fill: ((consuming Value) -> Void) throws -> Void) rethrows {
    let list = ListObject.empty(capacity: capacity)
    self.list = list
    try fill { list.append($0) }
  }

  @inlinable
  public var startIndex: Int { 0 }

  @inlinable
  public var endIndex: Int { list.count }

  @inlinable
  public subscript(place: Int) -> Value {
    precondition(place >= 0 && place < list.count, "a place that a list does not have")
    return list.header.base[place]
  }

  @inlinable
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Value>) throws -> Result
  ) rethrows -> Result? {
    try withExtendedLifetime(list) {
      try body(UnsafeBufferPointer(start: list.header.base, count: list.count))
    }
  }
}
