import Execution

extension Tiles {
  /// How images are laid out in a terminal: each dot is the mean of `factor` x `factor` pixels.
  private struct Layout {
    let factor: Int
    let width: Int
    let height: Int
    let across: Int
    let shown: Int
  }

  /// Thresholds in sixteenths that turn grey into dots (Bayer 1973).
  private static let thresholds = [
    [0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5],
  ]
  /// Rows that all images together may take.
  private static let mostRows = 18

  /// The images in a terminal: as large as still shows them all, or the first ones.
  func grid(_ frame: Figure.Frame, _ style: TextStyle) -> TextGrid {
    let layout = layout(style)
    let caption = captions.isEmpty ? 0 : 1
    var grid = heading(frame.title, style)
    for start in stride(from: 0, to: layout.shown, by: layout.across) {
      var band = TextGrid(width: style.width, height: layout.height + caption)
      for place in start..<min(start + layout.across, layout.shown) {
        let column = (place - start) * (layout.width + 1)
        band.place(image(place, layout, style), row: 0, column: column)
        guard caption > 0 else { continue }
        band.centre(
          captions[place], row: layout.height, from: column,
          to: min(column + layout.width, style.width))
      }
      grid.append(band)
    }
    for label in [frame.xLabel, frame.yLabel] where !label.isEmpty {
      grid.append(textLine(label, style))
    }
    if layout.shown < count { grid.append(textLine("… and \(count - layout.shown) more", style)) }
    return grid
  }

  private func layout(_ style: TextStyle) -> Layout {
    let caption = captions.isEmpty ? 0 : 1
    var factor = max(1, (width + 2 * style.width - 1) / (2 * style.width))
    while true {
      let wide = (width + factor - 1) / factor
      let high = (height + factor - 1) / factor
      let columns = style.colours ? wide : (wide + 1) / 2
      let rows = style.colours ? (high + 1) / 2 : (high + 3) / 4
      let across = (style.width + 1) / (columns + 1)
      let bands = max(Tiles.mostRows / (rows + caption), 1)
      if across * bands >= count || (across > 0 && (columns <= 6 || rows <= 3)) {
        let fits = rows + caption <= Tiles.mostRows + 4
        if fits {
          return Layout(
            factor: factor, width: columns, height: rows, across: max(across, 1),
            shown: min(count, max(across, 1) * bands))
        }
      }
      factor += 1
    }
  }

  /// The mean brightness of a block of pixels, from 0 to 1.
  private func brightness(_ place: Int, _ x: Int, _ y: Int, _ factor: Int) -> Double {
    var sum = 0.0
    var count = 0.0
    for row in y * factor..<max(min((y + 1) * factor, height), y * factor) {
      for column in x * factor..<max(min((x + 1) * factor, width), x * factor) {
        let value = values[(place * height + row) * width + column]
        guard value.isDrawable else { continue }
        sum += scale.share(value)
        count += 1
      }
    }
    return count > 0 ? sum / count : 0
  }

  private func image(_ place: Int, _ layout: Layout, _ style: TextStyle) -> TextGrid {
    let (wide, high) = (
      (width + layout.factor - 1) / layout.factor, (height + layout.factor - 1) / layout.factor
    )
    guard style.colours else {
      var canvas = BrailleCanvas(width: layout.width, height: layout.height)
      for y in 0..<high {
        for x in 0..<wide {
          let threshold = (Double(Tiles.thresholds[y % 4][x % 4]) + 0.5) / 16
          if brightness(place, x, y, layout.factor) > threshold { canvas.set(x, y) }
        }
      }
      return canvas.grid
    }
    var grid = TextGrid(width: layout.width, height: layout.height)
    for row in 0..<layout.height {
      for column in 0..<layout.width {
        let below = 2 * row + 1 < high
        grid[row, column] = TextCell(
          character: "▀",
          ink: Palette.terminalGrey(brightness(place, column, 2 * row, layout.factor)),
          ground: below
            ? Palette.terminalGrey(brightness(place, column, 2 * row + 1, layout.factor)) : nil)
      }
    }
    return grid
  }
}
