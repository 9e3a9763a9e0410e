import Execution

extension Line {
  var axes: (x: Axis, y: Axis) {
    var across: [Double] = []
    var down: [Double] = []
    for one in series {
      for place in stretches(of: one).joined() {
        across.append(one.x[place])
        down.append(one.y[place])
      }
      for place in intervals(of: one).joined() {
        if let low = one.low, let high = one.high { down += [low[place], high[place]] }
      }
    }
    return (
      Axis(showing: across, isLogarithmic: logX), Axis(showing: down, isLogarithmic: logY)
    )
  }

  /// Whether the legend says anything.
  var hasLegend: Bool { series.contains { !$0.name.isEmpty } }

  /// The names in the legend; curves without one are numbered.
  var names: [String] {
    series.enumerated().map { $1.name.isEmpty ? "series \($0)" : $1.name }
  }

  /// The curves in a terminal.
  func grid(_ frame: Figure.Frame, _ style: TextStyle) -> TextGrid {
    let axes = axes
    let plot = TextPlot(x: axes.x, y: axes.y, frame: frame, style: style)
    var canvas = BrailleCanvas(width: plot.columns, height: style.rows)
    for (place, one) in series.enumerated() {
      shade(one, ink: Palette.category(place).terminal, plot, on: &canvas)
    }
    for (place, one) in series.enumerated() {
      draw(one, ink: Palette.category(place).terminal, plot, on: &canvas)
    }
    var picture = canvas.grid
    let marks = Palette.marks(names)
    if !style.colours && series.count > 1 { sign(marks, plot, on: &picture) }
    var grid = plot.framed(picture)
    if hasLegend || series.count > 1 {
      let entries = series.indices.map { place in
        LegendEntry(
          sign: style.colours || series.count == 1 ? "──" : String(marks[place]),
          ink: Palette.category(place).terminal, name: names[place])
      }
      grid.append(legend(entries, style))
    }
    return grid
  }

  private func dot(_ x: Double, _ y: Double, _ plot: TextPlot) -> (x: Int, y: Int) {
    let down = 4 * plot.style.rows
    return (plot.x.cell(x, of: 2 * plot.columns), down - 1 - plot.y.cell(y, of: down))
  }

  private func draw(
    _ one: Series, ink: UInt8, _ plot: TextPlot, on canvas: inout BrailleCanvas
  ) {
    for stretch in stretches(of: one) {
      let dots = stretch.map { dot(one.x[$0], one.y[$0], plot) }
      for (from, to) in zip(dots, dots.dropFirst() + dots.suffix(1)) {
        canvas.line(from: from, to: to, ink: ink)
      }
    }
  }

  /// Sparse dots between the ends of an interval.
  private func shade(
    _ one: Series, ink: UInt8, _ plot: TextPlot, on canvas: inout BrailleCanvas
  ) {
    guard let low = one.low, let high = one.high else { return }
    for stretch in intervals(of: one) {
      for (from, to) in zip(stretch, stretch.dropFirst() + stretch.suffix(1)) {
        let lower = (dot(one.x[from], low[from], plot), dot(one.x[to], low[to], plot))
        let upper = (dot(one.x[from], high[from], plot), dot(one.x[to], high[to], plot))
        let (first, last) = (min(lower.0.x, lower.1.x), max(lower.0.x, lower.1.x))
        for x in first...last where x % 2 == 0 {
          let share = last == first ? 0 : Double(x - lower.0.x) / Double(lower.1.x - lower.0.x)
          func between(_ a: Int, _ b: Int) -> Int { a + Int((share * Double(b - a)).rounded()) }
          let (top, bottom) = (between(upper.0.y, upper.1.y), between(lower.0.y, lower.1.y))
          for y in min(top, bottom)...max(top, bottom) where (y + x) % 4 == 0 {
            canvas.set(x, y, ink: ink)
          }
        }
      }
    }
  }

  /// Writes the sign of each curve over it now and then, at other places for each curve.
  private func sign(_ marks: [Character], _ plot: TextPlot, on picture: inout TextGrid) {
    let spacing = max(12, 4 * series.count)
    for (number, one) in series.enumerated() {
      let offset = spacing * (2 * number + 1) / (2 * series.count)
      var signed = 0
      for stretch in stretches(of: one) {
        for (from, to) in zip(stretch, stretch.dropFirst() + stretch.suffix(1)) {
          let ends = (dot(one.x[from], one.y[from], plot), dot(one.x[to], one.y[to], plot))
          let (first, last) = (min(ends.0.x, ends.1.x) / 2, max(ends.0.x, ends.1.x) / 2)
          for column in first...last where column % spacing == offset {
            let run = Double(ends.1.x - ends.0.x)
            let share = run == 0 ? 0 : min(max(Double(2 * column - ends.0.x) / run, 0), 1)
            let y = Double(ends.0.y) + share * Double(ends.1.y - ends.0.y)
            picture.put(String(marks[number]), row: Int(y) / 4, column: column)
            signed += 1
          }
        }
      }
      if signed == 0, let place = stretches(of: one).last?.last {
        let end = dot(one.x[place], one.y[place], plot)
        picture.put(String(marks[number]), row: end.y / 4, column: end.x / 2)
      }
    }
  }
}
