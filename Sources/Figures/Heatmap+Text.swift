import Execution

extension Heatmap {
  /// Signs from low to high where there is no colour.
  static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

  /// The matrix in a terminal; if it is too large, each cell is the mean of a block.
  func grid(_ frame: Figure.Frame, _ style: TextStyle) -> TextGrid {
    let widest = rowLabels.map { TextWidth.of($0) }.max() ?? 0
    let left = rowLabels.isEmpty ? 0 : min(widest, style.width / 3) + 1
    let down = (rows + style.rows - 1) / style.rows
    let across = max((columns + style.width - left - 1) / max(style.width - left, 1), 1)
    let small = averaged(down: down, across: across)
    let cell = min(max((style.width - left) / small.columns, 1), 9)
    var grid = heading(frame.title, style)
    if !frame.yLabel.isEmpty { grid.append(textLine(frame.yLabel, style)) }
    for row in 0..<small.rows {
      var band = TextGrid(width: style.width, height: 1)
      if !rowLabels.isEmpty {
        band.put(TextWidth.cut(rowLabels[row * down], to: left - 1), row: 0, column: 0)
      }
      for column in 0..<small.columns {
        let value = small.values[row * small.columns + column]
        band.place(block(value, width: cell, style), row: 0, column: left + column * cell)
      }
      grid.append(band)
    }
    if !columnLabels.isEmpty { grid.append(labelRow(left, cell, across, style)) }
    if !frame.xLabel.isEmpty {
      var below = TextGrid(width: style.width, height: 1)
      below.centre(frame.xLabel, row: 0, from: left, to: left + cell * small.columns)
      grid.append(below)
    }
    grid.append(colourBar(scale, name: name, signs: String(Heatmap.shades), style))
    if down * across > 1 {
      grid.append(textLine("each cell: mean of \(down) x \(across) numbers", style))
    }
    return grid
  }

  /// The means of blocks; blocks without drawable numbers are not a number.
  private func averaged(down: Int, across: Int) -> Heatmap {
    let (newRows, newColumns) = ((rows + down - 1) / down, (columns + across - 1) / across)
    var means: [Double] = []
    for row in 0..<newRows {
      for column in 0..<newColumns {
        means.append(
          mean(
            row * down..<min((row + 1) * down, rows),
            column * across..<min((column + 1) * across, columns)))
      }
    }
    return Heatmap(
      rows: newRows, columns: newColumns, values: means, rowLabels: [], columnLabels: [], name: "",
      scale: scale)
  }

  private func mean(_ rowRange: Range<Int>, _ columnRange: Range<Int>) -> Double {
    var sum = 0.0
    var count = 0.0
    for row in rowRange {
      for column in columnRange where values[row * columns + column].isDrawable {
        sum += values[row * columns + column]
        count += 1
      }
    }
    return count > 0 ? sum / count : .nan
  }

  /// One cell: its colour or shade, with the number if there is room.
  private func block(_ value: Double, width: Int, _ style: TextStyle) -> TextGrid {
    var grid = TextGrid(width: width, height: 1)
    guard value.isDrawable else {
      grid.centre("·", row: 0)
      return grid
    }
    let share = scale.share(value)
    let number = shortNumber(value, 2)
    let showsNumber = width >= 6 && number.count <= width - 2
    if style.colours {
      let colour = Palette.continuous(share)
      if showsNumber { grid.centre(number, row: 0) }
      for column in 0..<width {
        grid[0, column].ground = colour.terminal
        grid[0, column].ink = colour.isBright ? 16 : 231
      }
    } else {
      let shade = Heatmap.shades[Int(min(share * 5, 4))]
      grid.put(String(repeating: shade, count: width), row: 0, column: 0)
      if showsNumber { grid.centre(number, row: 0) }
    }
    return grid
  }

  /// Names of columns below, without those that collide.
  private func labelRow(_ left: Int, _ cell: Int, _ across: Int, _ style: TextStyle) -> TextGrid {
    var grid = TextGrid(width: style.width, height: 1)
    // Names that fit stand in the middle of their columns; longer ones begin there, as many as fit.
    let fits = columnLabels.allSatisfy { TextWidth.of($0) < cell }
    var free = 0
    for (place, label) in columnLabels.enumerated() where place % across == 0 {
      let text = TextWidth.cut(label, to: 12)
      let width = TextWidth.of(text)
      let start = left + place / across * cell + (fits ? (cell - width) / 2 : 0)
      guard start >= free, start + width <= style.width else { continue }
      grid.put(text, row: 0, column: start)
      free = start + width + 1
    }
    return grid
  }
}
