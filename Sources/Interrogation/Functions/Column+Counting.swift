extension Column {
  /// How a query splits a version space.
  struct Split {
    /// Size of the largest class.
    var largest = 0
    /// Sum of the squares of the class sizes; the smaller, the more pairs are separated.
    var squares = 0
    /// Number of classes.
    var classes = 0
  }

  /// Class sizes among `members`; `counts` is all zero before and after and long enough.
  func split(_ members: [Int32], counts: inout [Int32]) -> Split {
    switch labels {
    case .bytes(let bytes) where classCount == 2: Column.binarySplit(bytes, members)
    case .bytes(let bytes): Column.split(bytes, members, &counts)
    case .wide(let wide): Column.split(wide, members, &counts)
    }
  }

  private static func binarySplit(_ labels: [UInt8], _ members: [Int32]) -> Split {
    var ones = 0
    if members.count == labels.count {
      for label in labels { ones &+= Int(label) }
    } else {
      for member in members { ones &+= Int(labels[Int(member)]) }
    }
    let zeros = members.count - ones
    return Split(
      largest: max(ones, zeros), squares: ones * ones + zeros * zeros,
      classes: (ones > 0 ? 1 : 0) + (zeros > 0 ? 1 : 0))
  }

  @inline(__always)
  private static func split<Label: FixedWidthInteger & UnsignedInteger>(
    _ labels: [Label], _ members: [Int32], _ counts: inout [Int32]
  ) -> Split {
    var split = Split()
    for member in members { counts[Int(labels[Int(member)])] &+= 1 }
    for member in members {
      let label = Int(labels[Int(member)])
      let count = Int(counts[label])
      if count == 0 { continue }
      counts[label] = 0
      split.largest = max(split.largest, count)
      split.squares &+= count &* count
      split.classes &+= 1
    }
    return split
  }

  /// The classes of `members`, by label, without the empty ones.
  func classes(of members: [Int32]) -> [(label: Int, members: [Int32])] {
    var sizes = [Int](repeating: 0, count: classCount)
    for member in members { sizes[self[Int(member)]] += 1 }
    var place = [Int](repeating: 0, count: classCount)
    var classes: [(label: Int, members: [Int32])] = []
    for label in 0..<classCount where sizes[label] > 0 {
      place[label] = classes.count
      var own: [Int32] = []
      own.reserveCapacity(sizes[label])
      classes.append((label, own))
    }
    for member in members { classes[place[self[Int(member)]]].members.append(member) }
    return classes
  }

  /// Whether all `members` give the same answer.
  func isConstant(on members: [Int32]) -> Bool {
    guard let first = members.first else { return true }
    let label = self[Int(first)]
    return members.allSatisfy { self[Int($0)] == label }
  }
}
