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
    var a = PanelSums()
    var place = 0
    while place < part {
      a.add(PanelSums(at: numbers + place))
      place &+= 8 &* Lanes.width
    }
    return (a.s0.low + a.s1.low + a.s2.low + a.s3.low).total
      + (a.s0.high + a.s1.high + a.s2.high + a.s3.high).total
  }
}
