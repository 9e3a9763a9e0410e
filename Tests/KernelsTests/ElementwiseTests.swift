import Execution
import Glibc
import Testing

@testable import Kernels

private func applied(_ function: Elementwise.Unary, _ numbers: [Float]) -> [Float] {
  let result = FloatBuffer(uninitialized: numbers.count)
  Elementwise.apply(function, to: FloatBuffer(numbers), into: result)
  return result.read { Array($0) }
}

/// Numbers of all sizes in a range, evenly spread.
private func spread(_ low: Float, _ high: Float, _ count: Int = 200_003) -> [Float] {
  (0..<count).map { low + (high - low) * Float($0) / Float(count - 1) }
}

@Suite struct ElementwiseTests {
  @Test func exponential() {
    let x = spread(-87, 88.7)
    var worst = 0.0
    for (x, y) in zip(x, applied(.exp, x)) {
      let exact = Glibc.exp(Double(x))
      worst = max(worst, abs(Double(y) - exact) / exact)
    }
    #expect(worst < 1.5e-7)
  }

  /// Below 2^-126 only a fixed number of bits is left: the error is half the last one, and a bit
  /// more.
  @Test func exponentialUnderflowsGradually() {
    let x = spread(-105, -87, 10_001)
    for (x, y) in zip(x, applied(.exp, x)) {
      #expect(abs(Double(y) - Glibc.exp(Double(x))) < 1.3 * 0x1p-149 + 1.2e-38 * 1e-7)
    }
  }

  @Test func sigmoidAndTanh() {
    let x = spread(-30, 30)
    var sigmoidError = 0.0
    var tanhError = 0.0
    for (x, y) in zip(x, applied(.sigmoid, x)) {
      sigmoidError = max(sigmoidError, abs(Double(y) - 1 / (1 + Glibc.exp(-Double(x)))))
    }
    let near = x + spread(-1, 1) + spread(-1e-6, 1e-6, 1001)
    for (x, y) in zip(near, applied(.tanh, near)) where x != 0 {
      let exact = Glibc.tanh(Double(x))
      tanhError = max(tanhError, abs(Double(y) - exact) / abs(exact))
    }
    #expect(sigmoidError < 2e-7)
    #expect(tanhError < 3e-7)
  }

  @Test func logarithm() {
    var worst = 0.0
    let x =
      (0..<200_000).map { Float(bitPattern: UInt32($0) * 10_000 + 1) }
      .filter { $0.isFinite } + spread(0.5, 2)
    for (x, y) in zip(x, applied(.log, x)) {
      let exact = Glibc.log(Double(x))
      worst = max(worst, abs(Double(y) - exact) / max(abs(exact), 1e-30))
    }
    #expect(worst < 2e-7)
  }

  @Test func specialValues() {
    let special: [Float] = [.infinity, -.infinity, .nan, 0, -0.0]
    func same(_ function: Elementwise.Unary, _ expected: [Float]) -> Bool {
      zip(applied(function, special), expected).allSatisfy {
        ($0.isNaN && $1.isNaN) || ($0 == $1 && $0.sign == $1.sign)
      }
    }
    #expect(same(.exp, [.infinity, 0, .nan, 1, 1]))
    #expect(same(.sigmoid, [1, 0, .nan, 0.5, 0.5]))
    #expect(same(.tanh, [1, -1, .nan, 0, -0.0]))
    #expect(same(.log, [.infinity, .nan, .nan, -.infinity, -.infinity]))
    #expect(same(.relu, [.infinity, 0, .nan, 0, 0]))
    #expect(same(.abs, [.infinity, .infinity, .nan, 0, 0]))
    #expect(same(.sqrt, [.infinity, .nan, .nan, 0, -0.0]))
    #expect(same(.square, [.infinity, .infinity, .nan, 0, 0]))
    #expect(applied(.sign, [.nan])[0].isNaN)
    #expect(applied(.exp, [1000, -1000, 88.73]) == [.infinity, 0, .infinity])
    #expect(applied(.log, [-1])[0].isNaN)
  }

  @Test(arguments: [0, 1, 3, 15, 16, 17, 31, 33, 64, 100])
  func everyCount(_ count: Int) {
    let a = FloatBuffer((0..<count).map { Float($0) + 0.5 })
    let b = FloatBuffer((0..<count).map { 3 - Float($0) })
    let result = FloatBuffer(uninitialized: count)
    Elementwise.apply(.multiply, a, b, into: result)
    for i in 0..<count { #expect(result[i] == a[i] * b[i]) }
    Elementwise.apply(.subtract, FloatBuffer([2]), b, into: result)
    for i in 0..<count { #expect(result[i] == 2 - b[i]) }
    Elementwise.apply(.greater, a, FloatBuffer([5]), into: result)
    for i in 0..<count { #expect(result[i] == (a[i] > 5 ? 1 : 0)) }
  }

  @Test(arguments: [1, 2, 3, 8, 15, 16, 17, 40], [1, 2, 5])
  func rows(_ columns: Int, _ rows: Int) {
    let a = FloatBuffer((0..<(rows * columns)).map { Float($0) })
    let row = FloatBuffer((0..<columns).map { Float($0) * 100 })
    let column = FloatBuffer((0..<rows).map { Float($0) * 10_000 })
    let result = FloatBuffer(uninitialized: rows * columns)
    let whole = Elementwise.Walk(a, strides: [columns, 1])
    Elementwise.apply(
      .add, whole, Elementwise.Walk(row, strides: [0, 1]), extents: [rows, columns], into: result)
    for i in 0..<(rows * columns) { #expect(result[i] == a[i] + row[i % columns]) }
    Elementwise.apply(
      .subtract, Elementwise.Walk(column, strides: [1, 0]), whole, extents: [rows, columns],
      into: result)
    for i in 0..<(rows * columns) { #expect(result[i] == column[i / columns] - a[i]) }
  }

  @Test func comparisonsWithNaN() {
    let result = FloatBuffer(uninitialized: 1)
    for (function, expected) in [
      (Elementwise.Binary.equal, 0), (.notEqual, 1), (.less, 0), (.lessOrEqual, 0), (.greater, 0),
      (.greaterOrEqual, 0),
    ] as [(Elementwise.Binary, Float)] {
      Elementwise.apply(function, FloatBuffer([.nan]), FloatBuffer([1]), into: result)
      #expect(result[0] == expected)
    }
    for (a, b) in [(Float.nan, Float(1)), (1, .nan)] {
      for function in [Elementwise.Binary.maximum, .minimum, .add] {
        Elementwise.apply(function, FloatBuffer([a]), FloatBuffer([b]), into: result)
        #expect(result[0].isNaN)
      }
    }
  }
}
