import Execution

extension Scatter {
  var axes: (x: Axis, y: Axis) {
    let drawn = drawn
    return (
      Axis(showing: drawn.lazy.map { self.x[$0] }), Axis(showing: drawn.lazy.map { self.y[$0] })
    )
  }

  /// The ends of the colour scale, if numbers colour the points.
  var scale: ColourScale {
    guard case .numbers(let numbers, _) = colour else { return ColourScale(of: []) }
    return ColourScale(of: drawn.map { numbers[$0] })
  }

  /// The points in a terminal.
  func grid(_ frame: Figure.Frame, _ style: TextStyle) -> TextGrid {
    let axes = axes
    let plot = TextPlot(x: axes.x, y: axes.y, frame: frame, style: style)
    switch colour {
    case .none:
      return plot.framed(dots(plot).grid)
    case .numbers(let numbers, let name):
      var grid = plot.framed(numbered(numbers, plot))
      grid.append(colourBar(scale, name: name, signs: "0123456789", style))
      return grid
    case .categories(let labels):
      let names = categories
      let marks = Palette.marks(names)
      var grid = plot.framed(categorised(labels, names, marks, plot))
      let entries = names.indices.map { place in
        LegendEntry(
          sign: style.colours ? "●" : String(marks[place]),
          ink: Palette.category(place).terminal, name: names[place])
      }
      // Signs that are the names themselves need no explanation.
      let isPlain = !style.colours && names == marks.map { String($0) }
      if !isPlain { grid.append(legend(entries, style)) }
      return grid
    }
  }

  private func dots(_ plot: TextPlot) -> BrailleCanvas {
    var canvas = BrailleCanvas(width: plot.columns, height: plot.style.rows)
    for place in drawn {
      canvas.set(
        plot.x.cell(x[place], of: canvas.dotsAcross),
        canvas.dotsDown - 1 - plot.y.cell(y[place], of: canvas.dotsDown))
    }
    return canvas
  }

  /// The character that each drawn point falls into.
  private func cells(_ plot: TextPlot) -> [(place: Int, row: Int, column: Int)] {
    let rows = plot.style.rows
    return drawn.map { place in
      // By way of dots, so that a point and its dot are always in the same character.
      let down = 4 * rows - 1 - plot.y.cell(y[place], of: 4 * rows)
      return (place, down / 4, plot.x.cell(x[place], of: 2 * plot.columns) / 2)
    }
  }

  /// Points whose colour, or digit from 0 to 9, is the mean of those in the same character.
  private func numbered(_ numbers: [Double], _ plot: TextPlot) -> TextGrid {
    var grid = dots(plot).grid
    var sums = [Double](repeating: 0, count: plot.columns * plot.style.rows)
    var counts = [Double](repeating: 0, count: sums.count)
    let scale = scale
    for cell in cells(plot) {
      let index = cell.row * plot.columns + cell.column
      sums[index] += scale.share(numbers[cell.place])
      counts[index] += 1
    }
    for index in sums.indices where counts[index] > 0 {
      let (row, column) = (index / plot.columns, index % plot.columns)
      let share = sums[index] / counts[index]
      if plot.style.colours {
        grid[row, column].ink = Palette.continuous(share).terminal
      } else {
        grid.put(String(Int(min(share * 10, 9))), row: row, column: column)
      }
    }
    return grid
  }

  /// Points with the colour, or the sign, of the most frequent category in the same character.
  private func categorised(
    _ labels: [String], _ names: [String], _ marks: [Character], _ plot: TextPlot
  ) -> TextGrid {
    var grid = dots(plot).grid
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var tallies: [Int: [Int: Int]] = [:]
    for cell in cells(plot) {
      guard let number = numbers[labels[cell.place]] else { continue }
      tallies[cell.row * plot.columns + cell.column, default: [:]][number, default: 0] += 1
    }
    for (index, tally) in tallies {
      let best = tally.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
      let (row, column) = (index / plot.columns, index % plot.columns)
      if plot.style.colours {
        grid[row, column].ink = Palette.category(best).terminal
      } else {
        grid.put(String(marks[best]), row: row, column: column)
      }
    }
    return grid
  }
}
