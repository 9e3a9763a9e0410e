import Execution
import Glibc

/// The memory in which a list, record or instance keeps its values: behind the object itself, so
/// that a small one is one piece of memory, and apart once they have outgrown that.
struct ItemMemory {
  /// Where the values lie, until there are more than there is room for.
  private(set) var base: UnsafeMutablePointer<Value>
  /// How many values there are.
  private(set) var count = 0
  private var capacity: Int
  private var isApart = false

  /// Memory behind an object.
  init<Header>(behind object: ManagedBuffer<Header, Value>, capacity: Int) {
    base = object.withUnsafeMutablePointerToElements { $0 }
    self.capacity = capacity
  }

  /// Releases the values, and the memory if it does not go with the object.
  func destroy() {
    if isSlowToFree { return Parallel.release(ReleasedItems(self)) }
    UnsafeMutablePointer.destroy(base, count)
    if isApart { free(base) }
  }

  /// Values from which their memory lies apart.
  static let large = 1 << 21

  /// Whether freeing takes so long that whoever stops work would wait for it.
  private var isSlowToFree: Bool {
    guard isApart, count > 1 << 16 else { return false }
    return count >= ItemMemory.large || !base.isTrivial || !(base + count / 2).isTrivial
  }

  // MARK: - Growing

  /// Where the next value goes, which the caller then must write.
  @inline(__always)
  private mutating func next() -> UnsafeMutablePointer<Value> {
    if count == capacity { grow(to: count + 1) }
    count += 1
    return base + (count - 1)
  }

  /// Puts a value at the end.
  @inline(__always)
  mutating func append(_ value: consuming Value) { next().initialize(to: value) }

  /// Moves values to the end and leaves their registers unset.
  @inline(__always)
  mutating func append(taking first: UnsafeMutablePointer<Value>, _ added: Int = 1) {
    for register in first..<first + added {
      // Not both words of a register at once: it was written just now, and one by one.
      next().initialize(to: register.move())
      register.initialize(to: .unset)
    }
  }

  /// Makes room for so many more values.
  mutating func reserve(_ added: Int) {
    if count + added > capacity { grow(to: count + added) }
  }

  /// Copies values to the end; they may be among those that are there.
  mutating func append(copying other: ItemMemory, _ range: Range<Int>) {
    // A memory that moves takes those with it.
    let isOwn = other.base == base
    if count + range.count > capacity { grow(to: count + range.count) }
    let source = (isOwn ? base : other.base) + range.lowerBound
    UnsafeMutablePointer.copy(source, to: base + count, range.count)
    count += range.count
  }

  /// Lets go of values at the end.
  mutating func removeLast(_ removed: Int) {
    count -= removed
    UnsafeMutablePointer.destroy(base + count, removed)
  }

  /// Lets go of a value; those behind it move up.
  mutating func remove(at place: Int) {
    UnsafeMutablePointer.destroy(base + place, 1)
    count -= 1
    (base + place).moveInitialize(from: base + place + 1, count: count - place)
  }

  @inline(never)
  private mutating func grow(to wanted: Int) {
    let larger = max(wanted, 2 * capacity, 4)
    let isFirst = !isApart
    base = isApart ? enlarged(to: larger) : moved(to: larger)
    // Memory that grows step by step is moved by the system, which would part the pages again.
    if isFirst, larger >= ItemMemory.large { useLargePages(larger) }
    capacity = larger
    isApart = true
  }

  /// The system can move a large piece of memory without copying what lies in it.
  private func enlarged(to capacity: Int) -> UnsafeMutablePointer<Value> {
    let memory = realloc(base, capacity * MemoryLayout<Value>.stride)
    return memory?.assumingMemoryBound(to: Value.self) ?? moved(to: capacity)
  }

  /// Large pages are filled and given back several times faster.
  private func useLargePages(_ capacity: Int) {
    let page = 1 << 21
    let start = (Int(bitPattern: base) + page - 1) & ~(page - 1)
    let end = Int(bitPattern: base + capacity) & ~(page - 1)
    guard start < end else { return }
    madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, Int32(MADV_HUGEPAGE))
  }

  private func moved(to capacity: Int) -> UnsafeMutablePointer<Value> {
    let memory = malloc(capacity * MemoryLayout<Value>.stride)
    // Where no memory is left, `allocate` ends the program and says so.
    let target = memory?.assumingMemoryBound(to: Value.self) ?? .allocate(capacity: capacity)
    target.moveInitialize(from: base, count: count)
    if isApart { free(base) }
    return target
  }
}

/// Values that nobody holds any more, on their way to the thread that frees them.
private final class ReleasedItems: ReleasedInPieces {
  private let base: UnsafeMutablePointer<Value>
  private(set) var count: Int
  let byteCount: Int

  /// Takes over the values of a memory that lies apart.
  init(_ memory: ItemMemory) {
    (base, count) = (memory.base, memory.count)
    byteCount = count * MemoryLayout<Value>.stride
  }

  func removeLast(_ removed: Int) {
    count -= removed
    UnsafeMutablePointer.destroy(base + count, removed)
  }

  deinit { free(base) }
}

/// What the object of a list, record or instance knows beside its values.
protocol ItemHeader {
  var memory: ItemMemory { get }
  /// How deeply values lie within each other: 1 for a list of numbers.
  var depth: Int32 { get set }
}

extension ManagedBuffer where Header: ItemHeader, Element == Value {
  /// Where the values lie, until there are more; only the sole holder may write there.
  @inline(__always)
  var base: UnsafeMutablePointer<Value> { header.memory.base }

  /// How deeply values lie within each other.
  @inline(__always)
  var depth: Int32 {
    get { header.depth }
    set { header.depth = newValue }
  }
}
