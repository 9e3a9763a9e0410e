import Glibc

/// Numbers of common size as text without the C library's general way, which takes several times
/// as long; nil for all others.
extension Text {
  private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10]

  /// A number times a power of ten, rounded to a whole number of at most 15 digits: exactly, to the
  /// even one in the middle of two, as the C library does.
  private static func scaled(_ value: Double, _ decimals: Int) -> UInt64? {
    guard decimals >= 0, decimals < powers.count else { return nil }
    let power = powers[decimals]
    let product = value * power
    guard product < 1e15 else { return nil }
    let whole = product.rounded(.toNearestOrEven)
    // Both are exact. The product's own rounding error is less than the distance of its neighbours,
    // so that it matters only where the product itself lies in the middle.
    let rest = product - whole
    let error = (-product).addingProduct(value, power)
    if rest == 0.5, error > 0 { return UInt64(whole) + 1 }
    if rest == -0.5, error < 0 { return UInt64(whole) - 1 }
    return UInt64(whole)
  }

  /// With so many decimals.
  static func rounded(_ value: Double, _ decimals: Int) -> String? {
    guard let number = scaled(abs(value), decimals) else { return nil }
    return text(number, decimals, decimals, isNegative: value.sign == .minus)
  }

  /// With so many significant digits, without zeros at the end.
  static func shortened(_ value: Double, _ digits: Int) -> String? {
    let size = abs(value)
    guard digits > 0, digits <= 10, size >= 1e-4, size < powers[digits] else { return nil }
    var before = 1
    while size >= powers[before] { before += 1 }
    var decimals = digits - before
    if size < 1 {
      decimals = digits
      var bound = 0.1
      while size < bound {
        decimals += 1
        bound /= 10
      }
    }
    guard let number = scaled(size, decimals), Double(number) < powers[digits],
      size >= 1 || Double(number) >= powers[digits - 1]
    else { return nil }
    var (shown, rest) = (decimals, number)
    while shown > 0, rest % 10 == 0 {
      rest /= 10
      shown -= 1
    }
    return text(rest, shown, shown, isNegative: value < 0)
  }

  private static func text(
    _ number: UInt64, _ decimals: Int, _ least: Int, isNegative: Bool
  ) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
      var place = 32
      var rest = number
      var written = 0
      while rest > 0 || written <= least {
        if written == decimals, decimals > 0 {
          place -= 1
          buffer[place] = UInt8(ascii: ".")
        }
        place -= 1
        buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
        written += 1
      }
      if isNegative {
        place -= 1
        buffer[place] = UInt8(ascii: "-")
      }
      return String(decoding: UnsafeBufferPointer(rebasing: buffer[place..<32]), as: UTF8.self)
    }
  }
}
