import Execution

/// The most multiply-adds of float32 numbers that a core reaches: what kernels are measured by.
public enum MultiplyAddPeak {
  /// GFLOP/s of one thread, two operations for each multiply-add: the best of a few runs of about
  /// 10 ms, sums in registers alone.
  public static func measure() -> Double {
    var best = 0.0
    let turns = 1 << 20
    for _ in 0..<12 {
      let start = Clock.now
      let sum = run(turns)
      let time = Clock.now - start
      // The sum is looked at, so that it must be computed.
      if sum.isFinite { best = max(best, Double(turns * 12 * Lanes.width * 2) / time * 1e-9) }
    }
    return best
  }

  /// Twelve sums that do not wait for each other: enough for two units of four cycles' latency.
  @inline(never)
  private static func run(_ turns: Int) -> Float {
    let factor = Lanes(repeating: 0.999_999)
    let addend = Lanes(repeating: 1e-6)
    var (a, b, c, d) = (addend, addend, addend, addend)
    var (e, f, g, h) = (addend, addend, addend, addend)
    var (i, j, k, l) = (addend, addend, addend, addend)
    for _ in 0..<turns {
      a = addend.adding(a, factor)
      b = addend.adding(b, factor)
      c = addend.adding(c, factor)
      d = addend.adding(d, factor)
      e = addend.adding(e, factor)
      f = addend.adding(f, factor)
      g = addend.adding(g, factor)
      h = addend.adding(h, factor)
      i = addend.adding(i, factor)
      j = addend.adding(j, factor)
      k = addend.adding(k, factor)
      l = addend.adding(l, factor)
    }
    return ((a + b) + (c + d) + (e + f) + (g + h) + (i + j) + (k + l)).sum()
  }
}
