import Testing

@testable import Figures

/// Finite numbers near the end of what a number can be.
@Suite struct HugeNumberTests {
  private static let numbers: [[Double]] = [
    [1e307, 2e307], [-4e307, 4e307], [1e305, 3e307, -2e307], [4e307, 4e307], [1e-300, 4e307],
  ]

  private static func figures(_ numbers: [Double]) throws -> [Figure] {
    [
      try .line(x: numbers.indices.map { Double($0) }, y: numbers),
      try .line(x: numbers, y: numbers),
      try .scatter(x: numbers, y: numbers),
      try .bars(labels: numbers.map { "\($0)" }, values: numbers),
      try .heatmap(rows: [numbers]),
    ]
  }

  @Test(arguments: numbers)
  func theyAreDrawn(_ numbers: [Double]) throws {
    for figure in try HugeNumberTests.figures(numbers) {
      #expect(figure.leftOut == 0 && figure.leftOutNote == nil)
      let text = figure.text(columns: 60, colours: false)
      #expect(!text.contains("nan") && !text.contains("inf"), "\(text)")
    }
  }

  @Test(arguments: numbers)
  func axesHoldThem(_ numbers: [Double]) {
    let axis = Axis(showing: numbers)
    #expect(axis.low.isFinite && axis.high.isFinite && axis.high - axis.low < .infinity)
    for limit in 2...12 {
      let ticks = axis.ticks(atMost: limit)
      #expect(!ticks.isEmpty && ticks.allSatisfy { $0.value.isFinite })
    }
    #expect(numbers.allSatisfy { (0...1).contains(axis.place($0)) })
  }

  @Test func whatIsBeyondIsToldAsWhatItIs() throws {
    let figure = try Figure.line(x: [0, 1.0], y: [1e307, 1.7e308])
    #expect(figure.leftOutNote == "left out: 1 point beyond 4e307 or not finite")
  }
}
