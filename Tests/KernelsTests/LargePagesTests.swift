import Testing

@testable import Kernels

@Suite struct LargePagesTests {
  @Test func blocksLieApartAndAreGivenBackOnce() throws {
    var pages = LargePages()
    let sizes = [4096, 5000, 1 << 18, 300_000, 8192] + [Int](repeating: 500_000, count: 40)
    var blocks: [(base: UnsafeMutableRawPointer, count: Int)] = []
    for (number, count) in sizes.enumerated() {
      let taken = pages.take(count)
      let base = try #require(taken)
      #expect(UInt(bitPattern: base) % 64 == 0)
      let numbers = base.bindMemory(to: Float.self, capacity: count)
      numbers.update(repeating: Float(number), count: count)
      blocks.append((base, count))
    }
    // Every other one: what is still held keeps its numbers.
    for number in stride(from: 0, to: blocks.count, by: 2) {
      let isOurs = pages.drop(blocks[number].base, blocks[number].count)
      #expect(isOurs)
    }
    for number in stride(from: 1, to: blocks.count, by: 2) {
      let numbers = blocks[number].base.assumingMemoryBound(to: Float.self)
      let isWhole = (0..<blocks[number].count).allSatisfy { numbers[$0] == Float(number) }
      #expect(isWhole)
    }
    for number in stride(from: 1, to: blocks.count, by: 2) {
      let isOurs = pages.drop(blocks[number].base, blocks[number].count)
      #expect(isOurs)
    }
    // All stretches are given back, so that nothing is known of these places.
    let isKnown = pages.drop(blocks[0].base, blocks[0].count)
    #expect(!isKnown)
  }

  @Test func otherSizesAreLeftToOthers() {
    var pages = LargePages()
    for count in [LargePages.sizes.lowerBound - 1, LargePages.sizes.upperBound] {
      let block = pages.take(count)
      #expect(block == nil)
    }
    let elsewhere = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
    defer { elsewhere.deallocate() }
    let isOurs = pages.drop(elsewhere, 16)
    #expect(!isOurs)
  }
}
