import Execution

/// How figures are drawn in a terminal.
struct TextStyle {
  /// Width of the panel in columns.
  let width: Int
  /// Whether colours may be used.
  let colours: Bool
  /// Rows of the part that shows data.
  var rows = 14
}

/// A sign and the name of what it stands for.
struct LegendEntry {
  let sign: String
  let ink: UInt8?
  let name: String
}

/// A picture between two axes.
struct TextPlot {
  let x: Axis
  let y: Axis
  let frame: Figure.Frame
  let style: TextStyle

  private var yTicks: [Tick] { y.ticks(atMost: max(style.rows / 3, 2)) }
  private var left: Int {
    min(yTicks.map { TextWidth.of($0.label) }.max() ?? 0, style.width / 3)
  }

  /// Columns of the picture between the axes.
  var columns: Int { max(style.width - left - 1, 4) }

  /// The picture with axes, ticks, title and labels around it.
  func framed(_ picture: TextGrid) -> TextGrid {
    var grid = heading(frame.title, style)
    if !frame.yLabel.isEmpty { grid.append(textLine(frame.yLabel, style)) }
    let top = grid.height
    grid.append(TextGrid(width: style.width, height: style.rows + 2))
    grid.place(picture, row: top, column: left + 1)
    for row in 0..<style.rows { grid.put("│", row: top + row, column: left) }
    for tick in yTicks {
      let row = top + style.rows - 1 - y.cell(tick.value, of: style.rows)
      grid.put(
        TextWidth.cut(tick.label, to: left), row: row, column: left - TextWidth.of(tick.label))
      grid.put("┤", row: row, column: left)
    }
    horizontalAxis(x, row: top + style.rows, left: left, columns: columns, on: &grid)
    if !frame.xLabel.isEmpty {
      var below = TextGrid(width: style.width, height: 1)
      below.centre(frame.xLabel, row: 0, from: left + 1)
      grid.append(below)
    }
    return grid
  }
}

/// A title in the middle, or nothing.
func heading(_ title: String, _ style: TextStyle) -> TextGrid {
  var grid = TextGrid(width: style.width, height: title.isEmpty ? 0 : 1)
  grid.centre(title, row: 0)
  return grid
}

/// One line of text from the left.
func textLine(_ text: String, _ style: TextStyle, ink: UInt8? = nil) -> TextGrid {
  var grid = TextGrid(width: style.width, height: 1)
  grid.put(text, row: 0, column: 0, ink: ink)
  return grid
}

/// Draws a horizontal axis in one row and its numbers in the next, leaving out those that collide.
func horizontalAxis(
  _ axis: Axis, row: Int, left: Int, columns: Int, on grid: inout TextGrid
) {
  grid.put("└" + String(repeating: "─", count: columns), row: row, column: left)
  var free = 0
  for tick in axis.ticks(atMost: max(columns / 9, 2)) {
    let column = left + 1 + axis.cell(tick.value, of: columns)
    grid.put("┬", row: row, column: column)
    let width = TextWidth.of(tick.label)
    let start = min(max(column - width / 2, 0), grid.width - width)
    guard start >= free else { continue }
    grid.put(tick.label, row: row + 1, column: start)
    free = start + width + 1
  }
}

/// Signs with their names, side by side in at most `lines` lines.
func legend(_ entries: [LegendEntry], _ style: TextStyle, lines: Int = 3) -> TextGrid {
  var grid = TextGrid(width: style.width, height: 0)
  var column = style.width
  for (place, entry) in entries.enumerated() {
    let name = TextWidth.cut(entry.name, to: max(style.width - 4, 4))
    let width = TextWidth.of(entry.sign) + 1 + TextWidth.of(name)
    let isLast = place == entries.count - 1
    let rest = "… and \(entries.count - place) more"
    let reserved = grid.height == lines && !isLast ? rest.count + 2 : 0
    if column + width + reserved > style.width {
      guard grid.height < lines else {
        grid.put(rest, row: grid.height - 1, column: column)
        return grid
      }
      grid.append(TextGrid(width: style.width, height: 1))
      column = 0
    }
    grid.put(entry.sign, row: grid.height - 1, column: column, ink: entry.ink)
    grid.put(name, row: grid.height - 1, column: column + TextWidth.of(entry.sign) + 1)
    column += width + 2
  }
  return grid
}

/// A line that tells which colours or signs stand for low and for high numbers.
func colourBar(
  _ scale: ColourScale, name: String, signs: String, _ style: TextStyle
) -> TextGrid {
  var grid = TextGrid(width: style.width, height: 1)
  let (low, high) = (shortNumber(scale.low, 3), shortNumber(scale.high, 3))
  let bar = style.colours ? min(16, style.width / 3) : signs.count
  let label = TextWidth.cut(
    name, to: max(style.width - low.count - high.count - bar - 4, 0))
  var column = label.isEmpty ? 0 : TextWidth.of(label) + 2
  grid.put(label, row: 0, column: 0)
  grid.put(low, row: 0, column: column)
  column += low.count + 1
  if style.colours {
    for place in 0..<bar {
      let share = Double(place) / Double(max(bar - 1, 1))
      grid.put("█", row: 0, column: column + place, ink: Palette.continuous(share).terminal)
    }
  } else {
    grid.put(signs, row: 0, column: column)
  }
  grid.put(high, row: 0, column: column + bar + 1)
  return grid
}
