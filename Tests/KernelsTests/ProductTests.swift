import Execution
import Testing

@testable import Kernels

/// Products of many shapes and strides against sums in double precision.
@Suite struct ProductTests {
  enum Order: CaseIterable {
    case plain
    case swapped
    case spaced
  }

  private struct Case {
    var rows: Int
    var columns: Int
    var inner: Int
  }

  private static let shapes: [Case] = {
    var shapes: [Case] = []
    let extents = [1, 2, 3, 5, 7, 8, 9, 13, 16, 17, 31, 32, 33]
    for rows in extents {
      for columns in extents {
        for inner in [0, 1, 3, 16, 37] {
          shapes.append(Case(rows: rows, columns: columns, inner: inner))
        }
      }
    }
    for (rows, columns, inner) in [
      (64, 130, 257), (40, 33, 1030), (25, 2050, 9), (1, 300, 300), (300, 1, 300), (40, 513, 70),
      (130, 140, 300), (1, 1, 5000), (70, 7, 515), (100, 256, 64), (24, 140, 520),
      (66, 6, 128), (35, 5, 256), (7, 3, 128), (35, 5, 150), (9, 7, 131), (6, 300, 40),
      (3, 200, 70), (300, 70, 600), (150, 200, 700), (60, 140, 1500),
    ] {
      shapes.append(Case(rows: rows, columns: columns, inner: inner))
    }
    // Columns around those that go by three vectors, of every width of a vector.
    for rows in Array(1...12) + [17, 20, 80] {
      for columns in [10, 11, 12, 20, 24, 39, 40, 41, 47, 48, 49, 64, 72, 80, 96, 104, 112] {
        shapes.append(Case(rows: rows, columns: columns, inner: rows % 3 == 0 ? 70 : 5))
      }
    }
    shapes.append(Case(rows: 300, columns: 48, inner: 1200))
    shapes.append(Case(rows: 500, columns: 80, inner: 520))
    return shapes
  }()

  private static func operand(
    _ order: Order, _ rows: Int, _ columns: Int, _ stream: inout RandomStream
  ) -> Product.Operand {
    let row: Int
    let column: Int
    switch order {
    case .plain: (row, column) = (columns, 1)
    case .swapped: (row, column) = (1, rows)
    case .spaced: (row, column) = (2 * columns + 3, 2)
    }
    let offset = order == .spaced ? 5 : 0
    let count = offset + max(rows - 1, 0) * row + max(columns - 1, 0) * column + 1
    let numbers = (0..<count).map { _ in 2 * stream.uniformFloat() - 1 }
    return Product.Operand(
      FloatBuffer(numbers), offset: offset, rowStride: row, columnStride: column)
  }

  /// The largest error as a share of its bound, (K + 1) u times the sum of magnitudes, u = 2^-24.
  private static func worst(
    _ shape: Case, _ a: Product.Operand, _ b: Product.Operand, accumulate: Bool
  ) -> Double {
    let (offset, stride) = (3, shape.columns + 2)
    let c = FloatBuffer(repeating: 0.5, count: offset + shape.rows * stride)
    Product.multiply(
      rows: shape.rows, columns: shape.columns, inner: shape.inner, a, b, into: c, offset: offset,
      rowStride: stride, accumulate: accumulate)
    var worst = 0.0
    for i in 0..<shape.rows {
      for j in 0..<stride {
        var sum = j >= shape.columns || accumulate ? 0.5 : 0.0
        var magnitude = sum
        for k in 0..<(j < shape.columns ? shape.inner : 0) {
          let term =
            Double(a.buffer.base[a.offset + i * a.rowStride + k * a.columnStride])
            * Double(b.buffer.base[b.offset + k * b.rowStride + j * b.columnStride])
          sum += term
          magnitude += abs(term)
        }
        let bound = Double(shape.inner + 1) * 0x1p-24 * magnitude
        let error = abs(Double(c[offset + i * stride + j]) - sum)
        worst = max(worst, error == 0 ? 0 : error / bound)
      }
    }
    return worst
  }

  @Test(arguments: Order.allCases, Order.allCases)
  func agreesWithDoublePrecision(left: Order, right: Order) {
    var stream = RandomStream(seed: 1, purpose: "product tests")
    for shape in Self.shapes {
      let a = Self.operand(left, shape.rows, shape.inner, &stream)
      let b = Self.operand(right, shape.inner, shape.columns, &stream)
      for accumulate in [false, true] {
        let worst = Self.worst(shape, a, b, accumulate: accumulate)
        #expect(worst <= 1, "\(shape) \(left) \(right) \(accumulate)")
      }
    }
  }

