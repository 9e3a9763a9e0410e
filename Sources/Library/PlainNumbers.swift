import Execution
import Language
import Tensors

/// Reductions of lists of plain numbers, in 64 bits.
///
/// The numbers may be many: each throws what was thrown to stop work.
enum PlainNumbers {
  /// The sum, with what rounding lost added again (Neumaier's form of Kahan's sum).
  static func sum(_ numbers: [Double]) throws -> Double { try sum(numbers) { $0 } }

  /// The sum of what a function makes of the numbers.
  @inline(__always)
  private static func sum(_ numbers: [Double], _ term: (Double) -> Double) throws -> Double {
    var (total, lost) = (0.0, 0.0)
    try Stretches.forEach(numbers.count) { places in
      for place in places {
        let number = term(numbers[place])
        let next = total + number
        lost += abs(total) >= abs(number) ? (total - next) + number : (number - next) + total
        total = next
      }
    }
    return lost.isFinite ? total + lost : total
  }

  static func mean(_ numbers: [Double]) throws -> Double {
    try sum(numbers) / Double(numbers.count)
  }

  /// The unbiased variance; of a single number 0.
  static func variance(_ numbers: [Double]) throws -> Double {
    let mean = try mean(numbers)
    let squares = try sum(numbers) { ($0 - mean) * ($0 - mean) }
    return squares / Double(max(numbers.count - 1, 1))
  }

  static func std(_ numbers: [Double]) throws -> Double { try variance(numbers).squareRoot() }

  /// The norm, by the largest number where squares would leave what 64 bits hold.
  static func norm(_ numbers: [Double]) throws -> Double {
    let squares = try sum(numbers) { $0 * $0 }
    if squares > 0x1p-900, squares.isFinite { return squares.squareRoot() }
    let sizes = try numbers.mappedInStretches { abs($0) }
    let largest = try extreme(sizes, isMax: true)
    guard largest > 0, largest.isFinite else { return largest }
    return largest * (try sum(sizes) { $0 / largest * ($0 / largest) }).squareRoot()
  }

  /// The largest or smallest number, NaN if there is one.
  static func extreme(_ numbers: [Double], isMax: Bool) throws -> Double {
    try argument(numbers, isMax: isMax).map { numbers[$0] } ?? .nan
  }

  /// The place of the first largest or smallest number, or of the first NaN; nil of none.
  static func argument(_ numbers: [Double], isMax: Bool) throws -> Int? {
    guard var best = numbers.first else { return nil }
    var place = 0
    try Stretches.forEach(numbers.count) { places in
      for index in places {
        let number = numbers[index]
        if number.isNaN {
          if !best.isNaN { (best, place) = (number, index) }
          return
        }
        if isMax ? number > best : number < best { (best, place) = (number, index) }
      }
    }
    return place
  }

  /// The places in ascending or descending order; NaN is above all, and equal numbers keep theirs.
  static func order(_ numbers: [Double], descending: Bool) throws -> [Int] {
    func isBefore(_ a: Double, _ b: Double) -> Bool {
      a.isNaN || b.isNaN ? b.isNaN && !a.isNaN : a < b
    }
    var polling = Polling()
    return try numbers.indices.sorted { i, j in
      try polling.check()
      let (a, b) = descending ? (numbers[j], numbers[i]) : (numbers[i], numbers[j])
      return isBefore(a, b) || !isBefore(b, a) && i < j
    }
  }

  /// The quantiles of several shares, interpolated linearly; NaN if a number is NaN.
  static func quantiles(_ numbers: [Double], _ shares: [Double]) throws -> [Double] {
    let hasNaN = try numbers.containsInStretches(where: \.isNaN)
    var polling = Polling()
    let sorted =
      hasNaN
      ? []
      : try numbers.sorted {
        try polling.check()
        return $0 < $1
      }
    return try shares.map { share in
      let place = try Tensor.quantilePlace(share, count: numbers.count)
      if hasNaN { return .nan }
      return Tensor.between(sorted[place.lower], sorted[place.upper], place.weight)
    }
  }

  /// The running sums.
  static func runningSums(_ numbers: [Double]) throws -> [Double] {
    var total = 0.0
    return try numbers.mappedInStretches { number in
      total += number
      return total
    }
  }
}

