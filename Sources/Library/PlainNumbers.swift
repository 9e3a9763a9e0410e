import Language
import Tensors

/// Reductions of lists of plain numbers, in 64 bits.
enum PlainNumbers {
  /// The sum, with what rounding lost added again (Neumaier's form of Kahan's sum).
  static func sum(_ numbers: [Double]) -> Double {
    var (total, lost) = (0.0, 0.0)
    for number in numbers {
      let next = total + number
      lost += abs(total) >= abs(number) ? (total - next) + number : (number - next) + total
      total = next
    }
    return lost.isFinite ? total + lost : total
  }

  static func mean(_ numbers: [Double]) -> Double { sum(numbers) / Double(numbers.count) }

  /// The unbiased variance; of a single number 0.
  static func variance(_ numbers: [Double]) -> Double {
    let mean = mean(numbers)
    let squares = sum(numbers.map { ($0 - mean) * ($0 - mean) })
    return squares / Double(max(numbers.count - 1, 1))
  }

  static func std(_ numbers: [Double]) -> Double { variance(numbers).squareRoot() }

  /// The norm, by the largest number where squares would leave what 64 bits hold.
  static func norm(_ numbers: [Double]) -> Double {
    let squares = sum(numbers.map { $0 * $0 })
    if squares > 0x1p-900, squares.isFinite { return squares.squareRoot() }
    let largest = extreme(numbers.map { abs($0) }, isMax: true)
    guard largest > 0, largest.isFinite else { return largest }
    return largest * sum(numbers.map { $0 / largest * ($0 / largest) }).squareRoot()
  }

  /// The largest or smallest number, NaN if there is one.
  static func extreme(_ numbers: [Double], isMax: Bool) -> Double {
    argument(numbers, isMax: isMax).map { numbers[$0] } ?? .nan
  }

  /// The place of the first largest or smallest number, or of the first NaN; nil of none.
  static func argument(_ numbers: [Double], isMax: Bool) -> Int? {
    guard var best = numbers.first else { return nil }
    var place = 0
    for index in numbers.indices {
      let number = numbers[index]
      if number.isNaN { return index }
      if isMax ? number > best : number < best { (best, place) = (number, index) }
    }
    return place
  }

  /// The places in ascending or descending order; NaN is above all, and equal numbers keep theirs.
  static func order(_ numbers: [Double], descending: Bool) -> [Int] {
    func isBefore(_ a: Double, _ b: Double) -> Bool {
      a.isNaN || b.isNaN ? b.isNaN && !a.isNaN : a < b
    }
    return numbers.indices.sorted { i, j in
      let (a, b) = descending ? (numbers[j], numbers[i]) : (numbers[i], numbers[j])
      return isBefore(a, b) || !isBefore(b, a) && i < j
    }
  }

  /// The quantiles of several shares, interpolated linearly; NaN if a number is NaN.
  static func quantiles(_ numbers: [Double], _ shares: [Double]) throws -> [Double] {
    let hasNaN = numbers.contains(where: \.isNaN)
    let sorted = hasNaN ? [] : numbers.sorted()
    return try shares.map { share in
      let place = try Tensor.quantilePlace(share, count: numbers.count)
      if hasNaN { return .nan }
      return Tensor.between(sorted[place.lower], sorted[place.upper], place.weight)
    }
  }

  /// The running sums.
  static func runningSums(_ numbers: [Double]) -> [Double] {
    var total = 0.0
    return numbers.map { number in
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
  init?(_ value: Value) {
    switch value {
    case .number(let number): numbers = [number]
    case .range(let range) where range.length >= 1 && range.length <= 0x1p24:
      numbers = (0..<range.count).map { range.start + Double($0) }
      rank = 1
    case .list(let list) where !list.items.isEmpty:
      guard let shape = read(list) else { return nil }
      rank = shape.count
    default: return nil
    }
  }

  /// Appends the numbers of a list; gives its shape.
  private mutating func read(_ list: ListObject) -> [Int]? {
    let before = numbers.count
    numbers.reserveCapacity(before + list.items.count)
    for item in list.items {
      if case .number(let number) = item {
        numbers.append(number)
      } else if case .boolean(let truth) = item {
        numbers.append(truth ? 1 : 0)
      } else {
        return numbers.count == before ? readRows(list) : nil
      }
    }
    return [list.items.count]
  }

  /// The same for a list of lists.
  private mutating func readRows(_ list: ListObject) -> [Int]? {
    var inner: [Int]?
    for item in list.items {
      guard case .list(let row) = item, let shape = read(row) else { return nil }
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
    guard let list = ListNumbers(call[0]), try isWhole(call, axis, keep, rank: list.rank) else {
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
