import Testing

@testable import Figures

@Suite struct AxisTests {
  private func labels(_ low: Double, _ high: Double, _ limit: Int, log: Bool = false) -> [String] {
    Axis(low: low, high: high, isLogarithmic: log).ticks(atMost: limit).map(\.label)
  }

  @Test func stepsAreOneTwoFive() {
    #expect(labels(0, 1, 6) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(0, 1, 5) == ["0.0", "0.5", "1.0"])
    #expect(labels(-3, 7, 11) == ["-3", "-2", "-1", "0", "1", "2", "3", "4", "5", "6", "7"])
    #expect(labels(0, 10_000, 6) == ["0", "2000", "4000", "6000", "8000", "10000"])
    #expect(labels(0.93, 0.97, 5) == ["0.93", "0.94", "0.95", "0.96", "0.97"])
  }

  @Test func verySmallAndLargeNumbersAreShort() {
    #expect(labels(0, 3e-7, 4) == ["0", "1e-7", "2e-7", "3e-7"])
    #expect(labels(0, 2e9, 3) == ["0", "1e9", "2e9"])
    #expect(labels(1_000_000, 1_000_002, 3) == ["1000000", "1000001", "1000002"])
  }

  @Test func logarithmicTicksArePowersOrTheirParts() {
    #expect(labels(1, 1000, 4, log: true) == ["1", "10", "100", "1000"])
    #expect(labels(1e-6, 1e6, 4, log: true) == ["1e-6", "0.01", "100", "1e6"])
    #expect(labels(3, 30, 4, log: true) == ["5", "10", "20"])
    #expect(labels(3, 4, 4, log: true) == ["3.0", "3.5", "4.0"])
  }

  @Test func ticksAreFewAndInside() {
    for exponent in stride(from: -290.0, through: 290, by: 29) {
      let size = pow10(exponent)
      for (low, high) in [(0, size), (-size, size), (-size, 0.37 * size)] {
        let axis = Axis(low: low, high: high)
        for limit in [2, 5, 9] {
          let ticks = axis.ticks(atMost: limit)
          #expect(ticks.count <= limit && !ticks.isEmpty)
          #expect(ticks.allSatisfy { (-1e-9...1 + 1e-9).contains(axis.place($0.value)) })
        }
      }
    }
  }

  private func pow10(_ exponent: Double) -> Double { Double("1e\(Int(exponent))") ?? 1 }

  @Test func emptyStretchesAreWidened() {
    let axis = Axis(low: 5, high: 5)
    #expect(axis.low == 4.5 && axis.high == 5.5)
    let zero = Axis(low: 0, high: 0)
    #expect(zero.low == -0.5 && zero.high == 0.5)
    let logarithmic = Axis(low: 8, high: 8, isLogarithmic: true)
    #expect(logarithmic.low == 4 && logarithmic.high == 16)
  }

  @Test func numbersFallIntoCells() {
    let axis = Axis(low: 0, high: 10)
    #expect([-1, 0, 4.9, 5, 10, 11].map { axis.cell($0, of: 10) } == [0, 0, 4, 5, 9, 9])
    let logarithmic = Axis(low: 1, high: 100, isLogarithmic: true)
    #expect([1, 9, 11, 100].map { logarithmic.cell($0, of: 2) } == [0, 0, 1, 1])
  }
}
