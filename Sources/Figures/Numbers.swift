import Execution
import Tensors

/// What may be drawn as a list of numbers: arrays of floating-point numbers, and tensors.
public protocol Numbers {
  /// The numbers in order, row by row.
  var numbers: [Double] { get }
}

extension Array: Numbers where Element: BinaryFloatingPoint {
  /// The elements in double precision.
  public var numbers: [Double] { map { Double($0) } }
}

extension Tensor: Numbers {
  /// The elements in double precision, row by row.
  public var numbers: [Double] { elements.map { Double($0) } }
}

/// The largest number that can be drawn: axes need room for margins, and for differences.
let largestDrawable = 4e307

extension Double {
  /// Whether an axis can show this number.
  var isDrawable: Bool { isFinite && abs(self) <= largestDrawable }
}

/// The least and greatest of the drawable numbers, or nil if there is none.
func extent(of numbers: some Sequence<Double>) -> (low: Double, high: Double)? {
  var result: (low: Double, high: Double)?
  for number in numbers where number.isDrawable {
    guard let old = result else {
      result = (number, number)
      continue
    }
    result = (min(old.low, number), max(old.high, number))
  }
  return result
}

/// A text without line breaks and other control characters, each of which becomes a space.
func singleLine(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: result.append(" ")
    default: result.append(scalar)
    }
  }
  return String(result)
}

/// Checks that the factories of figures share.
enum Check {
  static func notEmpty(_ count: Int, _ what: String, kind: String) throws {
    guard count > 0 else { throw Failure("found no \(what) for \(kind), expected at least one") }
  }

  static func equal(_ found: Int, _ what: String, _ expected: Int, as other: String) throws {
    guard found == expected else {
      throw Failure(
        "found \(found == 1 ? "1 entry" : "\(found) entries") in \(what), "
          + "expected \(expected), as many as in \(other)")
    }
  }

  /// Both ends of an interval are there, as many as values, and in order.
  static func interval(
    _ low: [Double]?, _ high: [Double]?, count: Int, of what: String
  ) throws {
    switch (low, high) {
    case (nil, nil): return
    case (.some(let low), .some(let high)):
      try equal(low.count, "low of \(what)", count, as: "its values")
      try equal(high.count, "high of \(what)", count, as: "its values")
      if let place = low.indices.first(where: { low[$0] > high[$0] }) {
        throw Failure(
          "found an interval from \(Text.significant(low[place])) to "
            + "\(Text.significant(high[place])) at place \(place) of \(what), expected low <= high")
      }
    default:
      throw Failure("found only \(low == nil ? "high" : "low") of \(what), expected low and high")
    }
  }
}
