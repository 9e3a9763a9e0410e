extension Tree {
  /// Rows from one level to the next: the nodes, the branches, what is written on them.
  private static let step = 3
  private static let branchInk: UInt8 = 245

  /// The tree in a terminal.
  func grid(_ frame: Figure.Frame, _ style: TextStyle) -> TextGrid {
    let layout = TreeLayout.fitting(self, measure(style))
    var grid = heading(frame.title, style)
    let top = grid.height
    // The lowest level drawn may be less deep than the layout allows.
    let levels = layout.places.reduce(0) { max($0, $1.level) }
    grid.append(TextGrid(width: style.width, height: Tree.step * levels + 1))
    let left = max(0, (style.width - layout.width) / 2)
    for place in layout.places {
      let row = top + Tree.step * place.level
      grid.put(place.label, row: row, column: left + place.left, ink: ink(place.kind))
      if place.level > 0 {
        let column = left + place.centre - TextWidth.of(place.branch) / 2
        grid.put(place.branch, row: row - 1, column: column, ink: Tree.branchInk)
      }
      branches(place, layout, row: row + 1, left: left, on: &grid)
    }
    if layout.isCut { grid.append(textLine(Tree.note, style)) }
    for label in [frame.xLabel, frame.yLabel] where !label.isEmpty {
      grid.append(textLine(label, style))
    }
    return grid
  }

  /// What the dots mean.
  static let note = "… n: n leaves below, not drawn"

  private func measure(_ style: TextStyle) -> TreeLayout.Measure {
    TreeLayout.Measure(
      label: { TextWidth.of($0) }, branch: { TextWidth.of($0) }, gap: 2, width: style.width,
      depth: 6, characters: max(6, min(24, style.width / 3)))
  }

  private func ink(_ kind: TreeLayout.Kind) -> UInt8 {
    switch kind {
    case .inner: Palette.category(0).terminal
    case .leaf: Palette.category(2).terminal
    case .cut: Tree.branchInk
    }
  }

  private func branches(
    _ place: TreeLayout.Place, _ layout: TreeLayout, row: Int, left: Int, on grid: inout TextGrid
  ) {
    let columns = place.children.map { left + layout.places[$0].centre }
    guard let first = columns.first, let last = columns.last else { return }
    func put(_ sign: String, _ column: Int) {
      grid.put(sign, row: row, column: column, ink: Tree.branchInk)
    }
    guard first < last else { return put("│", first) }
    for column in first...last { put("─", column) }
    for column in columns { put("┬", column) }
    put("┌", first)
    put("┐", last)
    let centre = left + place.centre
    put(columns.contains(centre) ? "┼" : "┴", centre)
  }
}
