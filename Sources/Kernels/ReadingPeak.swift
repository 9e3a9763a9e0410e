import Execution

/// How fast a core reads numbers from memory, or from the cache that holds them: what bounds
/// kernels that use each number once.
public enum ReadingPeak {
  /// Seconds to read so many numbers, the best of many passes that go there and back in turn, so
  /// that each finds what the one before read last.
  public static func measure(count: Int) -> Double {
    let buffer = FloatBuffer(repeating: 1, count: rounded(count, to: part))
    let parts = buffer.count / part
    var best = Double.infinity
    for pass in 0..<400 {
      let start = Clock.now
      var sum: Float = 0
      for number in 0..<parts {
        sum += read(buffer.base + (pass & 1 == 0 ? number : parts - 1 - number) * part)
      }
      let time = Clock.now - start
      // The sum is looked at, so that it must be computed.
      if sum > 0 { best = min(best, time * Double(count) / Double(buffer.count)) }
    }
    return best
  }

  /// Numbers read in one direction, 16 KiB.
  private static let part = 1 << 12

  @inline(never)
  private static func read(_ numbers: Floats) -> Float {
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
    return ((s0 + s1) + (s2 + s3)).sum()
  }
}
