extension StridedProduct {
  /// Rows of A by columns of B, both contiguous.
  func runDots(left: Matrix, right: Matrix) {
    if columns > 2 && runDotTiles(left: left, right: right) { return }
    for j in 0..<columns {
      let column = right.place(0, j)
      for i in 0..<rows {
        let sum = StridedProduct.dot(left.place(i, 0), column, inner)
        let place = c + i &* cRow + j
        place.pointee = accumulate ? place.pointee + sum : sum
      }
    }
  }

  /// Sum of products in four vectors, then over their lanes.
  @inline(never)
  static func dot(_ a: Floats, _ b: Floats, _ count: Int) -> Float {
    let width = Lanes.width
    var s0 = Lanes.zero
    var s1 = Lanes.zero
    var s2 = Lanes.zero
    var s3 = Lanes.zero
    var k = 0
    while k &+ 4 &* width <= count {
      let x = a + k
      let y = b + k
      s0.add(Lanes(at: x), Lanes(at: y))
      s1.add(Lanes(at: x + width), Lanes(at: y + width))
      s2.add(Lanes(at: x + 2 &* width), Lanes(at: y + 2 &* width))
      s3.add(Lanes(at: x + 3 &* width), Lanes(at: y + 3 &* width))
      k &+= 4 &* width
    }
    while k &+ width <= count {
      s0.add(Lanes(at: a + k), Lanes(at: b + k))
      k &+= width
    }
    var sum = ((s0 + s1) + (s2 + s3)).sum()
    while k < count {
      sum += a[k] * b[k]
      k &+= 1
    }
    return sum
  }
}
