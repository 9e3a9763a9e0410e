/// What is known of each version space met in a search: a hash table whose keys are bit sets.
struct VersionSpaceTable {
  private let words: Int
  private var slots: [Int32]
  private var keys: [UInt64] = []
  private(set) var count = 0
  private let capacity: Int
  /// Per version space a proved lower bound.
  var lower: [Int] = []
  /// Per version space the value of the best tree known, or `Int.max`.
  var upper: [Int] = []
  /// Per version space the first query of that tree.
  var query: [Int32] = []

  /// A table for bit sets of `words` words; at most about 400 MB.
  init(words: Int) {
    self.words = words
    slots = [Int32](repeating: -1, count: 1 << 12)
    capacity = min(40_000_000, 400_000_000 / (words * 8 + 24))
  }

  /// Whether no more version spaces fit.
  var isFull: Bool { count >= capacity }

  /// The number of a version space, entered with `lower` if it is new.
  mutating func place(of sets: [UInt64], at offset: Int, lower bound: Int) -> Int {
    if count * 2 >= slots.count { grow() }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash(sets, offset)) & mask
    while slots[slot] >= 0 {
      let entry = Int(slots[slot])
      if isEqual(entry, sets, offset) { return entry }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = Int32(count)
    for word in 0..<words { keys.append(sets[offset + word]) }
    lower.append(bound)
    upper.append(Int.max)
    query.append(-1)
    count += 1
    return count - 1
  }

  /// The number of a version space, or -1.
  func find(_ sets: [UInt64], at offset: Int) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash(sets, offset)) & mask
    while slots[slot] >= 0 {
      let entry = Int(slots[slot])
      if isEqual(entry, sets, offset) { return entry }
      slot = (slot &+ 1) & mask
    }
    return -1
  }

  @inline(__always)
  private func hash(_ sets: [UInt64], _ offset: Int) -> UInt64 {
    var hash: UInt64 = 0
    for word in 0..<words { hash = Hash.mix(hash ^ sets[offset &+ word]) }
    return hash
  }

  @inline(__always)
  private func isEqual(_ entry: Int, _ sets: [UInt64], _ offset: Int) -> Bool {
    let start = entry &* words
    for word in 0..<words where keys[start &+ word] != sets[offset &+ word] { return false }
    return true
  }

  private mutating func grow() {
    let mask = slots.count * 2 - 1
    slots = [Int32](repeating: -1, count: mask + 1)
    for entry in 0..<count {
      var slot = Int(truncatingIfNeeded: hash(keys, entry * words)) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(entry)
    }
  }
}
