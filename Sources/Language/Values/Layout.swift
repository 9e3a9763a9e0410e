import Execution

/// How a value is laid out in a string: `.4f`, `8.2f`, `>10`, `e`, `%`, `,`.
///
/// The grammar and what it writes are those of CPython's format specification, without its forms
/// for other bases, `#` and `z`.
struct Layout: Sendable {
  var fill: Character = " "
  var alignment: Alignment?
  var sign = Sign.minus
  var separator: Character?
  var width = 0
  var decimals: Int?
  var form: Form?

  enum Alignment: Character {
    case left = "<"
    case right = ">"
    case centre = "^"
    /// At the right, with the fill between the sign and the digits.
    case behindSign = "="
  }

  /// What stands before numbers that are not negative.
  enum Sign: Character {
    case minus = "-"
    case plus = "+"
    case space = " "
  }

  /// How a number is written, or that a string is meant.
  enum Form: Character {
    case whole = "d"
    case exponent = "e"
    case largeExponent = "E"
    case fixed = "f"
    case largeFixed = "F"
    case general = "g"
    case largeGeneral = "G"
    case string = "s"
    case percent = "%"
  }

  /// Reads `[[fill]align][sign][0][width][,][.decimals][form]`.
  init(_ text: String) throws {
    var rest = Substring(text)
    readAlignment(&rest)
    if let sign = rest.first.flatMap(Sign.init) {
      self.sign = sign
      rest = rest.dropFirst()
    }
    // Behind a fill of its own, a zero is but the first digit of the width.
    if rest.first == "0", !hasOwnFill { (fill, hasZero) = ("0", true) }
    width = try Layout.count(&rest, limit: Layout.widthLimit, text) ?? 0
    if let first = rest.first, first == "," || first == "_" {
      separator = first
      rest = rest.dropFirst()
    }
    if rest.first == "." {
      rest = rest.dropFirst()
      decimals = try Layout.count(&rest, limit: Layout.decimalLimit, text)
      if decimals == nil { throw Layout.misspelt(text) }
    }
    form = rest.first.flatMap(Form.init)
    guard rest.isEmpty || rest.count == 1 && form != nil else { throw Layout.misspelt(text) }
    if form == .whole, decimals != nil {
      throw Failure(
        "the format `\(text)` gives a whole number decimals", hint: "f has decimals, d has none")
    }
  }

  private var hasOwnFill = false
  private var hasZero = false

  private mutating func readAlignment(_ rest: inout Substring) {
    if let second = rest.dropFirst().first.flatMap(Alignment.init), let first = rest.first {
      (fill, alignment, hasOwnFill) = (first, second, true)
      rest = rest.dropFirst(2)
    } else if let first = rest.first.flatMap(Alignment.init) {
      alignment = first
      rest = rest.dropFirst()
    }
  }

  private static func misspelt(_ text: String) -> Failure {
    Failure("`\(text)` is not a format", hint: "such as .4f, 8.2f, >10, e, %, d or ,")
  }

  /// The widest that a value is written.
  static let widthLimit = 1000
  /// The most decimals that a number is written with.
  static let decimalLimit = 100

  /// The number at the front of a text, nil if there is none.
  private static func count(
    _ text: inout Substring, limit: Int, _ whole: String
  ) throws -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    text = text.dropFirst(digits.count)
    guard let count = Int(digits), count <= limit else {
      throw Failure("the format `\(whole)` asks for more than \(limit) places")
    }
    return count
  }

  /// The text of a value; `plain` gives that of what is neither number nor string.
  func text(
    _ value: Value, plain: (Value) -> String = { $0.text { _ in nil } }
  ) throws -> String {
    if case .string(let string) = value { return try text(string.text) }
    guard let number = Machine.number(value) else {
      if form == nil, decimals == nil { return padded(plain(value), .left) }
      throw Failure("only a number can be written in this format, not \(value.described)")
    }
    guard form != .string else {
      throw Failure("a number has no format `s`", hint: "without the s, or text(x)")
    }
    return text(number, default: hasZero ? .behindSign : .right)
  }

  private func text(_ string: String) throws -> String {
    let refused: String? =
      if let form, form != .string {
        String(form.rawValue)
      } else if sign != .minus {
        String(sign.rawValue)
      } else if let separator {
        String(separator)
      } else {
        alignment == .behindSign ? "=" : nil
      }
    if let refused { throw Failure("a string has no format `\(refused)`") }
    return padded(decimals.map { String(string.prefix($0)) } ?? string, .left)
  }

  /// A text with its fill; `unsaid` is the alignment where none is written.
  func padded(_ text: String, _ unsaid: Alignment) -> String {
    // Characters are counted only where their number matters.
    guard width > 0 else { return text }
    let missing = width - text.count
    guard missing > 0 else { return text }
    let filling = String(repeating: fill, count: missing)
    switch alignment ?? unsaid {
    case .left: return text + filling
    case .right: return filling + text
    case .centre:
      return filling.prefix(missing / 2) + text + filling.prefix(missing - missing / 2)
    case .behindSign:
      let sign = text.prefix { "+- ".contains($0) }
      return sign + filling + text.dropFirst(sign.count)
    }
  }
}
