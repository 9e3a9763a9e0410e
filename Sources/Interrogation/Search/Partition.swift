/// A partition of the functions into classes that queries refine.
struct Partition {
  private(set) var classOf: [Int32]
  private(set) var classCount: Int

  init(_ count: Int) {
    classOf = [Int32](repeating: 0, count: count)
    classCount = count > 0 ? 1 : 0
  }

  /// What some queries leave together.
  init(_ count: Int, _ columns: [Column]) {
    self.init(count)
    for column in columns where !isDiscrete { refine(column) }
  }

  /// Splits the classes by a query.
  mutating func refine(_ column: Column) {
    switch column.labels {
    case .bytes(let labels): refine(labels, classes: column.classCount)
    case .wide(let labels): refine(labels, classes: column.classCount)
    }
  }

  private mutating func refine<Label: FixedWidthInteger>(_ labels: [Label], classes: Int) {
    if classes &* classCount <= 1 << 18 {
      refineNarrow(labels, classes: classes)
      return
    }
    var places: [Int: Int32] = [:]
    for function in classOf.indices {
      let key = Int(classOf[function]) &* classes &+ Int(labels[function])
      let place = places[key] ?? Int32(places.count)
      places[key] = place
      classOf[function] = place
    }
    classCount = places.count
  }

  private mutating func refineNarrow<Label: FixedWidthInteger>(_ labels: [Label], classes: Int) {
    var places = [Int32](repeating: -1, count: classCount * classes)
    var next: Int32 = 0
    for function in classOf.indices {
      let key = Int(classOf[function]) &* classes &+ Int(labels[function])
      if places[key] < 0 {
        places[key] = next
        next &+= 1
      }
      classOf[function] = places[key]
    }
    classCount = Int(next)
  }

  /// Two functions of one class, if there are.
  var unseparatedPair: (Int, Int)? {
    var firsts = [Int32](repeating: -1, count: classCount)
    for function in classOf.indices {
      let place = Int(classOf[function])
      if firsts[place] >= 0 { return (Int(firsts[place]), function) }
      firsts[place] = Int32(function)
    }
    return nil
  }

  var isDiscrete: Bool { classCount == classOf.count }
}

extension Partition {
  /// The size of the largest class.
  var largestClass: Int {
    var sizes = [Int](repeating: 0, count: classCount)
    for place in classOf { sizes[Int(place)] += 1 }
    return sizes.max() ?? 0
  }

  /// The members of each class.
  var classes: [[Int32]] {
    var classes = [[Int32]](repeating: [], count: classCount)
    for (function, place) in classOf.enumerated() { classes[Int(place)].append(Int32(function)) }
    return classes
  }
}