/// A range that counts whole numbers, reduced without being written out.
struct CountedRange {
  let first: Double
  let count: Double

  init?(_ value: Value) {
    guard case .range(let range) = value, range.length > 0x1p20, range.length <= 0x1p53,
      range.start == range.start.rounded(), abs(range.start) <= 0x1p53
    else { return nil }
    (first, count) = (range.start, range.length)
  }

  var last: Double { first + (count - 1) }
  var mean: Double { first / 2 + last / 2 }
  var variance: Double { count * (count + 1) / 12 }
  var norm: Double { (count * mean * mean + (count - 1) * variance).squareRoot() }

  /// Exact before the one rounding.
  var sum: Double {
    let ends = Int128(Int(first)) + Int128(Int(last))
    return Double(Int128(Int(count)) * ends / 2)
  }

  func quantile(_ share: Double) throws -> Double {
    let place = try Tensor.quantilePlace(share, count: Int(count))
    return first + Double(place.lower) + place.weight
  }
}

/// Numbers of nested lists, in row order.
struct ListNumbers {
  private(set) var numbers: [Double] = []
  private(set) var rank = 0

  /// Nil for what holds other things than numbers and truth values, is not even, or holds nothing.
  ///
  /// - Throws: what was thrown to stop work; `Failure` if there is no room for the numbers.
  init?(_ value: Value) throws {
    switch value {
    case .number(let number): numbers = [number]
    case .range(let range) where range.length >= 1 && range.length <= 0x1p27:
      try Memory.reserve(range.count, of: 8, for: "\(range.count) numbers")
      numbers = try (0..<range.count).mappedInStretches { range.start + Double($0) }
      rank = 1
    case .list(let list) where !list.items.isEmpty:
      guard let shape = try read(list) else { return nil }
      rank = shape.count
    default: return nil
    }
  }

  /// Appends the numbers of a list; gives its shape.
  private mutating func read(_ list: ListObject) throws -> [Int]? {
    let before = numbers.count
    // Of many short rows each would be moved with those before it.
    if list.items.count > 64 {
      try Memory.reserve(list.items.count, of: 8, for: "\(list.items.count) numbers")
      numbers.reserveCapacity(max(2 * before, before + list.items.count))
    }
    var polling = Polling()
    for item in list.items {
      try polling.check()
      if case .number(let number) = item {
        numbers.append(number)
      } else if case .boolean(let truth) = item {
        numbers.append(truth ? 1 : 0)
      } else {
        return numbers.count == before ? try readRows(list) : nil
      }
    }
    return [list.items.count]
  }

  /// The same for a list of lists.
  private mutating func readRows(_ list: ListObject) throws -> [Int]? {
    var inner: [Int]?
    for item in list.items {
      guard case .list(let row) = item, let shape = try read(row) else { return nil }
      guard inner == nil || inner == shape else { return nil }
      inner = shape
    }
    return [list.items.count] + (inner ?? [])
  }
}

extension NativeTable {
  /// The numbers of a list or range that an axis argument reduces to one, or nil.
  ///
  /// - Parameter keep: the place of an argument that asks for axes to be kept, if there is one.
  static func plainNumbers(_ call: Arguments, axis: Int, keep: Int? = nil) throws -> [Double]? {
    guard let list = try ListNumbers(call[0]), try isWhole(call, axis, keep, rank: list.rank) else {
      return nil
    }
    return list.numbers
  }

  /// The same for a range that is too long to be written out.
  static func countedRange(_ call: Arguments, axis: Int, keep: Int? = nil) throws -> CountedRange? {
    guard let range = CountedRange(call[0]), try isWhole(call, axis, keep, rank: 1) else {
      return nil
    }
    return range
  }

  /// Whether all axes are reduced, and none is kept.
  private static func isWhole(
    _ call: Arguments, _ axis: Int, _ keep: Int?, rank: Int
  ) throws -> Bool {
    if let keep, try call.boolean(keep) { return false }
    guard let axes = try axes(call, axis) else { return true }
    let places = Set(axes.map { $0 < 0 ? $0 + rank : $0 })
    return places == Set(0..<rank) && places.count == axes.count
  }
}
