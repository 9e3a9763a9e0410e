/// The places of many fields, found by the number of their name: an open table of places.
struct FieldIndex {
  /// Places in the record, -1 where there is none; a power of two of them, half of them free.
  private var slots: [Int32]
  private var count = 0

  init(_ names: [Symbol]) {
    var size = 32
    while size < 2 * (names.count + 1) { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
    for place in names.indices { insert(place, names) }
  }

  /// The place of a name among `names`, those that the index was made of.
  func place(of name: Symbol, _ names: [Symbol]) -> Int? {
    var slot = first(name)
    while slots[slot] >= 0 {
      let place = Int(slots[slot])
      if names[place].id == name.id { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Adds the last name of `names`, which is new.
  mutating func append(_ names: [Symbol]) {
    if 2 * (count + 1) > slots.count {
      self = FieldIndex(names)
    } else {
      insert(names.count - 1, names)
    }
  }

  private mutating func insert(_ place: Int, _ names: [Symbol]) {
    var slot = first(names[place])
    while slots[slot] >= 0 {
      // Of two fields of one name the first is found.
      if names[Int(slots[slot])].id == names[place].id { return }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(place)
    count += 1
  }

  /// Where to look first: numbers that follow each other lie apart (Knuth's multiplicative hash).
  private func first(_ name: Symbol) -> Int {
    Int((UInt32(bitPattern: name.id) &* 2_654_435_769) >> 7) & (slots.count - 1)
  }
}
