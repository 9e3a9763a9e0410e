/// What nets that read symbols share: the first layer starts from a row of a table.
extension RecurrentExtents {
  /// The table [D,SH] of a net: for each symbol its column of the input weights plus both biases.
  func fillTable(_ packed: Floats, _ table: MutableFloats) {
    let width = 2 &* Lanes.width
    let bias = packed + biasOffset(0)
    var column = 0
    while column < gates {
      let sum = Product.biasPair(bias + column, gates)
      for symbol in 0..<inputs {
        var row = LanePair(at: packed + (column &* inputs &+ symbol &* width))
        row.low += sum.low
        row.high += sum.high
        row.store(table + (symbol &* gates &+ column))
      }
      column &+= width
    }
  }
}

extension Product {
  /// The sum of two biases that are `distance` numbers apart.
  @inline(always)
  fileprivate static func biasPair(_ place: Floats, _ distance: Int) -> LanePair {
    var sum = LanePair(at: place)
    let other = LanePair(at: place + distance)
    sum.low += other.low
    sum.high += other.high
    return sum
  }
}

extension RecurrentGroup {
  /// Starts the first layer from table rows; `symbols` holds one row of `stride` symbols per
  /// sequence.
  func gather(_ table: Floats, _ symbols: UnsafePointer<UInt8>, stride: Int) {
    let gates = extents.gates
    let target = self.gates(0)
    for step in 0..<steps {
      for row in 0..<rows {
        let symbol = Int(symbols[row &* stride &+ step])
        VectorLoops.copy(
          table + symbol &* gates, to: target + (step &* rows &+ row) &* gates, gates)
      }
    }
  }

  /// Adds the first layer's gradients to the input weights' columns of the symbols read.
  func scatter(
    _ symbols: UnsafePointer<UInt8>, stride: Int, into weightGradient: MutableFloats
  ) {
    let width = 2 &* Lanes.width
    let gates = extents.gates
    let panel = extents.inputs &* width
    for step in 0..<steps {
      for row in 0..<rows {
        var target = weightGradient + Int(symbols[row &* stride &+ step]) &* width
        var source = self.gates(0) + (step &* rows &+ row) &* gates
        var left = gates
        while left > 0 {
          var sum = LanePair(at: target)
          let gradient = LanePair(at: source)
          sum.low += gradient.low
          sum.high += gradient.high
          sum.store(target)
          target += panel
          source += width
          left &-= width
        }
      }
    }
  }
}

/// Softmax over rows of whole vectors whose first `count` numbers count.
struct SoftmaxRows {
  let count: Int
  let width: Int
  /// 1 for the numbers that count, 0 for the gap.
  private let mask: Lanes

  init(_ count: Int) {
    self.count = count
    width = rounded(count, to: Lanes.width)
    var mask = Lanes(repeating: 1)
    let last = count - (width - Lanes.width)
    for lane in max(last, 0)..<Lanes.width {
      mask[lane] = 0
    }
    self.mask = mask
  }

  @inline(always) private func isLast(_ place: Int) -> Bool { place &+ Lanes.width >= width }

  /// The largest number of a row.
  @inline(always) func maximum(_ row: Floats) -> Float {
    var top = row[0]
    for place in 1..<count { top = row[place] > top ? row[place] : top }
    return top
  }

  /// Turns a row to e^(x - top), gaps to 0, and gives the sum.
  @inline(always) func exponentiate(_ row: MutableFloats, _ top: Float) -> Float {
    var sum = Lanes.zero
    var place = 0
    while place < width {
      var e = (Lanes(at: row + place) - top).powerOfTwo(times: 1.442_695_04, upTo: 126)
      if isLast(place) { e *= mask }
      e.store(row + place)
      sum += e
      place &+= Lanes.width
    }
    return sum.total
  }

  @inline(always) func scale(_ row: MutableFloats, _ factor: Float) {
    var place = 0
    while place < width {
      (Lanes(at: row + place) * factor).store(row + place)
      place &+= Lanes.width
    }
  }
}
