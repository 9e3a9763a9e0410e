import Execution
import Testing

@testable import Kernels

/// Maps of places with all numbers of outputs around whole vectors, against sums in double precision.
@Suite struct PlaceLinearTests {
  /// A map with what it reads, and the gradients of its results.
  private struct Case {
    let map: PlaceLinear
    let x: FloatBuffer
    let weight: FloatBuffer
    let atRow: FloatBuffer
    let atColumn: FloatBuffer
    let incoming: PlaceLinear.Incoming

    init(_ map: PlaceLinear, _ stream: inout RandomStream) {
      func drawn(_ count: Int) -> FloatBuffer {
        FloatBuffer((0..<count).map { _ in 2 * stream.uniformFloat() - 1 })
      }
      self.map = map
      let (n, rows, columns) = (map.count, map.rows, map.columns)
      x = drawn(n * rows * columns * map.inputs)
      weight = drawn(map.outputs * map.inputs)
      atRow = drawn(n * rows * map.outputs)
      atColumn = drawn(n * columns * map.outputs)
      incoming = PlaceLinear.Incoming(
        places: map.columns % 2 == 0 ? drawn(n * rows * columns * map.outputs) : nil,
        overRows: map.rows == 1 ? nil : drawn(n * columns * map.outputs),
        overColumns: drawn(n * rows * map.outputs))
    }

    /// Matrix, row and column of each place.
    var places: [(number: Int, row: Int, column: Int)] {
      (0..<map.count * map.rows * map.columns).map {
        ($0 / map.columns / map.rows, $0 / map.columns % map.rows, $0 % map.columns)
      }
    }
  }

  /// Sums of numbers that are found one by one.
  private struct Sums {
    var numbers: [Double]

    init(_ count: Int) { numbers = [Double](repeating: 0, count: count) }

    func differ(_ buffer: FloatBuffer, by tolerance: Double) -> Bool {
      guard buffer.count == numbers.count else { return true }
      return !numbers.indices.allSatisfy { abs(Double(buffer[$0]) - numbers[$0]) <= tolerance }
    }
  }

  private static func maps(_ outputs: Int) -> [PlaceLinear] {
    // Rows and columns make tiles of all heights, alone and together.
    let extents = [(3, 8), (1, 15), (14, 5), (70, 1), (2, 66), (7, 22)]
    return extents.enumerated().map { number, extent in
      PlaceLinear(
        count: number % 2 + 1, rows: extent.0, columns: extent.1,
        inputs: [1, 4, 9, 17, 33, 48][(number + outputs) % 6], outputs: outputs,
        rectifies: (number + outputs) % 2 == 0)
    }
  }

  @Test(arguments: Array(1...34) + [40, 47, 48, 49, 63, 64, 65, 79, 80, 81, 97, 112])
  func agreesWithDoublePrecision(outputs: Int) throws {
    var stream = RandomStream(seed: UInt64(outputs), purpose: "place tests")
    for map in Self.maps(outputs) {
      let some = Case(map, &stream)
      let results = try map.forward(
        some.x, weight: some.weight, atRow: some.atRow, atColumn: some.atColumn, goesBack: true)
      let places = try #require(results.places)
      #expect(!Self.differsForward(some, results, places), "\(map)")
      let gradients = try map.backward(
        some.incoming, some.x, weight: some.weight, signs: results.signs, wantsInput: true)
      #expect(!Self.differsBackward(some, places, gradients), "\(map)")
      let apart = try map.backward(
        some.incoming, some.x, weight: some.weight, signs: results.signs, wantsInput: false)
      #expect(apart.x == nil)
      #expect(apart.weight.read { Array($0) } == gradients.weight.read { Array($0) })
    }
  }

  private static func differsForward(
    _ some: Case, _ results: PlaceLinear.Results, _ places: FloatBuffer
  ) -> Bool {
    let map = some.map
    var all = Sums(places.count)
    var overRows = Sums(results.overRows.count)
    var overColumns = Sums(results.overColumns.count)
    for (place, at) in some.places.enumerated() {
      for output in 0..<map.outputs {
        let row = (at.number * map.rows + at.row) * map.outputs + output
        let column = (at.number * map.columns + at.column) * map.outputs + output
        var sum = Double(some.atRow[row]) + Double(some.atColumn[column])
        for input in 0..<map.inputs {
          sum +=
            Double(some.x[place * map.inputs + input])
            * Double(some.weight[output * map.inputs + input])
        }
        if map.rectifies { sum = max(sum, 0) }
        all.numbers[place * map.outputs + output] = sum
        overRows.numbers[column] += sum / Double(map.rows)
        overColumns.numbers[row] += sum / Double(map.columns)
      }
    }
    return all.differ(places, by: 2e-5) || overRows.differ(results.overRows, by: 2e-5)
      || overColumns.differ(results.overColumns, by: 2e-5)
  }

  private static func differsBackward(
    _ some: Case, _ result: FloatBuffer, _ gradients: PlaceLinear.Gradients
  ) -> Bool {
    let map = some.map
    var x = Sums(some.x.count)
    var weight = Sums(some.weight.count)
    var atRow = Sums(some.atRow.count)
    var atColumn = Sums(some.atColumn.count)
    for (place, at) in some.places.enumerated() {
      for output in 0..<map.outputs {
        let row = (at.number * map.rows + at.row) * map.outputs + output
        let column = (at.number * map.columns + at.column) * map.outputs + output
        let target = place * map.outputs + output
        if map.rectifies && result[target] <= 0 { continue }
        var slope = some.incoming.places.map { Double($0[target]) } ?? 0
        slope += (some.incoming.overRows.map { Double($0[column]) } ?? 0) / Double(map.rows)
        slope += (some.incoming.overColumns.map { Double($0[row]) } ?? 0) / Double(map.columns)
        atRow.numbers[row] += slope
        atColumn.numbers[column] += slope
        for input in 0..<map.inputs {
          let (from, to) = (place * map.inputs + input, output * map.inputs + input)
          x.numbers[from] += slope * Double(some.weight[to])
          weight.numbers[to] += slope * Double(some.x[from])
        }
      }
    }
    return gradients.x.map { x.differ($0, by: 1e-4) } ?? true
      || weight.differ(gradients.weight, by: 2e-4) || atRow.differ(gradients.atRow, by: 1e-4)
      || atColumn.differ(gradients.atColumn, by: 1e-4)
  }
}
