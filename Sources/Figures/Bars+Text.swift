import Execution

extension Bars {
  /// Signs that fill the bars of groups where there is no colour.
  private static let fills: [Character] = ["█", "▒", "▓", "░"]
  /// Partly filled characters by eighths.
  private static let eighths: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  /// Bars beyond this many are not shown in a terminal.
  private static let mostLabels = 60

  private var shown: Int { min(labels.count, max(Bars.mostLabels / groups.count, 1)) }

  /// The bars in a terminal, lying.
  func grid(_ frame: Figure.Frame, _ style: TextStyle) -> TextGrid {
    let marks = Palette.marks(names)
    let signs = groups.count > 1 && !style.colours ? 2 : 0
    let widest = labels.prefix(shown).map { TextWidth.of($0) }.max() ?? 0
    let left = min(widest, style.width * 2 / 5) + 1 + signs
    let texts = groups.map { group in labels.indices.map { valueText(group, $0, style) } }
    let right = texts.joined().map(\.count).max() ?? 0
    let columns = max(style.width - left - right - 2, 6)
    var grid = heading(frame.title, style)
    if !frame.yLabel.isEmpty { grid.append(textLine(frame.yLabel, style)) }
    for label in 0..<shown {
      for (number, group) in groups.enumerated() {
        var row = TextGrid(width: style.width, height: 1)
        if number == 0 {
          row.put(TextWidth.cut(labels[label], to: left - 1 - signs), row: 0, column: 0)
        }
        if signs > 0 { row.put(String(marks[number]), row: 0, column: left - 2) }
        row.put("│", row: 0, column: left)
        row.place(bar(group, label, number, columns, style), row: 0, column: left + 1)
        row.put(texts[number][label], row: 0, column: left + 1 + columns + 1)
        grid.append(row)
      }
    }
    if shown < labels.count { grid.append(textLine("… and \(labels.count - shown) more", style)) }
    return footed(grid, frame, style, marks, left: left, columns: columns)
  }

  /// The names of the groups in the legend; those without one are numbered.
  var names: [String] {
    groups.enumerated().map { $1.name.isEmpty ? "group \($0)" : $1.name }
  }

  /// The bars with their axis, its label and the legend below.
  private func footed(
    _ bars: TextGrid, _ frame: Figure.Frame, _ style: TextStyle, _ marks: [Character], left: Int,
    columns: Int
  ) -> TextGrid {
    var grid = bars
    grid.append(TextGrid(width: style.width, height: 2))
    horizontalAxis(axis, row: grid.height - 2, left: left, columns: columns, on: &grid)
    if !frame.xLabel.isEmpty {
      var below = TextGrid(width: style.width, height: 1)
      below.centre(frame.xLabel, row: 0, from: left + 1, to: left + 1 + columns)
      grid.append(below)
    }
    var entries: [LegendEntry] = []
    if groups.count > 1 {
      entries = groups.indices.map { place in
        let fill = Bars.fills[place % Bars.fills.count]
        let ink = Palette.category(place).terminal
        return LegendEntry(
          sign: style.colours ? "█" : "\(marks[place]) \(fill)", ink: ink, name: names[place])
      }
    }
    if let baseline {
      let name = baseline.name.isEmpty ? "baseline" : baseline.name
      entries.append(
        LegendEntry(sign: "╎", ink: nil, name: "\(name) \(shortNumber(baseline.value))"))
    }
    grid.append(legend(entries, style))
    return grid
  }

  private func valueText(_ group: Group, _ place: Int, _ style: TextStyle) -> String {
    let value = shortNumber(group.values[place])
    guard style.width >= 60, let (low, high) = group.interval(place) else { return value }
    return "\(value) [\(shortNumber(low)), \(shortNumber(high))]"
  }

  /// One bar with its interval and the reference line.
  private func bar(
    _ group: Group, _ place: Int, _ number: Int, _ columns: Int, _ style: TextStyle
  ) -> TextGrid {
    var grid = TextGrid(width: columns, height: 1)
    let (axis, value) = (axis, group.values[place])
    let isPlain = style.colours || groups.count == 1
    let fill = isPlain ? Bars.fills[0] : Bars.fills[number % Bars.fills.count]
    let ink = groups.count == 1 ? Palette.category(0).terminal : Palette.category(number).terminal
    if value.isDrawable {
      let zero = axis.place(0) * Double(columns)
      let end = axis.place(value) * Double(columns)
      let (from, to) = (min(zero, end), max(zero, end))
      for column in 0..<columns {
        let covered = min(to, Double(column + 1)) - max(from, Double(column))
        let eighth = Int((covered * 8).rounded())
        // Characters are filled in part from the left only: at the zero end a bar is rounded.
        let isEnd = isPlain && value > 0 && Double(column) > from
        if eighth >= 8 || (eighth >= 4 && !isEnd) {
          grid.put(String(fill), row: 0, column: column, ink: ink)
        } else if eighth > 0 && isEnd {
          grid.put(String(Bars.eighths[eighth]), row: 0, column: column, ink: ink)
        }
      }
      interval(group, place, columns, on: &grid)
    }
    if let baseline {
      let column = axis.cell(baseline.value, of: columns)
      if grid[0, column].character == " " {
        grid.put("╎", row: 0, column: column)
      } else if grid[0, column].character == fill {
        grid.put("┃", row: 0, column: column)
      }
    }
    return grid
  }

  private func interval(_ group: Group, _ place: Int, _ columns: Int, on grid: inout TextGrid) {
    guard let (low, high) = group.interval(place) else { return }
    let (first, last) = (axis.cell(low, of: columns), axis.cell(high, of: columns))
    for column in first...last { grid.put("─", row: 0, column: column) }
    grid.put("├", row: 0, column: first)
    grid.put("┤", row: 0, column: last)
    grid.put("┼", row: 0, column: axis.cell(group.values[place], of: columns))
  }
}
