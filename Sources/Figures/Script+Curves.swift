extension Scatter {
  /// Adds the points to a script.
  func draw(on panel: inout ScriptPanel) {
    let axes = axes
    let drawn = drawn
    panel.add(Script.range("x", axes.x))
    panel.add(Script.range("y", axes.y))
    let size = drawn.count > 3000 ? "0.25" : drawn.count > 500 ? "0.4" : "0.65"
    switch colour {
    case .none:
      let block = panel.block(drawn.map { [x[$0], y[$0]] })
      let ink = Palette.category(0).text
      panel.plot(["\(block) using 1:2 with points pointtype 7 pointsize \(size) linecolor '\(ink)'"]
      )
    case .numbers(let numbers, let name):
      for line in Script.palette(scale) { panel.add(line) }
      panel.add("set cblabel \(Script.quoted(name))")
      let block = panel.block(drawn.map { [x[$0], y[$0], numbers[$0]] })
      panel.plot(["\(block) using 1:2:3 with points pointtype 7 pointsize \(size) palette"])
    case .categories(let labels):
      categorised(labels, drawn, size, on: &panel)
    }
  }

  private func categorised(
    _ labels: [String], _ drawn: [Int], _ size: String, on panel: inout ScriptPanel
  ) {
    panel.width = 760
    panel.add("set key outside right top Left reverse samplen 1 spacing 1.2 width 3")
    let names = categories
    let groups = Dictionary(grouping: drawn) { labels[$0] }
    // A sign of another form where colours begin again.
    let signs = [7, 9, 5, 13]
    var layers: [String] = []
    for (place, name) in names.enumerated() {
      guard let members = groups[name] else { continue }
      let block = panel.block(members.map { [x[$0], y[$0]] })
      let sign = signs[place / Palette.categories.count % signs.count]
      layers.append(
        "\(block) using 1:2 with points pointtype \(sign) pointsize \(size) "
          + "linecolor '\(Palette.category(place).text)' title \(Script.quoted(name))")
    }
    if layers.isEmpty { layers = ["\(panel.block([])) using 1:2 with points"] }
    panel.plot(layers)
  }
}

extension Line {
  /// Adds the curves to a script.
  func draw(on panel: inout ScriptPanel) {
    let axes = axes
    panel.add(Script.range("x", axes.x))
    panel.add(Script.range("y", axes.y))
    if logX { panel.add("set logscale x") }
    if logY { panel.add("set logscale y") }
    if series.count > 6 {
      panel.width = 760
      panel.add("set key outside right top Left reverse samplen 2 spacing 1.2 width 3")
    } else {
      panel.add("set key inside \(keyCorner(axes)) Left reverse samplen 2 spacing 1.2")
    }
    var shades: [String] = []
    var curves: [String] = []
    for (place, one) in series.enumerated() {
      let ink = Palette.category(place).text
      if let low = one.low, let high = one.high {
        // Each stretch is a layer of its own: filled areas do not heed gaps.
        for stretch in intervals(of: one) {
          let block = panel.block(stretch.map { [one.x[$0], low[$0], high[$0]] })
          shades.append(
            "\(block) using 1:2:3 with filledcurves fillcolor '\(ink)' "
              + "fillstyle transparent solid 0.2 noborder")
        }
      }
      curves.append(curve(one, place, ink, on: &panel))
    }
    panel.plot(shades + curves)
  }

  private func curve(
    _ one: Series, _ place: Int, _ ink: String, on panel: inout ScriptPanel
  ) -> String {
    let stretches = stretches(of: one)
    let rows = stretches.map { stretch -> [[Double]?] in stretch.map { [one.x[$0], one.y[$0]] } }
    let block = panel.block(Array(rows.joined(separator: [nil])))
    let title =
      hasLegend || series.count > 1 ? " title \(Script.quoted(names[place]))" : ""
    let dash = place / Palette.categories.count + 1
    // A curve of single points would not be seen.
    let isDotted = stretches.allSatisfy { $0.count == 1 }
    let style = isDotted ? "points pointtype 7 pointsize 0.6" : "lines linewidth 2 dashtype \(dash)"
    return "\(block) using 1:2 with \(style) linecolor '\(ink)'\(title)"
  }

  /// The corner in which the fewest points stand, for the legend.
  private func keyCorner(_ axes: (x: Axis, y: Axis)) -> String {
    var tallies = ["right top": 0, "left top": 0, "left bottom": 0, "right bottom": 0]
    for one in series {
      for place in stretches(of: one).joined() {
        let (across, up) = (axes.x.place(one.x[place]), axes.y.place(one.y[place]))
        let side = across > 0.5 ? "right" : "left"
        if up > 0.6 { tallies["\(side) top", default: 0] += 1 }
        if up < 0.4 { tallies["\(side) bottom", default: 0] += 1 }
      }
    }
    let order = ["right top", "left top", "left bottom", "right bottom"]
    return order.min { tallies[$0, default: 0] < tallies[$1, default: 0] } ?? "right top"
  }
}
