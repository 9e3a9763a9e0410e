extension Bars {
  /// Adds the bars to a script, standing.
  func draw(_ frame: Figure.Frame, on panel: inout ScriptPanel) {
    // In a terminal bars lie; standing, the label of the values moves to the vertical axis.
    panel.add(frame.xLabel.isEmpty ? "unset ylabel" : "set ylabel \(Script.quoted(frame.xLabel))")
    panel.add(frame.yLabel.isEmpty ? "unset xlabel" : "set xlabel \(Script.quoted(frame.yLabel))")
    let bars = labels.count * groups.count
    panel.width = min(max(520, 30 * bars + 160), 1600)
    let room = Double(panel.width - 90) / Double(labels.count) / 7
    let longest = labels.map { TextWidth.of($0) }.max() ?? 0
    if Double(longest) > room {
      panel.add("set xtics rotate by -35")
      panel.add("set rmargin \(Script.number(max(3, 0.85 * Double(longest) - room / 2)))")
      panel.height += min(4 * longest, 120)
    }
    panel.add("set xtics scale 0 " + Script.ticks(labels, at: labels.indices.map { Double($0) }))
    panel.add("set xrange [-0.6:\(Script.number(Double(labels.count) - 0.4))]")
    panel.add(Script.range("y", axis))
    panel.add("set grid noxtics ytics")
    panel.add("set xzeroaxis linetype 1 linecolor '#444444'")
    let hasKey = groups.count > 1 || baseline != nil
    if hasKey { panel.add("set key outside below center horizontal Left reverse samplen 3") }
    panel.plot(layers(on: &panel))
  }

  private func layers(on panel: inout ScriptPanel) -> [String] {
    let width = 0.8 / Double(groups.count)
    var bars: [String] = []
    var intervals: [String] = []
    for (number, group) in groups.enumerated() {
      func place(_ label: Int) -> Double {
        Double(label) + width * (Double(number) - Double(groups.count - 1) / 2)
      }
      let shown = labels.indices.filter { group.values[$0].isDrawable }
      let ink = Palette.category(number).text
      let block = panel.block(shown.map { [place($0), group.values[$0], 0.9 * width] })
      let title = groups.count > 1 ? " title \(Script.quoted(names[number]))" : ""
      bars.append(
        "\(block) using 1:2:3 with boxes fillcolor '\(ink)' fillstyle solid 0.85 noborder\(title)")
      let withIntervals = shown.compactMap { label in
        group.interval(label).map { [place(label), $0.low, $0.high - $0.low] }
      }
      guard !withIntervals.isEmpty else { continue }
      intervals.append(
        "\(panel.block(withIntervals)) using 1:2:(0):3 with vectors heads size graph 0.008,90 "
          + "linecolor '#222222' linewidth 1.2")
    }
    guard let baseline else { return bars + intervals }
    let ends = [-0.6, Double(labels.count) - 0.4].map { [$0, baseline.value] }
    let name = baseline.name.isEmpty ? "baseline" : baseline.name
    let line =
      "\(panel.block(ends)) using 1:2 with lines dashtype 2 linewidth 1.5 linecolor '#444444' "
      + "title \(Script.quoted(name))"
    return bars + intervals + [line]
  }
}

extension ScriptPanel {
  /// A layer of coloured cells around whole numbers, or nil if none can be drawn.
  ///
  /// Rectangles stay sharp in every viewer; a picture serves where they would be too many.
  fileprivate mutating func cells(
    _ values: [Double], rows: Int, columns: Int, left: Int = 0, top: Int = 0, asPicture: Bool
  ) -> String? {
    let drawn = values.indices.filter { values[$0].isDrawable }
    guard !drawn.isEmpty else { return nil }
    if asPicture && rows > 1 && columns > 1 {
      let lines = (0..<rows).map { Array(values[$0 * columns..<($0 + 1) * columns]) }
      return "\(block(lines)) matrix using ($1+\(left)):($2+\(top)):3 with image"
    }
    let name = block(
      drawn.map { [Double(left + $0 % columns), Double(top + $0 / columns), values[$0]] })
    return "\(name) using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with boxxyerror "
      + "fillstyle solid 1 linewidth 0.4 linecolor palette"
  }
}

extension Heatmap {
  /// Numbers are written into the cells of matrices up to this size.
  private static let mostNumbers = 150
  /// Ticks of rows or columns are thinned out beyond this many.
  private static let mostTicks = 40

