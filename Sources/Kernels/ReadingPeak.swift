import Execution

/// How fast a core reads numbers from memory, or from the cache that holds them: what bounds
/// kernels that use each number once.
public enum ReadingPeak {
  /// Seconds to read so many numbers, the best of many passes that go there and back in turn, so
  /// that each finds what the one before read last.
  public static func measure(count: Int) -> Double {
    let buffer = FloatBuffer(repeating: 1, count: rounded(count, to: part))
    let parts = buffer.count / part
    let sums = FloatBuffer(repeating: 0, count: Lanes.width)
    var best = Double.infinity
    for pass in 0..<400 {
      let start = Clock.now
      for number in 0..<parts {
        read(buffer.base + (pass & 1 == 0 ? number : parts - 1 - number) * part, sums.base)
      }
      let time = Clock.now - start
      // The sums are looked at, so that they must be computed.
      if sums[0] > 0 { best = min(best, time * Double(count) / Double(buffer.count)) }
    }
    return best
  }

  /// Numbers read in one direction, 16 KiB.
  private static let part = 1 << 12

  /// Adds the numbers of a part to a vector in memory.
  ///
  /// Where single lanes of the sums are wanted at the end, the compiler adds those apart in every
  /// turn of the loop, and a fifth of the time is not reading.
  @inline(never)
  private static func read(_ numbers: Floats, _ sums: MutableFloats) {
    let width = Lanes.width
    var s0 = Lanes.zero
    var s1 = Lanes.zero
    var s2 = Lanes.zero
    var s3 = Lanes.zero
    var place = 0
    while place < part {
      s0 += Lanes(at: numbers + place)
      s1 += Lanes(at: numbers + place + width)
      s2 += Lanes(at: numbers + place + 2 &* width)
      s3 += Lanes(at: numbers + place + 3 &* width)
      place &+= 4 &* width
    }
    (Lanes(at: sums) + ((s0 + s1) + (s2 + s3))).store(sums)
  }
}
