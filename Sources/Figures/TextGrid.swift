/// Widths of characters in terminal columns.
enum TextWidth {
  /// The columns that a character takes: 2 for East Asian wide characters and emoji, else 1.
  static func of(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// The columns that a line takes.
  static func of(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + of($1) } }

  /// A line that takes at most `width` columns; what is cut off leaves an ellipsis.
  static func cut(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 1
    for character in text {
      used += of(character)
      if used > width { break }
      result.append(character)
    }
    return result + "…"
  }
}

/// One place of a terminal.
struct TextCell: Equatable {
  /// The character, or nil where the wide character before covers this place.
  var character: Character? = " "
  /// The colour of the character, out of 256, or nil for the usual one.
  var ink: UInt8?
  /// The colour behind it, or nil for the usual one.
  var ground: UInt8?
}

/// A rectangle of terminal places that is drawn upon and then becomes lines of text.
struct TextGrid: Equatable {
  let width: Int
  private(set) var rows: [[TextCell]]

  var height: Int { rows.count }

  init(width: Int, height: Int, filling character: Character = " ") {
    self.width = max(width, 1)
    let row = [TextCell](repeating: TextCell(character: character), count: self.width)
    rows = [[TextCell]](repeating: row, count: max(height, 0))
  }

  subscript(row: Int, column: Int) -> TextCell {
    get { rows[row][column] }
    set { rows[row][column] = newValue }
  }

  /// Writes text from a place on; what does not fit is cut with an ellipsis.
  mutating func put(_ text: String, row: Int, column: Int, ink: UInt8? = nil) {
    guard rows.indices.contains(row), column < width else { return }
    var place = max(column, 0)
    for character in TextWidth.cut(text, to: width - place) {
      rows[row][place] = TextCell(character: character, ink: ink)
      if TextWidth.of(character) == 2 { rows[row][place + 1].character = nil }
      place += TextWidth.of(character)
    }
  }

  /// Writes text in the middle between two columns.
  mutating func centre(_ text: String, row: Int, from: Int = 0, to: Int? = nil) {
    let space = (to ?? width) - from
    let text = TextWidth.cut(text, to: space)
    put(text, row: row, column: from + (space - TextWidth.of(text)) / 2)
  }

  /// Draws another grid at a place; what does not fit is cut.
  mutating func place(_ other: TextGrid, row: Int, column: Int) {
    for (y, line) in other.rows.enumerated() where rows.indices.contains(row + y) {
      for (x, cell) in line.enumerated() where column + x < width {
        rows[row + y][column + x] = cell
      }
    }
  }

  /// Adds rows below.
  mutating func append(_ other: TextGrid) {
    let above = height
    rows += TextGrid(width: width, height: other.height).rows
    place(other, row: above, column: 0)
  }

  /// The text, without spaces at the ends of lines; colours as ANSI sequences if wanted.
  func text(colours: Bool) -> String {
    rows.map { colours ? TextGrid.coloured($0) : TextGrid.plain($0) }.joined(separator: "\n")
  }

  private static func trimmed(_ row: [TextCell]) -> ArraySlice<TextCell> {
    let last = row.lastIndex { $0.character != " " || $0.ground != nil }
    return row[..<(last.map { $0 + 1 } ?? 0)]
  }

  private static func plain(_ row: [TextCell]) -> String {
    String(trimmed(row).compactMap(\.character))
  }

  private static func coloured(_ row: [TextCell]) -> String {
    var result = ""
    var ink: UInt8?
    var ground: UInt8?
    for cell in trimmed(row) {
      guard let character = cell.character else { continue }
      if cell.ink != ink { result += cell.ink.map { "\u{1B}[38;5;\($0)m" } ?? "\u{1B}[39m" }
      if cell.ground != ground {
        result += cell.ground.map { "\u{1B}[48;5;\($0)m" } ?? "\u{1B}[49m"
      }
      (ink, ground) = (cell.ink, cell.ground)
      result.append(character)
    }
    return ink == nil && ground == nil ? result : result + "\u{1B}[0m"
  }
}