  /// Adds the matrix to a script.
  func draw(on panel: inout ScriptPanel) {
    panel.width = min(max(420, 44 * columns + 200), 760)
    panel.height = min(max(260, 32 * rows + 120), 640)
    for line in Script.palette(scale) { panel.add(line) }
    panel.add("set cblabel \(Script.quoted(name))")
    panel.add("unset grid")
    panel.add("set border 0")
    panel.add("set xrange [-0.5:\(Script.number(Double(columns) - 0.5))]")
    panel.add("set yrange [\(Script.number(Double(rows) - 0.5)):-0.5]")
    panel.add("set tics scale 0")
    ticks("y", rowLabels, on: &panel)
    let longest = columnLabels.map { TextWidth.of($0) }.max() ?? 0
    if 7 * longest * columns > panel.width - 160 {
      panel.add("set xtics rotate by -45")
      panel.height += min(5 * longest, 120)
    }
    ticks("x", columnLabels, on: &panel)
    let cells = panel.cells(values, rows: rows, columns: columns, asPicture: values.count > 10_000)
    panel.plot([cells ?? "NaN"] + numbers(on: &panel))
  }

  private func ticks(_ axis: String, _ labels: [String], on panel: inout ScriptPanel) {
    guard !labels.isEmpty else { return }
    let every = (labels.count + Heatmap.mostTicks - 1) / Heatmap.mostTicks
    let places = Array(stride(from: 0, to: labels.count, by: every))
    panel.add(
      "set \(axis)tics "
        + Script.ticks(places.map { labels[$0] }, at: places.map { Double($0) }))
  }

  /// The numbers of small matrices, white on dark cells and black on bright ones.
  private func numbers(on panel: inout ScriptPanel) -> [String] {
    guard rows * columns <= Heatmap.mostNumbers, columns <= 15 else { return [] }
    var layers: [String] = []
    for isBright in [false, true] {
      let places = values.indices.filter {
        values[$0].isDrawable
          && Palette.continuous(scale.share(values[$0])).isBright == isBright
      }
      guard !places.isEmpty else { continue }
      let block = panel.block(
        places.map { [Double($0 % columns), Double($0 / columns), values[$0]] })
      layers.append(
        "\(block) using 1:2:(sprintf('%.2g', $3)) with labels font ',8' "
          + "textcolor '\(isBright ? "#000000" : "#ffffff")'")
    }
    return layers
  }
}

extension Tiles {
  /// Adds the images to a script, as a table of pictures.
  func draw(on panel: inout ScriptPanel) {
    let across = tilesAcross
    let down = (count + across - 1) / across
    let gap = max(1, (width + 13) / 14)
    let line = captions.isEmpty ? 0 : max(1, (height + 3) / 4)
    let (stepX, stepY) = (width + gap, height + gap + line)
    let (wide, high) = (across * stepX + gap, down * stepY + gap)
    panel.width = min(max(360, 80 * across + 40), 900)
    let scaled = Double(panel.width - 40) * Double(high) / Double(wide)
    panel.height = Int(min(max(scaled + 80, 160), 1400))
    for setting in ["unset grid", "unset border", "unset tics", "unset colorbox"] {
      panel.add(setting)
    }
    panel.add("set palette gray")
    panel.add("set cbrange [\(Script.number(scale.low)):\(Script.number(scale.high))]")
    panel.add("set size ratio -1")
    panel.add("set xrange [-0.5:\(Script.number(Double(wide) - 0.5))]")
    panel.add("set yrange [\(Script.number(Double(high) - 0.5)):-0.5]")
    for (place, caption) in captions.enumerated() {
      let x = Double(gap + place % across * stepX) + Double(width - 1) / 2
      let y = Double(gap + place / across * stepY + height) + Double(line) / 2
      panel.add(
        "set label \(Script.quoted(caption)) at \(Script.number(x)),\(Script.number(y)) "
          + "center font ',9'")
    }
    let size = height * width
    let layers = (0..<count).compactMap { place in
      panel.cells(
        Array(values[place * size..<(place + 1) * size]), rows: height, columns: width,
        left: gap + place % across * stepX, top: gap + place / across * stepY,
        asPicture: values.count > 10_000)
    }
    panel.plot(layers.isEmpty ? ["NaN"] : layers)
  }

  /// Images in a line: about half as many again as lines.
  private var tilesAcross: Int {
    if count <= 6 { return count }
    return min(20, Int((1.5 * Double(count)).squareRoot().rounded(.up)))
  }
}
