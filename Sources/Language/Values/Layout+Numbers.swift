import Execution

/// Numbers in a layout.
extension Layout {
  /// A number's text; `unsaid` is the alignment where none is written.
  func text(_ number: Double, default unsaid: Alignment) -> String {
    var digits = digits(abs(number))
    // What is written as a whole number has no sign where it is 0.
    let isWhole = form == .whole || form == nil && decimals == nil
    let isZero = isWhole && number.magnitude <= 0.5 && digits == "0"
    let isNegative = number.sign == .minus && !isZero
    var before = number.isNaN || !isNegative ? (sign == .minus ? "" : String(sign.rawValue)) : "-"
    if let separator {
      let places = fill == "0" && (alignment ?? unsaid) == .behindSign ? width - before.count : 0
      digits = Layout.grouped(digits, by: separator, places: places)
    }
    before += digits
    return padded(before, unsaid)
  }

  /// The digits of a number without a sign.
  private func digits(_ number: Double) -> String {
    switch form {
    case .fixed: Text.fixed(number, decimals ?? 6)
    case .exponent: Text.exponent(number, decimals ?? 6)
    case .general: Text.significant(number, max(1, decimals ?? 6))
    case .largeFixed: Text.fixed(number, decimals ?? 6).uppercased()
    case .largeExponent: Text.exponent(number, decimals ?? 6).uppercased()
    case .largeGeneral: Text.significant(number, max(1, decimals ?? 6)).uppercased()
    case .percent: Text.fixed(100 * number, decimals ?? 6) + "%"
    case .whole: Text.fixed(number, 0)
    case .string, nil: unformed(number)
    }
  }

  /// A number with nothing said but its significant digits: as `g`, but for the exponent, which
  /// comes one digit earlier, so that a fraction keeps its point.
  private func unformed(_ number: Double) -> String {
    guard let decimals else { return Value.text(of: number) }
    let count = max(1, decimals)
    let text = Text.significant(number, count)
    guard number.isFinite, number != number.rounded(), !text.contains("e") else { return text }
    let whole = text.prefix { $0 != "." }
    guard whole.count >= count, whole != "0" else { return text.contains(".") ? text : text + ".0" }
    return Layout.trimmed(Text.exponent(number, count - 1))
  }

  /// Without the zeros behind the point before an exponent: `1.200e+03` is `1.2e+03`.
  private static func trimmed(_ text: String) -> String {
    guard let exponent = text.firstIndex(of: "e"), text[..<exponent].contains(".") else {
      return text
    }
    var digits = text[..<exponent]
    while digits.last == "0" { digits.removeLast() }
    if digits.last == "." { digits.removeLast() }
    return String(digits) + text[exponent...]
  }

  /// The digits before the point in threes, after as many zeros as fill so many places in all.
  private static func grouped(_ text: String, by separator: Character, places: Int) -> String {
    let whole = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text.dropFirst(whole.count)
    // Infinity and NaN have no digits to group: the zeros alone stand before them.
    guard !whole.isEmpty else { return text }
    var result: [Character] = []
    var digits = whole.reversed().makeIterator()
    var count = 0
    while true {
      let digit = digits.next()
      if digit == nil, result.count + rest.count >= places { break }
      if count > 0, count.isMultiple(of: 3) { result.append(separator) }
      result.append(digit ?? "0")
      count += 1
    }
    return String(result.reversed()) + rest
  }
}
