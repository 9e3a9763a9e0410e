import Glibc

/// A counter-based stream of random numbers, keyed by seed, purpose and index.
///
/// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011). Two streams
/// of different key or index never share a block, so results depend neither on the number of
/// threads nor on the order in which work is done.
public struct RandomStream: Sendable, RandomNumberGenerator {
  private let key: UInt64
  private let index: UInt64
  private var block: UInt64 = 0
  private var buffer = SIMD4<UInt32>(repeating: 0)
  private var used = 4

  /// The stream of one purpose ("initial weights"), and of one item in it (the number of a run).
  public init(seed: UInt64, purpose: String, index: UInt64 = 0) {
    self.init(key: RandomStream.key(seed: seed, purpose: purpose), index: index)
  }

  /// The stream of a ready-made key.
  public init(key: UInt64, index: UInt64 = 0) {
    self.key = key
    self.index = index
  }

  /// Mixes a seed and the name of a purpose into a key.
  public static func key(seed: UInt64, purpose: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return mix(seed &+ mix(hash))
  }

  /// A key derived from another one and a number: streams within streams.
  public static func key(_ key: UInt64, _ number: UInt64) -> UInt64 {
    mix(key ^ mix(number &+ 0x9e37_79b9_7f4a_7c15))
  }

  /// The finaliser of SplitMix64: every bit of the input changes half of the output's.
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  private mutating func refill() {
    buffer = RandomStream.philox(block: block, index: index, key: key)
    block &+= 1
    used = 0
  }

  /// Philox 4x32-10 of a 128-bit counter, whose upper half is the index, and a 64-bit key.
  static func philox(block: UInt64, index: UInt64, key: UInt64) -> SIMD4<UInt32> {
    var x = SIMD4<UInt32>(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32))
    var key0 = UInt32(truncatingIfNeeded: key)
    var key1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let first = UInt64(x[0]) &* 0xd251_1f53
      let second = UInt64(x[2]) &* 0xcd9e_8d57
      x = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ x[1] ^ key0,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ x[3] ^ key1,
        UInt32(truncatingIfNeeded: first))
      key0 &+= 0x9e37_79b9
      key1 &+= 0xbb67_ae85
    }
    return x
  }

  /// The next 32 random bits.
  public mutating func next32() -> UInt32 {
    if used == 4 { refill() }
    let word = buffer[used]
    used += 1
    return word
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let low = UInt64(next32())
    return low | (UInt64(next32()) << 32)
  }

  /// Uniform in [0, 1), with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform in [0, 1), with 24 random bits.
  public mutating func uniformFloat() -> Float {
    Float(next32() >> 8) * 0x1p-24
  }

  /// Uniform from `low` to below `high`, both finite: what rounding would lift to `high` is held below.
  public mutating func uniformFloat(from low: Float, below high: Float) -> Float {
    let share = uniformFloat()
    let span = high - low
    let number =
      span.isFinite
      ? low + span * share : Float(Double(low) + (Double(high) - Double(low)) * Double(share))
    return number < high || low >= high ? number : high.nextDown
  }

  /// Standard normal, by Box and Muller's transform; one of its two values is dropped so that a
  /// draw always uses the same number of bits.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// A whole number in `0..<count`, uniform without bias (Lemire 2019).
  ///
  /// `count` must be positive.
  public mutating func integer(below count: Int) -> Int {
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// A uniformly random order of 0, 1, ..., count - 1 (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order, from: count - 1, to: 0)
    return order
  }

  /// The same for many numbers, which takes long and much memory.
  ///
  /// - Throws: `Failure` if there is no memory for it; what was thrown to stop work.
  public mutating func checkedPermutation(_ count: Int) throws -> [Int] {
    try Memory.reserve(count, of: MemoryLayout<Int>.size, for: "an order of \(count) items")
    var order: [Int] = []
    order.reserveCapacity(count)
    let stretch = 1 << 18
    for start in stride(from: 0, to: count, by: stretch) {
      try Cancellation.current.check()
      order.append(contentsOf: start..<min(count, start + stretch))
    }
    for last in stride(from: count - 1, to: 0, by: -stretch) {
      try Cancellation.current.check()
      shuffle(&order, from: last, to: max(0, last - stretch))
    }
    return order
  }

  /// Exchanges the items at some places, the last first, with one at or before them.
  @inline(__always)
  private mutating func shuffle(_ order: inout [Int], from first: Int, to end: Int) {
    for last in stride(from: first, to: end, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
  }
}
