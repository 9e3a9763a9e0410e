/// One step of gated units: what happens between the products.
///
/// Slots lie as [H/W][4][W] per row: r, z, and the candidate's part of the input and of the hidden
/// state (see `RecurrentExtents`).
enum GRUCell {
  /// Pre-activations to r, z, n and the hidden part of n; h = n + z (h' - n).
  ///
  /// Rows follow each other; `count` numbers of units in all.
  @inline(never)
  static func forward(
    _ gates: MutableFloats, _ earlier: Floats, hidden: MutableFloats, count: Int
  ) {
    let width = Lanes.width
    var gate = gates
    var place = 0
    while place < count {
      // One division for both: the product of two denominators below 2^63 is finite.
      let resetPart = Lanes(at: gate).onePlusExponential(upTo: 63)
      let updatePart = Lanes(at: gate + width).onePlusExponential(upTo: 63)
      let inverse = 1 / (resetPart * updatePart)
      let r = inverse * updatePart
      let z = inverse * resetPart
      let n = Lanes(at: gate + 2 &* width).adding(r, Lanes(at: gate + 3 &* width)).tanh
      r.store(gate)
      z.store(gate + width)
      n.store(gate + 2 &* width)
      n.adding(z, Lanes(at: earlier + place) - n).store(hidden + place)
      gate += 4 &* width
      place &+= width
    }
  }

  /// From the gradient of h to those of the pre-activations, which overwrite the activations.
  ///
  /// `carry` brings what the step after kept of h, and takes what this one keeps of h'.
  @inline(never)
  static func backward(
    _ gates: MutableFloats, _ earlier: Floats, hiddenGradient: Floats, carry: MutableFloats,
    count: Int
  ) {
    let width = Lanes.width
    var gate = gates
    var place = 0
    while place < count {
      let r = Lanes(at: gate)
      let z = Lanes(at: gate + width)
      let n = Lanes(at: gate + 2 &* width)
      let d = Lanes(at: hiddenGradient + place) + Lanes(at: carry + place)
      let dn = d * (1 - z) * (1 - n * n)
      (dn * Lanes(at: gate + 3 &* width) * r * (1 - r)).store(gate)
      (d * (Lanes(at: earlier + place) - n) * z * (1 - z)).store(gate + width)
      dn.store(gate + 2 &* width)
      (dn * r).store(gate + 3 &* width)
      (d * z).store(carry + place)
      gate += 4 &* width
      place &+= width
    }
  }
}
