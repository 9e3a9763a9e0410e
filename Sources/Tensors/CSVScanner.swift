import Execution
import Glibc

/// Finds the fields of a text in CSV form, without copying them.
struct CSVScanner {
  /// Where a field lies, without the quotes around it.
  struct Field {
    var start: Int
    var end: Int
    /// Whether quotes stand twice in it.
    var hasQuotes = false
    var isEmpty: Bool { start == end }
  }

  let bytes: UnsafeBufferPointer<UInt8>
  let name: String
  let separator: UInt8
  let cancellation: Cancellation

  /// Behind the mark with which some programs begin a file.
  var start: Int { bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0 }

  private static let quote = UInt8(ascii: "\"")
  private static let line = UInt8(ascii: "\n")
  private static let back = UInt8(ascii: "\r")

  /// The fields of the row at a place, which moves behind it.
  func row(at place: inout Int) throws -> [Field] {
    var fields: [Field] = []
    skipEmptyLines(&place)
    guard place < bytes.count else { return [] }
    repeat {
      if fields.count & 0x3f == 0x3f { try cancellation.check() }
      fields.append(try field(at: &place))
    } while !endsRow(&place)
    return fields
  }

  /// Calls `visit` with the number of the column and the field, for each field of all rows.
  func rows(from start: Int, width: Int, _ visit: (Int, Field) -> Void) throws {
    var place = start
    var count = 0
    skipEmptyLines(&place)
    while place < bytes.count {
      let began = place
      var column = 0
      repeat {
        let field = try field(at: &place)
        if column < width { visit(column, field) }
        column += 1
        if column & 0xff == 0 { try cancellation.check() }
      } while !endsRow(&place)
      guard column == width else {
        throw Failure(
          "line \(position(of: began).line) of \(name) has \(Text.count(column, "field")), "
            + "expected \(width)")
      }
      count += 1
      if count & 0x3f == 0 { try cancellation.check() }
      skipEmptyLines(&place)
    }
  }

  private func skipEmptyLines(_ place: inout Int) {
    while place < bytes.count, bytes[place] == CSVScanner.line || bytes[place] == CSVScanner.back {
      place += 1
    }
  }

  /// Steps over what follows a field: a separator, or the end of the row.
  @inline(__always)
  private func endsRow(_ place: inout Int) -> Bool {
    guard place < bytes.count else { return true }
    let byte = bytes[place]
    place += 1
    if byte == separator { return false }
    if byte == CSVScanner.back, place < bytes.count, bytes[place] == CSVScanner.line { place += 1 }
    return true
  }

  @inline(__always)
  private func field(at place: inout Int) throws -> Field {
    while place < bytes.count, isBlank(bytes[place]) { place += 1 }
    if place < bytes.count, bytes[place] == CSVScanner.quote { return try quoted(at: &place) }
    let start = place
    while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
    var end = place
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return Field(start: start, end: end)
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 && separator != 9 }

  @inline(__always)
  private func isEnd(_ byte: UInt8) -> Bool {
    byte == separator || byte == CSVScanner.line || byte == CSVScanner.back
  }

  private func quoted(at place: inout Int) throws -> Field {
    let opening = place
    place += 1
    var field = Field(start: place, end: place)
    while place < bytes.count {
      if bytes[place] != CSVScanner.quote {
        place += 1
      } else if place + 1 < bytes.count, bytes[place + 1] == CSVScanner.quote {
        field.hasQuotes = true
        place += 2
      } else {
        field.end = place
        place += 1
        while place < bytes.count, isBlank(bytes[place]) { place += 1 }
        guard place == bytes.count || isEnd(bytes[place]) else {
          throw problem(place, "a field in quotes goes on behind them")
        }
        return field
      }
    }
    throw problem(opening, "a quote is not closed")
  }

  private func problem(_ place: Int, _ what: String) -> Failure {
    let (line, column) = position(of: place)
    return Failure(
      "line \(line), column \(column) of \(name): \(what)",
      hint: "within quotes a quote is written twice: \"a \"\"b\"\" c\"")
  }

  private func position(of place: Int) -> (line: Int, column: Int) {
    var (line, begin) = (1, 0)
    for index in 0..<place where bytes[index] == CSVScanner.line {
      line += 1
      begin = index + 1
    }
    return (line, place - begin + 1)
  }

  // MARK: - Fields

  func text(_ field: Field) -> String {
    guard field.hasQuotes else {
      return String(decoding: bytes[field.start..<field.end], as: UTF8.self)
    }
    var content: [UInt8] = []
    var place = field.start
    while place < field.end {
      content.append(bytes[place])
      place += bytes[place] == CSVScanner.quote ? 2 : 1
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// The number that a field says, NaN if it is empty, nil if it is no number.
  @inline(__always)
  func number(_ field: Field) -> Double? {
    if field.isEmpty { return .nan }
    var place = field.start
    let isNegative = bytes[place] == UInt8(ascii: "-")
    if isNegative || bytes[place] == UInt8(ascii: "+") { place += 1 }
    // `007` is a name: as a number it would lose its zeros.
    if place + 1 < field.end, bytes[place] == 48, bytes[place + 1] &- 48 < 10 { return nil }
    var (digits, mantissa, decimals) = (0, 0, 0)
    var hasPoint = false
    while place < field.end {
      let byte = bytes[place]
      if byte &- 48 < 10 {
        mantissa = mantissa &* 10 &+ Int(byte &- 48)
        digits += 1
        if hasPoint { decimals += 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      place += 1
    }
    // Up to 15 digits and 22 decimals a division of exact doubles is rounded once.
    guard place == field.end, (1...15).contains(digits), decimals <= 22 else { return slow(field) }
    let number = Double(mantissa) / CSVScanner.powers[decimals]
    return isNegative ? -number : number
  }

  private func slow(_ field: Field) -> Double? {
    let text = text(field)
    if text == "NA" { return .nan }
    guard
      let first = text.utf8.first(where: { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "+") }),
      first != UInt8(ascii: "0") || !text.lowercased().contains("x")
    else { return nil }
    return Double(text)
  }

  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }
}
