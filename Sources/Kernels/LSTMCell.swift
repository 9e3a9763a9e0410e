/// One step of LSTM units: what happens between the products.
///
/// Gates lie as [H/W][4][W] per row (see `RecurrentExtents`).
enum LSTMCell {
  /// The places of one step of a layer; all have `rows` rows.
  struct Places {
    /// Pre-activations in, activations out.
    ///
    /// There are `gates` numbers a row; going back, their gradients.
    var gates: MutableFloats
    var earlierCell: Floats
    var cell: MutableFloats
    /// tanh of the cell state, kept for the way back.
    var squashed: MutableFloats
    var hidden: MutableFloats

    /// The places from some unit on, whose gates begin where `gates` says.
    @inline(always) func from(_ start: Int, gates: MutableFloats) -> Places {
      Places(
        gates: gates, earlierCell: earlierCell + start, cell: cell + start,
        squashed: squashed + start, hidden: hidden + start)
    }
  }

  /// i, f, g, o -> c = f c' + i g, h = o tanh c.
  ///
  /// Rows follow each other, `units` numbers long. One division serves i, f and g, whose
  /// denominators are multiplied, another o and tanh c: those meet in c and in h, so that NaN
  /// spreads no further than it would by itself. Three denominators below 2^42, or two below 2^63,
  /// have a finite product; a sigmoid is then no less than 2^-42.
  @inline(never)
  static func forward(_ places: Places, rows: Int, units: Int) {
    let width = Lanes.width
    let count = rows &* units
    var gate = places.gates
    var place = 0
    while place < count {
      let inputPart = Lanes(at: gate).onePlusExponential(upTo: 42)
      let forgetPart = Lanes(at: gate + width).onePlusExponential(upTo: 42)
      let candidate = Lanes(at: gate + 2 &* width).squaredExponentialLessOne(upTo: 42)
      let candidatePart = candidate + 2
      let both = inputPart * forgetPart
      let inverse = 1 / (both * candidatePart)
      let inverseOfBoth = inverse * candidatePart
      let i = inverseOfBoth * forgetPart
      let f = inverseOfBoth * inputPart
      let g = inverse * both * candidate
      let c = (i * g).adding(f, Lanes(at: places.earlierCell + place))
      let outputPart = Lanes(at: gate + 3 &* width).onePlusExponential(upTo: 63)
      let squashed = c.squaredExponentialLessOne(upTo: 63)
      let cellPart = squashed + 2
      let inverseOfLast = 1 / (outputPart * cellPart)
      let o = inverseOfLast * cellPart
      let t = inverseOfLast * outputPart * squashed
      i.store(gate)
      f.store(gate + width)
      g.store(gate + 2 &* width)
      o.store(gate + 3 &* width)
      c.store(places.cell + place)
      t.store(places.squashed + place)
      (o * t).store(places.hidden + place)
      gate += 4 &* width
      place &+= width
    }
  }

  /// From the gradients of h and c to those of the pre-activations, which overwrite the
  /// activations, and of c', which overwrites that of c.
  @inline(never)
  static func backward(
    _ places: Places, hiddenGradient: Floats, cellGradient: MutableFloats, rows: Int, units: Int
  ) {
    let width = Lanes.width
    let count = rows &* units
    var gate = places.gates
    var place = 0
    while place < count {
      let i = Lanes(at: gate)
      let f = Lanes(at: gate + width)
      let g = Lanes(at: gate + 2 &* width)
      let o = Lanes(at: gate + 3 &* width)
      let t = Lanes(at: places.squashed + place)
      let dh = Lanes(at: hiddenGradient + place)
      let d = Lanes(at: cellGradient + place) + dh * o * (1 - t * t)
      (d * g * i * (1 - i)).store(gate)
      (d * Lanes(at: places.earlierCell + place) * f * (1 - f)).store(gate + width)
      (d * i * (1 - g * g)).store(gate + 2 &* width)
      (dh * t * o * (1 - o)).store(gate + 3 &* width)
      (d * f).store(cellGradient + place)
      gate += 4 &* width
      place &+= width
    }
  }
}
