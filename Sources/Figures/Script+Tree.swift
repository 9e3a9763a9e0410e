extension Tree {
  /// Sizes in pixels.
  private static let level = 66
  private static let box = 24
  private static let margin = 14
  private static let widest = 2400

  private static let measure = TreeLayout.Measure(
    label: { 7 * TextWidth.of($0) + 16 }, branch: { 6 * TextWidth.of($0) + 8 }, gap: 12,
    width: widest, depth: 24, characters: 32)

  /// Adds the tree to a script; its units are pixels, from the top left.
  func draw(_ frame: Figure.Frame, on panel: inout ScriptPanel) {
    let layout = TreeLayout.fitting(self, Tree.measure)
    let levels = layout.places.reduce(0) { max($0, $1.level) }
    let foot = layout.isCut ? 22 : 0
    let height = Tree.level * levels + Tree.box + 2 * Tree.margin + foot
    panel.width = max(200, layout.width + 2 * Tree.margin)
    panel.height = max(100, height + (frame.title.isEmpty ? 0 : 40))
    for setting in ["unset grid", "unset border", "unset tics"] { panel.add(setting) }
    panel.add("set margins 0,0,0,\(frame.title.isEmpty ? 0 : 3)")
    let side = (panel.width - layout.width) / 2
    panel.add("set xrange [\(-side):\(panel.width - side)]")
    panel.add("set yrange [\(height - Tree.margin):\(-Tree.margin)]")
    for place in layout.places { labels(place, on: &panel) }
    if layout.isCut {
      panel.add(
        "set label \(Script.quoted(Tree.note)) at 0,\(height - Tree.margin - 12) left "
          + "font ',8' textcolor '#666666'")
    }
    panel.plot(layers(layout, on: &panel))
  }

  private func labels(_ place: TreeLayout.Place, on panel: inout ScriptPanel) {
    let top = Tree.level * place.level
    let colour = place.kind == .cut ? "#666666" : "#222222"
    panel.add(
      "set label \(Script.quoted(place.label)) at \(place.left + place.width / 2),"
        + "\(top + Tree.box / 2) center front font ',10' textcolor '\(colour)'")
    guard !place.branch.isEmpty, place.level > 0 else { return }
    panel.add(
      "set label \(Script.quoted(place.branch)) at \(place.centre),\(Tree.branchMiddle(top)) "
        + "center front font ',9' textcolor '#444444'")
  }

  /// The height of what is written on a branch to a node.
  private static func branchMiddle(_ top: Int) -> Int { top - 17 }

  private func layers(_ layout: TreeLayout, on panel: inout ScriptPanel) -> [String] {
    var layers: [String] = []
    let lines = branches(layout)
    if !lines.isEmpty {
      layers.append(
        "\(panel.block(lines)) using 1:2 with lines linewidth 1.2 linecolor '#888888'")
    }
    // White behind the words on a branch, which the branch would strike through.
    let written = layout.places.filter { !$0.branch.isEmpty && $0.level > 0 }.map { place in
      let half = Double(Tree.measure.branch(place.branch)) / 2
      let middle = Double(Tree.branchMiddle(Tree.level * place.level))
      return [Double(place.centre) - half, Double(place.centre) + half, middle - 8, middle + 8]
    }
    if !written.isEmpty { layers.append(boxes(written, "#ffffff", "noborder", on: &panel)) }
    let styles: [(kind: TreeLayout.Kind, fill: String)] = [
      (.inner, "#dcebf5"), (.leaf, "#d9f0e8"), (.cut, "#eeeeee"),
    ]
    for (kind, fill) in styles {
      let rows = layout.places.filter { $0.kind == kind }.map { place -> [Double] in
        let top = Tree.level * place.level
        return [place.left, place.left + place.width, top, top + Tree.box].map { Double($0) }
      }
      guard !rows.isEmpty else { continue }
      layers.append(boxes(rows, fill, "border linecolor '#888888'", on: &panel))
    }
    return layers
  }

  private func boxes(
    _ rows: [[Double]], _ fill: String, _ border: String, on panel: inout ScriptPanel
  ) -> String {
    "\(panel.block(rows)) using 1:3:1:2:3:4 with boxxyerror fillcolor '\(fill)' "
      + "fillstyle solid 1 \(border)"
  }

  /// From each node down, across and down to its children, with gaps between the lines.
  private func branches(_ layout: TreeLayout) -> [[Double]?] {
    var rows: [[Double]?] = []
    for place in layout.places {
      let bottom = Double(Tree.level * place.level + Tree.box)
      for child in place.children {
        let (own, below) = (Double(place.centre), Double(layout.places[child].centre))
        let top = Double(Tree.level * layout.places[child].level)
        rows += [[own, bottom], [own, bottom + 12], [below, bottom + 12], [below, top], nil]
      }
    }
    return rows
  }
}
