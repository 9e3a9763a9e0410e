/// What a person sees of a terminal: enough of the control sequences for what readline sends.
///
/// Bytes go in, lines of text come out; cursor movement, erasing, inserting, automatic margins and
/// characters of two columns are understood.
struct Screen {
  let columns: Int
  let rows: Int
  /// One string a cell; empty behind a character of two columns.
  private var cells: [[String]]
  private(set) var row = 0
  private(set) var column = 0
  /// Whether the last column was written and the cursor waits there.
  private var waitsAtMargin = false
  private var unread: [UInt8] = []

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// The lines without blanks at their ends, without empty lines below.
  var lines: [String] {
    var lines = cells.map { row in
      var text = row.joined()
      while text.last == " " { text.removeLast() }
      return text
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  var text: String { lines.joined(separator: "\n") }

  /// Shows what a program has written.
  mutating func feed(_ bytes: some Sequence<UInt8>) {
    unread += bytes
    var place = 0
    while place < unread.count, let next = step(place) { place = next }
    unread.removeFirst(place)
  }

  /// Handles what stands at a place, and gives the place behind it; nil if more must come.
  private mutating func step(_ place: Int) -> Int? {
    switch unread[place] {
    case 0x1B: return escape(place + 1)
    case 13:
      column = 0
      waitsAtMargin = false
    case 10: down()
    case 8:
      column = max(0, column - 1)
      waitsAtMargin = false
    case 9: column = min(columns - 1, (column / 8 + 1) * 8)
    case ..<32: break
    default: return character(place)
    }
    return place + 1
  }

  private mutating func down() {
    waitsAtMargin = false
    if row + 1 < rows {
      row += 1
    } else {
      cells.removeFirst()
      cells.append(Array(repeating: " ", count: columns))
    }
  }

  // MARK: - Characters

  private mutating func character(_ place: Int) -> Int? {
    let first = unread[place]
    let size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard place + size <= unread.count else { return nil }
    put(String(decoding: unread[place..<(place + size)], as: UTF8.self))
    return place + size
  }

  private mutating func put(_ letter: String) {
    let width = Screen.width(letter)
    if waitsAtMargin || column + width > columns {
      column = 0
      down()
    }
    cells[row][column] = letter
    if width == 2 { cells[row][column + 1] = "" }
    if column + width == columns {
      waitsAtMargin = true
      column = columns - 1
    } else {
      column += width
    }
  }

  private static func width(_ letter: String) -> Int {
    switch letter.unicodeScalars.first?.value ?? 0 {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0x1F300...0x1FAFF:
      2
    default: 1
    }
  }

  // MARK: - Control sequences

  private mutating func escape(_ place: Int) -> Int? {
    guard place < unread.count else { return nil }
    guard unread[place] == UInt8(ascii: "[") else { return place + 1 }
    guard let end = unread[(place + 1)...].firstIndex(where: { (0x40...0x7E).contains($0) }) else {
      return nil
    }
    let text = String(decoding: unread[(place + 1)..<end], as: UTF8.self)
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    control(unread[end], numbers.first.flatMap { $0 }, numbers.dropFirst().first.flatMap { $0 })
    return end + 1
  }

  private mutating func control(_ letter: UInt8, _ first: Int?, _ second: Int?) {
    let count = max(first ?? 1, 1)
    if "ABCDGH".utf8.contains(letter) { waitsAtMargin = false }
    switch letter {
    case UInt8(ascii: "A"): row = max(0, row - count)
    case UInt8(ascii: "B"): row = min(rows - 1, row + count)
    case UInt8(ascii: "C"): column = min(columns - 1, column + count)
    case UInt8(ascii: "D"): column = max(0, column - count)
    case UInt8(ascii: "G"): column = min(columns - 1, count - 1)
    case UInt8(ascii: "H"): (row, column) = (min(rows, count) - 1, min(columns, second ?? 1) - 1)
    case UInt8(ascii: "K"): eraseLine(first ?? 0)
    case UInt8(ascii: "J"): eraseScreen(first ?? 0)
    case UInt8(ascii: "P"):
      cells[row].removeSubrange(column..<min(columns, column + count))
      cells[row] += Array(repeating: " ", count: columns - cells[row].count)
    case UInt8(ascii: "@"):
      cells[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
      cells[row].removeLast(cells[row].count - columns)
    default: break
    }
  }

  private mutating func eraseLine(_ form: Int) {
    let places = form == 0 ? column..<columns : form == 1 ? 0..<(column + 1) : 0..<columns
    for place in places { cells[row][place] = " " }
  }

  private mutating func eraseScreen(_ form: Int) {
    if form == 0 { eraseLine(0) }
    let erased = form == 0 ? (row + 1)..<rows : 0..<rows
    for place in erased { cells[place] = Array(repeating: " ", count: columns) }
  }
}
