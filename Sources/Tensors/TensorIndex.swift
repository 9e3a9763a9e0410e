import Execution
import Kernels

/// One entry of an index in brackets, as in NumPy.
public enum TensorIndex: Sendable {
  /// One place; the axis goes away. Negative ones count from the end.
  case at(Int)
  /// Every `step`-th place from `start` up to `stop`, which is left out. NumPy's rules for nil,
  /// negative and outlying bounds and for negative steps.
  case slice(start: Int?, stop: Int?, step: Int)
  /// As many whole axes as are not named.
  case ellipsis
  /// The places where a 0/1 tensor, of the shape of the axes it stands for, is not 0.
  case mask(Tensor)
  /// The places that a tensor of whole numbers names; its shape takes the axis's place.
  case positions(Tensor)
  /// The same with places that a tensor could not hold.
  case places(Places)
  /// An axis of extent 1 that was not there.
  case newAxis

  /// A whole axis.
  public static let all = TensorIndex.slice(start: nil, stop: nil, step: 1)

  var isAdvanced: Bool {
    switch self {
    case .mask, .positions, .places: true
    default: false
    }
  }

  /// How many axes of the tensor the entry stands for.
  var axes: Int {
    switch self {
    case .ellipsis, .newAxis: 0
    case .mask(let mask): mask.rank
    default: 1
    }
  }
}

/// Where the numbers that an index names stand in a tensor.
///
/// The axes of the result are `before`, the shape that all positions and masks broadcast to, and
/// `after`. Positions next to each other keep their place; with axes between them they come first.
public struct TensorSelection {
  /// The shape of what is selected.
  public private(set) var shape: [Int] = []
  /// Where the numbers stand.
  private(set) var blocks = Elementwise.Blocks(starts: [0], extents: [], strides: [])

  /// The numbers of a tensor of `shape` that `index` names.
  public init(_ index: [TensorIndex], in shape: [Int]) throws {
    var reader = Reader(shape: shape)
    let entries = try TensorSelection.whole(index, shape)
    let hasAdvanced = entries.contains(where: \.entry.isAdvanced)
    for (entry, number) in entries {
      do {
        try reader.add(entry, hasAdvanced: hasAdvanced)
      } catch var failure as Failure {
        if failure.labels.isEmpty, let number {
          failure.labels = [Failure.Label(.position(number + 1), "")]
        }
        throw failure
      }
    }
    try finish(reader)
  }

  /// The index with the ellipsis replaced by whole axes, so that every axis is spoken for; with the
  /// number of each entry in the index as it was written.
  private static func whole(
    _ index: [TensorIndex], _ shape: [Int]
  ) throws -> [(entry: TensorIndex, number: Int?)] {
    let named = index.reduce(0) { $0 + $1.axes }
    guard named <= shape.count else {
      throw Failure(
        "the index names \(named == 1 ? "1 axis" : "\(named) axes"), but the shape is \(Tensor.text(of: shape))"
      )
    }
    let rest = [(entry: TensorIndex, number: Int?)](
      repeating: (.all, nil), count: shape.count - named)
    var entries: [(entry: TensorIndex, number: Int?)] = []
    var found = false
    for (number, entry) in index.enumerated() {
      guard case .ellipsis = entry else {
        entries.append((entry, number))
        continue
      }
      guard !found else { throw Failure("an index may hold only one \"...\"") }
      found = true
      entries += rest
    }
    return found ? entries : entries + rest
  }

  /// Where the selected numbers stand in row order.
  ///
  /// - Throws: what was thrown to stop work.
  public func places() throws -> Places {
    var places = blocks.starts
    for (extent, stride) in zip(blocks.extents, blocks.strides) {
      places = try TensorSelection.places(from: places, extent, stride)
    }
    return Places(shape: shape, places)
  }

  /// From each start so many places at equal distances.
  static func places(from starts: [Int], _ extent: Int, _ step: Int) throws -> [Int] {
    if extent == 1 { return starts }
    var places: [Int] = []
    places.reserveCapacity(starts.count * extent)
    for (number, start) in starts.enumerated() {
      if number > 0 { try Cancellation.current.check() }
      try Stretches.forEach(extent) { stretch in
        for place in stretch { places.append(start + place * step) }
      }
    }
    return places
  }

  /// Numbers between two looks at the cancellation token: a few milliseconds.
  static let betweenLooks = 1 << 18

  private mutating func finish(_ reader: Reader) throws {
    guard let group = try reader.group() else {
      shape = reader.extents
      blocks = Elementwise.Blocks(
        starts: [reader.start], extents: reader.extents, strides: reader.strides)
      return
    }
    let before = group.place
    shape = reader.extents[..<before] + group.shape + reader.extents[before...]
    try Tensor.checkSize(shape)
    var starts = [reader.start]
    for axis in 0..<before {
      starts = try TensorSelection.places(from: starts, reader.extents[axis], reader.strides[axis])
    }
    if starts != [0] {
      var polling = Polling()
      starts = try starts.flatMap { start in
        try group.offsets.map { offset in
          try polling.check()
          return start + offset
        }
      }
    } else {
      starts = group.offsets
    }
    blocks = Elementwise.Blocks(
      starts: starts, extents: Array(reader.extents[before...]),
      strides: Array(reader.strides[before...]))
  }
}

