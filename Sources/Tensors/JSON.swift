import Execution

/// A JSON value; objects keep the order of their members.
public enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// Whether two values are the same; the order of members counts.
  public static func == (a: JSON, b: JSON) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }

  /// Reads a `.json` file.
  public static func read(_ path: String) throws -> JSON {
    try JSON(parsing: try File.read(path)[...], name: "\"\(path)\"")
  }

  /// Reads a `.json` file, and counts the numbers that were rounded.
  public static func read(_ path: String, rounded: inout Int) throws -> JSON {
    try JSON(parsing: try File.read(path)[...], name: "\"\(path)\"", rounded: &rounded)
  }

  /// The value of a text.
  public init(parsing text: String, name: String = "the text") throws {
    try self.init(parsing: Array(text.utf8)[...], name: name)
  }

  /// Writes a `.json` file that ends in a newline.
  public func write(_ path: String, indent: Int = 2) throws {
    try File.writeText(try checkedText(indent: indent) + "\n", to: path)
  }

  // MARK: Parts

  /// The member of a name, if this is an object that has it.
  public subscript(_ key: String) -> JSON? { members?.first { $0.key == key }?.value }

  /// The members of an object.
  public var members: [(key: String, value: JSON)]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The elements of an array.
  public var elements: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text of a string.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number.
  public var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// The truth value.
  public var bool: Bool? {
    if case .bool(let truth) = self { truth } else { nil }
  }

  /// An array of whole numbers.
  public var wholeNumbers: [Int]? {
    guard let elements else { return nil }
    let numbers = elements.compactMap { $0.number.flatMap(Int.init(exactly:)) }
    return numbers.count == elements.count ? numbers : nil
  }

  // MARK: Writing

  /// The value as text, on one line, or indented by so many spaces a level.
  ///
  /// Arrays of plain values stay on one line. JSON knows no NaN or infinity: they become null.
  public func text(indent: Int? = nil) -> String {
    var (text, stop) = ("", Stop(mayStop: false))
    append(to: &text, indent: indent, level: 0, &stop)
    return text
  }

  /// The same for a value that may be large.
  ///
  /// - Throws: what was thrown to stop work.
  public func checkedText(indent: Int? = nil) throws -> String {
    var (text, stop) = ("", Stop(mayStop: true))
    append(to: &text, indent: indent, level: 0, &stop)
    try Cancellation.current.check()
    return text
  }

  /// Looks once in a while at whether work is to stop.
  private struct Stop {
    let mayStop: Bool
    var isOver = false
    var polling = Polling()

    mutating func check() {
      if mayStop, !isOver { isOver = (try? polling.check()) == nil }
    }
  }

  private func append(to text: inout String, indent: Int?, level: Int, _ stop: inout Stop) {
    stop.check()
    if stop.isOver { return }
    switch self {
    case .null: text += "null"
    case .bool(let truth): text += truth ? "true" : "false"
    case .number(let number): text += JSON.text(of: number)
    case .string(let string): JSON.append(string, to: &text)
    case .array(let elements):
      let isPlain = elements.allSatisfy { $0.elements == nil && $0.members == nil }
      list(
        "[", "]", elements, isPlain ? nil : indent, level, &text, plain: isPlain && indent != nil,
        &stop
      ) {
        $0.append(to: &$1, indent: indent, level: level + 1, &$2)
      }
    case .object(let members):
      list("{", "}", members, indent, level, &text, plain: false, &stop) { member, text, stop in
        JSON.append(member.key, to: &text)
        text += indent == nil ? ":" : ": "
        member.value.append(to: &text, indent: indent, level: level + 1, &stop)
      }
    }
  }

  private func list<Item>(
    _ open: String, _ close: String, _ items: [Item], _ indent: Int?, _ level: Int,
    _ text: inout String, plain: Bool, _ stop: inout Stop,
    _ body: (Item, inout String, inout Stop) -> Void
  ) {
    text += open
    for (number, item) in items.enumerated() where !stop.isOver {
      if number > 0 { text += plain ? ", " : "," }
      if let indent { text += "\n" + String(repeating: " ", count: indent * (level + 1)) }
      body(item, &text, &stop)
    }
    if let indent, !items.isEmpty {
      text += "\n" + String(repeating: " ", count: indent * level)
    }
    text += close
  }

  private static func text(of number: Double) -> String {
    guard number.isFinite else { return "null" }
    if Swift.abs(number) <= 0x1p53, let whole = Int(exactly: number) {
      return whole == 0 && number.sign == .minus ? "-0.0" : String(whole)
    }
    return "\(number)"
  }

  private static func append(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where Text.isControl(scalar):
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
