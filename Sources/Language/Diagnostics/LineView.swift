import Execution

/// A source line as a terminal shows it: tabs as blanks, wide characters in two columns, cut
/// around the stretch that matters where it is too long.
struct LineView {
  /// What is shown.
  private(set) var text = ""
  /// For each shown character the byte at which it begins, and its first column.
  private var cells: [(byte: Int, column: Int)] = []
  /// The column behind the last character.
  private var width = 0

  private static let tabWidth = 4
  private static let dots = "..."

  /// A character on its way into the view.
  private struct Glyph {
    var text: String
    var byte: Int
    var width: Int
  }

  /// The line of a source in which `focus` begins, in at most so many columns.
  init(_ source: Source, focus: Span, columns: Int) {
    let start = min(focus.start, source.bytes.count)
    let (near, isCutLeft, isCutRight) = LineView.stretch(source.bytes, around: start)
    let glyphs = LineView.glyphs(source.bytes, near)
    let total = glyphs.reduce(0) { $0 + $1.width }
    if total <= columns, !isCutLeft, !isCutRight {
      show(glyphs[...])
    } else {
      cut(glyphs, focus: start, columns: columns, isCutLeft, isCutRight)
    }
  }

  /// The columns of a span, at least one wide; what is cut away counts as the nearest edge.
  func columns(of span: Span) -> (start: Int, end: Int) {
    let start = column(span.start)
    return (start, max(start + 1, min(column(span.end), width)))
  }

  private func column(_ byte: Int) -> Int {
    guard let first = cells.first else { return 0 }
    if byte < first.byte { return first.column }
    var low = 0
    var high = cells.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if cells[middle].byte <= byte { low = middle } else { high = middle }
    }
    return cells[low].column
  }

  // MARK: Making the view

  /// The bytes of the line, of a very long one only those near the place.
  private static func stretch(
    _ bytes: [UInt8], around place: Int
  ) -> (Range<Int>, isCutLeft: Bool, isCutRight: Bool) {
    let reach = 2000
    var start = place
    while start > 0, bytes[start - 1] != 0x0a, place - start < reach { start -= 1 }
    var end = place
    while end < bytes.count, bytes[end] != 0x0a, end - place < reach { end += 1 }
    let isCutLeft = start > 0 && bytes[start - 1] != 0x0a
    let isCutRight = end < bytes.count && bytes[end] != 0x0a
    while isCutLeft, start < place, bytes[start] & 0xc0 == 0x80 { start += 1 }
    while isCutRight, end > place, bytes[end] & 0xc0 == 0x80 { end -= 1 }
    return (start..<end, isCutLeft, isCutRight)
  }

  private static func glyphs(_ bytes: [UInt8], _ range: Range<Int>) -> [Glyph] {
    var glyphs: [Glyph] = []
    var byte = range.lowerBound
    var column = 0
    for character in String(decoding: bytes[range], as: UTF8.self) {
      var glyph = Glyph(text: String(character), byte: byte, width: width(character))
      byte += character.utf8.count
      if character == "\t" {
        glyph.width = tabWidth - column % tabWidth
        glyph.text = String(repeating: " ", count: glyph.width)
      } else if let scalar = character.unicodeScalars.first, Text.isControl(scalar) {
        if character == "\r" { continue }
        (glyph.text, glyph.width) = ("\u{FFFD}", 1)
      }
      column += glyph.width
      glyphs.append(glyph)
    }
    // The end of the line is a place, too: marks may point behind the last character.
    glyphs.append(Glyph(text: "", byte: range.upperBound, width: 0))
    return glyphs
  }

  private mutating func show(_ glyphs: ArraySlice<Glyph>) {
    for glyph in glyphs {
      cells.append((glyph.byte, width))
      text += glyph.text
      width += glyph.width
    }
  }

  /// Shows a third of the columns before the focus and the rest behind it.
  private mutating func cut(
    _ glyphs: [Glyph], focus: Int, columns: Int, _ isCutLeft: Bool, _ isCutRight: Bool
  ) {
    let room = max(columns - 2 * LineView.dots.count, 8)
    let centre = glyphs.lastIndex { $0.byte <= focus } ?? 0
    var first = centre
    var last = centre
    var used = glyphs[centre].width
    while first > 0, used + glyphs[first - 1].width <= room / 3 {
      first -= 1
      used += glyphs[first].width
    }
    while last + 1 < glyphs.count, used + glyphs[last + 1].width <= room {
      last += 1
      used += glyphs[last].width
    }
    while first > 0, used + glyphs[first - 1].width <= room {
      first -= 1
      used += glyphs[first].width
    }
    if first > 0 || isCutLeft { (text, width) = (LineView.dots, LineView.dots.count) }
    show(glyphs[first...last])
    if last + 1 < glyphs.count || isCutRight { text += LineView.dots }
  }

  // MARK: Widths

  /// How many columns of a terminal a character takes.
  static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.value < 0x300 {
      return character.unicodeScalars.count > 1 && isEmoji(character) ? 2 : 1
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return isEmoji(character) || isWide(scalar.value) ? 2 : 1
    }
  }

  private static func isEmoji(_ character: Character) -> Bool {
    character.unicodeScalars.contains {
      $0.properties.isEmojiPresentation || $0.value == 0xfe0f
    }
  }

  /// The blocks whose characters are wide (Unicode Standard Annex 11).
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f,
      0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
      0x1b000...0x1b2ff, 0x1f200...0x1f2ff, 0x20000...0x3fffd:
      true
    default: false
    }
  }
}
