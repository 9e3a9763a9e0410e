/// Values side by side in memory: numbers and the like are told apart, as they need no counting of
/// references.
extension UnsafeMutablePointer<Value> {
  /// Whether nothing needs to be released to write over the value.
  @inline(__always)
  var isTrivial: Bool {
    switch pointee {
    case .number, .boolean, .unset, .none: true
    default: false
    }
  }

  /// Copies values to memory that is not initialised.
  static func copy(_ source: Self, to target: Self, _ count: Int) {
    for place in 0..<count {
      if case .number(let number) = source[place] {
        (target + place).initialize(to: .number(number))
      } else {
        (target + place).initialize(to: source[place])
      }
    }
  }

  /// Releases what values hold; the memory is not initialised afterwards.
  static func destroy(_ base: Self, _ count: Int) {
    for place in 0..<count where !(base + place).isTrivial {
      (base + place).deinitialize(count: 1)
    }
  }
}
