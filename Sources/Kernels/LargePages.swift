import Glibc

/// Stretches of memory in large pages, from which blocks of middling size are cut.
///
/// With pages of 4 KiB a loop over many such blocks spends a few hundredths of its time on finding
/// pages. A stretch is given back when none of its blocks is held any more; until then, what blocks that
/// are given back took is returned to the system, but its place is not used again.
struct LargePages {
  /// A page, in bytes.
  static let page = 1 << 21
  /// Numbers of the blocks that are cut: smaller ones are as good anywhere, larger ones have pages of
  /// their own.
  static let sizes = 1 << 12..<1 << 19
  /// Bytes of a stretch, which are taken from the system as they are written.
  private static let length = 1 << 25
  /// Bytes between two blocks: places that blocks share would contend for the same lines of the cache.
  private static let gap = 320

  private struct Stretch {
    let mapped: UnsafeMutableRawPointer
    let base: UnsafeMutableRawPointer
    var used = 0
    var held = 0

    func holds(_ block: UnsafeMutableRawPointer) -> Bool {
      block >= base && block < base + LargePages.length
    }

    func unmap() { munmap(mapped, LargePages.length + LargePages.page) }
  }

  private var stretches: [Stretch] = []

  /// Room for so many numbers, aligned to 64 bytes; nil if their size is another or the system has none.
  mutating func take(_ count: Int) -> UnsafeMutableRawPointer? {
    guard LargePages.sizes.contains(count) else { return nil }
    let bytes = rounded(count * MemoryLayout<Float>.size + LargePages.gap, to: 64)
    if stretches.last.map({ $0.used + bytes > LargePages.length }) ?? true {
      guard let stretch = LargePages.map() else { return nil }
      stretches.append(stretch)
    }
    let last = stretches.count - 1
    let block = stretches[last].base + stretches[last].used
    stretches[last].used += bytes
    stretches[last].held += 1
    return block
  }

  /// Gives a block back.
  ///
  /// - Returns: whether it was cut from here.
  mutating func drop(_ block: UnsafeMutableRawPointer, _ count: Int) -> Bool {
    guard let place = stretches.firstIndex(where: { $0.holds(block) }) else { return false }
    stretches[place].held -= 1
    if stretches[place].held == 0 {
      stretches.remove(at: place).unmap()
      return true
    }
    let small = Int(getpagesize())
    let start = block.alignedUp(toMultipleOf: small)
    let end = (block + count * MemoryLayout<Float>.size).alignedDown(toMultipleOf: small)
    if end > start { madvise(start, end - start, MADV_DONTNEED) }
    return true
  }

  private static func map() -> Stretch? {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let mapped = mmap(nil, length + page, PROT_READ | PROT_WRITE, flags, -1, 0),
      mapped != MAP_FAILED
    else { return nil }
    let base = mapped.alignedUp(toMultipleOf: page)
    madvise(base, length, MADV_HUGEPAGE)
    return Stretch(mapped: mapped, base: base)
  }
}
