import Glibc

/// How much memory a search may take: as its time, it is a budget, at whose end the best interval so
/// far is given.
struct SearchMemory {
  /// Bytes that the process held when the search began.
  private let base: Int
  /// Bytes that the search may take.
  private let share: Int

  /// The budget of a search that begins now.
  init(share: Int = SearchMemory.share) {
    base = SearchMemory.held
    self.share = share
  }

  /// Whether the search has taken its share, or the process nearly half of what the machine has.
  var isUsedUp: Bool {
    let held = SearchMemory.held
    return held - base > share || held > SearchMemory.most
  }

  /// An eighth of the machine's memory: two searches may go on at a time.
  static let share = size / 8
  private static let most = size / 20 * 9

  private static let pageSize = max(4096, Int(sysconf(Int32(_SC_PAGESIZE))))

  /// Bytes that the machine has, or its control group allows.
  private static let size: Int = {
    let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
    let whole = pages > 0 ? pages * pageSize : 1 << 33
    let limit = numbers(in: "/sys/fs/cgroup/memory.max").first ?? whole
    return max(1 << 28, min(whole, limit))
  }()

  /// Bytes in memory that are the process's own, files aside.
  private static var held: Int {
    let pages = numbers(in: "/proc/self/statm")
    return pages.count < 3 ? 0 : max(0, pages[1] - pages[2]) * pageSize
  }

  private static func numbers(in path: String) -> [Int] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
      let count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
      return buffer.prefix(count).split { $0 == 32 || $0 == 10 }.compactMap {
        Int(String(decoding: $0, as: UTF8.self))
      }
    }
  }
}
