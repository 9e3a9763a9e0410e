import Execution

/// What was lost where numbers of a file became 32-bit floats, beside digits of fractions.
public struct NumberLoss: Sendable, Equatable {
  /// Whole numbers above 2^24 that no 32-bit float is.
  public var whole = 0
  /// Finite numbers beyond the largest 32-bit float.
  public var beyond = 0
  /// Numbers so small that they became 0.
  public var vanished = 0

  /// Whole numbers above this are no names or counts, but measures of which digits may be lost.
  private static let largestName = 0x1p64

  /// Nothing lost.
  public init() {}

  /// Whether nothing was lost.
  public var isNone: Bool { whole + beyond + vanished == 0 }

  /// Counts a number that becomes another in 32 bits.
  @inline(__always)
  public mutating func count(_ number: Double, _ float: Float) {
    if Double(float) == number || !number.isFinite { return }
    if float.isInfinite {
      beyond += 1
    } else if number == number.rounded(), abs(number) <= NumberLoss.largestName {
      whole += 1
    } else if float == 0 {
      vanished += 1
    }
  }

  /// What to tell of it: `3 whole numbers above 2^24 are rounded`.
  public var description: String {
    var parts: [String] = []
    if whole > 0 { parts.append("\(Text.count(whole, "whole number")) above 2^24 rounded") }
    if beyond > 0 { parts.append("\(Text.count(beyond, "number")) above 3.4e38 made infinite") }
    if vanished > 0 { parts.append("\(Text.count(vanished, "number")) below 1e-45 made 0") }
    return parts.joined(separator: ", ")
  }
}

extension NumberType {
  /// What is lost where numbers in this form become 32-bit floats.
  ///
  /// - Throws: what was thrown to stop work, if they are many.
  func loss(_ bytes: UnsafeRawBufferPointer, count: Int) throws -> NumberLoss {
    var loss = NumberLoss()
    guard size >= 4, self != .float32 else { return loss }
    try Stretches.forEach(count) { countLoss(bytes, $0, &loss) }
    return loss
  }

  private func countLoss(
    _ bytes: UnsafeRawBufferPointer, _ places: Range<Int>, _ loss: inout NumberLoss
  ) {
    for place in places {
      switch self {
      case .int32:
        let number = bytes.loadUnaligned(fromByteOffset: 4 &* place, as: Int32.self)
        loss.count(Double(Int32(littleEndian: number)), Float(Int32(littleEndian: number)))
      case .int64:
        let number = Int64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: 8 &* place, as: Int64.self))
        // A double does not hold all of them either.
        if Float(number) != Float(exactly: number) { loss.whole += 1 }
      default:
        let bits = bytes.loadUnaligned(fromByteOffset: 8 &* place, as: UInt64.self)
        let number = Double(bitPattern: UInt64(littleEndian: bits))
        loss.count(number, Float(number))
      }
    }
  }
}
