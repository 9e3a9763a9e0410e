import Execution

import Glibc

extension Elementwise {
  /// Blocks of numbers in a buffer: where each begins, and how one is walked.
  ///
  /// Slices, permuted axes, repeated axes and rows picked by number are all of this form.
  public struct Blocks: Sendable {
    /// Where each block begins.
    public var starts: [Int]
    /// The axes of a block, outermost first.
    public var extents: [Int]
    /// Places from one number to the next along each axis; may be 0 or negative.
    public var strides: [Int]

    /// Blocks of a buffer.
    public init(starts: [Int], extents: [Int], strides: [Int]) {
      self.starts = starts
      (self.extents, self.strides) = Blocks.merged(extents, strides)
    }

    /// Numbers in all blocks.
    public var count: Int { starts.count * blockCount }
    var blockCount: Int { extents.reduce(1, *) }

    /// Drops axes of extent 1 and joins axes that are walked as one.
    private static func merged(_ extents: [Int], _ strides: [Int]) -> ([Int], [Int]) {
      var newExtents: [Int] = []
      var newStrides: [Int] = []
      for (extent, stride) in zip(extents, strides) where extent != 1 {
        if let last = newStrides.last, last == stride * extent {
          newExtents[newExtents.count - 1] *= extent
          newStrides[newStrides.count - 1] = stride
        } else {
          newExtents.append(extent)
          newStrides.append(stride)
        }
      }
      return (newExtents, newStrides)
    }

    fileprivate func check(_ count: Int) {
      precondition(extents.count == strides.count, "one stride for each axis")
      guard self.count > 0 else { return }
      var low = 0
      var high = 0
      for (extent, stride) in zip(extents, strides) {
        if stride < 0 { low += (extent - 1) * stride } else { high += (extent - 1) * stride }
      }
      for start in starts {
        precondition(start + low >= 0 && start + high < count, "block beyond the buffer")
      }
    }
  }

  /// Copies blocks out of `source`, one after the other.
  public static func gather(_ blocks: Blocks, of source: FloatBuffer, into result: FloatBuffer) {
    precondition(blocks.count == result.count, "counts differ")
    blocks.check(source.count)
    let size = blocks.blockCount
    guard result.count > 0 else { return }
    let (walker, from, to) = (Walker(blocks), source.base, result.base)
    forEachStart(blocks) { starts, first in
      if size == 1 {
        for (number, start) in starts.enumerated() { to[first &+ number] = from[start] }
        return
      }
      for (number, start) in starts.enumerated() {
        walker.gather(from + start, to + (first &+ number) &* size)
      }
    }
    withExtendedLifetime(source) {}
  }

  /// Copies numbers into blocks of `target`, or adds them; blocks that overlap add up in order.
  public static func scatter(
    _ source: FloatBuffer, to blocks: Blocks, of target: FloatBuffer, adding: Bool = false
  ) {
    precondition(blocks.count == source.count, "counts differ")
    blocks.check(target.count)
    let size = blocks.blockCount
    guard source.count > 0 else { return }
    let walker = Walker(blocks)
    let (from, to) = (UnsafePointer(source.base), target.base)
    forEachStart(blocks) { starts, first in
      for (number, start) in starts.enumerated() {
        walker.scatter(from + (first &+ number) &* size, to + start, adding)
      }
    }
    withExtendedLifetime(source) {}
  }

  /// Calls `body` for stretches of blocks, with the number of the first, until work is given up.
  @inline(__always)
  private static func forEachStart(
    _ blocks: Blocks, _ body: (_ starts: UnsafeBufferPointer<Int>, _ first: Int) -> Void
  ) {
    Turns.apart(numbers: blocks.count) {
      blocks.starts.withUnsafeBufferPointer { starts in
        let length = max(1, (1 << 18) / max(1, blocks.blockCount))
        for first in stride(from: 0, to: starts.count, by: length) {
          if first > 0, isGivenUp { return }
          let end = min(first &+ length, starts.count)
          body(UnsafeBufferPointer(rebasing: starts[first..<end]), first)
        }
      }
    }
  }
}

