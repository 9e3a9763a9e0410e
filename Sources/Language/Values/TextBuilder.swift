import Glibc

/// Puts a text together from many small parts, byte by byte: each costs little more than its bytes.
public final class TextBuilder {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0

  /// An empty text with room for so many bytes; it grows where they are not enough.
  public init(capacity: Int) {
    self.capacity = max(64, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// The text so far.
  public var text: String {
    String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
  }

  /// Puts bytes at the end.
  @inline(__always)
  public func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    if count + bytes.count > capacity { grow(by: bytes.count) }
    if bytes.count <= 8 {
      // So few are copied before `memcpy` has found out how.
      for place in 0..<bytes.count { base[count &+ place] = source[place] }
    } else {
      memcpy(base + count, source, bytes.count)
    }
    count += bytes.count
  }

  /// Puts a text at the end.
  @inline(__always)
  public func append(_ text: String) {
    if text.utf8.withContiguousStorageIfAvailable({ append($0) }) == nil {
      for byte in text.utf8 { withUnsafePointer(to: byte) { append(.init(start: $0, count: 1)) } }
    }
  }

  @inline(never)
  private func grow(by extra: Int) {
    let larger = max(2 * capacity, count + extra)
    let target = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    memcpy(target, base, count)
    base.deallocate()
    (base, capacity) = (target, larger)
  }

  /// A text so many times over.
  public static func repeating(_ text: String, count: Int) -> String {
    var bytes = Array(text.utf8)
    let total = bytes.count * count
    guard total > 0 else { return "" }
    return bytes.withUnsafeMutableBufferPointer { part in
      String(unsafeUninitializedCapacity: total) { buffer in
        guard let base = buffer.baseAddress, let source = part.baseAddress else { return 0 }
        memcpy(base, source, part.count)
        var done = part.count
        // What is there already is copied behind itself.
        while done < total {
          let next = min(done, total - done)
          memcpy(base + done, base, next)
          done += next
        }
        return total
      }
    }
  }
}
