import Execution
import Glibc

/// Puts a text together from many small parts, byte by byte: each costs little more than its bytes.
public struct TextBuilder: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// How many bytes there are.
  public private(set) var count = 0

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
  public mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    if count + bytes.count > capacity { grow(by: bytes.count) }
    let target = UnsafeMutableRawPointer(base + count)
    // So few are copied before `memcpy` has found out how: two words that may overlap.
    switch bytes.count {
    case 1: target.storeBytes(of: source[0], as: UInt8.self)
    case 2...3: TextBuilder.copyEnds(source, target, bytes.count, UInt16.self)
    case 4...7: TextBuilder.copyEnds(source, target, bytes.count, UInt32.self)
    case 8...16: TextBuilder.copyEnds(source, target, bytes.count, UInt64.self)
    default: memcpy(target, source, bytes.count)
    }
    count += bytes.count
  }

  /// Puts a string at the end.
  @inline(__always)
  mutating func append(_ string: StringObject) {
    if string.byteCount <= 8, let head = string.head {
      append(head: head, count: string.byteCount)
    } else {
      append(string.text)
    }
  }

  /// Puts up to eight bytes at the end, the first of which is the highest of a number.
  @inline(__always)
  private mutating func append(head: UInt64, count added: Int) {
    if count + 8 > capacity { grow(by: 8) }
    UnsafeMutableRawPointer(base + count).storeBytes(of: head.bigEndian, as: UInt64.self)
    count += added
  }

  /// Copies the first and the last bytes, as many as a word has.
  @inline(__always)
  private static func copyEnds<Word: FixedWidthInteger>(
    _ source: UnsafePointer<UInt8>, _ target: UnsafeMutableRawPointer, _ count: Int, _: Word.Type
  ) {
    let source = UnsafeRawPointer(source)
    let last = count - MemoryLayout<Word>.size
    let (head, tail) = (
      source.loadUnaligned(as: Word.self), source.loadUnaligned(fromByteOffset: last, as: Word.self)
    )
    target.storeBytes(of: head, as: Word.self)
    target.storeBytes(of: tail, toByteOffset: last, as: Word.self)
  }

  /// Puts a text at the end.
  @inline(__always)
  public mutating func append(_ text: String) {
    if text.utf8.withContiguousStorageIfAvailable({ append($0) }) == nil {
      for byte in text.utf8 { withUnsafePointer(to: byte) { append(.init(start: $0, count: 1)) } }
    }
  }

  @inline(never)
  private mutating func grow(by extra: Int) {
    let larger = max(2 * capacity, count + extra)
    let target = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    memcpy(target, base, count)
    base.deallocate()
    (base, capacity) = (target, larger)
  }

  /// A text so many times over.
  ///
  /// - Throws: what was thrown to stop work.
  public static func repeating(_ text: String, count: Int) throws -> String {
    var bytes = Array(text.utf8)
    let total = bytes.count * count
    guard total > 0 else { return "" }
    return try bytes.withUnsafeMutableBufferPointer { part in
      try String(unsafeUninitializedCapacity: total) { buffer in
        guard let base = buffer.baseAddress, let source = part.baseAddress else { return 0 }
        memcpy(base, source, part.count)
        var done = part.count
        // What is there already is copied behind itself.
        while done < total {
          try Cancellation.current.check()
          let next = min(done, total - done, 1 << 24)
          memcpy(base + done, base, next)
          done += next
        }
        return total
      }
    }
  }
}
