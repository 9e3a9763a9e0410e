import Execution
import Glibc
import Synchronization

/// Large blocks of memory that buffers gave back, kept for the next ones of their size.
///
/// A loop that computes the same shapes again and again would otherwise return its memory to the
/// system and have it cleared page by page at each turn, which costs up to a third of the time.
final class BlockPool: Sendable {
  static let shared = BlockPool()

  /// Numbers from which a block comes from here: below, the C library is as good.
  static let smallest = 1 << 10
  /// The most numbers kept at a time: 256 MiB, or an eighth of a small budget.
  private static let limit = min(1 << 26, Memory.budget / 8 / MemoryLayout<Float>.size)
  /// Numbers from which a block is never kept, and comes from the system itself.
  private static let largest = 1 << 25

  private struct Free: @unchecked Sendable {
    var blocks: [Int: [MutableFloats]] = [:]
    var count = 0
  }

  private let free = Mutex(Free())

  /// Room for at least `count` numbers, aligned to 64 bytes.
  func take(_ count: Int) -> MutableFloats {
    let size = BlockPool.size(count)
    let found = free.withLock { free -> UInt in
      guard let block = free.blocks[size]?.popLast() else { return 0 }
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
      else { return [address] }
      var dropped: [UInt] = []
      if free.count + size > BlockPool.limit {
        // Sizes that nobody asks for any more must not fill the pool for ever.
        dropped = free.blocks.values.flatMap { $0.map { UInt(bitPattern: $0) } }
        free = Free()
      }
      free.blocks[size, default: []].append(base)
      free.count += size
      return dropped
    }
    if size > BlockPool.largest {
      munmap(UnsafeMutableRawPointer(base), size * MemoryLayout<Float>.size)
      return
    }
    for address in dropped { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
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
        // Large pages are filled and given back several times faster.
        madvise(base, count * MemoryLayout<Float>.size, Int32(MADV_HUGEPAGE))
        return base.bindMemory(to: Float.self, capacity: count)
      }
    }
    return UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
  }
}
