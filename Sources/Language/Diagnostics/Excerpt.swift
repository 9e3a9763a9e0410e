import Execution

/// Source lines with marks and remarks under them.
struct Excerpt {
  let labels: [Diagnostic.Label]
  /// The style of the first label; the others are drawn as `mark`.
  let accent: Paint.Style
  let paint: Paint
  let columns: Int

  /// A label with its line, from 1.
  private struct Place {
    var label: Diagnostic.Label
    var line: Int
    var isPrimary: Bool
  }

  /// The excerpt, line by line: for each source where it is, then the lines in order.
  var lines: [String] {
    let places = labels.enumerated().map { place, label in
      Place(
        label: label, line: label.source.position(of: label.span.start).line,
        isPrimary: place == 0)
    }
    let digits = String(places.map(\.line).max() ?? 1).utf8.count
    var lines: [String] = []
    var rest = places
    while let first = rest.first {
      let here = rest.filter { $0.label.source === first.label.source }
      rest.removeAll { $0.label.source === first.label.source }
      lines += excerpt(of: here, digits: digits, isFirst: lines.isEmpty)
    }
    return lines
  }

  /// The lines of one source.
  private func excerpt(of places: [Place], digits: Int, isFirst: Bool) -> [String] {
    let margin = String(repeating: " ", count: digits)
    let first = places[0].label
    let position = first.source.position(of: first.span.start)
    var lines = [
      paint(margin + (isFirst ? "--> " : "::: "), .margin)
        + "\(Text.visible(first.source.name)):\(position.line):\(position.column)",
      paint(margin + " |", .margin),
    ]
    var previous: Int?
    for number in Set(places.map(\.line)).sorted() {
      if let previous, number > previous + 1 { lines.append(paint("...", .margin)) }
      previous = number
      lines += block(number, places.filter { $0.line == number }, digits)
    }
    return lines
  }

  /// A source line and the rows of marks under it.
  private func block(_ number: Int, _ places: [Place], _ digits: Int) -> [String] {
    let source = places[0].label.source
    let line = LineView(
      source, focus: (places.first(where: \.isPrimary) ?? places[0]).label.span,
      columns: columns - digits - 3)
    let text = String(number)
    let margin = String(repeating: " ", count: digits - text.utf8.count) + text
    var lines = [paint(margin + " | ", .margin) + line.text]
    let blank = paint(String(repeating: " ", count: digits) + " | ", .margin)
    for row in rows(line, places) { lines.append(blank + row.rendered(paint)) }
    return lines.map(trimmed)
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  // MARK: Marks and remarks

  /// What a label draws under its line.
  private struct Mark {
    var start: Int
    var end: Int
    var text: String
    var style: Paint.Style
    var isPrimary: Bool
  }

  /// The row of marks; behind the last its remark; below, the other remarks from right to left.
  private func rows(_ line: LineView, _ places: [Place]) -> [Row] {
    var marks = places.map { place in
      let (start, end) = line.columns(of: place.label.span)
      return Mark(
        start: start, end: end, text: Text.visible(place.label.text.replacing("\n", with: " ")),
        style: place.isPrimary ? accent : .mark, isPrimary: place.isPrimary)
    }
    // The primary mark is drawn last, over the others.
    marks.sort { ($0.isPrimary ? 1 : 0, $0.start) < ($1.isPrimary ? 1 : 0, $1.start) }
    var first = Row()
    for mark in marks {
      let sign = mark.isPrimary ? "^" : "-"
      first.put(String(repeating: sign, count: mark.end - mark.start), mark.start, mark.style)
    }
    var remarks = marks.filter { !$0.text.isEmpty }.sorted { $0.start < $1.start }
    if let last = remarks.last, !marks.contains(where: { $0.end > last.end }) {
      first.put(last.text, last.end + 1, last.style)
      remarks.removeLast()
    }
    return [first] + hangingRows(remarks)
  }

  private func hangingRows(_ remarks: [Mark]) -> [Row] {
    guard !remarks.isEmpty else { return [] }
    var rows = [Row()]
    for mark in remarks { rows[0].put("|", mark.start, mark.style) }
    for place in remarks.indices.reversed() {
      var row = Row()
      for mark in remarks[..<place] { row.put("|", mark.start, mark.style) }
      row.put(remarks[place].text, remarks[place].start, remarks[place].style)
      rows.append(row)
    }
    return rows
  }

  /// A line of text that is put together by columns.
  private struct Row {
    var cells: [(text: String, style: Paint.Style)] = []

    mutating func put(_ text: String, _ column: Int, _ style: Paint.Style) {
      var column = column
      for character in text {
        let width = LineView.width(character)
        while cells.count < column + width { cells.append((" ", .plain)) }
        guard width > 0 else { continue }
        cells[column] = (String(character), style)
        if width == 2 { cells[column + 1] = ("", style) }
        column += width
      }
    }

    func rendered(_ paint: Paint) -> String {
      var result = ""
      var place = 0
      while place < cells.count {
        let style = cells[place].style
        var run = ""
        while place < cells.count, cells[place].style == style {
          run += cells[place].text
          place += 1
        }
        result += paint(run, style)
      }
      return result
    }
  }
}
