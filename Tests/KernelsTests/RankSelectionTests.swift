import Execution
import Glibc
import Testing

@testable import Kernels

/// Numbers by their rank against those of a sorted row.
@Suite struct RankSelectionTests {
  /// Rows of all kinds that are hard to divide into bins of equal width.
  private static let kinds: [@Sendable (inout RandomStream) -> Float] = [
    { Float($0.normal()) },
    { Float(Glibc.exp(9 * $0.normal())) },
    { Float(Int($0.uniformFloat() * 5)) },
    { $0.uniformFloat() < 0.01 ? 1e30 : Float($0.normal()) },
    { $0.uniformFloat() < 0.01 ? -.infinity : Float($0.normal()) },
    { Float(1e-44 * $0.normal()) },
    { Float(3e38) * ($0.uniformFloat() - 0.5) * 2 },
    { _ in -2 },
    { $0.uniformFloat() < 0.5 ? 0 : -0.0 },
    { 1 + $0.uniformFloat() * 3e-7 },
  ]

  @Test(arguments: kinds.indices, [1, 2, 3, 63, 64, 65, 200, 5000])
  func equalsTheSortedRow(_ kind: Int, _ columns: Int) throws {
    var stream = RandomStream(seed: 3, purpose: "ranks", index: UInt64(kind))
    let rows = 5
    let numbers = (0..<rows * columns).map { _ in RankSelectionTests.kinds[kind](&stream) }
    let ranks =
      [columns / 2, 0, columns - 1, columns / 4, min(columns - 1, columns / 4 + 1)]
      + (0..<4).map { _ in Int(stream.uniformFloat() * Float(columns)) % columns }
    let found = try RankSelection.numbers(
      at: ranks, FloatBuffer(numbers), rows: 1..<rows, columns: columns)
    let expected = (1..<rows).flatMap { row -> [Float] in
      let sorted = numbers[row * columns..<(row + 1) * columns].sorted()
      return ranks.map { sorted[$0] }
    }
    #expect(found == expected)
  }

  @Test(arguments: [3, 100, 3000])
  func aRowWithNoNumberHasNone(_ columns: Int) throws {
    var numbers = (0..<3 * columns).map { Float($0 % 17) }
    numbers[columns + columns / 2] = .nan
    let found = try RankSelection.numbers(
      at: [0, columns / 2, columns - 1], FloatBuffer(numbers), rows: 0..<3, columns: columns)
    #expect(
      found.map(\.isNaN) == [Bool](repeating: false, count: 3) + [true, true, true]
        + [Bool](repeating: false, count: 3))
  }
}
