/// One step of vanilla units: what happens between the products.
enum TanhCell {
  /// h = tanh of the pre-activations, which it overwrites as well.
  ///
  /// Rows follow each other; `count` numbers of units in all.
  @inline(never)
  static func forward(_ gates: MutableFloats, hidden: MutableFloats, count: Int) {
    var place = 0
    while place < count {
      let h = Lanes(at: gates + place).tanh
      h.store(gates + place)
      h.store(hidden + place)
      place &+= Lanes.width
    }
  }

  /// From the gradient of h to that of the pre-activations, which overwrites the activations.
  @inline(never)
  static func backward(_ gates: MutableFloats, hiddenGradient: Floats, count: Int) {
    var place = 0
    while place < count {
      let h = Lanes(at: gates + place)
      (Lanes(at: hiddenGradient + place) * (1 - h * h)).store(gates + place)
      place &+= Lanes.width
    }
  }
}
