import Glibc
import Testing

@testable import Kernels

@Suite struct VectorTests {
  @Test func activationsAreAccurate() {
    var x: Float = -100
    while x < 100 {
      let v = Lanes(repeating: x)
      let sigmoid = 1 / (1 + exp(-Double(x)))
      #expect(abs(Double(1 / v.onePlusExponential()[0]) - sigmoid) < 2e-7)
      #expect(abs(Double(v.tanh[0]) - tanh(Double(x))) < 2.5e-7)
      x += 0.013
    }
    #expect(Lanes.zero.tanh[0] == 0)
    #expect(Lanes(repeating: .nan).onePlusExponential()[0].isNaN)
    #expect(Lanes(repeating: .nan).tanh[0].isNaN)
    #expect(Lanes(repeating: .infinity).tanh[0] == 1)
  }

  /// Near 0 the hyperbolic tangent is as good as its argument.
  @Test func tangentIsRelativelyAccurate() {
    var x: Float = 1e-37
    while x < 20 {
      for sign: Float in [1, -1] {
        let expected = tanh(Double(sign * x))
        #expect(abs(Double(Lanes(repeating: sign * x).tanh[0]) / expected - 1) < 1e-6)
      }
      x *= 1.07
    }
  }

  /// Blocks that come back from the pool have a zero padding again.
  @Test func paddingIsZero() {
    for count in [1, 17, 5000, 9001] {
      FloatBuffer(repeating: 3, count: count + 15).write { $0.update(repeating: 7) }
      let buffer = FloatBuffer(uninitialized: count)
      for place in count..<((count + 15) & ~15) { #expect(buffer.base[place] == 0) }
    }
  }

  /// The norm of numbers whose squares single precision cannot hold, too.
  @Test(arguments: [Float(1), 1e19, 4e37, 1e-22, 1e-38, 0])
  func norm(size: Float) {
    let numbers = (0..<10_001).map { Float($0 % 7) * size }
    let expected = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let found = OptimizerStep.norm([FloatBuffer(numbers), FloatBuffer(repeating: 0, count: 3)])
    #expect(abs(found - expected) <= 1e-6 * expected)
  }
}
