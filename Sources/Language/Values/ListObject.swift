import Execution

/// What a list knows of itself beside its items.
public struct ListHeader: ItemHeader {
  var memory: ItemMemory
  var depth: Int32
}

/// A list.
public final class ListObject: ManagedBuffer<ListHeader, Value> {
  /// An empty list with room for so many items.
  ///
  /// - Parameter depth: the list's own if that is known, else it rises with the items.
  static func empty(capacity: Int, depth: Int32 = 1) -> ListObject {
    // Large memory lies apart, so that it can be freed beside what goes on.
    let isLarge = capacity >= ItemMemory.large
    let made = ListObject.create(minimumCapacity: isLarge ? 0 : capacity) {
      ListHeader(memory: ItemMemory(behind: $0, capacity: isLarge ? 0 : capacity), depth: depth)
    }
    if isLarge { made.header.memory.reserve(capacity) }
    return unsafeDowncast(made, to: ListObject.self)
  }

  /// A list of values that are moved out of registers, which are left unset.
  static func taking(_ first: UnsafeMutablePointer<Value>, _ count: Int) -> ListObject {
    let list = empty(
      capacity: count, depth: Value.depth(of: UnsafeBufferPointer(start: first, count: count)))
    list.header.memory.append(taking: first, count)
    return list
  }

  deinit { header.memory.destroy() }

  /// How many items there are.
  public var count: Int { header.memory.count }

  /// The items, in order.
  public var items: ListItems { ListItems(of: self) }

  /// A list with the same items.
  func copy() -> ListObject { part(0..<count) }

  /// A list with some of the items.
  func part(_ range: Range<Int>) -> ListObject {
    let part = ListObject.empty(capacity: range.count, depth: depth)
    withExtendedLifetime(self) { part.header.memory.append(copying: header.memory, range) }
    return part
  }

  /// The same of a list that may be long.
  ///
  /// - Throws: what was thrown to stop work; `Failure` if there is no room for it.
  func checkedPart(_ range: Range<Int>) throws -> ListObject {
    guard range.count > ListObject.itemsBetweenLooks else { return part(range) }
    try Machine.checkListLength(Double(range.count))
    let part = ListObject.empty(capacity: range.count, depth: depth)
    try Stretches.forEach(range.count) { stretch in
      let places = range.lowerBound + stretch.lowerBound..<range.lowerBound + stretch.upperBound
      withExtendedLifetime(self) { part.header.memory.append(copying: header.memory, places) }
    }
    return part
  }

  // MARK: - Growing

  /// Items that are copied in a few milliseconds.
  private static let itemsBetweenLooks = 1 << 18

  // Only the sole holder may call what follows.

  /// Puts an item at the end.
  @inline(__always)
  func append(_ item: consuming Value) {
    let itemDepth = item.depth
    if itemDepth >= header.depth { header.depth = itemDepth + 1 }
    header.memory.append(item)
  }

  /// Moves a value without parts to the end and leaves its register unset.
  @inline(__always)
  func append(taking register: UnsafeMutablePointer<Value>) {
    header.memory.append(taking: register)
  }

  /// Puts the items of a list at the end, which may be this one.
  ///
  /// - Throws: what was thrown to stop work, half of the items being there.
  func append(contentsOf other: ListObject) throws {
    let added = other.count
    header.memory.reserve(added)
    for start in stride(from: 0, to: added, by: ListObject.itemsBetweenLooks) {
      if start > 0 { try Cancellation.current.check() }
      withExtendedLifetime(other) {
        header.memory.append(
          copying: other.header.memory, start..<min(start + ListObject.itemsBetweenLooks, added))
      }
    }
    header.depth = max(header.depth, other.depth)
  }
}

extension ListObject: ReleasedInPieces {
  /// Lets go of items at the end.
  public func removeLast(_ removed: Int) { header.memory.removeLast(removed) }

  /// Bytes that the items take, without what they refer to.
  public var byteCount: Int { count * MemoryLayout<Value>.stride }
}
