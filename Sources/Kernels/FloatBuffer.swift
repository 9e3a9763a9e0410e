import Execution
import Glibc

/// Memory for float32 numbers, aligned to 64 bytes and padded to whole vectors of 16.
///
/// A buffer is shared by reference; the tensor that holds it copies it before writing unless it is
/// the only holder.
public final class FloatBuffer: @unchecked Sendable {
  /// How many numbers the buffer holds, padding not counted.
  public let count: Int
  /// The first number.
  ///
  /// For kernels; other rooms use the safe accessors.
  @usableFromInline let base: UnsafeMutablePointer<Float>
  private let raw: UnsafeMutableRawPointer
  /// What tells these numbers from what stands here after they change; nil until somebody asks.
  private(set) var identity: Identity?

  /// Stands for the numbers of a buffer while they stay the same.
  ///
  /// What is made of them is found again by it, held weakly, without holding them.
  public final class Identity: Sendable {}

  /// Room for `count` numbers of no particular value; the padding is zero.
  public init(uninitialized count: Int) {
    self.count = count
    let padded = max(16, (count + 15) & ~15)
    if padded < BlockPool.smallest {
      // Aligned by hand: the C library keeps no quick lists for aligned memory, which makes small
      // buffers several times slower to get.
      raw = UnsafeMutableRawPointer.allocate(byteCount: padded * 4 + 48, alignment: 16)
      base = raw.alignedUp(toMultipleOf: 64).bindMemory(to: Float.self, capacity: padded)
    } else {
      Memory.announce(padded * 4)
      base = BlockPool.shared.take(padded)
      raw = UnsafeMutableRawPointer(base)
    }
    (base + count).update(repeating: 0, count: padded - count)
  }

  /// `count` times the same number.
  public convenience init(repeating value: Float, count: Int) {
    self.init(uninitialized: count)
    for start in stride(from: 0, to: count, by: FloatBuffer.numbersBetweenLooks) {
      (base + start).update(
        repeating: value, count: min(FloatBuffer.numbersBetweenLooks, count - start))
      if Elementwise.isGivenUp { return }
    }
  }

  /// Numbers that are written in a few milliseconds.
  private static let numbersBetweenLooks = 1 << 22

  /// The numbers of an array.
  public convenience init(_ numbers: [Float]) {
    self.init(uninitialized: numbers.count)
    numbers.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { base.update(from: first, count: source.count) }
    }
  }

  /// A copy of `count` numbers of another buffer; the stretch is checked.
  public convenience init(_ other: FloatBuffer, from start: Int, count: Int) {
    precondition(start >= 0 && count >= 0 && start + count <= other.count, "stretch outside")
    self.init(uninitialized: count)
    Turns.apart(numbers: count) { base.update(from: other.base + start, count: count) }
  }

  /// A copy of its own.
  public func copy() -> FloatBuffer {
    let other = FloatBuffer(uninitialized: count)
    Turns.apart(numbers: count) { other.base.update(from: base, count: count) }
    return other
  }

  /// What stands for the numbers as they are now; callers take turns.
  public func identify() -> Identity {
    if let identity { return identity }
    let new = Identity()
    identity = new
    return new
  }

  /// Says that the sole holder is about to write: what was made of the numbers is out of date.
  public func willChange() {
    if identity != nil { identity = nil }
  }

  deinit {
    let padded = max(16, (count + 15) & ~15)
    if padded < BlockPool.smallest { raw.deallocate() } else { BlockPool.shared.give(base, padded) }
  }

  /// One number; the place is checked.
  public subscript(_ place: Int) -> Float {
    get {
      precondition(place >= 0 && place < count, "place outside the buffer")
      return base[place]
    }
    set {
      precondition(place >= 0 && place < count, "place outside the buffer")
      base[place] = newValue
    }
  }

  /// The numbers as a read-only view, valid inside `body`.
  public func read<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try body(UnsafeBufferPointer(start: base, count: count))
  }

  /// The numbers as a writable view, valid inside `body`.
  ///
  /// Only the sole holder may call it.
  public func write<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try body(UnsafeMutableBufferPointer(start: base, count: count))
  }
}
