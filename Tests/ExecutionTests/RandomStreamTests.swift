import Testing

@testable import Execution

@Suite struct RandomStreamTests {
  /// Known answers of the authors' own implementation (Random123, `kat_vectors`).
  @Test func agreesWithTheReference() {
    #expect(
      RandomStream.philox(block: 0, index: 0, key: 0)
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      RandomStream.philox(block: .max, index: .max, key: .max)
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      RandomStream.philox(
        block: 0x85a3_08d3_243f_6a88, index: 0x0370_7344_1319_8a2e, key: 0x299f_31d0_a409_3822)
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func beginsWithBlockZero() {
    var stream = RandomStream(key: 0)
    #expect(stream.next32() == 0x6627_e8d5)
    #expect(stream.next32() == 0xe169_c58d)
    #expect(stream.next() == 0x9b00_dbd8_bc57_ac4c)
    #expect(
      stream.next32() == RandomStream.philox(block: 1, index: 0, key: 0)[0])
  }

  @Test func sameSeedSamePurposeSameNumbers() {
    var first = RandomStream(seed: 3, purpose: "weights", index: 5)
    var second = RandomStream(seed: 3, purpose: "weights", index: 5)
    #expect((0..<100).allSatisfy { _ in first.next() == second.next() })
  }

  @Test func streamsDiffer() {
    let streams = [
      RandomStream(seed: 3, purpose: "weights"), RandomStream(seed: 4, purpose: "weights"),
      RandomStream(seed: 3, purpose: "batches"),
      RandomStream(seed: 3, purpose: "weights", index: 1),
      RandomStream(key: RandomStream.key(7, 1)), RandomStream(key: RandomStream.key(7, 2)),
    ]
    let rows = streams.map { stream in
      var stream = stream
      return (0..<8).map { _ in stream.next() }
    }
    #expect(Set(rows.flatMap { $0 }).count == streams.count * 8)
  }

  @Test func uniformIsUniform() {
    var stream = RandomStream(seed: 1, purpose: "test")
    let count = 100_000
    var bins = [Int](repeating: 0, count: 20)
    var sum = 0.0
    for _ in 0..<count {
      let number = stream.uniform()
      #expect(number >= 0 && number < 1)
      bins[Int(number * 20)] += 1
      sum += number
    }
    // Chi-square of 19 degrees of freedom: 43.8 is passed once in a thousand seeds.
    let expected = Double(count) / 20
    let deviation = bins.reduce(0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    #expect(deviation < 43.8)
    #expect(abs(sum / Double(count) - 0.5) < 0.003)
  }

  @Test func uniformFloatStaysBelowOne() {
    var stream = RandomStream(seed: 2, purpose: "test")
    #expect((0..<10_000).allSatisfy { _ in (0..<1).contains(stream.uniformFloat()) })
  }

  @Test func normalHasItsMoments() {
    var stream = RandomStream(seed: 1, purpose: "normal")
    let numbers = (0..<100_000).map { _ in stream.normal() }
    let count = Double(numbers.count)
    #expect(abs(numbers.reduce(0, +) / count) < 0.01)
    #expect(abs(numbers.reduce(0) { $0 + $1 * $1 } / count - 1) < 0.015)
    #expect(abs(numbers.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count - 3) < 0.1)
    #expect(numbers.allSatisfy { $0.isFinite })
  }

  /// Neighbouring indices of one key must not go together.
  @Test func neighboursAreIndependent() {
    let pairs = (0..<20_000).map { index in
      var first = RandomStream(seed: 9, purpose: "runs", index: UInt64(index))
      var second = RandomStream(seed: 9, purpose: "runs", index: UInt64(index + 1))
      return (first.uniform() - 0.5) * (second.uniform() - 0.5)
    }
    // The correlation's standard error is 1/sqrt(20000), 0.007.
    #expect(abs(12 * pairs.reduce(0, +) / Double(pairs.count)) < 0.03)
  }

  @Test func integersCoverTheirRange() {
    var stream = RandomStream(seed: 1, purpose: "integers")
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.integer(below: 7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
    #expect(stream.integer(below: 1) == 0)
  }

  @Test func permutationsHoldEachNumberOnce() {
    var stream = RandomStream(seed: 1, purpose: "order")
    for count in [0, 1, 2, 10, 1000] {
      #expect(stream.permutation(count).sorted() == Array(0..<count))
    }
    let firsts = (0..<6000).map { _ in stream.permutation(3)[0] }
    #expect((0..<3).allSatisfy { first in abs(firsts.count { $0 == first } - 2000) < 200 })
  }
}
