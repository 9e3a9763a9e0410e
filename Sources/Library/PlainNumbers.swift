import Language

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

  static func variance(_ numbers: [Double]) -> Double {
    let mean = mean(numbers)
    return sum(numbers.map { ($0 - mean) * ($0 - mean) }) / Double(numbers.count - 1)
  }

  static func std(_ numbers: [Double]) -> Double { variance(numbers).squareRoot() }

  static func norm(_ numbers: [Double]) -> Double { sum(numbers.map { $0 * $0 }).squareRoot() }

  /// The largest or smallest number, NaN if there is one.
  static func extreme(_ numbers: [Double], isMax: Bool) -> Double {
    var result = numbers.first ?? .nan
    for number in numbers {
      if number.isNaN { return .nan }
      if isMax ? number > result : number < result { result = number }
    }
    return result
  }
}

extension NativeTable {
  /// The numbers of a list that holds nothing else, or of a range; nil for all else, and if `keep`
  /// asks for axes.
  static func plainNumbers(_ call: Arguments) -> [Double]? {
    for value in call.values.dropFirst() { if case .boolean(true) = value { return nil } }
    switch call[0] {
    case .list(let list) where !list.items.isEmpty:
      var numbers: [Double] = []
      numbers.reserveCapacity(list.items.count)
      for item in list.items {
        guard case .number(let number) = item else { return nil }
        numbers.append(number)
      }
      return numbers
    case .range(let range) where range.length >= 1 && range.length <= 0x1p24:
      return (0..<Int(range.length)).map { range.start + Double($0) }
    default: return nil
    }
  }
}
