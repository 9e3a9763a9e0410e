import Execution
import Testing

@testable import Kernels

@Suite struct ReductionTests {
  @Test(arguments: [1, 2, 5, 16, 17, 100, 3000], [1, 3, 16, 21])
  func axes(_ length: Int, _ inner: Int) {
    var random = RandomStream(seed: 1, purpose: "reduction")
    let outer = 2
    // Four standard deviations of so many roundings of partial sums of up to 64 normal numbers.
    let tolerance = 4 * Double(length).squareRoot() * 0x1p-24 * 8
    let numbers = (0..<(outer * length * inner)).map { _ in Float(random.normal()) }
    let source = FloatBuffer(numbers)
    let result = FloatBuffer(uninitialized: outer * inner)
    for kind in [Reduction.Kind.sum, .maximum, .minimum] {
      Reduction.reduce(kind, source, outer: outer, length: length, inner: inner, into: result)
      for i in 0..<outer {
        for j in 0..<inner {
          let line = (0..<length).map { Double(numbers[(i * length + $0) * inner + j]) }
          let expected =
            switch kind {
            case .sum: line.reduce(0, +)
            case .maximum: line.reduce(-.infinity, max)
            case .minimum: line.reduce(.infinity, min)
            }
          #expect(abs(Double(result[i * inner + j]) - expected) < tolerance)
        }
      }
    }
  }

  @Test(arguments: [1, 6, 16, 20, 100])
  func softmaxOfRows(_ columns: Int) {
    let rows = 5
    let numbers = (0..<(rows * columns)).map { Float(($0 * 37) % 101) / 5 - 10 }
    let result = FloatBuffer(uninitialized: numbers.count)
    for logarithm in [false, true] {
      Reduction.softmax(
        FloatBuffer(numbers), rows: rows, columns: columns, logarithm: logarithm, into: result)
      for row in 0..<rows {
        let line = numbers[(row * columns)..<((row + 1) * columns)].map { exponential($0) }
        let sum = line.reduce(0, +)
        for column in 0..<columns {
          let found = Double(result[row * columns + column])
          let expected = logarithm ? logarithmOf(line[column] / sum) : line[column] / sum
          #expect(abs(found - expected) < 4e-7 * max(1, abs(expected)))
        }
      }
    }
  }

  @Test func largeLogitsStayFinite() {
    let result = FloatBuffer(uninitialized: 3)
    Reduction.softmax(
      FloatBuffer([1e30, 0, -1e30]), rows: 1, columns: 3, logarithm: false, into: result)
    #expect(result.read { Array($0) } == [1, 0, 0])
    Reduction.softmax(
      FloatBuffer([1000, 1000, -.infinity]), rows: 1, columns: 3, logarithm: true, into: result)
    #expect(abs(result[0] + 0.693_147_2) < 1e-6)
    #expect(result[2] == -.infinity)
  }
}
