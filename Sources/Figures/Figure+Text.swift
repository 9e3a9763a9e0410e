import Execution

extension Figure {
  /// The widest single panel; beyond it a picture only gets flatter.
  private static let widestPanel = 80
  /// Panels of a row are not made narrower than this; those that do not fit go below.
  private static let narrowestPanel = 34
  private static let gap = 3

  /// The figure as lines of text, without a newline at the end.
  ///
  /// - Parameters:
  ///   - columns: the width of the terminal; less than 20 counts as 20.
  ///   - colours: whether ANSI sequences for 256 colours may be used.
  public func text(columns: Int, colours: Bool) -> String {
    grid(columns: max(columns, 20), colours: colours).text(colours: colours)
  }

  private func grid(columns: Int, colours: Bool) -> TextGrid {
    let style = TextStyle(width: min(columns, Figure.widestPanel), colours: colours)
    var grid: TextGrid
    switch content {
    case .row(let figures): return row(figures, columns: columns, colours: colours)
    case .scatter(let scatter): grid = scatter.grid(frame, style)
    case .line(let line): grid = line.grid(frame, style)
    case .bars(let bars): grid = bars.grid(frame, style)
    case .heatmap(let heatmap): grid = heatmap.grid(frame, style)
    case .tiles(let tiles): grid = tiles.grid(frame, style)
    case .tree(let tree): grid = tree.grid(frame, style)
    }
    if let leftOutNote { grid.append(textLine(leftOutNote, style)) }
    return grid
  }

  /// Panels side by side, as many as fit in one line of panels.
  private func row(_ figures: [Figure], columns: Int, colours: Bool) -> TextGrid {
    let fitting = max((columns + Figure.gap) / (Figure.narrowestPanel + Figure.gap), 1)
    let lines = (figures.count + fitting - 1) / fitting
    let across = (figures.count + lines - 1) / lines
    let width = min((columns - (across - 1) * Figure.gap) / across, Figure.widestPanel)
    let style = TextStyle(width: across * (width + Figure.gap) - Figure.gap, colours: colours)
    var grid = heading(frame.title, style)
    for start in stride(from: 0, to: figures.count, by: across) {
      if start > 0 { grid.append(TextGrid(width: style.width, height: 1)) }
      let panels = figures[start..<min(start + across, figures.count)].map {
        $0.grid(columns: width, colours: colours)
      }
      let top = grid.height
      grid.append(TextGrid(width: style.width, height: panels.map(\.height).max() ?? 0))
      for (place, panel) in panels.enumerated() {
        grid.place(panel, row: top, column: place * (width + Figure.gap))
      }
    }
    return grid
  }
}
