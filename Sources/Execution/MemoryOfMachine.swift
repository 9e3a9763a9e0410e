import Glibc

/// What the system says of its memory and of this process's share.
enum MemoryOfMachine {
  /// Bytes that the machine has, or that its control group grants.
  static let size: Int = {
    let whole = sysconf(Int32(_SC_PHYS_PAGES)) * pageSize
    return groupLimits.reduce(whole > 0 ? whole : 1 << 40, min)
  }()

  /// Bytes that the limits of the process (`ulimit -v`, `ulimit -d`) leave it.
  static let allowed: Int = {
    var least = Int.max
    for kind in [RLIMIT_AS.rawValue, RLIMIT_DATA.rawValue] {
      var limit = rlimit()
      guard getrlimit(Int32(bitPattern: kind), &limit) == 0, limit.rlim_cur != rlim_t.max else {
        continue
      }
      least = min(least, max(0, Int(clamping: limit.rlim_cur) - mapped))
    }
    return least
  }()

  /// Bytes of memory that this process fills with its own: what files map is left out.
  static var held: Int {
    let fields = statistics
    return max(0, fields.resident - fields.shared) * pageSize
  }

  /// Gives memory that is free but kept for reuse back to the system.
  static func giveBack() { _ = trim?(0) }

  /// `malloc_trim`, which not every C library has.
  private static let trim: (@convention(c) (Int) -> Int32)? = dlsym(nil, "malloc_trim").map {
    unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self)
  }

  /// Bytes of addresses that are taken.
  private static var mapped: Int { statistics.size * pageSize }

  /// Bytes that all processes together could still have.
  static var available: Int {
    guard let kilobytes = number(in: "/proc/meminfo", behind: "MemAvailable:") else {
      return Int.max
    }
    return kilobytes << 10
  }

  private static let pageSize = max(4096, sysconf(Int32(_SC_PAGESIZE)))

  /// Kept open, with a number that no standard stream has.
  private static let descriptor: Int32 = {
    let opened = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard opened >= 0, opened < 3 else { return opened }
    defer { close(opened) }
    return fcntl(opened, F_DUPFD_CLOEXEC, 3)
  }()

  /// The first three numbers of `statm`, in pages; zeros where the system has no such file.
  private static var statistics: (size: Int, resident: Int, shared: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { buffer in
      let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
      var (numbers, place) = ((0, 0, 0), 0)
      func next() -> Int {
        var number = 0
        while place < count, buffer[place] >= 48 {
          number = number &* 10 &+ Int(buffer[place] &- 48)
          place += 1
        }
        place += 1
        return number
      }
      numbers = (next(), next(), next())
      return numbers
    }
  }

  /// The number behind a word of a small file of the system.
  private static func number(in path: String, behind word: String) -> Int? {
    guard let text = smallFile(path) else { return nil }
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(word) }) else {
      return nil
    }
    return Int(line.dropFirst(word.count).drop { $0 == " " }.prefix { $0.isNumber })
  }

  private static func smallFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  /// The limits of the control groups that this process is in, of both versions.
  private static var groupLimits: [Int] {
    var files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    for line in smallFile("/proc/self/cgroup")?.split(separator: "\n") ?? [] {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isFirst = parts[1].split(separator: ",").contains("memory")
      guard isFirst || parts[1].isEmpty else { continue }
      let root = isFirst ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup"
      var group = String(parts[2])
      while group.count > 1 {
        files.append(root + group + (isFirst ? "/memory.limit_in_bytes" : "/memory.max"))
        group = File.folder(of: group)
      }
    }
    return files.compactMap { path in
      smallFile(path).flatMap { Int($0.prefix { $0.isNumber }) }.flatMap { $0 > 0 ? $0 : nil }
    }
  }
}