/// Walks one block.
private struct Walker {
  let extents: [Int]
  let strides: [Int]

  init(_ blocks: Elementwise.Blocks) {
    extents = blocks.extents
    strides = blocks.strides
  }

  func gather(_ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>) {
    var written = result
    forEachRow { place, count, stride, rows, rowStride in
      let from = source + place
      if stride == 1 {
        Walker.forEach(rows, of: count) { row, places in
          Walker.copy(
            from + row &* rowStride + places.lowerBound,
            written + row &* count + places.lowerBound, places.count)
        }
      } else {
        Walker.copy(from, written, rows: rows, rowStride: rowStride, count: count, stride: stride)
      }
      written += rows &* count
    }
  }

  /// Numbers up to which a row is copied here: the call of the library costs more than they do.
  private static let shortRow = 256

  @inline(__always)
  private static func copy(
    _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    if count <= shortRow {
      VectorLoops.copy(source, to: result, count)
    } else {
      result.update(from: source, count: count)
    }
  }

  /// Result[i][j] = source[i rowStride + j stride], in tiles so that both sides stay in cache.
  private static func copy(
    _ source: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, rows: Int,
    rowStride: Int, count: Int, stride: Int
  ) {
    var firstRow = 0
    while firstRow < rows {
      let lastRow = min(firstRow &+ 16, rows)
      var column = 0
      while column < count {
        if column & 0xffff == 0, Elementwise.isGivenUp { return }
        let lastColumn = min(column &+ 16, count)
        for row in firstRow..<lastRow {
          let from = source + row &* rowStride
          let to = result + row &* count
          var place = column
          while place < lastColumn {
            to[place] = from[place &* stride]
            place &+= 1
          }
        }
        column = lastColumn
      }
      firstRow = lastRow
    }
  }

  func scatter(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ adding: Bool
  ) {
    var read = source
    forEachRow { place, count, stride, rows, rowStride in
      Walker.forEach(rows, of: count) { row, places in
        let to = target + place + row &* rowStride
        let from = read + row &* count
        var number = places.lowerBound
        if adding, stride == 1 {
          VectorLoops.add(from + number, to: to + number, places.count)
        } else if adding {
          while number < places.upperBound {
            to[number &* stride] += from[number]
            number &+= 1
          }
        } else if stride == 1 {
          Walker.copy(from + number, to + number, places.count)
        } else {
          while number < places.upperBound {
            to[number &* stride] = from[number]
            number &+= 1
          }
        }
      }
      read += rows &* count
    }
  }

  /// Calls `body` for the numbers of rows, of long ones in stretches, until work is given up.
  @inline(__always)
  private static func forEach(
    _ rows: Int, of count: Int, _ body: (_ row: Int, _ places: Range<Int>) -> Void
  ) {
    let limit = 1 << 18
    var done = 0
    for row in 0..<rows {
      var start = 0
      repeat {
        let end = min(count, start &+ limit)
        body(row, start..<end)
        done &+= end &- start
        if done >= limit {
          if Elementwise.isGivenUp { return }
          done = 0
        }
        start = end
      } while start < count
    }
  }

  /// Calls `body` with the place, count and stride, row count and row stride of each pair of inner
  /// axes.
  @inline(__always)
  private func forEachRow(_ body: (Int, Int, Int, Int, Int) -> Void) {
    let axes = extents.count
    let count = axes > 0 ? extents[axes - 1] : 1
    let stride = axes > 0 ? strides[axes - 1] : 1
    let rows = axes > 1 ? extents[axes - 2] : 1
    let rowStride = axes > 1 ? strides[axes - 2] : 0
    guard axes > 2 else { return body(0, count, stride, rows, rowStride) }
    var counters = [Int](repeating: 0, count: axes - 2)
    var place = 0
    while true {
      body(place, count, stride, rows, rowStride)
      var axis = axes - 3
      while axis >= 0 {
        counters[axis] &+= 1
        place &+= strides[axis]
        if counters[axis] < extents[axis] { break }
        place &-= strides[axis] &* extents[axis]
        counters[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