  /// With few rows and a long inner index the result is turned in the place of the larger factor: the
  /// numbers stay, and so does what follows the sums.
  @Test(arguments: [false, true], [false, true])
  func aTurnedResultHasTheSameNumbers(accumulate: Bool, rectifies: Bool) {
    let (rows, columns, inner) = (33, 71, 1030)
    var stream = RandomStream(seed: 2, purpose: "turned products")
    let a = Self.operand(.plain, rows, inner, &stream)
    let turned = Self.operand(.swapped, inner, columns, &stream)
    let plain = FloatBuffer(
      (0..<inner * columns).map { turned.buffer[$0 / columns + $0 % columns * inner] })
    let bias = PaddedRow(FloatBuffer((0..<columns).map { _ in stream.uniformFloat() - 0.5 }))
    let results = [turned, Product.Operand(plain, rowStride: columns, columnStride: 1)].map { b in
      let c = FloatBuffer(repeating: 0.25, count: rows * columns)
      Product.multiply(
        rows: rows, columns: columns, inner: inner, a, b, into: c, rowStride: columns,
        accumulate: accumulate, ending: bias, rectifies: rectifies)
      return (0..<c.count).map { c[$0] }
    }
    #expect(results[0] == results[1])
    #expect(results[0].contains(0) == rectifies)
  }

  /// A number is the same whatever the columns and rows beside it.
  @Test(arguments: Order.allCases)
  func tilesOfAllSizesGiveTheSameBits(right: Order) {
    var stream = RandomStream(seed: 4, purpose: "product tests")
    let (rows, columns, inner) = (20, 112, 90)
    let a = Self.operand(.plain, rows, inner, &stream)
    let b = Self.operand(right, inner, columns, &stream)
    func multiplied(_ rows: Int, _ columns: Int) -> FloatBuffer {
      let c = FloatBuffer(uninitialized: rows * columns)
      Product.multiply(
        rows: rows, columns: columns, inner: inner, a, b, into: c, rowStride: columns)
      return c
    }
    let whole = multiplied(rows, columns)
    for count in 3...rows {
      for width in 16..<columns {
        let part = multiplied(count, width)
        let isSame = (0..<count * width).allSatisfy {
          part[$0] == whole[$0 / width * columns + $0 % width]
        }
        #expect(isSame, "\(count) x \(width)")
      }
    }
  }

  @Test func doesNotReadTheOldResult() {
    let a = FloatBuffer([1, 2])
    let c = FloatBuffer([.nan, .nan])
    let operand = Product.Operand(a, rowStride: 1, columnStride: 1)
    Product.multiply(
      rows: 2, columns: 1, inner: 1, operand, operand, into: c, rowStride: 1)
    #expect(c[0] == 1 && c[1] == 2)
    Product.multiply(
      rows: 2, columns: 1, inner: 0, operand, operand, into: c, rowStride: 1)
    #expect(c[0] == 0 && c[1] == 0)
  }

  /// A row that is added to the sums, and their positive part, are what they are apart, to the bit.
  @Test(arguments: Order.allCases, [false, true])
  func endingsEqualWhatFollows(right: Order, rectifies: Bool) {
    var stream = RandomStream(seed: 3, purpose: "product tests")
    let long = Case(rows: 3, columns: 40, inner: 33_000)
    for shape in Self.shapes + [long] {
      let a = Self.operand(.plain, shape.rows, shape.inner, &stream)
      let b = Self.operand(right, shape.inner, shape.columns, &stream)
      let row = (0..<shape.columns).map { _ in 2 * stream.uniformFloat() - 1 }
      func multiplied(_ ending: PaddedRow?) -> FloatBuffer {
        let c = FloatBuffer(repeating: .nan, count: shape.rows * shape.columns)
        Product.multiply(
          rows: shape.rows, columns: shape.columns, inner: shape.inner, a, b, into: c,
          rowStride: shape.columns, ending: ending, rectifies: ending != nil && rectifies)
        return c
      }
      let plain = multiplied(nil)
      let ended = multiplied(PaddedRow(FloatBuffer(row)))
      let expected = (0..<shape.rows * shape.columns).map {
        let sum = plain[$0] + row[$0 % shape.columns]
        return rectifies && sum <= 0 ? 0 : sum
      }
      #expect(ended.read { Array($0) } == expected, "\(shape) \(right)")
    }
  }

  /// The parts into which several threads divide a product give the same bits as the whole.
  @Test func partsGiveTheSameBits() {
    var stream = RandomStream(seed: 2, purpose: "product tests")
    let (rows, columns, inner) = (300, 300, 300)
    let a = Self.operand(.plain, rows, inner, &stream)
    let b = Self.operand(.plain, inner, columns, &stream)
    let whole = FloatBuffer(uninitialized: rows * columns)
    Product.multiply(
      rows: rows, columns: columns, inner: inner, a, b, into: whole, rowStride: columns)
    let parts = FloatBuffer(uninitialized: rows * columns)
    for start in stride(from: 0, to: rows, by: 50) {
      let part = Product.Operand(
        a.buffer, offset: start * inner, rowStride: inner, columnStride: 1)
      Product.multiply(
        rows: 50, columns: columns, inner: inner, part, b, into: parts, offset: start * columns,
        rowStride: columns)
    }
    #expect(whole.read { Array($0) } == parts.read { Array($0) })
  }
}
