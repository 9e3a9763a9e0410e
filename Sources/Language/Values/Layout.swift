import Execution

/// How a value is laid out in a string: `.4f`, `8.2f`, `>10`, `e`, `%`, `,`.
struct Layout: Sendable {
  private var fill: Character = " "
  private var alignment: Alignment?
  private var hasSign = false
  private var hasGroups = false
  private var width = 0
  private var decimals: Int?
  private var form: Form?

  private enum Alignment: Character {
    case left = "<"
    case right = ">"
    case centre = "^"
  }

  /// How a number is written, or that a string is meant.
  private enum Form: Character {
    case whole = "d"
    case exponent = "e"
    case fixed = "f"
    case general = "g"
    case string = "s"
    case percent = "%"
  }

  /// Reads `[[fill]align][+][width][,][.decimals][form]`.
  init(_ text: String) throws {
    var rest = Substring(text)
    if let second = rest.dropFirst().first.flatMap(Alignment.init), let first = rest.first {
      fill = first
      alignment = second
      rest = rest.dropFirst(2)
    } else if let first = rest.first.flatMap(Alignment.init) {
      alignment = first
      rest = rest.dropFirst()
    }
    if rest.first == "+" {
      hasSign = true
      rest = rest.dropFirst()
    }
    if rest.first == "0" { (fill, alignment) = ("0", alignment ?? .right) }
    width = try Layout.count(&rest, limit: Layout.widthLimit, text)
    if rest.first == "," {
      hasGroups = true
      rest = rest.dropFirst()
    }
    if rest.first == "." {
      rest = rest.dropFirst()
      decimals = try Layout.count(&rest, limit: Layout.decimalLimit, text)
    }
    form = rest.first.flatMap(Form.init)
    guard rest.isEmpty || rest.count == 1 && form != nil else {
      throw Failure(
        "`\(text)` is not a format", hint: "such as .4f, 8.2f, >10, e, %, d or ,")
    }
  }

  /// The widest that a value is written.
  static let widthLimit = 1000
  /// The most decimals that a number is written with.
  static let decimalLimit = 100

  /// The number at the front of a text, 0 if there is none.
  private static func count(
    _ text: inout Substring, limit: Int, _ whole: String
  ) throws -> Int {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    text = text.dropFirst(digits.count)
    guard let count = digits.isEmpty ? 0 : Int(digits), count <= limit else {
      throw Failure("the format `\(whole)` asks for more than \(limit) places")
    }
    return count
  }

  /// The text of a value; `plain` gives that of what is neither number nor string.
  func text(
    _ value: Value, plain: (Value) -> String = { $0.text { _ in nil } }
  ) throws -> String {
    if case .string(let string) = value {
      guard form == nil || form == .string else {
        throw Failure("a string has no format `\(form.map { String($0.rawValue) } ?? "")`")
      }
      let cut = decimals.map { String(string.text.prefix($0)) } ?? string.text
      return padded(cut, toRight: false)
    }
    guard let number = Machine.number(value) else {
      if form == nil, decimals == nil { return padded(plain(value), toRight: false) }
      throw Failure("only a number can be written in this format, not \(value.described)")
    }
    return padded(digits(number), toRight: true)
  }

  private func digits(_ number: Double) -> String {
    var text: String
    switch form {
    case .fixed: text = Text.fixed(number, decimals ?? 6)
    case .exponent: text = Text.exponent(number, decimals ?? 6)
    case .percent: text = Text.fixed(100 * number, decimals ?? 0) + "%"
    case .whole: text = Text.fixed(number, 0)
    case .general: text = Text.significant(number, decimals ?? 6)
    default:
      text = decimals.map { Text.significant(number, $0) } ?? Value.text(of: number)
    }
    if hasGroups { text = Layout.grouped(text) }
    return hasSign && number >= 0 ? "+" + text : text
  }

  private static func grouped(_ text: String) -> String {
    let whole = text.prefix { $0.isNumber || $0 == "-" }
    var result = ""
    for (place, digit) in whole.reversed().enumerated() {
      if place > 0, place % 3 == 0, digit != "-" { result.append(",") }
      result.append(digit)
    }
    return String(result.reversed()) + text.dropFirst(whole.count)
  }

  private func padded(_ text: String, toRight: Bool) -> String {
    // Characters are counted only where their number matters.
    guard width > 0 else { return text }
    let missing = width - text.count
    guard missing > 0 else { return text }
    switch alignment ?? (toRight ? .right : .left) {
    case .left: return text + String(repeating: fill, count: missing)
    case .centre:
      let left = String(repeating: fill, count: missing / 2)
      return left + text + String(repeating: fill, count: missing - missing / 2)
    case .right:
      let zeros = String(repeating: fill, count: missing)
      // Zeros stand behind the sign.
      if fill == "0", let sign = text.first, sign == "-" || sign == "+" {
        return String(sign) + zeros + text.dropFirst()
      }
      return zeros + text
    }
  }
}
