/// The answers of all functions to one query, as labels counted from 0 by first appearance.
///
/// Two queries are the same partition of the functions exactly when their labels are equal. Labels
/// take one byte while a query has at most 256 different answers.
struct Column: Sendable {
  enum Labels: Sendable {
    case bytes([UInt8])
    case wide([UInt16])
  }

  let labels: Labels
  /// The answer that each label stands for.
  let codes: [Int32]
  /// How many functions give each answer.
  let classSizes: [Int]

  /// The answers `code(f)` of functions 0 ..< count.
  init(count: Int, _ code: (Int) -> Int32) {
    var codes: [Int32] = []
    var places: [Int32: Int] = [:]
    var wide = [UInt16](repeating: 0, count: count)
    for function in 0..<count {
      let answer = code(function)
      var label = codes.count <= 8 ? codes.firstIndex(of: answer) : places[answer]
      if label == nil {
        label = codes.count
        places[answer] = codes.count
        codes.append(answer)
      }
      wide[function] = UInt16(truncatingIfNeeded: label ?? 0)
    }
    self.codes = codes
    var sizes = [Int](repeating: 0, count: codes.count)
    for label in wide { sizes[Int(label)] &+= 1 }
    classSizes = sizes
    labels = codes.count <= 256 ? .bytes(wide.map { UInt8(truncatingIfNeeded: $0) }) : .wide(wide)
  }

  /// How many different answers there are.
  var classCount: Int { codes.count }

  /// The label of one function.
  subscript(function: Int) -> Int {
    switch labels {
    case .bytes(let bytes): Int(bytes[function])
    case .wide(let wide): Int(wide[function])
    }
  }

  /// The labels of all functions.
  var allLabels: [UInt16] {
    switch labels {
    case .bytes(let bytes): bytes.map { UInt16($0) }
    case .wide(let wide): wide
    }
  }

  /// The label that stands for an answer, or nil if no function gives it.
  func label(of code: Int32) -> Int? { codes.firstIndex(of: code) }

  /// A hash of the partition.
  var hash: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    switch labels {
    case .bytes(let bytes): for label in bytes { hash = Hash.step(hash, UInt64(label)) }
    case .wide(let wide): for label in wide { hash = Hash.step(hash, UInt64(label)) }
    }
    return hash
  }

  /// Whether both split the functions into the same classes.
  func isSamePartition(as other: Column) -> Bool {
    switch (labels, other.labels) {
    case (.bytes(let mine), .bytes(let theirs)): mine == theirs
    case (.wide(let mine), .wide(let theirs)): mine == theirs
    default: false
    }
  }

  /// Whether every class of this column lies within one class of `coarser`.
  func refines(_ coarser: Column) -> Bool {
    guard classCount >= coarser.classCount else { return false }
    return switch (labels, coarser.labels) {
    case (.bytes(let fine), .bytes(let coarse)): maps(fine, to: coarse)
    case (.bytes(let fine), .wide(let coarse)): maps(fine, to: coarse)
    case (.wide(let fine), .bytes(let coarse)): maps(fine, to: coarse)
    case (.wide(let fine), .wide(let coarse)): maps(fine, to: coarse)
    }
  }

  private func maps<Fine: UnsignedInteger, Coarse: UnsignedInteger>(
    _ fine: [Fine], to coarse: [Coarse]
  ) -> Bool {
    var image = [Int32](repeating: -1, count: classCount)
    for function in fine.indices {
      let (label, target) = (Int(fine[function]), Int32(truncatingIfNeeded: coarse[function]))
      if image[label] < 0 {
        image[label] = target
      } else if image[label] != target {
        return false
      }
    }
    return true
  }

  var functionCount: Int {
    switch labels {
    case .bytes(let bytes): bytes.count
    case .wide(let wide): wide.count
    }
  }
}

/// Mixing of 64-bit words for tables and partitions.
enum Hash {
  @inline(__always)
  static func step(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    (hash ^ word) &* 0x100_0000_01b3
  }

  /// The finaliser of SplitMix64.
  @inline(__always)
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
