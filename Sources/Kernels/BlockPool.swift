import Execution
import Glibc
import Synchronization

/// Large blocks of memory that buffers gave back, kept for the next ones of their size.
///
/// A loop that computes the same shapes again and again would otherwise return its memory to the
/// system and have it cleared page by page at each turn, which costs up to a third of the time.
final class BlockPool: Sendable {
  static let shared: BlockPool = {
    let pool = BlockPool()
    Memory.add { pool.giveBack(ifIdle: $0) }
    return pool
  }()

  /// Numbers from which a block comes from here: below, the C library is as good.
  static let smallest = 1 << 10
  /// The most numbers kept at a time: a step that trains gives all of its memory back at its end, and
  /// takes it again for the next one.
  private static let limit = Memory.budget / 2 / MemoryLayout<Float>.size
  /// Numbers from which a block is never kept, and comes from the system itself.
  private static let largest = 1 << 25

  private struct Free: @unchecked Sendable {
    var blocks: [Int: [MutableFloats]] = [:]
    var count = 0
    /// Whether a block was asked for since somebody looked.
    var isInUse = false
    var pages = LargePages()

    /// All blocks are kept no longer; gives those that are not of large pages.
    mutating func removeAll() -> [UInt] {
      let all = blocks.flatMap { size, blocks in
        blocks.filter { !pages.drop(UnsafeMutableRawPointer($0), size) }
      }
      (blocks, count) = ([:], 0)
      return all.map { UInt(bitPattern: $0) }
    }
  }

  private let free = Mutex(Free())

  /// Room for at least `count` numbers, aligned to 64 bytes.
  func take(_ count: Int) -> MutableFloats {
    let size = BlockPool.size(count)
    let found = free.withLock { free -> UInt in
      free.isInUse = true
      guard let block = free.blocks[size]?.popLast() else {
        return free.pages.take(size).map { UInt(bitPattern: $0) } ?? 0
      }
      free.count -= size
      return UInt(bitPattern: block)
    }
    return MutableFloats(bitPattern: found) ?? BlockPool.allocate(size)
  }

  /// Gives back what `take` gave for the same count.
  func give(_ base: MutableFloats, _ count: Int) {
    let size = BlockPool.size(count)
    let address = UInt(bitPattern: base)
    let dropped = free.withLock { free -> [UInt] in
      guard size <= min(BlockPool.limit / 2, BlockPool.largest),
        let base = MutableFloats(bitPattern: address)
      else {
        let block = UnsafeMutableRawPointer(bitPattern: address)
        return block.map { free.pages.drop($0, size) } ?? false ? [] : [address]
      }
      var dropped: [UInt] = []
      if free.count + size > BlockPool.limit {
        // Sizes that nobody asks for any more must not fill the pool for ever.
        dropped = free.removeAll()
      }
      free.blocks[size, default: []].append(base)
      free.count += size
      return dropped
    }
    if size > BlockPool.largest {
      munmap(UnsafeMutableRawPointer(base), size * MemoryLayout<Float>.size)
      return
    }
    BlockPool.deallocate(dropped)
  }

  /// Gives all blocks that are kept back to the system, or only if none was asked for since the last
  /// call.
  private func giveBack(ifIdle: Bool) {
    let dropped = free.withLock { free -> [UInt] in
      defer { free.isInUse = false }
      return ifIdle && free.isInUse ? [] : free.removeAll()
    }
    BlockPool.deallocate(dropped)
  }

  private static func deallocate(_ addresses: [UInt]) {
    for address in addresses { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }

  /// Sizes come in eighths of a power of two, so that at most an eighth is wasted.
  private static func size(_ count: Int) -> Int {
    let step = 1 << (Int.bitWidth - 1 - count.leadingZeroBitCount - 3)
    return (count + step - 1) & ~(step - 1)
  }

  /// A large block takes memory only as it is written: the system grants it where it would refuse
  /// an ordinary one, and work that is stopped for lack of memory never writes it all.
  private static func allocate(_ count: Int) -> MutableFloats {
    if count > largest {
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
      let base = mmap(
        nil, count * MemoryLayout<Float>.size, PROT_READ | PROT_WRITE, flags, -1, 0)
      if let base, base != MAP_FAILED {
        inLargePages(base, count)
        return base.bindMemory(to: Float.self, capacity: count)
      }
    }
    let inPages = count >= BlockPool.inLargePages
    let base = UnsafeMutableRawPointer.allocate(
      byteCount: count * 4, alignment: inPages ? LargePages.page : 64)
    if inPages { inLargePages(base, count) }
    return base.bindMemory(to: Float.self, capacity: count)
  }

  /// Numbers from which a block asks for large pages: with those of 4 KiB the first writing of a block
  /// costs more for finding pages than for the numbers.
  private static let inLargePages = LargePages.sizes.upperBound

  /// Asks the system for large pages, a whole last one too; it may decline.
  private static func inLargePages(_ base: UnsafeMutableRawPointer, _ count: Int) {
    madvise(base, rounded(count * MemoryLayout<Float>.size, to: LargePages.page), MADV_HUGEPAGE)
  }
}