/// Reads an index entry by entry.
private struct Reader {
  let shape: [Int]
  let tensorStrides: [Int]
  /// The axis of the tensor that the next entry speaks of.
  var axis = 0
  var start = 0
  /// The plain axes of the result.
  var extents: [Int] = []
  var strides: [Int] = []
  /// Places named by tensors: offsets, and the shape of the tensor.
  var advanced: [(offsets: [Int], shape: [Int])] = []
  /// How many plain axes stand before the first advanced entry, and before the last.
  var firstPlace: Int?
  var lastPlace = 0

  init(shape: [Int]) {
    self.shape = shape
    tensorStrides = Tensor.strides(of: shape)
  }

  mutating func add(_ entry: TensorIndex, hasAdvanced: Bool) throws {
    switch entry {
    case .at(let index):
      let place = try Tensor.position(index, extent: shape[axis], axis: axis)
      start += place * tensorStrides[axis]
      if hasAdvanced { markPlace() }
      axis += 1
    case .slice(let from, let to, let step): try addSlice(from, to, step)
    case .ellipsis: break
    case .newAxis:
      extents.append(1)
      strides.append(0)
    case .positions(let tensor):
      try addPlaces(try tensor.positions(extent: shape[axis], axis: axis), tensor.shape)
    case .places(let places):
      try addPlaces(try places.positions(extent: shape[axis], axis: axis), places.shape)
    case .mask(let mask): try addMask(mask)
    }
  }

  private mutating func addPlaces(_ places: [Int], _ shape: [Int]) throws {
    let stride = tensorStrides[axis]
    advanced.append((try places.mappedInStretches { $0 * stride }, shape))
    markPlace()
    axis += 1
  }

  private mutating func markPlace() {
    if firstPlace == nil { firstPlace = extents.count }
    lastPlace = extents.count
  }

  private mutating func addSlice(_ from: Int?, _ to: Int?, _ step: Int) throws {
    guard step != 0 else { throw Failure("a slice's step must not be 0") }
    let extent = shape[axis]
    let low = step > 0 ? 0 : -1
    let high = step > 0 ? extent : extent - 1
    func clamped(_ bound: Int?, _ whole: Int) -> Int {
      guard let bound else { return whole }
      return min(max(bound < 0 ? bound + extent : bound, low), high)
    }
    let first = clamped(from, step > 0 ? low : high)
    let end = clamped(to, step > 0 ? high : low)
    let span = step > 0 ? end - first : first - end
    let magnitude = Int(clamping: step.magnitude)
    let count = span > 0 ? (span - 1) / magnitude + 1 : 0
    if count > 0 { start += first * tensorStrides[axis] }
    extents.append(count)
    strides.append(count > 1 ? step * tensorStrides[axis] : 0)
    axis += 1
  }

  private mutating func addMask(_ mask: Tensor) throws {
    let covered = Array(shape[axis..<(axis + mask.rank)])
    guard mask.shape == covered else {
      throw Failure(
        "a mask of shape \(Tensor.text(of: mask.shape)) does not fit the axes of shape "
          + Tensor.text(of: covered))
    }
    let step = mask.rank > 0 ? tensorStrides[axis + mask.rank - 1] : 0
    let offsets = try mask.buffer.read { numbers in
      var offsets: [Int] = []
      for start in stride(from: 0, to: numbers.count, by: TensorSelection.betweenLooks) {
        try Cancellation.current.check()
        for place in start..<min(start + TensorSelection.betweenLooks, numbers.count)
        where numbers[place] != 0 {
          offsets.append(place * step)
        }
      }
      return offsets
    }
    advanced.append((offsets, [offsets.count]))
    markPlace()
    axis += mask.rank
  }

  /// The advanced entries broadcast together, and before which plain axis they stand.
  func group() throws -> (offsets: [Int], shape: [Int], place: Int)? {
    guard let place = firstPlace, !advanced.isEmpty else { return nil }
    var shape: [Int] = []
    for entry in advanced { shape = try Tensor.broadcastShape(shape, entry.shape) }
    var offsets = [Int](repeating: 0, count: Tensor.count(of: shape))
    for entry in advanced {
      if entry.shape == shape {
        try Stretches.forEach(offsets.count) { for i in $0 { offsets[i] += entry.offsets[i] } }
      } else {
        let places = try Tensor.repeatedPlaces(of: entry.shape, in: shape)
        try Stretches.forEach(offsets.count) {
          for i in $0 { offsets[i] += entry.offsets[places[i]] }
        }
      }
    }
    return (offsets, shape, place == lastPlace ? place : 0)
  }
}
